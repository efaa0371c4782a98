"""What was typed after a command, checked: days, instants, teams, targets, sprints."""

from datetime import date, datetime
from typing import Annotated

import typer

from evaluator.model.plan import Plan
from evaluator.model.results import Result
from evaluator.team_standing import settled
from hearten.errors import UseError

_FIRST_YEAR, _LAST_YEAR = 1970, 2999

TeamOption = Annotated[str | None, typer.Option("--team", help="Only this team, by its id.")]


def check_team(plan: Plan, team: str | None) -> None:
    """Refuse a team that the plan does not have, and say which it has."""
    ids = sorted(each.id for each in plan.teams)
    if team is not None and team not in ids:
        raise UseError(f"There is no team `{team}`. The teams are: {', '.join(ids)}.")


def check_target(plan: Plan, target: str | None) -> None:
    """Refuse a target that the plan does not have, and say which it has."""
    ids = [each.id for each in plan.targets]
    if target is not None and target not in ids:
        raise UseError(f"There is no target `{target}`. The targets are: {', '.join(ids)}.")


def of_sprint(found: list[Result], sprint: str, at: datetime) -> list[Result]:
    """Return the versions of one sprint's result: by id, or the `last` settled or `current` one."""
    sprints = {r.sprint.id: r.sprint for r in found}
    if sprint == "last":
        finished = settled(found, at)
        sprint = finished[-1].id if finished else sprint
    elif sprint == "current":
        running = [s.id for s in sprints.values() if s.start <= at < s.end]
        sprint = running[-1] if running else sprint
    if sprint not in sprints:
        known = " Run `hearten evaluate`, which works results out."
        if sprints:
            known = f" The newest are: {', '.join(list(sprints)[-6:])}."
        raise UseError(
            f"No result of a sprint `{sprint}` is stored.{known} `hearten status` says what is "
            "missing, `hearten results` lists all."
        )
    return [r for r in found if r.sprint.id == sprint]


def day(text: str | None, option: str) -> date | None:
    """Return the local day that `text` names, None for none."""
    if text is None:
        return None
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise UseError(f"{option} {text} is not a day; write it as 2026-01-05.") from None
    _check_year(found.year, text, option)
    return found


def _check_year(year: int, text: str, option: str) -> None:
    """Refuse what no sprint, ticket or commit lies in: at both ends of the calendar sums fail."""
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise UseError(f"{option} {text}: give a day from {_FIRST_YEAR} to {_LAST_YEAR}.")


def starts(
    plan: Plan, first: date | None, last: date | None
) -> tuple[datetime | None, datetime | None]:
    """Return the bounds of sprints that start from `first` to `last`: at or after, and before."""
    return (
        plan.midnight(first) if first else None,
        plan.midnight(last + date.resolution) if last else None,
    )


def past_day(text: str | None, option: str, now: datetime) -> date | None:
    """Return the day that `text` names, which has begun at `now`; None for none."""
    found = day(text, option)
    if found is not None and found > now.date():
        raise UseError(f"{option} {text} lies in the future; give a day in the past.")
    return found


def past_instant(text: str | None, option: str, plan: Plan, now: datetime) -> datetime | None:
    """Return the instant at or before `now` that `text` names; a day alone is its midnight."""
    if text is None:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise UseError(
            f"{option} {text} is not a time; write 2026-01-05 or 2026-01-05T09:00:00Z."
        ) from None
    _check_year(at.year, text, option)
    at = at if at.tzinfo else at.replace(tzinfo=plan.zone)
    if at > now:
        raise UseError(f"{option} {text} lies in the future; give a time in the past.")
    return at
