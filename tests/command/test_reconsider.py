"""`hearten reconsider`: the operator's own mistake, taken back with a reason."""

import pytest

from store.store import Store
from tests.command.corrections.conftest import shop
from tests.command.corrections.corrected import (
    EARLIER,
    LATER,
    SHOP,
    TODAY,
    WEB,
    heron,
    result,
    set_up_long_ago,
)
from tests.support.organisation import Organisation

__all__ = ["shop"]
WHY = "Our bot was missing in hearten.yaml"


def test_a_final_result_is_lowered_with_a_reason_and_that_is_written_down(
    shop: Organisation,
) -> None:
    author = shop.world.repositories["acme/shop"].pull_requests[1].author
    shop.collect_and_evaluate()
    set_up_long_ago(shop)
    shop.configure(heron(SHOP, WEB), hearten=f"bots: [{author.login}]\n")
    unread = shop.run("reconsider", "--since", f"{TODAY}", "--reason", WHY)
    shop.collect_and_evaluate()
    before = result(shop, EARLIER)

    asked = ("reconsider", "--since", f"{TODAY}", "--reason", WHY, "--team", "heron")
    tried = shop.run(*asked, "--dry-run")
    still = result(shop, EARLIER)
    done = shop.run(*asked)
    again = shop.run(*asked)
    shop.collect_and_evaluate()

    assert "cannot be judged again: not all of it was read" in unread.messages
    assert [ran.code for ran in (unread, tried, done, again)] == [1, 0, 0, 0]
    assert tried.out == done.out
    rows = [line.split() for line in done.out.splitlines()]
    changed = [EARLIER, "reached-production", "Met,", "1", "change", "Not", "met,", "0", "changes"]
    assert ["heron", *changed] in rows
    assert "would change" in tried.messages
    assert again.out == ""
    assert (before.told, still.told) == (("met", 1, "final", 1),) * 2
    after = result(shop, EARLIER)
    assert after.told == ("not_met", 0, "final", 2)
    assert after.data["cause"].startswith("Reconsidered on ")
    assert after.data["cause"].endswith(f": {WHY}.")
    assert after.data["notes"] == []
    assert result(shop, LATER).told == ("not_met", 0, "final", 1)
    with Store.open(shop.database_url) as store:
        (line,) = store.audit.newest(9)
    assert (line.by, line.action, line.outcome) == ("command", "reconsider", "done")
    assert line.about == f"team heron: 2 results of those judged since {TODAY}"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--since", "2026-01-05"), "reason"),
        (("--since", "soon", "--reason", "x"), "--since soon is not a day"),
        (("--since", "2999-01-01", "--reason", "x"), "lies in the future"),
        (("--since", "2026-01-05", "--reason", "…"), "--reason needs a sentence"),
        (("--since", "2026-01-05", "--reason", "x", "--team", "owl"), "There is no team `owl`"),
    ],
)
def test_it_says_what_it_needs(
    organisation: Organisation, arguments: tuple[str, ...], says: str
) -> None:
    organisation.configure(heron(SHOP))
    with Store.open(organisation.database_url):
        ran = organisation.run("reconsider", *arguments)

    assert ran.code == 2
    assert says in ran.messages
