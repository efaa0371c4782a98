"""The service that the app is given: one value, made at start-up, passed down and never global."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request

from api.access_policy import Rules
from api.refused_writes import RefusedWrites
from evaluator.model.plan import Plan
from store.store import Store


@dataclass(frozen=True, slots=True)
class Service:
    """The store to read, the clock, and the address that people use.

    `public_url` is where the service is reached from outside, without a slash at its end; empty
    where nobody said, and then links are relative. `rules` say who may do what. After
    `answer_within` seconds without an answer the database is said not to answer.
    `refused_writes` counts what this process refused without a line in the audit log.
    """

    store: Store
    clock: Callable[[], datetime]
    version: str
    public_url: str = ""
    rules: Rules = field(default_factory=Rules)
    answer_within: float = 8
    refused_writes: RefusedWrites = field(default_factory=RefusedWrites)


def service_of(request: Request) -> Service:
    """What the app that answers was given."""
    service: Service = request.app.state.service
    return service


# What waits for nothing is async, so that it takes no thread.
async def _service(request: Request) -> Service:
    return service_of(request)


ServiceDep = Annotated[Service, Depends(_service)]


async def _store(service: ServiceDep) -> Store:
    return service.store


StoreDep = Annotated[Store, Depends(_store)]


async def _now(service: ServiceDep) -> datetime:
    return service.clock()


NowDep = Annotated[datetime, Depends(_now)]


def _plan(store: StoreDep) -> Plan:
    """The plan in force; an empty one where nothing was read yet."""
    return store.plans.newest() or Plan(teams=(), targets=())


PlanDep = Annotated[Plan, Depends(_plan)]
