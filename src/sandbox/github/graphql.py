"""Answers GraphQL questions over a world, with errors in GitHub's shape."""

from datetime import timedelta
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from graphql import (
    DocumentNode,
    ExecutionResult,
    FieldNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    SelectionSetNode,
    StringValueNode,
    build_schema,
    execute_sync,
    parse,
    validate,
)

from sandbox.github import shapes
from sandbox.github.dates import zulu
from sandbox.github.organisations import organization
from sandbox.github.paging import MOST, RefusalError
from sandbox.github.records import TokenAccess
from sandbox.github.repository import SandboxRepository
from sandbox.world import World

LIMIT = 5000


@cache
def schema() -> GraphQLSchema:
    """Return the trimmed schema."""
    return build_schema(files("sandbox.github").joinpath("schema.graphql").read_text("utf-8"))


def answer(world: World, body: dict[str, Any], used: int, *, html: str) -> dict[str, Any]:
    """Return the answer to `{"query": …, "variables": …}`; `used` is how much of the limit is.

    `html` is the address at which people see what the links of evidence lead to.
    """
    root = {
        "repository": lambda _, **asked: _repository(world, **asked),
        "node": lambda _, id: _node(world, id),  # noqa: A006
        "nodes": lambda _, ids: _nodes(world, ids),
        "organization": lambda _, login: organization(world, login),
        "rateLimit": lambda _, **__: rate_limit(world, used),
    }
    result = _executed(body.get("query") or "", root, html, body.get("variables"))
    if result.errors is None:
        return {"data": result.data}
    errors = [_error(error) for error in result.errors]
    # GitHub leaves `data` out where the question itself was wrong.
    return {"errors": errors} if result.data is None else {"data": result.data, "errors": errors}


def rate_limit(world: World, used: int) -> dict[str, Any]:
    """Return the primary limit after `used` points of this hour."""
    return {
        "limit": LIMIT,
        "cost": 1,
        "nodeCount": 1,
        "used": used,
        "remaining": max(0, LIMIT - used),
        "resetAt": zulu(world.now + timedelta(hours=1)),
    }


def summary(body: dict[str, Any]) -> str:
    """Return what a question asks, in short: `acme/shop(defaultBranchRef deployments)`."""
    try:
        document = _parsed(body.get("query") or "")
    except GraphQLError:
        return "not GraphQL"
    asked = [
        _asked(field)
        for definition in document.definitions
        if isinstance(definition, OperationDefinitionNode)
        for field in definition.selection_set.selections
        if isinstance(field, FieldNode)
    ]
    return " ".join(asked)


def _executed(query: str, root: Any, html: str, variables: Any) -> ExecutionResult:
    try:
        document, faults = _parsed(query), _faults_of(query)
    except GraphQLError as error:
        return ExecutionResult(None, [error])
    if faults:
        return ExecutionResult(None, list(faults))
    return execute_sync(schema(), document, root, context_value=html, variable_values=variables)


# To read and to check a long question takes as long as to answer it, and many are asked again.
@lru_cache(maxsize=512)
def _parsed(query: str) -> DocumentNode:
    return parse(query)


@lru_cache(maxsize=512)
def _faults_of(query: str) -> tuple[GraphQLError, ...]:
    return tuple(validate(schema(), _parsed(query)))


def _asked(field: FieldNode) -> str:
    given = {
        argument.name.value: argument.value.value
        for argument in field.arguments
        if isinstance(argument.value, StringValueNode)
    }
    name = field.name.value
    about = f"{given['owner']}/{given['name']}" if {"owner", "name"} <= given.keys() else name
    inside = (
        field.selection_set.selections if isinstance(field.selection_set, SelectionSetNode) else ()
    )
    fields = [part.name.value for part in inside if isinstance(part, FieldNode)]
    return f"{about}({' '.join(fields)})"


def _repository(world: World, **asked: Any) -> shapes.Shape:
    name = f"{asked['owner']}/{asked['name']}"
    found = world.find_repository(name, follow_renames=asked["followRenames"])
    if found is None:
        raise RefusalError(
            "NOT_FOUND", f"Could not resolve to a Repository with the name '{name}'."
        )
    _allow(found)
    return shapes.repository(found)


def _node(world: World, ident: str) -> shapes.Shape:
    """Return a deployment by its id: nothing else is asked for by id."""
    for repo in world.repositories.values():
        for record in repo.deployments:
            if ident == f"DE_{record.ident}" and repo.access is not TokenAccess.MISSING:
                _allow(repo)
                return shapes.deployment(repo, record)
    raise RefusalError("NOT_FOUND", f"Could not resolve to a node with the global id of '{ident}'")


def _nodes(world: World, idents: list[str]) -> list[Any]:
    if len(idents) > MOST:
        raise RefusalError(
            "ARGUMENT_LIMIT",
            f"You may not provide more than {MOST} node ids; you provided {len(idents)}.",
        )
    found: list[Any] = []
    for ident in idents:
        try:
            found.append(_node(world, ident))
        except RefusalError as refusal:
            found.append(refusal)
    return found


def _allow(repo: SandboxRepository) -> None:
    if repo.access is TokenAccess.FORBIDDEN:
        raise RefusalError("FORBIDDEN", "Resource not accessible by personal access token")


def _error(error: GraphQLError) -> dict[str, Any]:
    shape: dict[str, Any] = {
        "message": error.message,
        "locations": [{"line": at.line, "column": at.column} for at in error.locations or []],
    }
    if error.path is not None:
        shape["path"] = error.path
    if isinstance(error.original_error, RefusalError):
        shape["type"] = error.original_error.kind
    elif error.original_error is not None:
        raise error.original_error
    return shape
