"""A repository that comes to a team, or leaves it."""

from datetime import datetime, timedelta

import pytest

from sandbox.github.records import TokenAccess
from tests.command.corrections.corrected import (
    CURRENT,
    EARLIER,
    IN_EARLIER,
    IN_LATER,
    LATER,
    SHOP,
    WEB,
    check_raised,
    check_reconfigured,
    check_untouched,
    heron,
    result,
    set_up_long_ago,
)
from tests.support.organisation import Organisation, ago


def test_a_repository_counts_for_the_sprints_whose_first_day_it_is_the_teams(
    shop: Organisation,
) -> None:
    web = shop.world.repositories["acme/web"]
    for at in (IN_EARLIER, IN_LATER):
        web.deploy(web.squash_merge(at=at), at=at)
    a_day_late = f"{datetime.fromisoformat(LATER).date() + timedelta(days=1)}"

    shop.configure(heron(SHOP, f"{WEB}, from: {LATER}"))
    shop.collect_and_evaluate()

    assert result(shop, EARLIER).told == ("met", 1, "final", 1)
    assert result(shop, EARLIER).data["sources"] == ["github:acme/shop"]
    assert result(shop, LATER).told == ("met", 1, "final", 1)
    shop.configure(heron(SHOP, f"{WEB}, from: {a_day_late}"))
    before = result(shop, LATER)
    shop.collect_and_evaluate()
    check_reconfigured(result(shop, LATER), before, "1 change fewer")


def test_a_repository_that_comes_to_a_team_changes_no_final_result(shop: Organisation) -> None:
    web = shop.world.repositories["acme/web"]
    for at in (IN_LATER, ago(2)):
        web.deploy(web.squash_merge(at=at), at=at)
    shop.configure(heron(SHOP))
    shop.collect_and_evaluate()
    before = result(shop, EARLIER), result(shop, LATER)
    set_up_long_ago(shop)

    shop.configure(heron(SHOP, WEB))
    shop.collect_and_evaluate()

    assert before[1].told == ("not_met", 0, "final", 1)
    for sprint, was in zip((EARLIER, LATER), before, strict=True):
        check_untouched(result(shop, sprint), was)
    assert result(shop, CURRENT).told == ("met", 1, "provisional", 1)


def test_a_repository_that_completes_the_configuration_raises_what_had_ended(
    shop: Organisation,
) -> None:
    web = shop.world.repositories["acme/web"]
    web.deploy(web.squash_merge(at=IN_LATER), at=IN_LATER)
    shop.configure(heron(SHOP))
    shop.collect_and_evaluate()
    before = result(shop, EARLIER), result(shop, LATER)

    shop.configure(heron(SHOP, WEB))
    shop.collect_and_evaluate()

    check_untouched(result(shop, EARLIER), before[0])
    check_raised(result(shop, LATER), before[1], "The configuration was completed on ")
    assert result(shop, LATER).data["sources"] == ["github:acme/shop", "github:acme/web"]


@pytest.mark.parametrize("how", ["to", "taken out"])
def test_a_repository_that_leaves_a_team_lowers_no_final_result(
    shop: Organisation, how: str
) -> None:
    shop.collect_and_evaluate()
    before = result(shop, EARLIER)

    ended = f"{SHOP}, to: {ago(60):%Y-%m-%d}"
    shop.configure(heron(ended, WEB) if how == "to" else heron(WEB))
    shop.collect_and_evaluate()

    assert before.told == ("met", 1, "final", 1)
    check_reconfigured(result(shop, EARLIER), before, "1 change fewer")


def test_what_was_unread_when_it_became_final_is_not_forgotten_with_its_repository(
    shop: Organisation,
) -> None:
    shop.world.repositories["acme/web"].access = TokenAccess.FORBIDDEN
    assert [shop.run(job).code for job in ("collect", "evaluate")] == [1, 0]
    before = result(shop, EARLIER)

    shop.configure(heron(SHOP))
    shop.collect_and_evaluate()

    assert (before.told, before.data["coverage"]) == (("met", 1, "final", 1), 0.5)
    check_untouched(result(shop, EARLIER), before)


def test_what_was_unread_when_it_became_final_is_filled_in_place_once_it_is_read(
    shop: Organisation,
) -> None:
    shop.world.repositories["acme/web"].access = TokenAccess.FORBIDDEN
    assert [shop.run(job).code for job in ("collect", "evaluate")] == [1, 0]
    before = result(shop, EARLIER)

    shop.world.repositories["acme/web"].access = TokenAccess.OPEN
    shop.collect_and_evaluate()

    after = result(shop, EARLIER)
    assert (before.told, after.told) == (("met", 1, "final", 1), ("met", 1, "final", 1))
    assert (before.data["coverage"], after.data["coverage"]) == (0.5, 1)
    assert result(shop, LATER).told == ("not_met", 0, "final", 1)
