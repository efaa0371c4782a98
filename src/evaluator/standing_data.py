"""A team's standing as plain data for JSON: one shape for the command line and for REST."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from evaluator.gap_remedies import gap_remedy
from evaluator.model.plan import Plan
from evaluator.model.results import Result, Sprint
from evaluator.model.serialization import published, published_sprint, utc_text
from evaluator.team_standing import SprintResults, TeamStanding
from evaluator.wording import last_day

Data = dict[str, Any]


def standing_data(
    standing: TeamStanding, plan: Plan, of_result: Callable[[Result], Data] | None = None
) -> Data:
    """Return where a team stands, without the team, of which the two say different things.

    `of_result` makes the data of each result, `result_data` where none is given.
    """
    of_result = of_result or (lambda result: result_data(result, plan))

    def shown(found: SprintResults | None) -> Data | None:
        if found is None:
            return None
        return {
            "sprint": sprint_data(found.sprint, plan),
            "results": [of_result(result) for result in found.results],
        }

    return {
        "last_finished": shown(standing.last_finished),
        "just_closed": shown(standing.just_closed),
        "current": shown(standing.current),
        "streaks": [
            {"target": target, "length": streak.length, "paused": streak.paused}
            for target, streak in standing.streaks
        ],
        "data_as_of": utc_text(standing.data_as_of),
        "gaps": [
            {"source": gap.source, "reason": gap.reason.value, "action": gap.detail}
            for gap in standing.gaps
        ],
        "unreadable": _unreadable(standing),
        "nothing_read": standing.nothing_read,
        "time_zone": plan.time_zone,
    }


def _unreadable(standing: TeamStanding) -> Data | None:
    """Return why the team's sprints are not known, with the status of each target then."""
    gap = standing.unreadable
    if gap is None:
        return None
    return {
        "source": gap.source,
        "reason": gap.reason.value,
        "action": gap.detail,
        "statuses": [
            {"target": target, "status": status.value, "status_text": status.words}
            for target, status in standing.without_sprint
        ],
    }


def result_data(result: Result, plan: Plan) -> Data:
    """Return a result whole, with what the plan says of its target, and with local days."""
    data = published(result)
    target = next((t for t in plan.targets if t.id == result.target), None)
    data["target"] |= {
        "title": target.title if target else None,
        "stretch": bool(target and target.stretch),
    }
    data["sprint"] = sprint_data(result.sprint, plan)
    data["status_text"] = result.status.words
    for shown, item in zip(data["evidence"], result.evidence, strict=True):
        shown["local_date"] = local_day(item.at, plan)
        shown["url"] = plan.link(item.url)
        for step_shown, step in zip(shown["steps"], item.steps, strict=True):
            step_shown["local_date"] = local_day(step.at, plan)
            step_shown["url"] = plan.link(step.url)
    for shown, left in zip(data["left_out"], result.left_out, strict=True):
        shown["local_date"] = local_day(left.at, plan) if left.at else None
        shown["url"] = plan.link(left.url) or None
    for shown, gap in zip(data["gaps"], result.gaps, strict=True):
        shown["action"] = gap_remedy(gap).text
    return data


def sprint_data(sprint: Sprint, plan: Plan) -> Data:
    """Return a sprint with its local days."""
    return published_sprint(sprint) | {
        "first_day": local_day(sprint.start, plan),
        "last_day": last_day(sprint.end, plan.zone).isoformat(),
    }


def local_day(at: datetime, plan: Plan) -> str:
    """Return the local day of an instant in ISO 8601."""
    return at.astimezone(plan.zone).date().isoformat()
