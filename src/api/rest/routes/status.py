"""Where every team stands, in one small answer: what programs ask first."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response

from api.dependencies import NowDep, PlanDep, StoreDep
from api.rest.filters import GroupQuery, TargetQuery, teams_asked
from api.rest.responses import PresenterDep, answer, problems, target_of
from api.rest.schemas.teams import EveryStatus
from evaluator.model.serialization import utc_text
from evaluator.team_standing import current_teams, team_standings

router = APIRouter(tags=["teams"])


@router.get(
    "/status",
    operation_id="getStatus",
    response_model=EveryStatus,
    responses=problems(_404="There is no such group or target."),
)
def get_status(
    *,
    store: StoreDep,
    present: PresenterDep,
    plan: PlanDep,
    now: NowDep,
    group: GroupQuery = None,
    target: TargetQuery = None,
    period: Annotated[
        Literal["last_finished", "current"],
        Query(description="The last finished sprint of each team, or the one that runs."),
    ] = "last_finished",
) -> Response:
    """Return where every team stands, A to Z: each target's status, value and minimum.

    There is no order by result. A team without such a sprint says why in `reason`.
    """
    wanted = teams_asked(plan, [], group)
    targets = [target_of(plan, target).id] if target else [each.id for each in plan.targets]
    teams = sorted(
        (team for team in current_teams(plan, now) if wanted is None or team.id in wanted),
        key=lambda team: (team.name.casefold(), team.id),
    )
    coverage, results = store.facts.coverage(), store.results.shown(now)
    found = team_standings(teams, plan, results, coverage, now)
    dates = [each.data_as_of for each in found]
    known = [at for at in dates if at is not None]
    return answer(
        {
            "teams": [present.brief(each, period, targets) for each in found],
            "data_as_of": utc_text(min(known)) if known and len(known) == len(dates) else None,
            "time_zone": plan.time_zone,
        }
    )
