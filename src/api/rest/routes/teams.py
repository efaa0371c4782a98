"""Teams, where each stands, and its sprints."""

from dataclasses import replace

from fastapi import APIRouter, Response

from api.dependencies import NowDep, PlanDep, StoreDep
from api.rest.parameters import SprintPath, TeamPath
from api.rest.responses import PresenterDep, answer, not_found, problems, team_of
from api.rest.schemas.teams import SprintList, SprintShown, TeamList, TeamOut, TeamStatus
from evaluator.lineage import former_ids, line_of, with_the_past
from evaluator.model.plan import Plan
from evaluator.team_standing import (
    SprintResults,
    by_sprint,
    in_order_of_targets,
    source_ids,
    team_standing,
)
from store.store import Store

router = APIRouter(tags=["teams"])

_BY_TIME = ("last", "current")
_NO_TEAM = problems(_404="There is no such team.")


@router.get("/teams", operation_id="listTeams", response_model=TeamList)
def list_teams(present: PresenterDep) -> Response:
    """Return every configured team, by name, A to Z."""
    teams = sorted(present.plan.teams, key=lambda team: (team.name.casefold(), team.id))
    return answer({"teams": [present.team(team) for team in teams]})


@router.get("/teams/{team}", operation_id="getTeam", response_model=TeamOut, responses=_NO_TEAM)
def get_team(present: PresenterDep, plan: PlanDep, team: TeamPath) -> Response:
    """Return one configured team."""
    return answer(present.team(team_of(plan, team)))


@router.get(
    "/teams/{team}/status",
    operation_id="getTeamStatus",
    response_model=TeamStatus,
    responses=_NO_TEAM,
)
def get_team_status(
    store: StoreDep, present: PresenterDep, plan: PlanDep, now: NowDep, team: TeamPath
) -> Response:
    """Return where a team stands: last finished, just closed and current sprint, and gaps."""
    asked = team_of(plan, team)
    found = team_standing(
        asked,
        plan,
        [r for one in line_of(asked, plan) for r in store.results.find(team=one, brief=True)],
        store.facts.coverage(),
        now,
    )
    whole = replace(
        found,
        last_finished=_whole(store, plan, found.last_finished),
        just_closed=_whole(store, plan, found.just_closed),
        current=_whole(store, plan, found.current),
    )
    return answer(present.standing(whole))


@router.get(
    "/teams/{team}/sprints",
    operation_id="listSprints",
    response_model=SprintList,
    responses=_NO_TEAM,
)
def list_sprints(store: StoreDep, present: PresenterDep, plan: PlanDep, team: TeamPath) -> Response:
    """Return the sprints of a team, the newest first, with the status of each target.

    Those that it had under another id come last; their `evidence_url` has that id.
    """
    results = store.results.find(team=team, brief=True)
    if not results:
        team_of(plan, team)
    for one in former_ids(team, plan):
        results = with_the_past(results, store.results.find(team=one, brief=True))
    lines = [
        present.sprint_line(SprintResults(each.sprint, in_order_of_targets(each.results, plan)))
        for each in by_sprint(reversed(results))
    ]
    return answer({"team": team, "sprints": lines, "time_zone": plan.time_zone})


@router.get(
    "/teams/{team}/sprints/{sprint}",
    operation_id="getSprint",
    response_model=SprintShown,
    responses=problems(_404="There is no such team, or no such sprint of it."),
)
def get_sprint(
    *,
    store: StoreDep,
    present: PresenterDep,
    plan: PlanDep,
    now: NowDep,
    team: TeamPath,
    sprint: SprintPath,
) -> Response:
    """Return one sprint with its results: by its id, or `last` (finished) or `current`."""
    if sprint in _BY_TIME:
        asked = team_of(plan, team)
        line = line_of(asked, plan)
        shown = store.results.shown(now, teams=line, brief=False)
        standing = team_standing(asked, plan, shown, store.facts.coverage(source_ids(asked)), now)
        found = standing.last_finished if sprint == "last" else standing.current
    else:
        results = store.results.find(team=team, sprint=sprint)
        if not results:
            team_of(plan, team)
        in_order = in_order_of_targets(results, plan)
        found = SprintResults(results[0].sprint, in_order) if results else None
    if found is None:
        raise not_found(
            f"There is no such sprint. GET /api/v1/teams/{team}/sprints lists those there are."
        )
    return answer(
        {
            "sprint": present.sprint(found.sprint),
            "results": [present.result(result) for result in found.results],
        }
    )


def _whole(store: Store, plan: Plan, brief: SprintResults | None) -> SprintResults | None:
    """The same sprint with evidence, left-out items and notes."""
    if brief is None:
        return None
    wanted = {result.target for result in brief.results}
    found = store.results.find(team=brief.results[0].team, sprint=brief.sprint.id)
    kept = [result for result in found if result.target in wanted]
    return SprintResults(brief.sprint, in_order_of_targets(kept, plan))
