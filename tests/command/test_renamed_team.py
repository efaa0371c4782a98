"""A team under another id: its past stays where it was judged, and is shown as the new one's."""

from collections.abc import Iterable
from typing import Any

from tests.command.test_setting_up import one_team, shipping, words
from tests.support.organisation import Organisation


def places(results: Iterable[dict[str, Any]]) -> list[tuple[str, str]]:
    return sorted((r["sprint"]["start"], r["team"]) for r in results)


def test_a_team_with_another_id_goes_on_where_it_was(organisation: Organisation) -> None:
    shipping(organisation.world, "acme/shop")
    organisation.configure(f"teams:\n{one_team('acme/shop')}")
    organisation.collect_and_evaluate()
    before = organisation.results("--target", "reached-production")
    final = [r for r in before if r["state"] == "final"]

    organisation.configure(f"teams:\n{one_team('acme/shop', ident='egret')}")
    noticed = words(organisation.run("config", "check").messages)
    organisation.configure(
        f"teams:\n{one_team('acme/shop', ident='egret')}    continues: [heron]\n"
    )
    agreed = organisation.run("config", "check").messages
    organisation.collect_and_evaluate()
    after = organisation.results("--team", "egret", "--target", "reached-production")
    status = organisation.run("status", "--format", "json").out

    assert "Team egret is new, with what heron had. Write `continues: [heron]`" in noticed
    assert "is new" not in agreed
    assert [r for r in after if r["state"] == "final" and r["team"] == "heron"] == final
    assert [start for start, _ in places(after)] == [start for start, _ in places(before)]
    assert {r["team"] for r in after if r["state"] != "final"} == {"egret"}
    assert places(organisation.results("--target", "reached-production")) == places(after)
    assert final[-1]["sprint"]["id"] in status
    explained = organisation.run(
        "explain", "egret", final[-1]["sprint"]["id"], "reached-production"
    )
    assert "Team      heron" in explained.out

    organisation.configure(f"teams:\n{one_team('acme/shop', ident='wren')}    continues: [egret]\n")
    organisation.collect_and_evaluate()
    again = organisation.results("--team", "wren", "--target", "reached-production")

    assert [r for r in again if r["state"] == "final"] == final
    assert [start for start, _ in places(again)] == [start for start, _ in places(before)]
