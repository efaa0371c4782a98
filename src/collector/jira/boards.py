"""Reads the sprints of one board: those that can still change, and all of them once a day."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from collector.errors import SourceRefusedError
from collector.full_relist import NEVER, due
from collector.jira.inconsistency import inconsistent
from collector.jira.jira_client import JiraClient, understanding
from collector.json_fields import instant, pick, pick_or_none
from collector.source_read import Task
from evaluator.model.facts import BoardSprint, Reason
from evaluator.model.plan import BoardSource

PAGE = 50  # the most that Jira Cloud gives
_YEARS = range(1970, 2200)  # another one is what a program writes where it knows no date


@dataclass(frozen=True, slots=True)
class BoardBookmark:
    """What a complete read stores for the next one.

    `read` is when it started, `listed` when the last one did that listed every sprint; `gone` are
    the known sprints that Jira did not have any more.
    """

    read: datetime
    listed: datetime = NEVER
    gone: frozenset[int] = frozenset()

    def dumps(self) -> str:
        """Return the bookmark as JSON."""
        return json.dumps(
            {
                "read": self.read.isoformat(),
                "listed": self.listed.isoformat(),
                "gone": sorted(self.gone),
            }
        )

    @classmethod
    def loads(cls, text: str) -> "BoardBookmark":
        """Return the bookmark that `dumps` wrote, now or before it wrote `listed`."""
        held = json.loads(text)
        listed = datetime.fromisoformat(held["listed"]) if "listed" in held else NEVER
        return cls(datetime.fromisoformat(held["read"]), listed, frozenset(held["gone"]))


def read_board(
    task: Task, source: BoardSource, library: JiraClient, *, started: datetime
) -> tuple[tuple[BoardSprint, ...], str]:
    """Return the new and changed sprints of the board, and the next bookmark.

    Units: `started` is when this read began; a board without sprints gives none. A first read
    lists them all, and so does one a day: an earlier answer may have been cut, or have hidden a
    sprint. The others list what is not closed: no sprint that counts is shorter than a day. A
    running sprint that Jira neither lists among all nor has by its id was deleted: one such answer
    alone is not believed.
    Errors: SourceRefusedError when a person must act; SourceUnavailableError when a later run
    may succeed.
    """
    last = BoardBookmark.loads(task.bookmark) if task.bookmark else BoardBookmark(NEVER)
    whole = due(last.read, last.listed, started) or any(map(_lacks_a_date, task.known_sprints))
    try:
        found = _listed(source, library, state=None if whole else "active,future")
    except SourceRefusedError as refused:
        raise _with_advice(refused) from None
    gone = set() if whole else set(last.gone)
    for known in task.known_sprints:
        if known.state != "closed" and known.sprint_id not in found.keys() | gone:
            sprint = _by_id(source, library, known.sprint_id)
            if sprint is None:
                gone.add(known.sprint_id)
                if whole and known.state == "active":
                    found[known.sprint_id] = replace(known, state="deleted")
            else:
                found[known.sprint_id] = sprint
    changed = tuple(_unknown(found.values(), task.known_sprints))
    read = library.complete_until(started)
    return changed, BoardBookmark(read, read if whole else last.listed, frozenset(gone)).dumps()


def _lacks_a_date(sprint: BoardSprint) -> bool:
    """Whether a date is missing that Jira should have: it may be there by now."""
    match sprint.state:
        case "closed":
            return None in (sprint.start, sprint.planned_end, sprint.completed)
        case "active":
            return None in (sprint.start, sprint.planned_end)
        case _:
            return False


def _unknown(found: Iterable[BoardSprint], known: Sequence[BoardSprint]) -> list[BoardSprint]:
    return sorted(set(found) - set(known), key=lambda sprint: sprint.sprint_id)


def _listed(
    source: BoardSource, library: JiraClient, *, state: str | None
) -> dict[int, BoardSprint]:
    """Return the board's sprints by id, page by page: the package's own paging cuts silently."""
    found: dict[int, BoardSprint] = {}
    start = 0
    while True:
        with understanding("the list of sprints"):
            page = library.sprints(source.board, startAt=start, maxResults=PAGE, state=state)
            new = {s.sprint_id: s for s in (_sprint(source, sprint.raw) for sprint in page)}
            is_last, total = bool(page.isLast), page.total or 0
        if not is_last and new.keys() <= found.keys():
            raise inconsistent(f"repeats a page of the sprints of board {source.board}")
        found |= new
        start += len(page)
        if is_last:
            break
    if len(found) < total:
        raise inconsistent(f"says that board {source.board} has more sprints than it gave")
    return found


def _by_id(source: BoardSource, library: JiraClient, sprint_id: int) -> BoardSprint | None:
    """Return a sprint that the board no longer lists, None where Jira no longer has it."""
    try:
        with understanding("a sprint"):
            raw = library.sprint(sprint_id).raw
    except SourceRefusedError as refused:
        if refused.reason is Reason.NOT_FOUND:
            return None
        raise
    return _sprint(source, raw)


def _sprint(source: BoardSource, answer: object) -> BoardSprint:
    def date(*names: str) -> datetime | None:
        given = (name for name in names if isinstance(answer, dict) and answer.get(name))
        name = next(given, None)
        at = instant(answer, name) if name else None
        return at if at and at.year in _YEARS else None

    return BoardSprint(
        source=source.id,
        sprint_id=pick(answer, "id", int),
        name=pick(answer, "name", str),
        state=pick(answer, "state", str).lower(),
        start=date("activatedDate", "startDate"),
        planned_end=date("endDate"),
        completed=date("completeDate"),
        origin_board=pick_or_none(answer, "originBoardId", int),
    )


def _with_advice(refused: SourceRefusedError) -> SourceRefusedError:
    """Return the refusal with a word on Kanban boards: Jira refuses to list their sprints."""
    if refused.reason is not Reason.NOT_FOUND:
        return refused
    return refused.advising(
        "If it is a Kanban board, it has no sprints: use `sprints: {from: cadence, …}`."
    )
