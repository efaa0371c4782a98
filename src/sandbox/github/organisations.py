"""What GraphQL shows of an organisation: the repositories under its name."""

from collections.abc import Mapping
from typing import Any

from sandbox.github import shapes
from sandbox.github.paging import GraphQLConnection, RefusalError
from sandbox.github.records import TokenAccess
from sandbox.world import World


def organization(world: World, login: str) -> shapes.Shape:
    """Return an `Organization` with those of its repositories that are not hidden.

    Errors: RefusalError where the world has no repository of it.
    """
    found = [repo for name, repo in world.repositories.items() if _owner(name) == login.casefold()]
    if not found:
        raise RefusalError(
            "NOT_FOUND", f"Could not resolve to an Organization with the login of '{login}'."
        )
    shown = [repo for repo in found if repo.access is not TokenAccess.MISSING]

    def repositories(_: Any, **asked: Any) -> Mapping[str, Any]:
        order = asked.get("orderBy") or {"field": "CREATED_AT", "direction": "ASC"}
        by_name = order["field"] == "NAME"
        rows = sorted(
            shown,
            key=lambda repo: repo.name if by_name else repo.ident,
            reverse=order["direction"] == "DESC",
        )
        page = asked.get("first"), asked.get("after")
        return GraphQLConnection("repositories", rows, *page, shapes.repository).shape()

    return {
        "__typename": "Organization",
        "id": f"O_{login}",
        "login": login,
        "repositories": repositories,
    }


def _owner(name: str) -> str:
    return name.partition("/")[0].casefold()
