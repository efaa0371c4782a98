"""The OpenAPI document is kept: whatever it allows and forbids is sent to the service."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import CheckFunction, load_all_checks
from schemathesis.core.result import Ok
from schemathesis.schemas import BaseSchema
from schemathesis.specs.openapi.checks import positive_data_acceptance

from evaluator.model.access import Scope
from store.store import Store
from tests.support.judged_teams import World, fill

CASES = 1000
QUIET = (HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large)
POSITIVE, NEGATIVE = schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE


def unless(case: schemathesis.Case[Any]) -> list[CheckFunction]:
    """What need not hold: a cursor, team or day can have the right form and yet be no use."""
    may_be_no_use = case.operation.path == "/api/v1/runs" or "cursor" in (case.query or {})
    return [positive_data_acceptance] if may_be_no_use else []


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A filled store, and a service that answers as often as it is asked."""
    folder = tmp_path_factory.mktemp("schemathesis")
    with Store.open(f"sqlite:///{folder}/hearten.db") as store:
        fill(store)
        world = World(store, public_url="")
        world.rules = replace(world.rules, rate_limit=1_000_000)
        yield world


@pytest.fixture(scope="module")
def schema(world: World) -> BaseSchema:
    """The document as a program reads it."""
    load_all_checks()
    return schemathesis.openapi.from_asgi("/openapi.json", world.app())


@pytest.mark.slow
@pytest.mark.parametrize("mode", [POSITIVE, NEGATIVE], ids=["as allowed", "as forbidden"])
def test_a_thousand_requests_get_no_answer_but_those_of_the_document(
    world: World, schema: BaseSchema, mode: schemathesis.GenerationMode
) -> None:
    authorization = f"Bearer {world.secret(*Scope)}"
    operations = [found.ok() for found in schema.get_all_operations() if isinstance(found, Ok)]
    cases = st.one_of([each.as_strategy(generation_mode=mode) for each in operations])
    sent = 0

    @settings(
        max_examples=CASES,
        deadline=None,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=QUIET,
        derandomize=True,
    )
    @given(cases)
    def send(case: schemathesis.Case[Any]) -> None:
        nonlocal sent
        sent += 1
        # A right token where the case has any: what is wrong with a case may be that it has none.
        has_a_token = "Authorization" in (case.headers or {})
        response = case.call(headers={"Authorization": authorization} if has_a_token else {})
        case.validate_response(response, excluded_checks=unless(case))

    send()

    assert len(operations) > 15
    assert sent >= CASES
