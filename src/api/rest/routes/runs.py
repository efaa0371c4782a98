"""Runs: what was collected and evaluated when, and asking for one."""

from typing import Annotated, Any
from uuid import uuid4

from fastapi import APIRouter, Path, Query, Request, Response

from api.dependencies import NowDep, PlanDep, StoreDep
from api.middleware.access import about
from api.problems import InvalidError
from api.rest.cursors import of_run, to_run
from api.rest.parameters import FIRST_DAY, Cursor
from api.rest.responses import PresenterDep, answer, not_found, problems
from api.rest.schemas.operation import RunAsked, RunOut, RunPage
from api.rest.serializers import Presenter
from evaluator.model.runs import Job, Run, RunState
from evaluator.model.serialization import utc_text
from store.store import Store

router = APIRouter(tags=["runs"])

RunPath = Annotated[int, Path(description="The run's id.", ge=1, le=2**31 - 1, examples=[17])]


@router.get("/runs", operation_id="listRuns", response_model=RunPage)
def list_runs(
    store: StoreDep,
    present: PresenterDep,
    job: Annotated[Job | None, Query(description="Only runs of this job.")] = None,
    limit: Annotated[int, Query(ge=1, le=500, description="How many on one page.")] = 50,
    cursor: Cursor = None,
) -> Response:
    """Return runs, the newest first."""
    found = store.runs.find(job=job, before=to_run(cursor), limit=limit + 1)
    more = of_run(found[limit - 1].id) if len(found) > limit else None
    return answer({"runs": [_run(r, present) for r in found[:limit]], "next_cursor": more})


@router.get(
    "/runs/{run}",
    operation_id="getRun",
    response_model=RunOut,
    responses=problems(_404="There is no such run."),
)
def get_run(store: StoreDep, present: PresenterDep, run: RunPath) -> Response:
    """Return one run: whether it waits, goes or is over, and how many of its steps are done."""
    found = store.runs.one(run)
    if found is None:
        raise not_found(f"There is no run {run}. GET /api/v1/runs lists them.")
    return answer(_run(found, present))


@router.post("/runs", operation_id="askForRun", status_code=202, response_model=RunOut)
def ask_for_run(
    *,
    request: Request,
    store: StoreDep,
    present: PresenterDep,
    plan: PlanDep,
    now: NowDep,
    asked: RunAsked,
) -> Response:
    """Ask for a collection or an evaluation; follow it at the address in `Location`.

    Whoever runs the schedule begins it as soon as no other run of its job goes. Where the same was
    asked for and still waits, that run is what comes back.
    """
    if asked.team is not None and asked.team not in {team.id for team in plan.teams}:
        raise InvalidError("body.team", f"There is no team `{asked.team}`.")
    if asked.since is not None and asked.job is not Job.COLLECT:
        raise InvalidError("body.since", "Only `collect` reads back to a day; leave it out.")
    if asked.since is not None and asked.since > now.astimezone(plan.zone).date():
        raise InvalidError("body.since", "Give a day in the past.")
    if asked.since is not None and asked.since < FIRST_DAY:
        raise InvalidError("body.since", f"Give a day from {FIRST_DAY} on.")
    run = _waiting(store, asked) or store.runs.ask(
        asked.job,
        f"api:{utc_text(now)}:{uuid4().hex[:12]}",
        asked_by="api",
        due_at=now,
        team=asked.team,
        since=asked.since,
    )
    about(request, f"run {run.id}: {run.job.value}{f' of {run.team}' if run.team else ''}")
    return answer(_run(run, present), 202, Location=present.url("runs", str(run.id)))


def _waiting(store: Store, asked: RunAsked) -> Run | None:
    return next(
        (
            run
            for run in store.runs.find(job=asked.job)
            if run.state is RunState.WAITING
            and run.asked_by == "api"
            and (run.team, run.since) == (asked.team, asked.since)
        ),
        None,
    )


def _run(run: Run, present: Presenter) -> dict[str, Any]:
    return {
        "id": run.id,
        "job": run.job.value,
        "state": run.state.value,
        "outcome": run.outcome and run.outcome.value,
        "detail": run.detail,
        "asked_by": run.asked_by,
        "team": run.team,
        "since": run.since,
        "due_at": utc_text(run.due_at),
        "started_at": utc_text(run.started_at),
        "finished_at": utc_text(run.finished_at),
        "attempts": run.attempts,
        "steps": {"done": run.steps, "total": run.total},
        "url": present.url("runs", str(run.id)),
    }
