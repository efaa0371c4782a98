"""`hearten doctor` on GitHub: its token and permissions, and each repository with its evidence."""

from collections.abc import Callable

import pytest

from sandbox.github.records import GitCommit, TokenAccess
from sandbox.github.repository import SandboxRepository
from tests.command.doctor.examining import DAY, examined, findings, team
from tests.support.organisation import NOW, TOKEN, Organisation, ago

SCOPES = "X-OAuth-Scopes"
LACKS_REPO = (
    "The token lacks the scope `repo`, without which no private one of `acme/hidden` is seen."
)
LIMITS = {"limit": 5000, "remaining": 4999, "used": 1, "reset": 1_800_000_000}


def test_a_repository_that_is_not_shown_spoils_none_of_the_others(heron: Organisation) -> None:
    heron.world.repository("acme/api").commit(at=ago(9))
    heron.world.repository("acme/vault", access=TokenAccess.FORBIDDEN)
    heron.configure(team("{name: acme/wren-api}, {name: acme/vault}, {name: acme/api}"))

    ran, sections = examined(heron)

    assert ran.code == 1
    assert "GitHub: 2 to fix" in ran.out
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


@pytest.mark.parametrize(
    "message", ["Rate limiting is not enabled.", "No rate limit for white listed users"]
)
def test_an_enterprise_server_without_limits_is_no_trouble(
    heron: Organisation, message: str
) -> None:
    heron.sandbox.fail("GET /rate_limit", status=404, body={"message": message})

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
    repo.run("tests.yml", commit, at=ago(4), event="pull_request", fork="somebody/shop")
    heron.configure(team(f"{{name: acme/shop, production: {production}}}"))

    ran, sections = examined(heron)

    assert findings(sections["GitHub"]) == [("acme/shop", what)]
    assert mend in sections["GitHub"]["findings"][0]["mend"]
    assert ran.code == 1


@pytest.mark.parametrize(
    ("make", "mend"),
    [
        pytest.param(
            lambda r, c: [r.run("deploy.yml", c, at=ago(d), branch=f"release/{d}") for d in (4, 3)],
            "On other branches 2 runs succeeded (`release/3`, `release/4`): "
            "write `branch: 'release/.*'`. ",
            id="on release branches",
        ),
        pytest.param(
            lambda r, c: r.run("deploy.yml", c, at=ago(3), branch="feature/try"),
            "On other branches 1 run succeeded (`feature/try`): "
            "write `branch` with a pattern for their names. ",
            id="on the branch of a change",
        ),
        pytest.param(
            lambda r, c: r.run("pipeline.yml", c, at=ago(3), calls=["deploy.yml"]),
            "`pipeline.yml` calls it, and has the runs: write `workflow: pipeline.yml`. ",
            id="of the workflow that calls it",
        ),
        pytest.param(
            lambda r, c: [
                r.run("ship.yml", c, at=ago(3), branch="release/3", calls=["deploy.yml"]),
                r.run("pipeline.yml", c, at=ago(3)),
            ],
            "`ship.yml` calls it, on other branches (`release/3`): "
            "write `workflow: ship.yml` and `branch: 'release/.*'`. ",
            id="of the workflow that calls it on release branches",
        ),
        pytest.param(
            lambda r, c: r.run("pipeline.yml", c, at=ago(3)),
            "On that branch `pipeline.yml` succeeded. Where one calls it, the runs are that one's: "
            "write `workflow: pipeline.yml`. ",
            id="of another workflow",
        ),
    ],
)
@pytest.mark.parametrize("idle", [["deploy.yml"], []])
def test_runs_that_are_elsewhere_are_told_with_what_to_write(
    heron: Organisation,
    make: Callable[[SandboxRepository, GitCommit], object],
    mend: str,
    idle: list[str],
) -> None:
    repo = heron.world.repositories["acme/shop"]
    repo.idle_workflows += idle
    make(repo, repo.commit(at=ago(9)))
    heron.configure(
        team("{name: acme/shop, production: {evidence: workflow, workflow: deploy.yml}}")
    )

    _, sections = examined(heron)

    (finding,) = sections["GitHub"]["findings"]
    assert mend in finding["mend"]


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


def test_each_stanza_of_each_team_is_looked_at_by_itself(heron: Organisation) -> None:
    stanzas = (
        "[{evidence: workflow, workflow: ship.yml, to: 2025-12-31}, "
        "{evidence: deployment, environments: [live], from: 2026-01-01, to: 2026-01-31}, "
        "{evidence: deployment, environments: [production], from: 2026-02-01}]"
    )
    heron.configure(team(f"{{name: acme/shop, production: {stanzas}}}"))

    _, sections = examined(heron)

    assert sorted(findings(sections["GitHub"])) == [
        ("acme/shop", "It has no workflow `ship.yml`."),
        ("acme/shop", "No deployment to `live` has succeeded."),
    ]
