"""Missing is not zero: whatever cannot be seen of a world, nothing is "Not met" that is not."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic_settings import BaseSettings

from evaluator.evaluate import evaluate_team
from evaluator.model.results import Result, Status
from tests.support.known import NOW, Known, World, facts
from tests.support.partial_views import views
from tests.support.whole_worlds import worlds

QUICK = settings(
    max_examples=40,
    deadline=None,
    derandomize=True,  # the same worlds each time
    suppress_health_check=[HealthCheck.too_slow],
)


class WorldSettings(BaseSettings):
    """How many worlds the slow test looks at, and whether others each time."""

    test_worlds: int = 200
    test_other_worlds: bool = False


SETTINGS = WorldSettings()
MANY = settings(
    QUICK, max_examples=SETTINGS.test_worlds, derandomize=not SETTINGS.test_other_worlds
)


def judged(world: World, known: list[Known]) -> dict[tuple[str, str], Result]:
    rows = evaluate_team(world.team, world.plan, facts(known), NOW, {})
    return {(row.sprint.id, row.target): row for row in rows}


def check(world: World, view: list[Known]) -> None:
    """Nothing is not met in the view that is anything else in the whole world."""
    truth = judged(world, list(world.known))
    wrong = [
        (key, truth[key].sentence, row.sentence)
        for key, row in judged(world, view).items()
        if row.status is Status.NOT_MET and truth[key].status is not Status.NOT_MET
    ]
    assert not wrong, wrong


WORLD_AND_VIEW = worlds().flatmap(lambda world: st.tuples(st.just(world), views(world)))


@QUICK
@given(WORLD_AND_VIEW)
def test_what_cannot_be_seen_makes_nothing_not_met(seen: tuple[World, list[Known]]) -> None:
    check(*seen)


@pytest.mark.slow
@MANY
@given(WORLD_AND_VIEW)
def test_what_cannot_be_seen_makes_nothing_not_met_in_many_worlds(
    seen: tuple[World, list[Known]],
) -> None:
    check(*seen)
