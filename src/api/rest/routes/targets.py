"""Targets: what is asked for, since when, and why."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from api.dependencies import NowDep, PlanDep
from api.rest.parameters import Day, TargetPath
from api.rest.responses import answer, problems, target_of
from api.rest.schemas.teams import TargetList, TargetOut
from evaluator.model.plan import Plan, Target, TargetVersion

router = APIRouter(tags=["targets"])

On = Annotated[Day | None, Query(description="The local day that `in_force` is about; else today.")]
_SAID = ("id", "title", "plain_english", "measure", "period", "helps_with", "benefit", "stretch")
_IF_SAID = ("balanced_by", "not_a_measure_of")


@router.get("/targets", operation_id="listTargets", response_model=TargetList)
def list_targets(plan: PlanDep, now: NowDep, on: On = None) -> Response:
    """Return every target with all its versions, and the one in force on a local day."""
    day = _day(plan, now, on)
    return answer({"targets": [_target(target, day) for target in plan.targets]})


@router.get(
    "/targets/{target}",
    operation_id="getTarget",
    response_model=TargetOut,
    responses=problems(_404="There is no such target."),
)
def get_target(plan: PlanDep, now: NowDep, target: TargetPath, on: On = None) -> Response:
    """Return one target with all its versions, and the one in force on a local day."""
    return answer(_target(target_of(plan, target), _day(plan, now, on)))


def _day(plan: Plan, now: datetime, on: date | None) -> date:
    return on or now.astimezone(plan.zone).date()


def _target(target: Target, day: date) -> dict[str, Any]:
    in_force = target.version_on(day)
    return {
        **{name: getattr(target, name) for name in _SAID},
        **{name: getattr(target, name) or None for name in _IF_SAID},
        "on": day,
        "in_force": _version(in_force) if in_force else None,
        "versions": [_version(version) for version in target.versions],
    }


def _version(version: TargetVersion) -> dict[str, Any]:
    said = {name: None if value == "" else value for name, value in asdict(version).items()}
    if not version.proposed_in.startswith(("https://", "http://")):
        said["proposed_in"] = None  # kept before it was checked, it may be another kind of link
    return said
