"""What is right in the configuration and yet is often a mistake."""

from collections.abc import Iterator
from itertools import chain

from evaluator.model.plan import BoardSource, Plan, Team
from hearten.config.example_teams import holds_examples

_MOST = 10


def notices(plan: Plan, previous: Plan | None = None) -> list[str]:
    """Return sentences about what whoever keeps the files may not have meant, at most 10.

    `previous` is the plan stored last, None where there is none.
    """
    renamed = _under_another_id(plan, previous) if previous else ()
    found = [*chain(_examples(plan), renamed, _of_several_teams(plan))]
    more = len(found) - _MOST
    return [*found[:_MOST], *([f"And {more} more like these."] if more > 0 else [])]


def _examples(plan: Plan) -> Iterator[str]:
    if holds_examples(plan):
        yield (
            "teams.yaml still holds example teams: put your own in their place. Until then "
            "`hearten collect` reads nothing."
        )


def _under_another_id(plan: Plan, previous: Plan) -> Iterator[str]:
    """Yield the teams that are new and have what one had that is gone: its past would be lost."""
    before = {team.id for team in previous.teams}
    known = {team.id for team in plan.teams} | {i for t in plan.teams for i in t.continues}
    gone = [team for team in previous.teams if team.id not in known]
    for team in (each for each in plan.teams if each.id not in before):
        has = _read_for(team)
        old = ", ".join(each.id for each in gone if has & _read_for(each))
        if old:
            yield (
                f"Team {team.id} is new, with what {old} had. Write `continues: [{old}]` in its "
                "entry to keep that past, or write the id as it was."
            )


def _read_for(team: Team) -> set[str]:
    """Return the ids of the team's repositories and Jira projects."""
    repositories = {entry.source_id for entry in team.repositories}
    return repositories | {entry.tickets.id for entry in team.jira}


def _of_several_teams(plan: Plan) -> Iterator[str]:
    """Yield what counts for several teams whole, which is allowed, and easily pasted."""
    held: dict[tuple[str, str], list[str]] = {}
    for team in plan.teams:
        whole = {
            (f"Repository {r.repository}", r.delivery.key) for r in team.repositories if not r.paths
        }
        whole |= {
            (f"Board {each.calendar.board} of Jira site {each.calendar.site}", "")
            for each in team.calendars
            if isinstance(each.calendar, BoardSource) and not each.names
        }
        for each in whole:
            held.setdefault(each, []).append(team.id)
    for (name, _), teams in sorted(held.items()):
        if len(teams) > 1:
            yield f"{name} is of {len(teams)} teams: {', '.join(teams)}. It counts for each."
