"""The OpenAPI document: what FastAPI finds out, and what holds for every operation."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from api.middleware.access import OPEN_TO_ALL
from api.problems import Problem
from api.rest.responses import problems
from api.tokens import PREFIX

_ABOUT = """\
Where each team stands against a few light-touch targets, sprint by sprint, with the evidence.

All instants are ISO 8601 in UTC, local days say so. Clients have to bear fields that they do not
know: within v1, fields, parameters and operations are only ever added.

Results are about what a team agreed to, and nothing about teams beside each other: they are not to
be ordered, averaged or summed up across teams. Nothing here is about a person.
"""
_REFS = "#/components/schemas/{model}"
_ALL = problems(
    _400="The request cannot be understood.",
    _401="A token or signing in is needed, or the token cannot be used.",
    _403="The token lacks the scope.",
    _413="The request is too long.",
    _422="Something that was sent cannot be used; `errors` says what.",
    _429="Too many requests; `Retry-After` says for how many seconds to wait.",
    _500="A defect in hearten.",
    _503="The database does not answer.",
)
_OF_PROBES = ("500", "503")
_NO_CHANGE = {
    "304": {"description": "Nothing has changed since the response with that ETag."},
}


def install(app: FastAPI) -> None:
    """Serve the document at /openapi.json, made once."""

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _document(app)
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]


def _document(app: FastAPI) -> dict[str, Any]:
    made = get_openapi(
        title=app.title,
        version=app.version,
        summary=app.summary,
        description=_ABOUT,
        routes=app.routes,
    )
    schemas = made.setdefault("components", {}).setdefault("schemas", {})
    problem = Problem.model_json_schema(ref_template=_REFS)
    for unused in ("HTTPValidationError", "ValidationError"):  # FastAPI's own
        schemas.pop(unused, None)
    schemas |= problem.pop("$defs", {}) | {"Problem": problem}
    made["components"]["securitySchemes"] = {
        "token": {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": f"{PREFIX}…",
            "description": "Scopes: `read` results, `run` asks for runs, `admin` tokens. Whether "
            "reads need one is the operator's choice.",
        }
    }
    for path, operations in made["paths"].items():
        for method, operation in operations.items():
            _complete(path, method, operation)
    return made


def _complete(path: str, method: str, operation: dict[str, Any]) -> None:
    said = operation["responses"]
    if path in OPEN_TO_ALL:
        said |= {status: _said(status) for status in _OF_PROBES}
        return
    said["422"] = _said("422")  # in place of FastAPI's own
    for status in map(str, _ALL):
        said.setdefault(status, _said(status))
    always = method != "get" or path.startswith(("/api/v1/tokens", "/api/v1/audit"))
    operation["security"] = [{"token": []}] if always else [{}, {"token": []}]
    if method == "get" and path.startswith("/api/") and "/export." not in path:
        said |= _NO_CHANGE
        operation.setdefault("parameters", []).append(_IF_NONE_MATCH)
        said["200"]["headers"] = {"ETag": {"schema": {"type": "string"}}}
    for status in ("201", "202"):
        if status in said:
            said[status]["headers"] = {"Location": {"schema": {"type": "string"}}}
    said["429"] = {**said["429"], "headers": {"Retry-After": {"schema": {"type": "integer"}}}}
    operation["responses"] = dict(sorted(said.items()))


_IF_NONE_MATCH = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "schema": {"type": "string"},
    "description": "The ETag of the answer that you have; 304 where nothing has changed.",
}


def _said(status: str) -> dict[str, Any]:
    return dict(_ALL[int(status)])
