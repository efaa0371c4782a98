"""What the router offers at a path."""

from collections.abc import MutableMapping
from typing import Any

from starlette.routing import Match

_METHODS = ("DELETE", "GET", "HEAD", "PATCH", "POST", "PUT")


def methods(scope: MutableMapping[str, Any]) -> list[str]:
    """The methods with which the path of `scope` can be asked, A to Z; none if it is unknown."""
    found = {method for method in _METHODS if offers(scope, method)}
    return sorted(found | {"HEAD"} if "GET" in found else found)


def offers(scope: MutableMapping[str, Any], method: str) -> bool:
    """Whether some route answers `method` at the path of `scope`."""
    asked = {**scope, "method": method}
    return any(route.matches(asked)[0] is Match.FULL for route in scope["app"].routes)
