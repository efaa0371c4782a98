"""The documentation of the API at /docs, made from the OpenAPI document; nothing from elsewhere."""

from importlib.resources import files
from typing import Any

from fastapi import APIRouter, Request, Response
from jinja2 import Environment, PackageLoader, StrictUndefined

router = APIRouter(include_in_schema=False)

_FOLDER = "reference"
_TEMPLATES = Environment(
    loader=PackageLoader("api", _FOLDER),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_STYLE = files("api").joinpath(_FOLDER, "reference.css").read_bytes()


@router.get("/docs")
def reference(request: Request) -> Response:
    """Return the page. It works without scripts."""
    document = request.app.openapi()
    page = _TEMPLATES.get_template("reference.html").render(
        info=document["info"],
        operations=_operations(document),
        schemas=sorted(document["components"]["schemas"].items()),
        type_of=_type_of,
    )
    return Response(
        page, media_type="text/html; charset=utf-8", headers={"Cache-Control": "private, no-cache"}
    )


@router.get("/docs/reference.css")
def style() -> Response:
    """Return how the page looks."""
    return Response(
        _STYLE, media_type="text/css", headers={"Cache-Control": "private, max-age=3600"}
    )


def _operations(document: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "parameters": [],
            **operation,
            "path": path,
            "method": method.upper(),
            "body": _body(operation),
        }
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
    ]


def _body(operation: dict[str, Any]) -> str:
    content = operation.get("requestBody", {}).get("content", {})
    return next((_type_of(media["schema"]) for media in content.values()), "")


def _type_of(schema: dict[str, Any]) -> str:
    """What a value is, in a word or two: `string (date)`, `list of Result`, `Run or null`."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "anyOf" in schema:
        return " or ".join(map(_type_of, schema["anyOf"]))
    if schema.get("type") == "array":
        return f"list of {_type_of(schema.get('items', {}))}"
    if "enum" in schema:
        return " or ".join(f"`{value}`" for value in schema["enum"])
    if "const" in schema:
        return f"`{schema['const']}`"
    kind = str(schema.get("type", "anything"))
    return f"{kind} ({schema['format']})" if "format" in schema else kind
