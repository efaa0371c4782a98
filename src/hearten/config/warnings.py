"""What is right in the configuration and yet is often a mistake."""

from collections.abc import Iterator
from itertools import chain

from evaluator.model.plan import BoardSource, Plan

_EXAMPLE = "your-organisation/"  # as in the files that `hearten init` writes
_MOST = 10


def notices(plan: Plan) -> list[str]:
    """Return sentences about what whoever keeps the files may not have meant, at most 10."""
    found = [*chain(_examples(plan), _of_several_teams(plan))]
    more = len(found) - _MOST
    return [*found[:_MOST], *([f"And {more} more like these."] if more > 0 else [])]


def _examples(plan: Plan) -> Iterator[str]:
    if any(source.repository.startswith(_EXAMPLE) for source in plan.sources):
        yield "teams.yaml still holds example teams: put your own in their place."


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
