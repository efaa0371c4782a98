"""`hearten doctor` looks at everything that hearten depends on, and says what to mend, and how."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import formatdate
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from typer.testing import CliRunner

from hearten.cli import app
from sandbox.github.records import Access
from sandbox.traffic import Answer
from tests.command.organisation import EMAIL, NOW, TOKEN, Organisation, Ran, ago

DAY = timedelta(days=1)
SCOPES = "X-OAuth-Scopes"
CADENCE = "sprints: {from: cadence, first_day: 2026-01-05, length_days: 14}"
LACKS_REPO = (
    "The token lacks the scope `repo`, without which no private one of `acme/hidden` is seen."
)
LIMITS = {"limit": 5000, "remaining": 4999, "used": 1, "reset": 1_800_000_000}


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """SQLite alone: what is asked of the database is tested beside this, on each engine."""
    return f"sqlite:///{tmp_path}/hearten.db"


@pytest.fixture
def heron(organisation: Organisation) -> Organisation:
    """A team with nothing to mend: one repository, a project, and a board with three sprints."""
    repo = organisation.world.repository("acme/shop")
    repo.deploy(repo.commit(at=ago(40)), at=ago(39))
    site = organisation.world.sites["jira"]
    for number in range(1, 4):
        site.issue(f"HER-{number}", created=ago(30))
    site.board(42, "HER")
    for start in (45, 31, 17):
        begun = ago(start)
        end = begun + 14 * DAY
        site.sprint(42, "Heron", start=begun, end=end, activated=begun, completed=end)
    organisation.configure(team())
    return organisation


def team(
    repositories: str = "{name: acme/shop, production: {evidence: deployment, "
    "environments: [production]}}",
    jira: str = "{project: HER, board: 42}",
    more: str = "",
) -> str:
    return (
        "teams:\n  - id: heron\n    name: Heron\n"
        f"    repositories: [{repositories}]\n    jira: {jira}\n{more}"
    )


def examined(organisation: Organisation) -> tuple[Ran, dict[str, dict[str, Any]]]:
    """What the doctor says, and the same by section from its JSON."""
    as_json = organisation.run("doctor", "--format", "json")
    ran = organisation.run("doctor")
    sections = {each["section"]: each for each in json.loads(as_json.out)}
    assert as_json.code == ran.code
    for secret in (TOKEN, EMAIL):
        assert secret not in ran.out + ran.messages + as_json.out
    return ran, sections


def run_with(organisation: Organisation, **variables: str) -> Ran:
    """What the doctor says where some settings are others."""
    ran = CliRunner().invoke(app, ["doctor"], env=organisation.environment | variables)
    return Ran(ran.exit_code, ran.stdout, ran.stderr)


def findings(section: dict[str, Any]) -> list[tuple[str, str]]:
    return [(found["about"], found["what"]) for found in section["findings"]]


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
    assert "  board 42: 3 finished sprints\n  project HER: 3 tickets\n" in ran.out
    assert "Database: ok, SQLite, at the newest version" in ran.out
    assert "nothing is collected yet" in ran.out
    assert "days begin in Europe/London" in ran.out


def test_it_asks_little(heron: Organisation) -> None:
    names = [f"acme/r{number}" for number in range(60)]
    for name in names:
        heron.world.repository(name).commit(at=ago(9))
    heron.configure(team(", ".join(f"{{name: {name}}}" for name in names)))

    ran = heron.run("doctor")

    assert "60 of 60 repositories readable" in ran.out
    assert heron.sandbox.count("github") == 3  # the token, and 50 repositories a request
    assert heron.sandbox.count("jira") == 5  # the site, the token, the project; the board twice


def test_a_repository_that_is_not_shown_spoils_none_of_the_others(heron: Organisation) -> None:
    heron.world.repository("acme/api").commit(at=ago(9))
    heron.world.repository("acme/vault", access=Access.FORBIDDEN)
    heron.configure(team("{name: acme/wren-api}, {name: acme/vault}, {name: acme/api}"))

    ran, sections = examined(heron)

    assert ran.code == 1
    assert "GitHub: 2 to mend" in ran.out
    assert "1 of 3 repositories readable" in ran.out
    assert [about for about, _ in findings(sections["GitHub"])] == ["acme/vault", "acme/wren-api"]
    assert "acme/wren-api: GitHub does not show acme/wren-api to this token (404)." in ran.out
    assert "For whoever keeps teams.yaml: Check its entry in teams.yaml" in ran.out


@pytest.mark.parametrize(
    ("headers", "said"),
    [
        pytest.param({SCOPES: "repo, read:org"}, [], id="enough"),
        pytest.param(
            {SCOPES: "admin:org, repo, workflow"},
            ["The token has more than it needs: admin:org, workflow."],
            id="more than needed",
        ),
        pytest.param(
            {SCOPES: ""},
            [LACKS_REPO],
            id="too little",
        ),
        pytest.param(
            {"GitHub-Authentication-Token-Expiration": f"{NOW + 9 * DAY:%Y-%m-%d %H:%M:%S} UTC"},
            [f"The token expires on {(NOW + 9 * DAY).day} {NOW + 9 * DAY:%B %Y}."],
            id="expires soon",
        ),
        pytest.param(
            {"GitHub-Authentication-Token-Expiration": f"{NOW + 90 * DAY:%Y-%m-%d %H:%M:%S} +0100"},
            [],
            id="expires later",
        ),
    ],
)
def test_a_token_is_held_against_what_is_needed(
    heron: Organisation, headers: dict[str, str], said: list[str]
) -> None:
    heron.configure(team("{name: acme/shop}, {name: acme/hidden}"))
    body = {"resources": dict.fromkeys(("core", "graphql", "search"), LIMITS), "rate": LIMITS}
    heron.sandbox.fail("GET /rate_limit", status=200, body=body, headers=headers)

    _, sections = examined(heron)

    of_token = [what for about, what in findings(sections["GitHub"]) if about.startswith("HEARTEN")]
    assert of_token == said


def test_a_refused_token_is_named_and_the_rest_is_still_looked_at(heron: Organisation) -> None:
    heron.sandbox.fail("GET /rate_limit", status=401, body={"message": f"Bad {TOKEN}"})

    ran, sections = examined(heron)

    assert ran.code == 1
    assert "set HEARTEN_GITHUB_TOKEN" in ran.out
    assert sections["GitHub"]["findings"][0]["who"] == "whoever runs hearten"
    assert "Clock: ok, not compared with GitHub's" in ran.out
    assert sections["Jira `jira`"]["ok"]


def test_an_enterprise_server_without_limits_is_no_trouble(heron: Organisation) -> None:
    heron.sandbox.fail("GET /rate_limit", status=404, body={"message": "Rate limiting is off"})

    ran, _ = examined(heron)

    assert ran.code == 0
    assert "1 of 1 repositories readable.\n" in ran.out


@pytest.mark.parametrize(
    ("part", "permission"),
    [
        pytest.param("feed", "`deployments: read`", id="deployments"),
        pytest.param("pulls", "`pull_requests: read`", id="pull requests"),
        pytest.param("defaultBranchRef", "`contents: read`", id="contents"),
    ],
)
def test_a_missing_permission_is_named(heron: Organisation, part: str, permission: str) -> None:
    refused = {
        "data": {"r0": None},
        "errors": [
            {
                "type": "FORBIDDEN",
                "path": ["r0", part],
                "message": "Resource not accessible by personal access token",
            }
        ],
    }
    heron.sandbox.fail("POST /graphql", status=200, body=refused)

    ran, _ = examined(heron)

    assert ran.code == 1
    assert f"The token lacks the permission {permission} for acme/shop." in ran.out


@pytest.mark.parametrize(
    ("headers", "permission"),
    [
        pytest.param({"X-Accepted-GitHub-Permissions": "actions=read"}, "actions", id="told"),
        pytest.param(
            {"X-Accepted-GitHub-Permissions": "workflows=read; actions=read"},
            "workflows",
            id="one of two",
        ),
        pytest.param({}, "actions", id="not told"),
    ],
)
def test_a_missing_permission_for_workflows_is_named_as_github_names_it(
    heron: Organisation, headers: dict[str, str], permission: str
) -> None:
    heron.configure(team("{name: acme/shop, production: {evidence: workflow, workflow: d.yml}}"))
    body = {"message": "Resource not accessible by personal access token"}
    heron.sandbox.fail("/actions/workflows", status=403, body=body, headers=headers)

    ran, _ = examined(heron)

    assert f"lacks the permission `{permission}: read` for acme/shop" in ran.out


def test_a_repository_that_changed_is_told_with_what_to_write(heron: Organisation) -> None:
    world = heron.world
    world.repository("acme/web", former_names=("acme/site",)).commit(at=ago(9))
    world.repository("acme/empty")
    world.repository("acme/old").commit(at=ago(900))
    world.repositories["acme/old"].archived = True
    world.repository("acme/branchy", default_branch="trunk").commit(at=ago(9))
    heron.configure(
        team(
            "{name: acme/site}, {name: acme/empty}, {name: acme/old}, "
            "{name: acme/branchy, branch: main}"
        )
    )

    ran, sections = examined(heron)

    assert findings(sections["GitHub"]) == [
        ("acme/branchy", "It has no branch `main`."),
        ("acme/empty", "It is empty: it has no commit yet."),
        ("acme/old", "It is archived, so nothing new reaches production from it."),
        ("acme/site", "GitHub calls it acme/web today."),
    ]
    assert "Its default branch is `trunk`" in ran.out
    assert "Write `name: acme/web` in teams.yaml." in ran.out


@pytest.mark.parametrize(
    ("production", "what", "mend"),
    [
        pytest.param(
            "{evidence: deployment, environments: [prod, live]}",
            "No deployment to `live`, `prod` has succeeded.",
            "deployments to `production`, `prod`, `staging`",
            id="another environment",
        ),
        pytest.param(
            "{evidence: release, tags: 'r.*'}",
            "None of its newest 50 releases counts as `r.*`.",
            "releases such as `v1.0`; tags such as",
            id="another release",
        ),
        pytest.param(
            "{evidence: tag, tags: 'live-.*', at: '%Y-%m-%d'}",
            "None of its newest 50 tags counts as `live-.*`.",
            "tags such as ",
            id="a tag without a date",
        ),
        pytest.param(
            "{evidence: workflow, workflow: ship.yml}",
            "It has no workflow `ship.yml`.",
            "workflows `deploy.yml`, `tests.yml`",
            id="another workflow",
        ),
        pytest.param(
            "{evidence: workflow, workflow: tests.yml}",
            "No run of `tests.yml` on `main` has succeeded.",
            "deployments to",
            id="a workflow that never succeeded",
        ),
    ],
)
def test_evidence_that_never_matched_is_told_with_what_there_is_instead(
    heron: Organisation, production: str, what: str, mend: str
) -> None:
    repo = heron.world.repositories["acme/shop"]
    commit = repo.commit(at=ago(9))
    repo.deploy(commit, at=ago(8))
    repo.deploy(commit, "staging", at=ago(8))
    repo.deploy(commit, "prod", at=ago(7), statuses=[("failure", ago(7))])
    repo.release("v1.0", commit, at=ago(6))
    repo.release("v1.1-beta", commit, at=ago(6), prerelease=True)
    repo.tag("live-soon", commit)
    repo.run("deploy.yml", commit, at=ago(5))
    repo.run("tests.yml", commit, at=ago(5), conclusion="failure")
    heron.configure(team(f"{{name: acme/shop, production: {production}}}"))

    ran, sections = examined(heron)

    assert findings(sections["GitHub"]) == [("acme/shop", what)]
    assert mend in sections["GitHub"]["findings"][0]["mend"]
    assert ran.code == 1


@pytest.mark.parametrize(
    "production",
    [
        pytest.param(r"{evidence: release, tags: 'v\d+'}", id="a release"),
        pytest.param("{evidence: tag, tags: 'v1'}", id="a tag"),
        pytest.param("{evidence: workflow, workflow: deploy.yml}", id="a run"),
        pytest.param("{evidence: merge}", id="a merge"),
    ],
)
def test_evidence_that_matches_needs_no_word(heron: Organisation, production: str) -> None:
    repo = heron.world.repositories["acme/shop"]
    repo.release("v1", repo.commit(at=ago(9)), at=ago(8))
    repo.run("deploy.yml", repo.commit(at=ago(9)), at=ago(8))
    heron.configure(team(f"{{name: acme/shop, production: {production}}}"))

    ran = heron.run("doctor")

    assert ran.code == 0, ran.out


def test_a_cloud_site_without_an_email_is_told_from_a_wrong_token(heron: Organisation) -> None:
    ran = run_with(heron, HEARTEN_JIRA_EMAIL="")

    assert ran.code == 1
    assert "The site is Jira Cloud, and no e-mail goes with the token." in ran.out
    assert "Set HEARTEN_JIRA_EMAIL to" in ran.out


def test_a_data_center_site_with_an_email_is_told_by_its_own_variables(
    heron: Organisation,
) -> None:
    heron.configure(
        team(),
        hearten=(
            "jira_sites:\n  legacy:\n"
            f"    url: {heron.sandbox.jira_url('legacy')}\n"
            "    token_env: LEGACY_TOKEN\n    email_env: LEGACY_EMAIL\n"
        ),
    )
    ran = run_with(heron, LEGACY_TOKEN=TOKEN, LEGACY_EMAIL=EMAIL)

    assert ran.code == 1
    assert "Jira `legacy`: 1 to mend, Jira Data Center 9.12.0" in ran.out
    assert "Unset LEGACY_EMAIL, and set LEGACY_TOKEN to a personal access token." in ran.out
    assert "Jira `jira`: ok" in ran.out


def test_a_token_that_jira_refuses_is_named(heron: Organisation) -> None:
    heron.sandbox.fail("/jira/jira/rest/api/2/myself", status=401, body="Client must sign in")

    ran, _ = examined(heron)

    assert ran.code == 1
    assert "Jira refused the token (401)" in ran.out
    assert "set HEARTEN_JIRA_TOKEN" in ran.out


def test_a_site_that_takes_no_token_still_tells_what_it_is(heron: Organisation) -> None:
    heron.sandbox.fail("serverInfo", status=401, times=1)

    ran = heron.run("doctor")

    assert ran.code == 0, ran.out
    assert "Jira `jira`: ok, Jira Cloud" in ran.out


def test_what_keeps_all_repositories_from_being_read_is_told_once(heron: Organisation) -> None:
    names = [f"acme/r{number}" for number in range(9)]
    heron.configure(team(", ".join(f"{{name: {name}}}" for name in names)))
    reset = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "1800000000"}
    heron.sandbox.fail("POST /graphql", status=403, body={"message": "limit"}, headers=reset)

    ran, sections = examined(heron)

    ((about, what),) = findings(sections["GitHub"])
    assert about == "acme/r0, acme/r1, acme/r2 and 6 others"
    assert "rate limit is used up until" in what
    assert "0 of 9 repositories readable" in ran.out


def test_what_matched_once_is_no_finding_where_the_newest_does_not(heron: Organisation) -> None:
    heron.collect_and_evaluate()
    heron.world.repositories["acme/shop"].deployments.clear()

    ran = heron.run("doctor")

    assert ran.code == 0, ran.out


def test_a_service_that_is_not_where_it_should_be_is_told(heron: Organisation) -> None:
    nowhere = "http://127.0.0.1:9"

    ran = run_with(heron, HEARTEN_GITHUB_URL=nowhere, HEARTEN_JIRA_URL=nowhere)

    assert ran.code == 1
    assert "See that HEARTEN_GITHUB_URL is right" in ran.out
    assert "See that HEARTEN_JIRA_URL is right" in ran.out


def test_a_site_that_does_not_answer_is_told(heron: Organisation) -> None:
    heron.sandbox.fail("serverInfo", status=200, body="<html>Welcome</html>")

    ran, _ = examined(heron)

    assert "answered with something that is not JSON" in ran.out


def legacy_site(organisation: Organisation) -> str:
    """A hearten.yaml with a Jira Data Center beside the Cloud."""
    url = organisation.sandbox.jira_url("legacy")
    return f"jira_sites: {{legacy: {{url: '{url}', token_env: HEARTEN_JIRA_TOKEN}}}}"


@pytest.mark.parametrize("cloud", [True, False], ids=["Cloud", "Data Center"])
def test_projects_that_cannot_be_seen_are_told(heron: Organisation, *, cloud: bool) -> None:
    name = "jira" if cloud else "legacy"
    site = heron.world.sites[name]
    site.issue("WRN-1", created=ago(9))
    site.project("EMP")
    entries = ", ".join(f"{{project: {key}, site: {name}}}" for key in ("WRN", "EMP", "GONE"))
    heron.configure(
        team(jira=f"[{entries}, {{jql: 'labels = none', site: {name}}}]", more=f"    {CADENCE}\n"),
        hearten=legacy_site(heron),
    )

    _, sections = examined(heron)

    section = sections[f"Jira `{name}`"]
    assert section["details"] == ["project WRN: 1 ticket"]
    assert [about for about, _ in findings(section)] == [
        "JQL `labels = none`",
        "project EMP",
        "project GONE",
    ]


@pytest.mark.parametrize("cloud", [True, False], ids=["Cloud", "Data Center"])
def test_what_projects_there_are_is_told_where_the_key_is_wrong(
    heron: Organisation, *, cloud: bool
) -> None:
    name = "jira" if cloud else "legacy"
    for key in ("HER", "WRN"):
        heron.world.sites[name].issue(f"{key}-901", created=ago(9))
    heron.world.sites[name].project("SEC", readable=False)
    entries = ", ".join(f"{{project: {key}, site: {name}}}" for key in ("HERO", "ZZZ"))
    heron.configure(
        team(jira=f"[{entries}]", more=f"    {CADENCE}\n"),
        hearten=legacy_site(heron),
    )

    _, sections = examined(heron)

    mends = {f["about"]: f["mend"] for f in sections[f"Jira `{name}`"]["findings"]}
    assert mends["project HERO"].endswith(" Did you mean HER?")
    assert mends["project ZZZ"].endswith(" Projects that the token sees: HER, WRN.")


def test_projects_are_asked_for_once_however_many_keys_are_wrong(heron: Organisation) -> None:
    heron.configure(team(jira="[{project: HERO}, {project: ZZZ}]", more=f"    {CADENCE}\n"))

    heron.run("doctor")

    assert sum("/project/search" in asked.path for asked in heron.sandbox.log) == 1


def test_a_kanban_board_is_told_with_a_cadence_to_use(heron: Organisation) -> None:
    heron.world.sites["jira"].board(43, "HER", kind="kanban")
    heron.configure(team(jira="{project: HER, board: 43}"))

    ran, _ = examined(heron)

    assert "board 43: It is a Kanban board, which has no sprints." in ran.out
    assert "Write `sprints: {from: cadence, first_day: " in ran.out


def test_parallel_sprints_are_told_with_the_cadence_that_is_most_like_them(
    heron: Organisation,
) -> None:
    site = heron.world.sites["jira"]
    site.board(44, "HER")
    for start in (30, 29.5, 16, 15.5, 2, 1.5):
        begun = ago(start)
        site.sprint(
            44,
            "Beside another",
            start=begun,
            end=begun + 13.5 * DAY,
            activated=begun,
            completed=None if start < 3 else begun + 14 * DAY,
        )
    heron.configure(team(jira="{project: HER, board: 44}"))

    ran, _ = examined(heron)

    assert "board 44: 2 sprints are active at once." in ran.out
    assert "length_days: 14}" in ran.out


def test_sprints_that_start_together_again_and_again_are_parallel(heron: Organisation) -> None:
    site = heron.world.sites["jira"]
    site.board(44, "HER")
    for start in (30, 29.5, 16, 15.5):
        begun = ago(start)
        site.sprint(44, "Two by two", start=begun, activated=begun, completed=begun + 14 * DAY)
    heron.configure(team(jira="{project: HER, board: 44}"))

    _, sections = examined(heron)

    assert findings(sections["Jira `jira`"]) == [
        ("board 44", "2 sprints started within 24 hours of another."),
        ("board 44", "4 sprints that began lack a start or a planned end."),
    ]


def test_a_board_on_which_no_sprint_was_started_is_told(heron: Organisation) -> None:
    heron.world.sites["jira"].board(44, "HER")
    heron.world.sites["jira"].sprint(44, "Some day")
    heron.configure(team(jira="{project: HER, board: 44}"))

    _, sections = examined(heron)

    assert findings(sections["Jira `jira`"]) == [
        ("board 44", "None of its sprints has been started.")
    ]


@pytest.mark.parametrize("board", [44, 45], ids=["forbidden", "missing"])
def test_a_board_that_is_not_shown_is_told(heron: Organisation, board: int) -> None:
    heron.world.sites["jira"].board(44, "HER", readable=False)
    heron.configure(team(jira=f"{{project: HER, board: {board}}}"))

    ran, sections = examined(heron)

    assert ran.code == 1
    assert [about for about, _ in findings(sections["Jira `jira`"])] == [f"board {board}"]


def test_what_boards_there_are_is_told_where_the_number_is_wrong(heron: Organisation) -> None:
    site = heron.world.sites["jira"]
    site.board(43, "HER", kind="kanban")
    site.project("WRN")
    site.board(50, "WRN")

    for board in (45, 43):
        heron.configure(team(jira=f"{{project: HER, board: {board}}}"))
        ran, _ = examined(heron)

        said = " ".join(ran.out.split())
        assert "Boards of HER that the token sees: 42 (scrum), 43 (kanban)." in said


def test_a_board_is_told_also_where_nothing_says_what_boards_there_are(
    heron: Organisation,
) -> None:
    heron.configure(team(jira="{jql: 'project = HER', board: 45}"))

    ran, sections = examined(heron)

    assert [about for about, _ in findings(sections["Jira `jira`"])] == ["board 45"]
    assert "Boards of" not in ran.out


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
            "Settings: 2 to mend, what needs the rest is looked at.\n"
            "  HEARTEN_GITHUB_TOKEN: It and a GitHub App are both set.",
            {"Jira `jira`", "Database"},
            id="token and App",
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
    def of_another_time(answer: Answer) -> Answer:
        date = (datetime.now(UTC) + timedelta(seconds=seconds)).timestamp()  # noqa: TID251
        return replace(answer, headers={**answer.headers, "date": formatdate(date, usegmt=True)})

    heron.sandbox.spoil("GET /rate_limit", of_another_time)

    ran, _ = examined(heron)

    assert ran.code == code
    assert said in ran.out
    assert ("time server (NTP)" in ran.out) == bool(code)


def test_an_app_is_held_against_what_it_needs(heron: Organisation) -> None:
    heron.configure(team("{name: acme/shop, production: {evidence: workflow, workflow: d.yml}}"))
    heron.world.repositories["acme/shop"].run(
        "d.yml", heron.world.repositories["acme/shop"].commit(at=ago(9)), at=ago(8)
    )
    given = {"contents": "read", "pull_requests": "write", "metadata": "read", "issues": "read"}
    token = {"token": "ghs_x", "expires_at": "2099-01-01T00:00:00Z", "permissions": given}
    heron.sandbox.fail("POST /app/installations", status=201, body=token)

    ran = run_with(
        heron,
        HEARTEN_GITHUB_TOKEN="",
        HEARTEN_GITHUB_APP_ID="7",
        HEARTEN_GITHUB_APP_INSTALLATION_ID="4711",
        HEARTEN_GITHUB_APP_PRIVATE_KEY=a_private_key(),
    )

    assert ran.code == 1
    assert "GitHub: 2 to mend, signed in as an App, 1 of 1 repositories readable" in ran.out
    assert "The GitHub App: It lacks permissions: actions: read." in ran.out
    assert "It has more than it needs: issues: read, pull_requests: write." in ran.out
    assert "ghs_x" not in ran.out


def a_private_key() -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    ).decode()
