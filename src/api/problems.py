"""Errors as `application/problem+json` (RFC 9457), each with the id of its request."""

from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from api.allowed_methods import methods

REQUEST_ID = "X-Request-ID"
PROBLEM_JSON = "application/problem+json"


class Invalid(BaseModel):
    """One value of the request that cannot be used."""

    at: str = Field(description="Where it is.", examples=["query.from"])
    detail: str = Field(
        description="What to send instead.", examples=["Write a day as 2026-01-05."]
    )


class Problem(BaseModel):
    """What went wrong, and what to do (RFC 9457)."""

    type: str = Field("about:blank", description="Always about:blank: the status says the kind.")
    title: str = Field(examples=["Not Found"])
    status: int = Field(examples=[404])
    detail: str = Field(examples=["There is no team `heron`. GET /api/v1/teams lists them."])
    instance: str = Field(
        description="The request's id, as in the log and in X-Request-ID.",
        examples=["0b6d5a4b9d5f4a5e8f0e4c3a2b1c0d9e"],
    )
    errors: list[Invalid] = Field(default_factory=list, description="What could not be used.")


class InvalidError(Exception):
    """What was sent has the right form and yet cannot be used; answered with 422."""

    def __init__(self, at: str, detail: str) -> None:
        self.fault = Invalid(at=at, detail=detail)
        super().__init__(detail)


# A page for people in place of a problem, where they would rather have one; None for the problem.
Page = Callable[[Request, Problem], Response | None]


def install(app: FastAPI, page: Page | None = None) -> None:
    """Render every error as a problem, or outside of /api as what `page` makes of it."""
    app.state.problem_page = page

    @app.exception_handler(HTTPException)
    async def known(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)  # noqa: S101 - only these come here
        headers, detail = dict(error.headers or {}), str(error.detail)
        if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            headers["Allow"] = ", ".join(methods(request.scope))
            detail = f"{request.url.path} can be asked with {headers['Allow']}."
        elif error.status_code == HTTPStatus.NOT_FOUND and detail == HTTPStatus.NOT_FOUND.phrase:
            detail = "There is nothing at this address. /openapi.json says what there is."
        return problem(request, error.status_code, detail, headers=headers)

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)  # noqa: S101 - only these come here
        faults = [Invalid(at=_place(e["loc"]), detail=_plain(e["msg"])) for e in error.errors()]
        return _unusable(request, faults)

    @app.exception_handler(InvalidError)
    async def unusable(request: Request, error: Exception) -> Response:
        assert isinstance(error, InvalidError)  # noqa: S101 - only these come here
        return _unusable(request, [error.fault])


def problem(
    request: Request,
    status: int,
    detail: str,
    *,
    errors: Sequence[Invalid] = (),
    headers: Any = None,
) -> Response:
    """Return the response that says what went wrong with `request`."""
    body = Problem(
        title=HTTPStatus(status).phrase,
        status=status,
        detail=_plain(detail),
        instance=request.state.request_id,
        errors=list(errors),
    )
    page: Page | None = getattr(request.app.state, "problem_page", None)
    if page is not None and not request.url.path.startswith("/api/"):
        rendered = page(request, body)
        if rendered is not None:
            rendered.headers.update(headers or {})
            return rendered
    headers = {"Cache-Control": "no-store", **(headers or {})}
    return JSONResponse(body.model_dump(), status, headers=headers, media_type=PROBLEM_JSON)


def _unusable(request: Request, faults: Sequence[Invalid]) -> Response:
    said = "; ".join(f"{fault.at}: {fault.detail}" for fault in faults)
    return problem(request, 422, f"What was sent cannot be used. {said}", errors=faults)


def _place(where: Sequence[int | str]) -> str:
    return _plain(".".join(map(str, where)))


def _plain(text: str) -> str:
    """The text as UTF-8 can carry it: a client may send half a character as the name of a key."""
    return text.removeprefix("Value error, ").encode("utf-8", "replace").decode()
