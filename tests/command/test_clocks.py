"""A clock that ran ahead, or a run that another one overtook: what was right stays right."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from evaluator.model.facts import Reading
from evaluator.model.results import Result, State, Status
from hearten.clock import now
from hearten.logs import LoggedProgress
from hearten.runs import jobs
from hearten.runs.progress import UnrecordedRun
from store.store import Store
from tests.support.database_dump import kept
from tests.support.databases import on_both_engines
from tests.support.organisation import ONE_TEAM, Organisation, ago

MET = ("met", "final")


@pytest.fixture
def shop(organisation: Organisation) -> Organisation:
    repo = organisation.world.repository("acme/shop")
    repo.commit(at=ago(300))  # shows that zero is zero from then on
    repo.squash_merge(at=ago(40))
    organisation.configure(ONE_TEAM)
    return organisation


def said(organisation: Organisation) -> list[dict[str, Any]]:
    """What the results say, without when they were judged."""
    return [r | {"evaluated_at": "", "checked_at": ""} for r in organisation.results()]


def store_again(organisation: Organisation, **changed: Any) -> None:
    """Store all results with something changed, as a clock that ran ahead would have."""
    with Store.open(organisation.database_url) as store:
        store.results.save([replace(result, **changed) for result in store.results.find()])


def test_rows_of_a_clock_that_ran_ahead_are_judged_again(shop: Organisation) -> None:
    shop.collect_and_evaluate()
    right = said(shop)
    wrong = {"state": State.FINAL, "status": Status.NOT_MET, "value": 0}
    store_again(shop, evaluated_at=ago(-400), checked_at=ago(-400), **wrong)

    shop.collect_and_evaluate()

    assert said(shop) == right


def test_what_was_only_checked_by_a_clock_that_ran_ahead_stays_as_it_is(
    shop: Organisation,
) -> None:
    shop.collect_and_evaluate()
    right = said(shop)
    store_again(shop, checked_at=ago(-1))

    shop.run("evaluate")

    assert said(shop) == right
    assert max(r["checked_at"] for r in shop.results()) < f"{ago(-1):%Y-%m-%d}"


def test_what_was_final_is_not_lowered_after_a_clock_ran_ahead(shop: Organisation) -> None:
    shop.collect_and_evaluate()
    store_again(shop, checked_at=ago(-1))
    before = {r["sprint"]["id"]: r for r in said(shop) if (r["status"], r["state"]) == MET}

    author = shop.world.repositories["acme/shop"].pull_requests[1].author
    shop.configure(ONE_TEAM, hearten=f"bots: [{author.login}]\n")
    shop.collect_and_evaluate()

    assert before
    after = {r["sprint"]["id"]: r for r in said(shop) if (r["status"], r["state"]) == MET}
    assert after.keys() == before.keys()
    assert all("1 change fewer. A final result keeps" in r["notes"][-1] for r in after.values())


@on_both_engines
def test_what_another_run_judged_meanwhile_stays_as_it_is(shop: Organisation) -> None:
    shop.collect_and_evaluate()
    before = shop.results()
    with Store.open(shop.database_url) as store:
        plan = store.plans.newest()
        assert plan is not None
        begun = ago(0, hours=1)

        monitor = UnrecordedRun(LoggedProgress())
        jobs.evaluate(replace(plan, settle_days=60), store, monitor, now=begun, clock=now)

    assert shop.results() == before


@on_both_engines
def test_of_an_evaluation_years_ahead_nothing_stays(shop: Organisation) -> None:
    shop.collect_and_evaluate()
    right, ahead = kept(shop.database_url), ago(-1000)
    with Store.open(shop.database_url) as store:
        plan = store.plans.newest()
        assert plan is not None
        final = next(r for r in store.results.find() if r.state is State.FINAL)
        raised = replace(final, version=2, value=9, evaluated_at=ahead, checked_at=ahead)
        store.results.save([raised, _of_a_later_sprint(final, ahead)])
        monitor = UnrecordedRun(LoggedProgress())
        jobs.evaluate(plan, store, monitor, now=ahead, clock=lambda: ahead)
        assert len(store.results.find()) > 100

    shop.run("evaluate")

    assert kept(shop.database_url) == right


def _of_a_later_sprint(result: Result, ahead: datetime) -> Result:
    later = replace(result.sprint, id="later", start=ahead, end=ahead)
    return replace(result, team="gone", sprint=later, evaluated_at=ahead, checked_at=ahead)


def test_a_first_read_from_a_clock_that_ran_ahead_is_read_again(shop: Organisation) -> None:
    shop.run("collect")
    with Store.open(shop.database_url) as store:
        (coverage,) = store.facts.coverage().values()
        store.facts.keep(Reading(replace(coverage, since=ago(-400)), bookmark="{}"))

    shop.collect_and_evaluate()

    assert "met" in {r["status"] for r in shop.results()}
