"""Missing is not zero: whatever cannot be seen of a world, nothing is "Not met" that is not."""

import pytest
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis import strategies as st
from pydantic_settings import BaseSettings

from evaluator.evaluate import evaluate_team
from evaluator.model.results import Result, Status
from tests.support.known import NOW, Known, World, facts
from tests.support.ordinary_views import ordinary_views
from tests.support.partial_views import LOSSES, Loss, views, views_by
from tests.support.whole_worlds import worlds

pytestmark = pytest.mark.filterwarnings("ignore:Generating overly large repr")  # of a failure
QUICK = settings(
    max_examples=15,
    deadline=None,
    derandomize=True,  # the same worlds each time
    suppress_health_check=[HealthCheck.too_slow],
)
UNTIL_FOUND = settings(QUICK, max_examples=200, phases=[Phase.generate])


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


Changed = list[tuple[Result, Result]]


def changed(world: World, view: list[Known]) -> Changed:
    """Return each result of the whole world beside that of the view, where that says otherwise."""
    truth = judged(world, list(world.known))
    seen = judged(world, view).items()
    return [(truth[key], row) for key, row in seen if row.status is not truth[key].status]


def check(world: World, view: list[Known]) -> None:
    """Nothing is not met in the view that is not in the whole world, nor anything without a cause.

    What is in doubt names the source that is to blame.
    """
    changes = changed(world, view)
    wrong = [pair for pair in changes if pair[1].status is Status.NOT_MET]
    lost = [pair for pair in changes if not _explained(pair[1])]
    assert not wrong + lost, [(was.sentence, row.sentence) for was, row in wrong + lost]


def _explained(row: Result) -> bool:
    if row.status is Status.NO_DATA:
        return bool(row.gaps) and all(gap.source for gap in row.gaps)
    return row.status in {Status.NOT_MET, Status.MET, Status.IN_PROGRESS}


WORLD_AND_VIEW = worlds().flatmap(lambda world: st.tuples(st.just(world), views(world)))


@QUICK
@given(WORLD_AND_VIEW)
def test_what_cannot_be_seen_makes_nothing_not_met(seen: tuple[World, list[Known]]) -> None:
    check(*seen)


@settings(QUICK, max_examples=8)
@given(worlds().flatmap(lambda world: st.tuples(st.just(world), ordinary_views(world))))
def test_what_is_beside_production_in_an_ordinary_world_changes_nothing(
    seen: tuple[World, list[Known]],
) -> None:
    assert not changed(*seen)


@pytest.mark.slow
@pytest.mark.parametrize("loss", LOSSES, ids=lambda loss: f"{loss.__module__}.{loss.__name__}")
def test_each_loss_leaves_some_verdict_in_doubt(loss: Loss) -> None:
    """Else nothing would be shown by it."""
    seen = worlds().flatmap(lambda world: st.tuples(st.just(world), views_by(world, loss)))

    world, view = find(seen, lambda seen: bool(changed(*seen)), settings=UNTIL_FOUND)

    assert {row.status for _, row in changed(world, view)} >= {Status.NO_DATA}


@pytest.mark.slow
@MANY
@given(WORLD_AND_VIEW)
def test_what_cannot_be_seen_makes_nothing_not_met_in_many_worlds(
    seen: tuple[World, list[Known]],
) -> None:
    check(*seen)
