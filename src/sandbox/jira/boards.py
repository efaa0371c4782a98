"""Boards and sprints, which Cloud and Data Center answer in almost the same way."""

from sandbox.jira.asked import JiraError, JiraRequest
from sandbox.jira.records import Board
from sandbox.jira.shapes import Shape

_ORDER = ("closed", "active", "future")
_PAGE = 50


def boards(asked: JiraRequest) -> Shape:
    """Return a page of the readable boards, of one project where `projectKeyOrId` names it."""
    project = asked.text("projectKeyOrId")
    rows = [
        asked.shapes.board(found)
        for _, found in sorted(asked.site.boards.items())
        if found.readable and project in ("", found.project.key, found.project.ident)
    ]
    return asked.page(rows, _PAGE)


def board(asked: JiraRequest) -> Shape:
    """Return a board."""
    return asked.shapes.board(_find(asked))


def sprints(asked: JiraRequest) -> Shape:
    """Return a page of a board's sprints: closed, then active, then future ones."""
    found = _find(asked)
    if found.kind == "kanban":
        raise JiraError(400, "The board does not support sprints")
    states = asked.words("state") or list(_ORDER)
    rows = sorted(
        (sprint for sprint in found.sprints if sprint.state in states),
        key=lambda sprint: (_ORDER.index(sprint.state), sprint.ident),
    )
    page = asked.page([asked.shapes.sprint(sprint) for sprint in rows], _PAGE)
    if not asked.site.cloud:
        del page["total"]
    return page


def sprint(asked: JiraRequest) -> Shape:
    """Return a sprint by its id. Errors: JiraError 404 where no readable board has it."""
    ident = asked.number("sprint", 0)
    for owner in asked.site.boards.values():
        for found in owner.sprints:
            if found.ident == ident and owner.readable:
                return asked.shapes.sprint(found)
    raise JiraError(404, "Sprint does not exist or you do not have permission to see it.")


def _find(asked: JiraRequest) -> Board:
    found = asked.site.boards.get(asked.number("board", 0))
    if found is None:
        raise JiraError(404, "The requested board cannot be viewed because it does not exist.")
    if not found.readable:
        raise JiraError(403, "You do not have permission to view this board.")
    return found
