"""Answers as JSON, and what the OpenAPI document says of the others."""

from http import HTTPStatus
from typing import Annotated, Any

from fastapi import Depends, HTTPException, Response
from pydantic_core import to_json

from api.dependencies import PlanDep, ServiceDep
from api.rest.serializers import Presenter
from evaluator.model.plan import Plan, Target, Team


def answer(data: Any, status: int = 200, **headers: str) -> Response:
    """Return `data` as JSON. `Cache_Control="…"` sets the header Cache-Control."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(to_json(data), status, named, media_type="application/json")


def _presenter(service: ServiceDep, plan: PlanDep) -> Presenter:
    return Presenter(plan, service.public_url)


PresenterDep = Annotated[Presenter, Depends(_presenter)]


def team_of(plan: Plan, team: str) -> Team:
    """The team of this id; 404 where there is none."""
    found = next((each for each in plan.teams if each.id == team), None)
    if found is None:
        raise not_found(f"There is no team `{team}`. GET /api/v1/teams lists them.")
    return found


def target_of(plan: Plan, target: str) -> Target:
    """The target of this id; 404 where there is none."""
    found = next((each for each in plan.targets if each.id == target), None)
    if found is None:
        raise not_found(f"There is no target `{target}`. GET /api/v1/targets lists them.")
    return found


def not_found(detail: str) -> HTTPException:
    """The error that says that something is not there, and what is."""
    return HTTPException(HTTPStatus.NOT_FOUND, detail)


def problems(**said: str) -> dict[int | str, dict[str, Any]]:
    """What OpenAPI says of the statuses of a route: `problems(_404="There is no such team.")`."""
    return {
        int(status.removeprefix("_")): {
            "description": description,
            "content": {
                "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
            },
        }
        for status, description in said.items()
    }
