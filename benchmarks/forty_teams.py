"""A Monday with forty teams, made up: some met everything, some need a look, some cannot be read.

It fills a database through the store, as an evaluation would, and `--serve PORT` shows the pages:
`PYTHONPATH=src:. .venv/bin/python -m benchmarks.forty_teams sqlite:////tmp/forty.db --serve 8040`
"""

import argparse
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import uvicorn

from api.app import create_app
from api.dependencies import Service
from benchmarks.made_up import plan
from evaluator.model.facts import Coverage, Reading, Reason
from evaluator.model.plan import Cadence, Plan, Target, TargetVersion, Team
from evaluator.model.results import EvidenceItem, Gap, LeftOut, Result, Sprint, State, Status
from hearten.config.bank_holidays import bank_holidays
from store.store import Store

NOW = datetime(2026, 11, 23, 9, 10, tzinfo=UTC)  # a Monday
# fmt: off
NAMES = (
    "Auk", "Avocet", "Bittern", "Brambling", "Bunting", "Buzzard", "Chough", "Coot",
    "Corncrake", "Crane", "Curlew", "Dipper", "Dotterel", "Dunlin", "Eider", "Fieldfare",
    "Gannet", "Godwit", "Goshawk", "Grebe", "Heron", "Hobby", "Jackdaw", "Kestrel",
    "Kittiwake", "Knot", "Lapwing", "Linnet", "Merlin", "Nightjar", "Osprey", "Plover",
    "Puffin", "Redshank", "Ruff", "Skua", "Teal", "Tern", "Wheatear", "Wren",
)
# fmt: on
GROUPS = ("Bookings", "Letters", "Records", "Prescriptions")
SPRINTS = 26
TARGETS = (
    Target(
        "changes-in-production",
        "Changes reach production",
        "At least one change reaches production in each sprint.",
        "changes_in_production",
        (TargetVersion(date(2025, 4, 1), minimum=1),),
    ),
    Target(
        "commits-in-production",
        "Commits reach production",
        "At least two commits reach production in each sprint.",
        "commits_in_production",
        (TargetVersion(date(2025, 4, 1), minimum=2),),
    ),
    Target(
        "tickets-done",
        "Tickets move to Done",
        "At least one ticket moves to Done in each sprint.",
        "tickets_done",
        (TargetVersion(date(2025, 4, 1), minimum=1),),
    ),
    Target(
        "five-changes",
        "Five changes reach production",
        "Five changes reach production in each sprint.",
        "changes_in_production",
        (TargetVersion(date(2025, 4, 1), minimum=5),),
        stretch=True,
    ),
)
# Of the last sprints, how many sprints ago which target was not met, by team.
_NOT_MET: dict[str, dict[str, tuple[int, ...]]] = {
    "Bittern": {"tickets-done": (0,)},
    "Dunlin": {"changes-in-production": (0,), "commits-in-production": (0,)},
    "Grebe": {"tickets-done": (2, 5)},
    "Kestrel": {"tickets-done": (0, 1, 2)},
    "Osprey": {"commits-in-production": (0, 2)},
    "Teal": {"changes-in-production": (0, 1, 3)},
}
_NO_DATA, _EXCUSED, _UNREAD, _NEW = {"Lapwing", "Wren"}, {"Puffin"}, "Skua", "Tern"
_ZONE = ZoneInfo("Europe/London")


def forty_teams() -> Plan:
    """Return the plan: two calendars of sprints, four groups, four targets of which one stretch."""
    made = plan(len(NAMES))
    teams = tuple(
        replace(
            team,
            id=name.casefold(),
            name=name,
            group=GROUPS[place % len(GROUPS)],
            sprints=Cadence(_first(place), 14),
            not_applicable=(("tickets-done", "It keeps no tickets."),) if name == "Ruff" else (),
        )
        for place, (name, team) in enumerate(zip(NAMES, made.teams, strict=True))
    )
    holidays = bank_holidays("england-and-wales", NOW.date())
    return replace(made, teams=teams, targets=TARGETS, bank_holidays=holidays)


def fill(store: Store) -> Plan:
    """Keep the plan, what was read of its sources, and the results; return the plan."""
    made = forty_teams()
    store.plans.save(made, NOW)
    for team in made.teams:
        if team.name != _UNREAD:
            for source in _sources(team):
                store.facts.keep(Reading(_coverage(source, team)))
    store.results.save(result for team in made.teams for result in _of_team(team))
    return made


def _first(place: int) -> date:
    """Most teams' sprints end on a Friday; those of every eighth one a week later."""
    last = NOW.date() - timedelta(days=7 + (7 if place % 8 == 7 else 0))
    return last - timedelta(days=14 * SPRINTS)


def _sources(team: Team) -> list[str]:
    return [*(r.source_id for r in team.repositories), *(j.tickets.id for j in team.jira)]


def _coverage(source: str, team: Team) -> Coverage:
    read = NOW.replace(hour=8, minute=2)
    known = Coverage(
        source,
        fingerprint="made up",
        since=NOW - timedelta(days=400),
        read_started=read,
        read_finished=read,
        attempt_started=read,
        attempt_finished=read,
    )
    if team.name in _NO_DATA and source.startswith("github"):
        return replace(
            known,
            read_started=None,
            read_finished=None,
            reason=Reason.NO_ACCESS,
            what="GitHub does not let this token read it (403).",
            remedy="Ask an owner of the repository to grant this service read access.",
        )
    return known


def _of_team(team: Team) -> Iterator[Result]:
    assert isinstance(team.sprints, Cadence)
    if team.name == _UNREAD:
        return
    for number in range(SPRINTS + 2):
        first = team.sprints.first_day + timedelta(days=14 * number)
        start, end = (
            datetime.combine(day, time(), _ZONE).astimezone(UTC)
            for day in (first, first + timedelta(days=14))
        )
        ago = SPRINTS - 1 - number
        if start > NOW or (team.name == _NEW and ago >= 0):
            continue
        sprint = Sprint(
            id=first.isoformat(),
            name=f"{team.name} {number + 1}",
            start=start,
            end=end,
            first_day=first,
            settled_at=end + timedelta(days=3),
            gap_end=end,
        )
        for target in TARGETS:
            yield _result(team, sprint, target, ago)


def _result(team: Team, sprint: Sprint, target: Target, ago: int) -> Result:
    status, value = _status(team, target, ago, over=sprint.settled_at <= NOW)
    minimum = target.versions[0].minimum
    source = _sources(team)[-1 if target.measure == "tickets_done" else 0]
    asked = status is not Status.NOT_APPLICABLE
    gaps = (Gap(source, Reason.NO_ACCESS, "Ask an owner to grant read access."),)
    return Result(
        team=team.id,
        sprint=sprint,
        target=target.id,
        target_version=target.versions[0].effective_from if asked else None,
        status=status,
        value=value,
        minimum=minimum if asked else None,
        unit="tickets" if target.measure == "tickets_done" else "changes",
        coverage=0.5 if status is Status.NO_DATA else 1.0,
        reason=_reason(status, value, minimum or 0, target),
        evidence=tuple(_items(target, source, sprint, value or 0)),
        left_out=(LeftOut("commit 4c1f9d2", "made by a bot"),) if value else (),
        gaps=gaps if status is Status.NO_DATA else (),
        sources=(source,),
        state=State.FINAL if sprint.settled_at <= NOW else State.PROVISIONAL,
        evaluated_at=min(sprint.settled_at, NOW),
        checked_at=NOW,
    )


def _status(team: Team, target: Target, ago: int, *, over: bool) -> tuple[Status, int | None]:
    of_code = target.measure != "tickets_done"
    found = 2 + (len(team.name) * 7 + ago * 3 + len(target.id)) % 4
    least = target.versions[0].minimum or 0
    if target.id in dict(team.not_applicable):
        return Status.NOT_APPLICABLE, None
    if team.name in _NO_DATA and of_code and ago <= 1:
        return Status.NO_DATA, None
    if not over:
        found = found % 3
        return (Status.MET if found >= least else Status.IN_PROGRESS), found
    if team.name in _EXCUSED and ago == 0:
        return Status.EXCUSED, 0
    if ago in _NOT_MET.get(team.name, {}).get(target.id, ()):
        return Status.NOT_MET, max(least - 1, 0)
    return (Status.MET if found >= least else Status.NOT_MET), found


def _reason(status: Status, value: int | None, minimum: int, target: Target) -> str:
    what = "tickets moved to Done" if target.measure == "tickets_done" else "changes were counted"
    match status:
        case Status.NO_DATA:
            return "1 of 2 sources could not be read."
        case Status.EXCUSED:
            return "Most working days of the sprint were days off."
        case Status.NOT_APPLICABLE:
            return "It keeps no tickets."
        case _:
            return f"{value} {what}. The target is at least {minimum}."


def _items(target: Target, source: str, sprint: Sprint, number: int) -> Iterator[EvidenceItem]:
    name = source.partition(":")[2]
    for place in range(number):
        at = sprint.start + timedelta(days=2 + place, hours=10)
        if target.measure == "tickets_done":
            key = f"{source.rpartition(':')[2]}-{100 + place}"
            yield EvidenceItem("ticket", key, f"https://example.atlassian.net/browse/{key}", at)
        else:
            label = f"{200 + place}"
            url = f"https://github.com/{name}/pull/{label}"
            yield EvidenceItem("pull_request", f"#{label}", url, at)


def main() -> None:
    """Fill a database, and serve its pages where a port is given."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("database", help="a database's URL; made where there is none")
    parser.add_argument("--serve", type=int, metavar="PORT", help="serve the pages on this port")
    said = parser.parse_args()
    with Store.open(said.database) as store:
        fill(store)
        if said.serve:
            app = create_app(Service(store, lambda: NOW, version="1"))
            uvicorn.run(app, host="127.0.0.1", port=said.serve, log_level="error")


if __name__ == "__main__":
    main()
