"""Results, page by page, and one of them with everything that explains it."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.dependencies import PlanDep, StoreDep
from api.middleware.etag_cache import IMMUTABLE, NO_CACHE
from api.rest.cursors import of_place, to_place
from api.rest.filters import FiltersDep
from api.rest.parameters import Cursor, SprintPath, TargetPath, TeamPath
from api.rest.responses import PresenterDep, answer, not_found, problems, target_of, team_of
from api.rest.schemas.results import ExplainedResult, ResultPage
from evaluator.model.results import State
from store.results import place

router = APIRouter(tags=["results"])

Limit = Annotated[int, Query(ge=1, le=500, description="How many on one page.", examples=[100])]


@router.get(
    "/results",
    operation_id="listResults",
    response_model=ResultPage,
    responses=problems(_404="There is no such team, group or target."),
)
def list_results(
    store: StoreDep,
    present: PresenterDep,
    filters: FiltersDep,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> Response:
    """Return the newest version of each result, in order of team, sprint and target.

    There is no order by result: results say where a team stands against what it agreed to, and
    nothing about teams beside each other.
    """
    found = filters.page(store, to_place(cursor), limit + 1)
    more = of_place(place(found[limit - 1])) if len(found) > limit else None
    return answer(
        {
            "results": [present.result(result) for result in found[:limit]],
            "next_cursor": more,
            "time_zone": present.plan.time_zone,
        }
    )


@router.get(
    "/teams/{team}/sprints/{sprint}/results/{target}",
    operation_id="getResult",
    response_model=ExplainedResult,
    responses=problems(_404="There is no such result, or no such version of it."),
)
def get_result(
    *,
    store: StoreDep,
    present: PresenterDep,
    plan: PlanDep,
    team: TeamPath,
    sprint: SprintPath,
    target: TargetPath,
    version: Annotated[
        int | None, Query(ge=1, le=1_000_000, description="This version; else the newest.")
    ] = None,
) -> Response:
    """Return one result with what was counted, what was left out and why, and earlier versions.

    A final result at `?version=N` may be kept by clients for good. What is added to it later, such
    as when it was last checked, shows without `version`.
    """
    found = store.results.find(team=team, target=target, sprint=sprint, every_version=True)
    versions = [result for result in found if version is None or result.version <= version]
    if not versions or version not in (None, versions[-1].version):
        if found:
            raise not_found(f"The newest version of this result is {found[-1].version}.")
        if not store.results.page(teams=[team], limit=1):
            team_of(plan, team)
        if not store.results.page(target=target, limit=1):
            target_of(plan, target)
        raise not_found(
            f"There is no result of this sprint. GET /api/v1/teams/{team}/sprints lists sprints."
        )
    lasting = version is not None and versions[-1].state is State.FINAL
    return answer(present.explained(versions), Cache_Control=IMMUTABLE if lasting else NO_CACHE)
