"""The demonstration's Jira sites: boards with their sprints, and tickets on the move."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sandbox.demo.calendar import SPRINTS, Calendar
from sandbox.demo.improvements import RETRO_ACTION, build_improvements, named
from sandbox.jira.records import JiraIssue
from sandbox.jira.site import Site
from sandbox.world import World

DATA_CENTER = "legacy"
_STEADY = (5, 4, 5, 4, 1, 5, 4, 5, 4, 5, 4, 5, 4)
_QUIET = (4, 0, 4, 4, 0, 5, 0, 5, 4, 5, 4, 5, 4)
# Project keys, with the board of those that plan in sprints.
BOARDS = {"HER": 42, "WRE": 43, "AVO": 44, "KES": 45, "PLO": 46, "SIS": 47, "GAN": 48, "FUL": 49}
KANBAN = {"CUR": 51}
DATA_CENTER_BOARDS = {"LIN": 7}
WITHOUT_BOARD = ("DUN",)
PROJECT_IDS = {
    key: 10200 + 10 * place
    for place, key in enumerate((*BOARDS, *KANBAN, *WITHOUT_BOARD, *DATA_CENTER_BOARDS))
}
# Of what is done, by type and labels; the last of them is no kind that the mix of work knows.
_MIX = (
    ("Story", "feature"),
    ("Bug", ""),
    ("Story", "feature"),
    ("Story", "operability"),
    ("Task", "tech-debt"),
    ("Story", "feature"),
    ("Task", ""),
)
# Of what is open: days since it was made, and since it was begun, with its type and label.
_OPEN = (
    (150, 20, "Story", "feature"),
    (110, None, "Task", "tech-debt"),
    (45, 12, "Story", "feature"),
    (33, None, "Story", "operability"),
    (24, None, "Bug", ""),
    (12, 5, "Story", "feature"),
    (9, None, "Task", "retro-action"),
    (5, 2, "Bug", ""),
    (3, None, "Story", "feature"),
)
_LATE, _OVERLAP = 5, 6  # the sprints in which WRE closes late, and KES has two at once


def build_sites(world: World) -> None:
    """Add a Cloud site, `jira`, and a Data Center site, `legacy`, whose user is in New York."""
    calendar = Calendar(world.now)
    cloud = world.site("jira")
    legacy = world.site(DATA_CENTER, cloud=False, time_zone="America/New_York")
    for key, ident in PROJECT_IDS.items():
        (legacy if key in DATA_CENTER_BOARDS else cloud).project(key, ident=ident)
    last: dict[str, list[JiraIssue]] = {}
    for key, board in BOARDS.items():
        cloud.board(board, key)
        _sprints(cloud, calendar, board, late=key == "WRE", overlapping=key == "KES")
        last[key] = _tickets(cloud, calendar, key, _QUIET if key == "FUL" else _STEADY)
    for key, board in KANBAN.items():
        cloud.board(board, key, kind="kanban")
        _tickets(cloud, calendar, key)
    for key in WITHOUT_BOARD:
        _tickets(cloud, calendar, key)
    _reopened_and_released(cloud, calendar)
    _left_out(cloud, calendar)
    _at_the_edges(cloud, calendar)
    _closed_at_once(cloud, calendar)
    _open_work(cloud, calendar)
    for key, board in DATA_CENTER_BOARDS.items():
        legacy.board(board, key)
        _sprints(legacy, calendar, board)
        _tickets(legacy, calendar, key)
    for place, key in enumerate(PROJECT_IDS):
        if key != "HER":
            _open_elsewhere(legacy if key in DATA_CENTER_BOARDS else cloud, calendar, key, place)
    _tried(cloud, calendar)
    build_improvements(cloud, calendar, last["HER"])


def ticket_of(key: str, sprint: int, index: int) -> str:
    """Return the key of the `index`th ticket (from 0) that a steady team finishes in a sprint."""
    return f"{key}-{sum(_STEADY[:sprint]) + index + 1}" if index < _STEADY[sprint] else ""


def _sprints(
    site: Site, calendar: Calendar, board: int, *, late: bool = False, overlapping: bool = False
) -> None:
    """Add the thirteen sprints and a future one without dates."""
    for sprint in range(SPRINTS):
        begin, end = calendar.at(sprint), calendar.at(sprint + 1, 0, 9)
        if late and sprint == _LATE + 1:
            begin += timedelta(days=4)
        closed = end + timedelta(minutes=30) + timedelta(days=4 if late and sprint == _LATE else 0)
        name = f"{site.boards[board].project.key.title()} {sprint + 1}"
        completed = closed if closed <= calendar.now else None
        activated = begin if begin <= calendar.now else None
        site.sprint(board, name, start=begin, end=end, activated=activated, completed=completed)
        if overlapping and sprint == _OVERLAP:
            again = begin + timedelta(hours=3)
            half = begin + timedelta(days=7)
            site.sprint(
                board, f"{name} spike", start=again, end=half, activated=again, completed=half
            )
            short = begin + timedelta(days=2)
            after = short + timedelta(minutes=20)
            site.sprint(
                board, f"{name} mistake", start=short, end=end, activated=short, completed=after
            )
    site.sprint(board, "Later")


def _tickets(
    site: Site, calendar: Calendar, key: str, counts: Sequence[int] = _STEADY
) -> list[JiraIssue]:
    """Finish `counts[n]` tickets in sprint n, each begun some days before; return the last ones."""
    last = []
    for sprint, count in enumerate(counts):
        for index, at in enumerate(calendar.spread(sprint, count)):
            kind, label = _MIX[(5 * sprint + index) % len(_MIX)]
            also = named(key, sprint, index, count, at)
            issue = _ticket(
                site,
                calendar,
                key,
                created=at - timedelta(days=9),
                moves=[
                    (at - timedelta(days=4), "In Progress"),
                    (at - timedelta(days=1), "In Review"),
                    (at, "Done"),
                ],
                kind=kind,
                labels=[*filter(None, (label, *also.labels))],
                due=also.due,
            )
            if issue and index == count - 1 > 0 and at <= calendar.now:
                last.append(issue)
    return last


def _reopened_and_released(site: Site, calendar: Calendar) -> None:
    _ticket(
        site,
        calendar,
        "HER",
        created=calendar.at(1, 1),
        moves=[
            (calendar.at(2, 3), "Done"),
            (calendar.at(2, 7), "In Progress"),  # not Done when its sprint ended
            (calendar.at(3, 8), "Done"),
            (calendar.at(5, 8), "Released"),  # from Done to Done is no move
        ],
    )


def _left_out(site: Site, calendar: Calendar) -> None:
    for day, resolution in ((2, "Won't Do"), (3, "Won’t Fix"), (4, "Duplicate")):
        _ticket(
            site,
            calendar,
            "WRE",
            created=calendar.at(1, 1),
            moves=[(calendar.at(3, day), "Done")],
            resolution=resolution,
        )
    epic = [(calendar.at(6, 8), "Done")]
    _ticket(site, calendar, "WRE", created=calendar.at(0, 1), moves=epic, kind="Epic")
    for day in (2, 3):
        _ticket(
            site,
            calendar,
            "WRE",
            created=calendar.at(6, 1),
            moves=[(calendar.at(7, day), "Done")],
            parent="WRE-1",
        )


def _at_the_edges(site: Site, calendar: Calendar) -> None:
    """Finish tickets in the last and first local minutes of each of a Kanban team's fortnights."""
    for sprint in range(SPRINTS):
        for at in (calendar.at(sprint, 0, 0, 1), calendar.at(sprint, 13, 23, 59)):
            _ticket(site, calendar, "CUR", created=at - timedelta(days=3), moves=[(at, "Done")])


def _closed_at_once(site: Site, calendar: Calendar) -> None:
    at = calendar.at(SPRINTS - 3, 11, 16)
    for minutes in range(6):
        created = calendar.at(SPRINTS - 5, 1, 11, minutes)
        _ticket(site, calendar, "PLO", created=created, moves=[(at, "Done")], labels=["tidy-up"])


def _tried(site: Site, calendar: Calendar) -> None:
    """Add a retro action that a team decided against, and one that has waited since."""
    dropped = [(calendar.now - timedelta(days=1), "Done")]
    created = calendar.at(SPRINTS - 2, 11, 15)
    label = [RETRO_ACTION]
    _ticket(
        site, calendar, "HER", created=created, moves=dropped, resolution="Won't Do", labels=label
    )
    _ticket(
        site,
        calendar,
        "KES",
        created=calendar.at(SPRINTS - 3, 1),
        moves=(),
        resolution="",
        labels=label,
    )


def _open_work(site: Site, calendar: Calendar) -> None:
    """Add what a team has before it, some of it untouched for long."""
    now = calendar.now
    for days, begun, labels in (
        (400, None, ["tech-debt"]),
        (70, 8, ["feature"]),
        (20, 3, ["operability"]),
        (16, None, ["retro-action"]),
        (5, None, ["bug"]),
        (2, 1, ["retro-action"]),
    ):
        moves = [(now - timedelta(days=begun), "In Progress")] if begun else []
        created = now - timedelta(days=days)
        _ticket(site, calendar, "HER", created=created, moves=moves, resolution="", labels=labels)
    for issue in [each for each in site.issues.values() if each.project.key == "HER"]:
        if issue.status.category == "new" and issue.created < now - timedelta(days=4):
            site.plan(issue, now - timedelta(days=3))


def _open_elsewhere(site: Site, calendar: Calendar, key: str, place: int) -> None:
    """Add other open work to each project: two tickets of three, some days older or younger."""
    for index, (days, begun, kind, label) in enumerate(_OPEN):
        if (index + place) % 3:
            moves = [(calendar.now - timedelta(days=begun), "In Progress")] if begun else []
            _ticket(
                site,
                calendar,
                key,
                created=calendar.now - timedelta(days=days + place),
                moves=moves,
                kind=kind,
                resolution="",
                labels=[label] if label else [],
            )


def _ticket(
    site: Site,
    calendar: Calendar,
    project: str,
    *,
    created: datetime,
    moves: Sequence[tuple[datetime, str]],
    kind: str = "Story",
    resolution: str = "Done",
    parent: str = "",
    labels: Sequence[str] = (),
    due: date | None = None,
) -> JiraIssue | None:
    """Add a ticket as it is now: moves of the future have not happened, nor has one that is."""
    if created > calendar.now:
        return None
    known = [move for move in moves if move[0] <= calendar.now]
    number = sum(issue.project.key == project for issue in site.issues.values()) + 1
    return site.issue(
        f"{project}-{number}",
        created=created,
        moves=known,
        kind=kind,
        resolution=resolution if len(known) == len(moves) else "",
        labels=labels,
        parent=site.issues[parent] if parent else None,
        due=due,
    )
