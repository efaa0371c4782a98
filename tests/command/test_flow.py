"""The main flow as an operator runs it: collect, evaluate, status, results, explain."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from evaluator.model.facts import BoardSprint, Reading
from sandbox.github.records import TokenAccess
from sandbox.people import DEPENDABOT
from store.store import Store
from tests.support.databases import on_both_engines
from tests.support.organisation import NOW, Organisation, ago

CADENCE = "sprints: {from: cadence, first_day: 2026-01-05, length_days: 14}"
TEAMS = f"""
teams:
  - id: heron
    name: Heron
    repositories:
      - name: acme/shop
        production: {{evidence: deployment, environments: [production]}}
      - name: acme/jobs
        production: {{evidence: deployment, environments: [production]}}
    {CADENCE}
    not_applicable: {{tickets-done: "We do not use Jira."}}
"""


def values(organisation: Organisation, target: str = "reached-production") -> list[int]:
    return [r["value"] for r in organisation.results("--target", target)]


def statuses(organisation: Organisation, target: str = "reached-production") -> list[str]:
    return [r["status"] for r in organisation.results("--target", target)]


@pytest.fixture
def shop(organisation: Organisation) -> Organisation:
    """Two repositories; something shipped from the first one 100 and 60 days ago."""
    for name in ("acme/shop", "acme/jobs"):
        repo = organisation.world.repository(name)
        repo.deploy(repo.commit(at=ago(300)), at=ago(299))
    repo = organisation.world.repositories["acme/shop"]
    for days in (100, 60):
        repo.commit(at=ago(days, hours=3), author=DEPENDABOT)
        repo.deploy(repo.squash_merge(at=ago(days, hours=2)), at=ago(days))
    organisation.configure(TEAMS)
    return organisation


@on_both_engines
def test_from_nothing_to_explained_results(shop: Organisation) -> None:
    shop.collect_and_evaluate()

    assert sum(values(shop)) == 2
    met = [r for r in shop.results("--target", "reached-production") if r["status"] == "met"]
    assert [(r["value"], r["minimum"], r["coverage"], r["state"]) for r in met] == [
        (1, 1, 1.0, "final"),
        (1, 1, 1.0, "final"),
    ]
    assert met[0]["evidence"][0]["label"] == "#1"
    assert met[0]["evidence"][0]["url"].endswith("/acme/shop/pull/1")
    assert "made by a bot" in {item["reason"] for item in met[0]["left_out"]}
    explained = shop.run("explain", "heron", met[0]["sprint"]["id"], "reached-production")
    assert explained.out.startswith("Met: 1 change reached production. The target is at least 1.")


@on_both_engines
def test_running_everything_twice_changes_nothing_but_when_it_was_checked(
    shop: Organisation,
) -> None:
    shop.collect_and_evaluate()
    once = shop.results()

    shop.collect_and_evaluate()

    assert [r | {"checked_at": ""} for r in shop.results()] == [
        r | {"checked_at": ""} for r in once
    ]


def test_one_forbidden_repository_gives_no_data_where_the_other_has_nothing(
    shop: Organisation,
) -> None:
    shop.world.repositories["acme/jobs"].access = TokenAccess.FORBIDDEN

    collected = shop.run("collect")
    evaluated = shop.run("evaluate")

    assert (collected.code, evaluated.code) == (1, 0)
    assert "acme/jobs (403)" in collected.messages
    found = statuses(shop)
    assert found.count("met") == 2
    assert "not_met" not in found
    unread = [r for r in shop.results()[3:] if r["status"] == "no_data"]
    assert {gap["reason"] for r in unread for gap in r["gaps"]} == {"no_access"}
    assert {r["coverage"] for r in unread} == {0.5}


def test_it_heals_when_access_is_given(shop: Organisation) -> None:
    shop.world.repositories["acme/jobs"].access = TokenAccess.FORBIDDEN
    shop.run("collect")
    shop.run("evaluate")

    shop.world.repositories["acme/jobs"].access = TokenAccess.OPEN
    shop.collect_and_evaluate()

    assert "no_data" not in set(statuses(shop)[1:])
    assert "not_met" in statuses(shop)


def test_a_changed_list_of_bots_reads_the_window_again(shop: Organisation) -> None:
    repo = shop.world.repositories["acme/shop"]
    author = repo.pull_requests[1].author
    shop.collect_and_evaluate()

    shop.configure(TEAMS, hearten=f"bots: [{author.login}]\n")
    shop.run("evaluate")
    unread = statuses(shop)
    shop.collect_and_evaluate()

    assert unread.count("met") == 2, "what is final stays, and nothing is judged by void facts"
    notes = [note for r in shop.results() for note in r["notes"]]
    assert any(
        "The configuration changed by" in note and "1 change fewer" in note for note in notes
    )


def test_a_repository_that_is_read_anew_brings_only_what_was_not_known(shop: Organisation) -> None:
    shop.run("collect")
    shop.configure(TEAMS, hearten="bots: [nobody-in-particular]\n")

    told = shop.run("collect").messages

    assert "github:acme/shop: 0 new" in told


@on_both_engines
def test_an_earlier_since_fills_in_the_past(shop: Organisation) -> None:
    shop.run("collect", "--since", f"{ago(80):%Y-%m-%d}")
    shop.run("evaluate")
    before = values(shop)

    shop.run("collect", "--since", f"{ago(150):%Y-%m-%d}")
    shop.run("evaluate")

    assert (sum(before), sum(values(shop))) == (1, 2)
    assert len(values(shop)) > len(before)


def test_a_past_day_can_be_judged_as_it_was_and_replaces_nothing_newer(
    shop: Organisation,
) -> None:
    shop.run("collect")
    shop.run("evaluate", "--as-of", f"{ago(70):%Y-%m-%d}")
    as_it_was = values(shop)

    shop.run("evaluate")
    now = shop.results()
    shop.run("evaluate", "--as-of", f"{ago(70):%Y-%m-%d}")

    assert sum(as_it_was) == 1
    assert shop.results() == now


@on_both_engines
def test_late_evidence_raises_a_final_result_with_its_cause(shop: Organisation) -> None:
    shop.world.repositories["acme/jobs"].deploy(
        waiting := shop.world.repositories["acme/jobs"].squash_merge(at=ago(31)),
        at=ago(30),
        statuses=[("waiting", ago(30))],
    )
    shop.collect_and_evaluate()
    before = {r["sprint"]["id"]: r for r in shop.results("--target", "reached-production")}

    deployment = shop.world.repositories["acme/jobs"].deployments[-1]
    shop.world.repositories["acme/jobs"].add_statuses(deployment, ("success", ago(29)))
    shop.collect_and_evaluate()

    raised = [r for r in shop.results("--target", "reached-production") if r["version"] == 2]
    assert waiting.number == 1
    assert [(r["status"], r["value"]) for r in raised] == [("met", 1)]
    assert before[raised[0]["sprint"]["id"]]["status"] == "not_met"
    assert "1 more than counted before" in raised[0]["cause"]
    explained = shop.run("explain", "heron", raised[0]["sprint"]["id"], "reached-production")
    assert "Earlier versions\n  1: Not met: 0 changes reached production." in explained.out


def test_status_shows_the_last_finished_and_the_current_sprint(shop: Organisation) -> None:
    shop.collect_and_evaluate()

    shown = shop.run("status")
    data = json.loads(shop.run("status", "--format", "json").out)

    (heron,) = data
    assert heron["team"] == "heron"
    assert heron["last_finished"]["results"][0]["state"] == "final"
    assert heron["current"]["sprint"]["start"] <= f"{NOW:%Y-%m-%dT%H:%M:%SZ}"
    assert heron["gaps"] == []
    for words in ("Heron", "data as of", "Last finished", "Not applicable", "of at least 1"):
        assert words in shown.out


def test_each_result_is_one_line_where_no_terminal_is_filled(shop: Organisation) -> None:
    shop.collect_and_evaluate()

    _, _, _, *lines = shop.run("results").out.splitlines()

    assert [line.split()[:2] for line in lines if line.strip()] == [
        ["heron", result["sprint"]["id"]] for result in shop.results()
    ]


def test_results_come_as_csv_too(shop: Organisation) -> None:
    shop.collect_and_evaluate()

    lines = shop.run("results", "--format", "csv", "--target", "commits").out.splitlines()

    assert lines[0].startswith("team,sprint_id,sprint_name,start,end,target")
    assert len(lines) == 1 + len(statuses(shop, "commits"))


def test_results_can_be_narrowed_to_days(shop: Organisation) -> None:
    shop.collect_and_evaluate()
    first_days = [r["sprint"]["id"] for r in shop.results("--target", "commits")]

    found = shop.results(
        "--target", "commits", "--from", first_days[2], "--to", first_days[4], "--team", "heron"
    )

    assert [r["sprint"]["id"] for r in found] == first_days[2:5]


@on_both_engines
def test_tickets_of_cloud_and_data_center_are_judged_by_their_boards_sprints(
    organisation: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEGACY_TOKEN", "legacy-token")
    for name in ("jira", "legacy"):
        site = organisation.world.sites[name]
        site.project("HER")
        moves = [(ago(40), "In Progress"), (ago(38), "Done")]
        site.issue("HER-1", created=ago(45), moves=moves)
        site.issue("HER-2", created=ago(45), moves=[*moves, (ago(37), "In Progress")])
        site.issue("HER-3", created=ago(45), moves=moves, kind="Epic")
        site.board(7, "HER")
        for number, days in enumerate((42, 28, 14)):
            closed = ago(days - 14) if days > 14 else None
            site.sprint(
                7,
                f"Sprint {number}",
                start=ago(days),
                end=ago(days - 14, hours=-1),
                activated=ago(days),
                completed=closed,
            )
    organisation.configure(
        """
teams:
  - id: heron
    name: Heron
    jira: {project: HER, board: 7}
    not_applicable: {reached-production: "No code.", commits: "No code."}
  - id: linnet
    name: Linnet
    jira: {project: HER, board: 7, site: legacy}
    not_applicable: {reached-production: "No code.", commits: "No code."}
""",
        hearten=f"jira_sites: {{legacy: {{url: '{organisation.sandbox.jira_url('legacy')}', "
        "token_env: LEGACY_TOKEN}}",
    )

    organisation.collect_and_evaluate()

    for team in ("heron", "linnet"):
        found = organisation.results("--team", team, "--target", "tickets-done")
        assert [(r["sprint"]["name"], r["value"], r["status"]) for r in found] == [
            ("Sprint 0", 1, "met"),
            ("Sprint 1", 0, "not_met"),
            ("Sprint 2", 0, "in_progress"),
        ]
        assert {item["reason"] for item in found[0]["left_out"]} == {
            "no longer Done at the end of the sprint",
            "its type is Epic",
        }


def test_a_board_that_cannot_be_read_leaves_a_gap_and_no_sprint(
    organisation: Organisation,
) -> None:
    site = organisation.world.sites["jira"]
    site.project("HER")
    organisation.configure("""
teams:
  - id: heron
    name: Heron
    jira: {project: HER, board: 7}
    not_applicable: {reached-production: "No code.", commits: "No code."}
""")

    collected = organisation.run("collect")
    organisation.run("evaluate")

    assert collected.code == 1
    assert "No data" in organisation.run("status").out
    (heron,) = json.loads(organisation.run("status", "--format", "json").out)
    assert [gap["source"] for gap in heron["gaps"]] == ["board:jira:7"]


def test_one_team_can_be_collected_and_judged_alone(shop: Organisation) -> None:
    shop.world.repository("acme/other")
    shop.configure(
        TEAMS
        + f"""
  - id: wren
    name: Wren
    repositories: [{{name: acme/other}}]
    {CADENCE}
    not_applicable: {{tickets-done: "We do not use Jira."}}
"""
    )

    collected = shop.run("collect", "--team", "heron")
    shop.run("evaluate", "--team", "heron")

    assert "Read 2 of 2 sources" in collected.messages
    assert {r["team"] for r in shop.results()} == {"heron"}


def test_what_cannot_be_judged_of_one_team_keeps_no_other_waiting(shop: Organisation) -> None:
    """A date that no calendar goes beyond, of which a collector would make nothing."""
    shop.world.sites["jira"].board(7, "HER")
    shop.configure(
        TEAMS
        + """
  - id: avocet
    name: Avocet
    jira: {project: HER, board: 7}
    sprints: {from: board}
"""
    )
    shop.run("collect")
    board = "board:jira:7"
    end = datetime(9999, 12, 31, tzinfo=UTC)
    odd = BoardSprint(board, 9, "Nine", "active", start=ago(9), planned_end=end, completed=None)
    with Store.open(shop.database_url) as store:
        store.facts.keep(Reading(store.facts.coverage()[board], sprints=(odd,)))

    ran = shop.run("evaluate")

    assert ran.code == 3
    assert "Not judged: avocet. All other teams are." in ran.messages
    assert {r["team"] for r in shop.results()} == {"heron"}
    newest = json.loads(shop.run("runs", "--format", "json").out)[0]
    assert newest["outcome"] == "defect"


def test_a_renamed_sprint_keeps_its_results(shop: Organisation) -> None:
    site = shop.world.sites["jira"]
    site.project("HER")
    site.board(7, "HER")
    sprint = site.sprint(7, "Old name", start=ago(20), end=ago(6), completed=ago(6))
    site.sprint(7, "Next", start=ago(6), end=ago(-8), activated=ago(6))
    shop.configure(
        TEAMS.replace(CADENCE, "jira: {project: HER, board: 7}\n    sprints: {from: board}")
    )
    shop.collect_and_evaluate()

    site.put_sprint(replace(sprint, name="New name"))
    shop.collect_and_evaluate()

    ids = [r["sprint"]["id"] for r in shop.results("--target", "commits")]
    assert ids == [f"jira-{sprint.ident}", f"jira-{sprint.ident + 1}"]
