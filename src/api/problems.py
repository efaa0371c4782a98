"""Errors as `application/problem+json` (RFC 9457), each with the id of its request."""

import logging
import re
from collections.abc import Awaitable, Callable, Sequence
from http import HTTPStatus
from typing import Any
from uuid import uuid4

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from store.errors import StoreError

REQUEST_ID = "X-Request-ID"
_GOOD_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
Pages = Callable[[Request, int, Any], Response | None]
_log = logging.getLogger(__name__)


class Invalid(BaseModel):
    """One value of the request that cannot be used."""

    at: str = Field(description="Where it is.", examples=["query.from"])
    detail: str = Field(description="What to send instead.")


class Problem(BaseModel):
    """What went wrong, and what to do (RFC 9457)."""

    type: str = Field("about:blank", description="Always about:blank: the status says the kind.")
    title: str = Field(examples=["Not Found"])
    status: int = Field(examples=[404])
    detail: str = Field(examples=["There is no team `heron`. GET /api/v1/teams lists them."])
    instance: str = Field(description="The request's id, as in the log and in X-Request-ID.")
    errors: list[Invalid] = Field(default_factory=list)


def install(app: FastAPI) -> None:
    """Give each request an id, and render every error as a problem."""

    @app.middleware("http")
    async def identify(
        request: Request, call_next: Callable[[Request], Awaitable[Response]]
    ) -> Response:
        given = request.headers.get(REQUEST_ID, "")
        request.state.request_id = given if _GOOD_ID.fullmatch(given) else uuid4().hex
        try:
            response = await call_next(request)
        except StoreError as error:
            _log.error("%s %s: %s", request.method, request.url.path, error)
            response = problem(request, 503, "The database does not answer. Try again later.")
        except Exception:  # noqa: BLE001 - the last door: nothing may leave as a trace
            _log.exception("%s %s", request.method, request.url.path)
            response = problem(request, 500, "A defect in hearten. The log names this request.")
        response.headers[REQUEST_ID] = request.state.request_id
        return response

    @app.exception_handler(HTTPException)
    async def known(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)  # noqa: S101 - only these come here
        return problem(request, error.status_code, str(error.detail), headers=error.headers)

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)  # noqa: S101 - only these come here
        faults = [Invalid(at=_place(e["loc"]), detail=str(e["msg"])) for e in error.errors()]
        places = ", ".join(fault.at for fault in faults)
        return problem(request, 422, f"What was sent cannot be used: {places}.", errors=faults)


def problem(
    request: Request,
    status: int,
    detail: str,
    *,
    errors: Sequence[Invalid] = (),
    headers: Any = None,
) -> Response:
    """Return the response that says what went wrong with `request`, as a page to a person."""
    as_page: Pages | None = getattr(request.app.state, "page_of_problem", None)
    page = as_page(request, status, headers) if as_page else None
    if page is not None:
        return page
    body = Problem(
        title=HTTPStatus(status).phrase,
        status=status,
        detail=detail,
        instance=request.state.request_id,
        errors=list(errors),
    )
    return JSONResponse(
        body.model_dump(), status, headers=headers, media_type="application/problem+json"
    )


def _place(where: Sequence[int | str]) -> str:
    return ".".join(map(str, where))
