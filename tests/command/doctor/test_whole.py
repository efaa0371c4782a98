"""`hearten doctor` looks at everything that hearten depends on, and says what to mend, and how."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import formatdate

import pytest

from hearten.doctor.findings import section
from sandbox.traffic import ForcedAnswer
from tests.command.doctor.examining import examined, findings, run_with, team
from tests.support.organisation import Organisation, ago


def test_where_nothing_is_to_be_mended_it_says_so_of_each_part(heron: Organisation) -> None:
    ran, sections = examined(heron)

    assert ran.code == 0, ran.out
    parts = "Settings, Configuration, GitHub, Jira `jira`, Clock, Database"
    assert ", ".join(sections) == parts
    assert (
        "GitHub: ok, signed in with a fine-grained token, 1 of 1 repositories readable" in ran.out
    )
    assert "points left until" in ran.out
    assert "Jira `jira`: ok, Jira Cloud, signed in.\n" in ran.out
    assert "  board 42, Her board: 3 finished sprints\n" in ran.out
    assert "  project HER: 3 tickets, 3 of them Done\n" in ran.out
    assert "Database: ok, SQLite, not there yet" in ran.out
    assert "days begin in Europe/London" in ran.out


def test_it_asks_little(heron: Organisation) -> None:
    names = [f"acme/r{number}" for number in range(60)]
    for name in names:
        heron.world.repository(name).commit(at=ago(9))
    heron.configure(team(", ".join(f"{{name: {name}}}" for name in names)))

    ran = heron.run("doctor")

    assert "60 of 60 repositories readable" in ran.out
    assert heron.sandbox.count("github") == 3  # the token, and 50 repositories a request
    assert heron.sandbox.count("jira") == 6  # the site, the token; the project and board twice


def test_a_service_that_is_not_where_it_should_be_is_told(heron: Organisation) -> None:
    nowhere = "http://127.0.0.1:9"

    ran = run_with(heron, HEARTEN_GITHUB_URL=nowhere, HEARTEN_JIRA_URL=nowhere)

    assert ran.code == 1
    assert "See that HEARTEN_GITHUB_URL is right" in ran.out
    assert "See that HEARTEN_JIRA_URL is right" in ran.out


def test_every_fault_of_the_configuration_is_told_and_the_rest_is_looked_at(
    heron: Organisation,
) -> None:
    heron.configure(team().replace("name: Heron", "nam: Heron"), hearten="settle_days: soon")

    ran, sections = examined(heron)

    assert ran.code == 2
    abouts = [about for about, _ in findings(sections["Configuration"])]
    assert any("hearten.yaml:1: settle_days" in about for about in abouts)
    assert any("teams.yaml:3: teams[heron].nam" in about for about in abouts)
    assert sections["GitHub"]["ok"]
    assert sections["Jira `jira`"]["ok"]


def test_faulty_files_leave_the_last_good_configuration_to_be_looked_at(
    heron: Organisation,
) -> None:
    heron.collect_and_evaluate()
    heron.config.joinpath("teams.yaml").write_text("teams: [")

    ran, _ = examined(heron)

    assert ran.code == 2
    assert "so what it said last is looked at" in ran.out
    assert "1 of 1 repositories readable" in ran.out


@pytest.mark.parametrize(
    ("variables", "about", "sections"),
    [
        pytest.param(
            {"HEARTEN_GITHUB_TOKEN": ""},
            "HEARTEN_GITHUB_TOKEN: It is not set.",
            {"Jira `jira`", "Database"},
            id="no GitHub token",
        ),
        pytest.param(
            {"HEARTEN_JIRA_TOKEN": ""},
            "HEARTEN_JIRA_TOKEN: It is not set.",
            {"GitHub", "Database"},
            id="no Jira token",
        ),
        pytest.param(
            {"HEARTEN_JIRA_URL": "somewhere"},
            "HEARTEN_JIRA_URL: It must be a web address.",
            {"GitHub", "Database"},
            id="no address",
        ),
        pytest.param(
            {"HEARTEN_DATABASE_URL": "mysql://x"},
            "HEARTEN_DATABASE_URL: It must begin with",
            {"GitHub", "Jira `jira`"},
            id="another database",
        ),
        pytest.param(
            {"HEARTEN_GITHUB_APP_ID": "7"},
            "Settings: 2 to fix, what needs the rest is looked at.\n"
            "  HEARTEN_GITHUB_TOKEN: It and a GitHub App are both set.",
            {"Jira `jira`", "Database"},
            id="token and App",
        ),
        pytest.param(
            {"HEARTEN_QUEUE": "on"},
            "HEARTEN_QUEUE: It is on and needs PostgreSQL.\n"
            "    For whoever runs hearten: Set HEARTEN_DATABASE_URL to a postgresql:// address, or "
            "unset HEARTEN_QUEUE.",
            {"GitHub", "Jira `jira`", "Database"},
            id="a queue on SQLite",
        ),
    ],
)
def test_a_faulty_setting_is_told_and_what_does_not_need_it_is_looked_at(
    heron: Organisation, variables: dict[str, str], about: str, sections: set[str]
) -> None:
    ran = run_with(heron, **variables)

    assert ran.code == 2
    assert about in ran.out
    looked_at = {line.partition(":")[0] for line in ran.out.splitlines() if line[0] != " "}
    assert looked_at & {"GitHub", "Jira `jira`", "Database"} == sections
    assert "Configuration: ok" in ran.out


@pytest.mark.parametrize(
    ("variables", "mend"),
    [
        pytest.param(
            {"HEARTEN_GITHUB_TOKEN": "", "HEARTEN_GITHUB_TOKEN_FILE": "/nofile"},
            "Name a file that hearten may read.",
            id="no file",
        ),
        pytest.param(
            {"HEARTEN_DATABASE_URL": "mysql://x/y"},
            "Correct HEARTEN_DATABASE_URL, or unset it.",
            id="another database",
        ),
    ],
)
def test_each_faulty_setting_has_its_mend(
    heron: Organisation, variables: dict[str, str], mend: str
) -> None:
    ran = run_with(heron, **variables)

    assert f"For whoever runs hearten: {mend}" in ran.out


def test_a_fault_of_a_file_is_for_whoever_keeps_that_file(heron: Organisation) -> None:
    heron.config.joinpath("targets.yaml").write_text("targets: [{id: commits}]")

    ran = heron.run("doctor")

    assert "For whoever keeps targets.yaml: " in ran.out
    assert "For whoever keeps teams.yaml: " not in ran.out


@pytest.mark.parametrize(
    ("seconds", "code", "said"),
    [
        pytest.param(50, 0, "Clock: ok,", id="a little"),
        pytest.param(-300, 1, "This machine's clock is 5 minutes ahead of", id="ahead"),
        pytest.param(70, 1, "seconds behind GitHub's.", id="a little more"),
        pytest.param(90 * 60, 1, "90 minutes behind GitHub's.", id="an hour and a half"),
        pytest.param(3 * 86400, 1, "3 days behind GitHub's.", id="days"),
        pytest.param(300, 1, "5 minutes behind GitHub's.", id="behind"),
    ],
)
def test_a_clock_that_is_wrong_is_told(
    heron: Organisation, seconds: int, code: int, said: str
) -> None:
    def of_another_time(answer: ForcedAnswer) -> ForcedAnswer:
        date = (datetime.now(UTC) + timedelta(seconds=seconds)).timestamp()  # noqa: TID251
        return replace(answer, headers={**answer.headers, "date": formatdate(date, usegmt=True)})

    heron.sandbox.spoil("GET /rate_limit", of_another_time)

    ran, _ = examined(heron)

    assert ran.code == code
    assert said in ran.out
    assert ("time server (NTP)" in ran.out) == bool(code)


def test_an_app_is_held_against_what_it_needs(heron: Organisation, app_key: str) -> None:
    heron.configure(team("{name: acme/shop, production: {evidence: workflow, workflow: d.yml}}"))
    heron.world.repositories["acme/shop"].run(
        "d.yml", heron.world.repositories["acme/shop"].commit(at=ago(9)), at=ago(8)
    )
    given = {"contents": "read", "pull_requests": "write", "metadata": "read", "checks": "read"}
    token = {"token": "ghs_x", "expires_at": "2099-01-01T00:00:00Z", "permissions": given}
    heron.sandbox.fail("POST /app/installations", status=201, body=token)

    ran = run_with(
        heron,
        HEARTEN_GITHUB_TOKEN="",
        HEARTEN_GITHUB_APP_ID="7",
        HEARTEN_GITHUB_APP_INSTALLATION_ID="4711",
        HEARTEN_GITHUB_APP_PRIVATE_KEY=app_key,
    )

    assert ran.code == 1
    assert "GitHub: 2 to fix, signed in as an App, 1 of 1 repositories readable" in ran.out
    assert "The GitHub App: It lacks permissions: actions: read." in ran.out
    assert "It has more than it needs: checks: read, pull_requests: write." in ran.out
    assert "ghs_x" not in ran.out


def test_an_installation_that_github_does_not_know_is_for_whoever_keeps_the_settings(
    heron: Organisation, app_key: str
) -> None:
    heron.configure(team())
    heron.sandbox.fail("POST /app/installations", status=404, body={"message": "Not Found"})

    ran = run_with(
        heron,
        HEARTEN_GITHUB_TOKEN="",
        HEARTEN_GITHUB_APP_ID="7",
        HEARTEN_GITHUB_APP_INSTALLATION_ID="4711",
        HEARTEN_GITHUB_APP_PRIVATE_KEY=app_key,
    )

    assert "GitHub does not know this installation of the App (404)." in ran.out
    assert "For whoever runs hearten: Set HEARTEN_GITHUB_APP_INSTALLATION_ID to" in ran.out


def test_what_is_told_stands_in_the_order_of_its_numbers() -> None:
    made = section("Jira `jira`", [], [], details=["project HER", "board 10", "board 9"])

    assert made.details == ("board 9", "board 10", "project HER")


def test_what_may_be_waited_for_is_said_before_it_is_asked(heron: Organisation) -> None:
    ran, _ = examined(heron)

    assert ran.messages == "Looking at GitHub …\nLooking at Jira `jira` …\n"
