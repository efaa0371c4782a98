"""Other bots, paths or evidence: they change no final result, and a note says what they would.

While a team is being set up, more raises it.
"""

from sandbox.people import CAST
from tests.command.corrections.corrected import (
    CURRENT,
    EARLIER,
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


def test_a_bot_that_was_taken_for_a_person_is_a_note(shop: Organisation) -> None:
    author = shop.world.repositories["acme/shop"].pull_requests[1].author
    shop.collect_and_evaluate()
    before = result(shop, EARLIER)

    shop.configure(heron(SHOP, WEB), hearten=f"bots: [{author.login}]\n")
    shop.run("evaluate")
    not_read_yet = result(shop, EARLIER)
    shop.collect_and_evaluate()

    check_untouched(not_read_yet, before)
    check_reconfigured(result(shop, EARLIER), before, "1 change fewer")


def test_a_person_who_was_taken_for_a_bot_raises_while_the_team_is_being_set_up(
    shop: Organisation,
) -> None:
    web = shop.world.repositories["acme/web"]
    web.deploy(web.squash_merge(at=IN_LATER, author=CAST[2]), at=IN_LATER)
    shop.configure(heron(SHOP, WEB), hearten=f"bots: [{CAST[2].login}]\n")
    shop.collect_and_evaluate()
    before = result(shop, LATER)

    shop.configure(heron(SHOP, WEB))
    shop.collect_and_evaluate()

    after = result(shop, LATER)
    assert (before.told, after.told) == (("not_met", 0, "final", 1), ("met", 1, "final", 2))
    check_raised(after, before, "1 change, 1 more than counted before.")
    assert after.data["cause"].startswith("The configuration was completed on ")


def test_a_person_who_was_taken_for_a_bot_is_a_note_later_on_and_what_comes_late_raises(
    shop: Organisation,
) -> None:
    web = shop.world.repositories["acme/web"]
    web.deploy(web.squash_merge(at=IN_LATER, author=CAST[2]), at=IN_LATER)
    shop.configure(heron(SHOP, WEB), hearten=f"bots: [{CAST[2].login}]\n")
    shop.collect_and_evaluate()
    before = result(shop, LATER)
    set_up_long_ago(shop)

    shop.configure(heron(SHOP, WEB))
    shop.collect_and_evaluate()
    noted = result(shop, LATER)
    web.deploy(web.squash_merge(at=IN_LATER), at=IN_LATER)
    shop.collect_and_evaluate()

    check_reconfigured(noted, before, "1 change more")
    after = result(shop, LATER)
    assert after.told == ("met", 1, "final", 2)
    check_raised(after, before, "Read again on ")


def test_fewer_paths_than_before_are_a_note_and_more_of_them_complete_the_configuration(
    shop: Organisation,
) -> None:
    web = shop.world.repositories["acme/web"]
    web.deploy(web.squash_merge(at=IN_LATER, files=["docs/a.md"]), at=IN_LATER)
    shop.configure(heron(f"{SHOP}, paths: [src/]", f"{WEB}, paths: [src/]"))
    shop.collect_and_evaluate()
    met, not_met = result(shop, EARLIER), result(shop, LATER)

    shop.configure(heron(f"{SHOP}, paths: [docs/]", f"{WEB}, paths: [docs/]"))
    shop.collect_and_evaluate()

    assert (met.told, not_met.told) == (("met", 1, "final", 1), ("not_met", 0, "final", 1))
    check_reconfigured(result(shop, EARLIER), met, "1 change fewer")
    check_raised(result(shop, LATER), not_met, "The configuration was completed on ")


def test_other_evidence_makes_what_was_read_count_as_unread_until_it_is_read_again(
    shop: Organisation,
) -> None:
    web = shop.world.repositories["acme/web"]
    web.squash_merge(at=IN_LATER)  # merged, and never deployed
    web.squash_merge(at=ago(2))
    shop.collect_and_evaluate()
    met, not_met = result(shop, EARLIER), result(shop, LATER)
    going_on = result(shop, CURRENT)

    shop.configure(heron("name: acme/shop", "name: acme/web"))  # by merges
    shop.run("evaluate")
    untouched = result(shop, EARLIER), result(shop, LATER)
    unread = result(shop, CURRENT)
    shop.collect_and_evaluate()

    assert (going_on.data["coverage"], going_on.data["value"]) == (1, 0)
    assert (unread.data["status"], unread.data["coverage"]) == ("in_progress", 0)
    assert {gap["reason"] for gap in unread.data["gaps"]} == {"stale"}
    assert (
        "the configuration changed; the next run reads it again" in unread.data["gaps"][0].values()
    )
    for now, before in zip(untouched, (met, not_met), strict=True):
        check_untouched(now, before)
    check_raised(result(shop, LATER), not_met, "The configuration was completed on ")
    assert result(shop, EARLIER).told == ("met", 1, "final", 1)
    assert (result(shop, CURRENT).data["coverage"], result(shop, CURRENT).data["value"]) == (1, 1)


def test_evidence_that_shows_less_is_a_note(shop: Organisation) -> None:
    shop.configure(heron("name: acme/shop", "name: acme/web"))  # by merges
    shop.world.repositories["acme/web"].squash_merge(at=IN_LATER)
    shop.collect_and_evaluate()
    before = result(shop, LATER)

    shop.configure(heron(SHOP, WEB))
    shop.collect_and_evaluate()

    assert before.told == ("met", 1, "final", 1)
    check_reconfigured(result(shop, LATER), before, "1 change fewer")


def test_evidence_that_never_matched_says_nothing_of_a_final_result(shop: Organisation) -> None:
    shop.collect_and_evaluate()
    before = result(shop, EARLIER), result(shop, LATER)

    live = "production: {evidence: deployment, environments: [live]}"
    shop.configure(heron(f"name: acme/shop, {live}", f"name: acme/web, {live}"))
    shop.collect_and_evaluate()

    for sprint, was in zip((EARLIER, LATER), before, strict=True):
        check_untouched(result(shop, sprint), was)
    assert {gap["reason"] for gap in result(shop, CURRENT).data["gaps"]} == {"nothing_matched"}
