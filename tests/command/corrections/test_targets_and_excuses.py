"""Another target, or an excuse: the past is judged by what was agreed."""

from datetime import datetime, timedelta

import pytest

from tests.command.corrections.corrected import (
    CURRENT,
    EARLIER,
    IN_LATER,
    LATER,
    SHOP,
    TODAY,
    WEB,
    check_raised,
    check_reconfigured,
    check_untouched,
    heron,
    result,
)
from tests.config.folder import consulted
from tests.support.organisation import TARGETS, Organisation, Ran, ago


def with_targets(organisation: Organisation, *versions: str) -> None:
    """Write other versions of the first target."""
    version = "{effective_from: 2021-10-01, minimum: 1, status: agreed}"
    first, _, rest = TARGETS.partition(f"[{version}]")
    organisation.config.joinpath("targets.yaml").write_text(f"{first}[{', '.join(versions)}]{rest}")


AT_FIRST = "{effective_from: 2021-10-01, minimum: 1, status: agreed}"


def check_refused(ran: Ran) -> None:
    assert ran.code == 2
    assert "targets.yaml:" in ran.messages
    assert "put it back, or write a `correction_reason`" in ran.messages
    assert "The last good configuration stays in force" in ran.messages


def test_a_new_version_judges_what_begins_from_its_day_on(shop: Organisation) -> None:
    shop.collect_and_evaluate()
    before = result(shop, EARLIER), result(shop, LATER), result(shop, CURRENT)

    with_targets(shop, AT_FIRST, consulted(str(TODAY), 5))
    shop.collect_and_evaluate()

    for sprint, was in zip((EARLIER, LATER, CURRENT), before, strict=True):
        check_untouched(result(shop, sprint), was)


@pytest.mark.parametrize(
    "versions",
    [
        pytest.param([AT_FIRST.replace("minimum: 1", "minimum: 2")], id="an edited version"),
        pytest.param(
            [AT_FIRST, consulted(EARLIER, 2)],
            id="a new version from a past day",
        ),
    ],
)
def test_what_would_judge_the_past_otherwise_is_refused_without_a_reason(
    shop: Organisation, versions: list[str]
) -> None:
    shop.collect_and_evaluate()
    before = result(shop, EARLIER), result(shop, LATER), result(shop, CURRENT)

    with_targets(shop, *versions)
    checked = shop.run("config", "check")
    for job in ("collect", "evaluate"):
        check_refused(shop.run(job))

    assert checked.code == 2
    assert "correction_reason" in checked.messages
    for sprint, was in zip((EARLIER, LATER, CURRENT), before, strict=True):
        check_untouched(result(shop, sprint), was)


def test_with_a_reason_it_judges_what_is_not_final_yet(shop: Organisation) -> None:
    web = shop.world.repositories["acme/web"]
    web.deploy(web.squash_merge(at=ago(2)), at=ago(2))
    shop.collect_and_evaluate()
    before = result(shop, EARLIER), result(shop, LATER)
    going_on = result(shop, CURRENT)

    with_targets(
        shop, AT_FIRST.replace("minimum: 1", "minimum: 2, correction_reason: We agreed on two.")
    )
    shop.collect_and_evaluate()

    for sprint, was in zip((EARLIER, LATER), before, strict=True):
        check_untouched(result(shop, sprint), was)
    assert (going_on.told[0], going_on.data["minimum"]) == ("met", 1)
    assert (result(shop, CURRENT).told[0], result(shop, CURRENT).data["minimum"]) == (
        "in_progress",
        2,
    )


def excused(sprint: str, days: int = 13) -> str:
    first = datetime.fromisoformat(sprint).date()
    last = first + timedelta(days=days)
    return f"excused: [{{team: heron, from: {first}, to: {last}, reason: reduced_capacity}}]"


def test_an_excuse_that_is_added_later_raises_what_was_not_met(shop: Organisation) -> None:
    shop.collect_and_evaluate()
    before = result(shop, EARLIER), result(shop, LATER)

    shop.configure(heron(SHOP, WEB), excused=excused(EARLIER, days=27))
    shop.run("evaluate")

    check_untouched(result(shop, EARLIER), before[0])
    after = result(shop, LATER)
    assert (before[1].told, after.told) == (("not_met", 0, "final", 1), ("excused", 0, "final", 2))
    check_raised(after, before[1], "An excused period was added by ")


def test_an_excuse_that_is_taken_back_is_a_note_and_work_still_raises_it(
    shop: Organisation,
) -> None:
    shop.configure(heron(SHOP, WEB), excused=excused(LATER))
    shop.collect_and_evaluate()
    before = result(shop, LATER)

    shop.configure(heron(SHOP, WEB))
    shop.run("evaluate")
    taken_back = result(shop, LATER)
    web = shop.world.repositories["acme/web"]
    web.deploy(web.squash_merge(at=IN_LATER), at=IN_LATER)
    shop.collect_and_evaluate()

    assert before.told == ("excused", 0, "final", 1)
    check_reconfigured(taken_back, before, "no longer excused, and so it would be Not met")
    after = result(shop, LATER)
    assert after.told == ("met", 1, "final", 2)
    check_raised(after, before, "1 change, 1 more than counted before.")
    assert set(taken_back.data["notes"]) <= set(after.data["notes"])
