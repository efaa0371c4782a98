"""What is wrong is said in a plain sentence with the mend, and nothing is lost."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from hearten.cli import app
from store.store import Store
from tests.support.database_dump import spoil_the_results_of
from tests.support.organisation import ONE_TEAM, TOKEN, Organisation, ago


@pytest.fixture
def shop(organisation: Organisation) -> Organisation:
    repo = organisation.world.repository("acme/shop")
    repo.commit(at=ago(40))
    organisation.configure(ONE_TEAM)
    return organisation


def test_init_writes_files_that_are_right_and_refuses_to_overwrite_them(
    organisation: Organisation,
) -> None:
    written = organisation.run("init")
    checked = organisation.run("config", "check")
    again = organisation.run("init")

    assert (written.code, checked.code, again.code) == (0, 0, 2)
    assert "The configuration is right: 2 teams" in checked.messages
    assert "teams.yaml" in again.messages
    assert "Edit teams.yaml and targets.yaml" in written.messages


def test_the_schema_is_json_on_standard_output(organisation: Organisation) -> None:
    ran = organisation.run("config", "schema")

    assert {"teams.yaml", "targets.yaml"} < json.loads(ran.out).keys()


def test_every_fault_is_reported_at_once(organisation: Organisation) -> None:
    organisation.configure(
        ONE_TEAM.replace("name: Heron", "nam: Heron"), hearten="settle_days: soon"
    )

    ran = organisation.run("config", "check")

    assert (ran.code, ran.out) == (2, "")
    assert "teams.yaml:4: teams[heron].nam:" in ran.messages
    assert "hearten.yaml:1: settle_days:" in ran.messages


def test_a_faulty_file_keeps_the_last_good_one_in_force_and_says_so(shop: Organisation) -> None:
    shop.collect_and_evaluate()
    shop.config.joinpath("teams.yaml").write_text("teams: [")

    collected, evaluated = shop.run("collect"), shop.run("evaluate")

    assert (collected.code, evaluated.code) == (2, 2)
    assert "Read 1 of 1 sources" in collected.messages
    assert "The last good configuration stays in force" in evaluated.messages


def test_a_file_that_was_there_and_is_gone_moves_no_result_and_is_told_everywhere(
    shop: Organisation,
) -> None:
    def told() -> list[Any]:
        data = json.loads(shop.run("results", "--format", "json").out)
        return [{**result, "checked_at": None} for result in data]

    bots = shop.config / "hearten.yaml"
    bots.write_text("settle_days: 4\nbots: [octocat]\n")
    shop.collect_and_evaluate()
    before = told()
    bots.rename(shop.config / "harten.yaml")

    misspelt = [shop.run(*words) for words in (["config", "check"], ["collect"], ["evaluate"])]
    (shop.config / "harten.yaml").unlink()
    gone = [shop.run(*words) for words in (["config", "check"], ["evaluate"])]

    assert told() == before
    assert {ran.code for ran in (*misspelt, *gone)} == {2}
    for ran in misspelt:
        assert "harten.yaml:1: is not read; rename it to hearten.yaml" in ran.messages
    for ran in gone:
        assert "hearten.yaml:1: was there, and is gone; put it back, or write" in ran.messages
    for ran in (*misspelt[1:], *gone[1:]):
        assert "The last good configuration stays in force" in ran.messages


def test_without_any_good_configuration_nothing_is_run(organisation: Organisation) -> None:
    ran = organisation.run("collect")

    assert ran.code == 2
    assert "run `hearten init`" in ran.messages
    assert organisation.sandbox.log == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param(["status", "--team", "wren"], "The teams are: heron.", id="unknown team"),
        pytest.param(
            ["results", "--target", "velocity"],
            "The targets are: reached-production, commits, tickets-done.",
            id="unknown target",
        ),
        pytest.param(["results", "--from", "soon"], "write it as 2026-01-05", id="no day"),
        pytest.param(["results", "--to", "9999-12-31"], "from 1970 to 2999", id="a late day"),
        pytest.param(["evaluate", "--as-of", "0001-01-01"], "from 1970 to 2999", id="an early one"),
        pytest.param(["evaluate", "--as-of", "soon"], "write 2026-01-05 or", id="no instant"),
        pytest.param(["evaluate", "--as-of", "2999-01-01"], "in the future", id="a future instant"),
        pytest.param(["collect", "--since", "2999-01-01"], "in the future", id="a future day"),
        pytest.param(["config", "schema", "x.yaml"], "The files are: hearten.yaml", id="no file"),
        pytest.param(["collect", "--since", "01/02/2026"], "--since 01/02/2026", id="no ISO day"),
        pytest.param(
            ["explain", "heron", "2019-01-07", "commits"], "The newest are:", id="unknown sprint"
        ),
        pytest.param(["collect", "--everything"], "No such option", id="unknown option"),
    ],
)
def test_wrong_use_ends_with_2_and_says_what_there_is(
    shop: Organisation, arguments: list[str], message: str
) -> None:
    shop.collect_and_evaluate()

    ran = shop.run(*arguments)

    assert (ran.code, ran.out) == (2, "")
    assert message in ran.messages


def test_before_the_first_run_status_says_what_to_run(organisation: Organisation) -> None:
    ran = organisation.run("status")

    assert ran.code == 2
    assert "Run `hearten collect`" in ran.messages


@pytest.mark.parametrize("sprint", ["last", "current"])
def test_a_sprint_may_be_named_by_where_it_stands(shop: Organisation, sprint: str) -> None:
    shop.collect_and_evaluate()

    ran = shop.run("explain", "heron", sprint, "reached-production")

    assert ran.code == 0
    assert "Sprint    " in ran.out


@pytest.mark.parametrize(
    ("unset", "said"),
    [
        pytest.param("HEARTEN_GITHUB_TOKEN", "HEARTEN_GITHUB_TOKEN is not set", id="GitHub"),
        pytest.param("HEARTEN_JIRA_TOKEN", "HEARTEN_JIRA_TOKEN is not set", id="Jira"),
    ],
)
def test_a_token_that_is_not_set_is_missed_before_anything_is_asked(
    shop: Organisation, unset: str, said: str
) -> None:
    checked = shop.run("config", "check", unset=[unset])
    collected = shop.run("collect", unset=[unset])

    assert (checked.code, collected.code) == (0, 2)
    assert "The configuration is right: 1 team" in checked.messages
    assert f"Before `hearten collect`: {said}" in checked.messages
    assert said in collected.messages
    assert shop.sandbox.log == []


def test_every_missing_token_is_named_beside_the_faults_of_the_files(shop: Organisation) -> None:
    shop.configure(
        ONE_TEAM.replace("name: Heron", "nam: Heron"),
        hearten="jira_sites: {legacy: {url: 'https://jira.example.org', token_env: LEGACY_TOKEN}}",
    )

    ran = shop.run("config", "check", unset=["HEARTEN_GITHUB_TOKEN", "HEARTEN_JIRA_TOKEN"])

    for said in ("teams[heron].nam", "HEARTEN_GITHUB_TOKEN", "HEARTEN_JIRA_TOKEN", "LEGACY_TOKEN"):
        assert said in ran.messages


def test_what_is_stored_can_be_read_without_any_token(shop: Organisation) -> None:
    shop.collect_and_evaluate()
    tokens = ["HEARTEN_GITHUB_TOKEN", "HEARTEN_JIRA_TOKEN", "HEARTEN_JIRA_EMAIL"]

    codes = [shop.run(command, unset=tokens).code for command in ("evaluate", "status", "results")]

    assert codes == [0, 0, 0]


def test_the_results_of_a_team_that_is_no_longer_configured_stay(shop: Organisation) -> None:
    shop.collect_and_evaluate()
    before = len(shop.results("--team", "heron"))
    shop.configure(ONE_TEAM.replace("heron", "wren").replace("Heron", "Wren"))
    shop.collect_and_evaluate()

    assert len(shop.results("--team", "heron")) == before > 0
    assert shop.run("explain", "heron", "last", "commits").code == 0


def test_status_before_the_first_evaluation_says_what_to_run(shop: Organisation) -> None:
    shop.run("collect")

    out = shop.run("status").out

    assert "Run `hearten evaluate`" in out
    assert "shown.\n\n" in out


def test_a_refused_token_is_named_and_never_shown(shop: Organisation) -> None:
    shop.sandbox.fail("POST", status=401, body={"message": f"Bad credentials {TOKEN}"})

    ran = shop.run("collect")

    assert ran.code == 1
    assert "GitHub refused the token (401)" in ran.messages
    assert "set HEARTEN_GITHUB_TOKEN" in ran.messages
    assert TOKEN not in ran.messages


def test_a_refused_token_of_another_site_is_named_by_its_own_variable(
    organisation: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEGACY_TOKEN", "bad")
    site = f"{{url: '{organisation.sandbox.jira_url('legacy')}', token_env: LEGACY_TOKEN}}"
    organisation.configure(
        """
teams:
  - id: linnet
    name: Linnet
    jira: {project: LIN, site: legacy}
    sprints: {from: cadence, first_day: 2026-01-05, length_days: 14}
    not_applicable: {reached-production: "No code.", commits: "No code."}
""",
        hearten=f"jira_sites: {{legacy: {site}}}",
    )

    ran = organisation.run("collect")

    assert ran.code == 1
    assert "set LEGACY_TOKEN" in ran.messages


def test_a_broken_source_stops_none_of_the_others(shop: Organisation) -> None:
    shop.world.repository("acme/web").commit(at=ago(40))
    shop.configure(ONE_TEAM.replace("{name: acme/shop}", "{name: acme/shop}, {name: acme/web}"))
    shop.sandbox.fail("acme/shop", status=200, body="<html>Something went wrong</html>")

    ran = shop.run("collect")

    assert ran.code == 1
    assert "Read 1 of 2 sources" in ran.messages
    assert "new, 1 request\n" in ran.messages
    assert "something that is not JSON" in ran.messages


def test_a_database_that_cannot_be_opened_is_said_plainly(tmp_path: Path) -> None:
    env = {
        "HEARTEN_CONFIG": str(tmp_path),
        "HEARTEN_DATABASE_URL": "postgresql://someone:hush-hush@127.0.0.1:9/nothing",
    }

    ran = CliRunner().invoke(app, ["status"], env=env)

    assert ran.exit_code == 2
    assert "hush-hush" not in ran.stderr
    assert "Traceback" not in ran.stderr


def test_a_defect_shows_where_but_no_secret(shop: Organisation) -> None:
    """A traceback quotes what the code was given: here a row that holds the token."""
    shop.collect_and_evaluate()
    with Store.open(shop.database_url) as store:
        spoil_the_results_of(store, TOKEN)

    ran = shop.run("explain", "heron", "last", "reached-production")

    assert ran.code == 3
    assert "Traceback" in ran.messages
    assert "This is a defect in hearten" in ran.messages
    assert TOKEN not in ran.messages
