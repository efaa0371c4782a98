"""Other sprints than before: the past stays as it was judged, and no day is judged twice."""

from typing import Any

import pytest

from tests.command.corrections.corrected import (
    ANOTHER_DAY,
    CADENCE,
    CHANGES,
    CURRENT,
    EARLIER,
    IN_LATER,
    LATER,
    LINNET,
    NO_JIRA,
    SHOP,
    TICKETS,
    WEB,
    check_raised,
    check_untouched,
    heron,
    on_a_board,
    result,
)
from tests.support.organisation import Organisation, ago

pytestmark = pytest.mark.slow


def of_sprints(organisation: Organisation, target: str) -> dict[str, dict[str, Any]]:
    found = organisation.results("--target", target)
    return {r["sprint"]["id"]: r | {"checked_at": ""} for r in found}


def check_past_stays(
    after: dict[str, dict[str, Any]], before: dict[str, dict[str, Any]], begins: str
) -> None:
    """What was final is as it was; what is new begins after it, and nothing is judged twice."""
    final = {ident for ident, r in before.items() if r["state"] == "final"}
    new = {ident for ident in after if ident not in before}
    until = max(before[ident]["sprint"]["end"] for ident in final)
    assert final
    assert {ident: after[ident] for ident in final} == {ident: before[ident] for ident in final}
    assert begins in {*new, *before}
    since = min(r["sprint"]["start"] for r in before.values() if r["state"] == "final")
    starts = [after[ident]["sprint"]["start"] for ident in new]
    assert [start for start in starts if since <= start < until] == []


@pytest.mark.parametrize(
    ("cadence", "begins"),
    [
        pytest.param(CADENCE.replace("14", "7"), CURRENT, id="shorter sprints"),
        pytest.param(ANOTHER_DAY, CURRENT, id="another first day"),
    ],
)
def test_another_cadence_judges_no_past_day_twice(
    shop: Organisation, cadence: str, begins: str
) -> None:
    shop.collect_and_evaluate()
    before = of_sprints(shop, CHANGES)

    shop.configure(heron(SHOP, WEB).replace(CADENCE, cadence))
    shop.collect_and_evaluate()

    check_past_stays(of_sprints(shop, CHANGES), before, begins)


def test_what_comes_late_raises_a_sprint_of_the_former_cadence_too(shop: Organisation) -> None:
    shop.collect_and_evaluate()
    before = result(shop, LATER)

    shop.configure(heron(SHOP, WEB).replace(CADENCE, ANOTHER_DAY))
    shop.collect_and_evaluate()
    unchanged = result(shop, LATER)
    web = shop.world.repositories["acme/web"]
    web.deploy(web.squash_merge(at=IN_LATER), at=IN_LATER)
    shop.collect_and_evaluate()

    check_untouched(unchanged, before)
    assert result(shop, LATER).told == ("met", 1, "final", 2)
    check_raised(result(shop, LATER), before, "1 change, 1 more than counted before.")


def test_what_was_unread_in_a_sprint_of_the_former_cadence_heals_once_it_is_read(
    organisation: Organisation,
) -> None:
    site = organisation.world.sites["jira"]
    site.issue("LIN-1", created=ago(60), moves=[(IN_LATER, "Done")])
    repo = organisation.world.repository("acme/shop")
    repo.deploy(repo.commit(at=ago(300)), at=ago(299))
    both = heron(SHOP).replace(NO_JIRA, "jira: {project: LIN}")
    organisation.configure(both)
    organisation.sandbox.fail("/search/jql", status=403, times=1)
    organisation.run("collect")
    organisation.run("evaluate")
    before = result(organisation, LATER, TICKETS)

    organisation.configure(both.replace(CADENCE, ANOTHER_DAY))
    organisation.collect_and_evaluate()

    assert result(organisation, LATER).told == ("not_met", 0, "final", 1)
    assert before.told == ("no_data", None, "provisional", 1)
    assert result(organisation, LATER, TICKETS).told == ("met", 1, "final", 1)


def test_a_cadence_in_place_of_a_board_begins_where_the_board_ended(
    organisation: Organisation,
) -> None:
    ident, _ = on_a_board(organisation)
    organisation.collect_and_evaluate()
    before = of_sprints(organisation, TICKETS)

    organisation.configure(LINNET)
    organisation.collect_and_evaluate()

    after = of_sprints(organisation, TICKETS)
    assert before[ident]["state"] == "final"
    assert after[ident] == before[ident]
    assert EARLIER not in after, "those days were judged as the board's sprint"
    assert after[CURRENT]["status"] == "in_progress"


def test_what_is_not_final_of_a_wrong_board_goes_once_the_board_is_corrected(
    organisation: Organisation,
) -> None:
    ident, _ = on_a_board(organisation)
    site = organisation.world.sites["jira"]
    site.board(8, "OTH")
    wrong = site.sprint(8, "Another team's", start=ago(6), end=ago(-8), activated=ago(6))
    right = organisation.config.joinpath("teams.yaml").read_text()
    organisation.config.joinpath("teams.yaml").write_text(right.replace("board: 7", "board: 8"))
    organisation.collect_and_evaluate()
    before = of_sprints(organisation, TICKETS)

    organisation.config.joinpath("teams.yaml").write_text(right)
    organisation.run("collect")
    said = organisation.run("evaluate").messages

    assert before.keys() == {f"jira-{wrong.ident}"}
    assert of_sprints(organisation, TICKETS).keys() == {ident}
    assert "of sprints that are no longer their team's were withdrawn" in said
    assert "Another team's" not in organisation.run("status").out
    organisation.run("evaluate")
    assert "withdrawn" not in organisation.run("evaluate").messages


def test_judging_as_of_a_past_day_withdraws_nothing(shop: Organisation) -> None:
    shop.collect_and_evaluate()
    before = of_sprints(shop, CHANGES)

    shop.run("evaluate", "--as-of", EARLIER)

    assert of_sprints(shop, CHANGES).keys() == before.keys()
