"""Styles and pictures, served by the app under an address that changes with their content."""

import hashlib
from importlib.resources import files
from mimetypes import guess_type

from fastapi import APIRouter, HTTPException, Response

_FOREVER = "private, max-age=31536000, immutable"


def _read() -> dict[str, bytes]:
    folder = files("api.pages") / "static"
    return {each.name: each.read_bytes() for each in folder.iterdir() if each.is_file()}


_FILES = _read()
FINGERPRINT = hashlib.sha256(
    b"".join(name.encode() + _FILES[name] for name in sorted(_FILES))
).hexdigest()[:12]
PREFIX = f"/assets/{FINGERPRINT}"

router = APIRouter(include_in_schema=False)


@router.get("/assets/{fingerprint}/{name}")
def asset(fingerprint: str, name: str) -> Response:
    """Return a file of this version of hearten; 404 for any other."""
    if fingerprint != FINGERPRINT or name not in _FILES:
        raise HTTPException(404, "There is no such file in this version of hearten.")
    kind = guess_type(name)[0] or "application/octet-stream"
    return Response(_FILES[name], media_type=kind, headers={"Cache-Control": _FOREVER})
