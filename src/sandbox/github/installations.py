"""GitHub Apps: tokens of an installation, which expire."""

from datetime import UTC, datetime, timedelta

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

INSTALLATION = 4711
LIFE = timedelta(hours=1)
_PREFIX = "ghs_"
_RIGHTS = ("actions", "contents", "deployments", "metadata", "pull_requests")


def access_token(request: Request, now: datetime) -> Response:
    """Answer an App that asks for a token of its installation; `now` is when the token begins."""
    scheme, _, jwt = request.headers.get("authorization", "").partition(" ")
    if scheme.casefold() != "bearer" or jwt.count(".") != 2:  # noqa: PLR2004 - a JWT has 3 parts
        return _refused(401, "A JSON web token could not be decoded")
    if request.path_params["installation"] != str(INSTALLATION):
        return _refused(404, "Not Found")
    expires = (now + LIFE).astimezone(UTC)
    body = {
        "token": f"{_PREFIX}{int(expires.timestamp())}",
        "expires_at": expires.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "permissions": dict.fromkeys(_RIGHTS, "read"),
        "repository_selection": "all",
    }
    return JSONResponse(body, 201)


def _refused(status: int, message: str) -> Response:
    return JSONResponse({"message": message, "status": str(status)}, status)
