"""What the loopback GitHub says over GraphQL of a small world."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from sandbox.github.records import TokenAccess
from sandbox.people import DEPENDABOT, RELEASE_ACCOUNT, Actor
from sandbox.server import Sandbox
from sandbox.world import World
from tests.support.sandbox_servers import serve

Ask = Callable[[Sandbox, str], Any]
NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def world() -> World:
    return World(NOON)


@pytest.fixture
def sandbox(world: World) -> Iterator[Sandbox]:
    with serve(world) as sandbox:
        yield sandbox


def shop(selection: str) -> str:
    return f'{{ repository(owner: "acme", name: "shop") {{ {selection} }} }}'


HISTORY = "defaultBranchRef { target { ... on Commit { history(first: 100) { nodes { %s } } } } }"


def test_each_way_of_merging_leaves_its_commits_with_their_pull_request(
    world: World, sandbox: Sandbox, ask: Ask
) -> None:
    repo = world.repository("acme/shop")
    repo.commit(at=NOON)
    squashed = repo.squash_merge(at=NOON + HOUR)
    rebased = repo.rebase_merge(at=NOON + 2 * HOUR, written=[NOON, NOON])
    merged = repo.merge(at=NOON + 4 * HOUR, written=[NOON + 3 * HOUR])

    body = ask(
        sandbox,
        shop(
            HISTORY % "parents(first: 9) { totalCount } committedDate "
            "associatedPullRequests(first: 9) { nodes { number merged mergedAt baseRefName } }"
        ),
    )

    nodes = body["data"]["repository"]["defaultBranchRef"]["target"]["history"]["nodes"]
    numbers = [[p["number"] for p in n["associatedPullRequests"]["nodes"]] for n in nodes]
    assert numbers == [[merged.number]] * 2 + [[rebased.number]] * 2 + [[squashed.number], []]
    assert [node["parents"]["totalCount"] for node in nodes] == [2, 1, 1, 1, 1, 0]
    assert nodes[0]["committedDate"] == "2026-03-04T16:00:00Z"
    assert nodes[0]["associatedPullRequests"]["nodes"][0] == {
        "number": 3,
        "merged": True,
        "mergedAt": "2026-03-04T16:00:00Z",
        "baseRefName": "main",
    }


@pytest.mark.parametrize(
    ("author", "login"),
    [
        pytest.param(DEPENDABOT, None, id="a bot has no user"),
        pytest.param(RELEASE_ACCOUNT, "example-release-account", id="a service account has one"),
        pytest.param(Actor("A Stranger", "", "a@example.org"), None, id="no account, no user"),
    ],
)
def test_an_author_is_shown_as_github_shows_it(
    world: World, sandbox: Sandbox, ask: Ask, author: Actor, login: str | None
) -> None:
    world.repository("acme/shop").commit(at=NOON, author=author)

    body = ask(sandbox, shop(HISTORY % "author { name email user { login } }"))

    (node,) = body["data"]["repository"]["defaultBranchRef"]["target"]["history"]["nodes"]
    assert node["author"]["name"] == author.name
    assert (node["author"]["user"] or {}).get("login") == login


def test_a_missing_and_a_forbidden_repository_harm_no_other_of_the_same_question(
    world: World, sandbox: Sandbox, ask: Ask
) -> None:
    world.repository("acme/shop")
    world.repository("acme/vault", access=TokenAccess.FORBIDDEN)

    body = ask(
        sandbox,
        '{ a: repository(owner: "acme", name: "shop") { nameWithOwner } '
        'b: repository(owner: "acme", name: "vault") { nameWithOwner } '
        'c: repository(owner: "acme", name: "nowhere") { nameWithOwner } }',
    )

    assert body["data"] == {"a": {"nameWithOwner": "acme/shop"}, "b": None, "c": None}
    assert [(e["path"], e["type"]) for e in body["errors"]] == [
        (["b"], "FORBIDDEN"),
        (["c"], "NOT_FOUND"),
    ]


@pytest.mark.parametrize(
    ("follow", "found"),
    [
        pytest.param("true", {"nameWithOwner": "acme/shop"}, id="followed"),
        pytest.param("false", None, id="not followed"),
    ],
)
def test_a_renamed_repository_is_found_by_its_old_name_where_renames_are_followed(
    world: World, sandbox: Sandbox, ask: Ask, follow: str, found: object
) -> None:
    world.repository("acme/shop", former_names=("acme/stall",))

    body = ask(
        sandbox,
        f'{{ repository(owner: "acme", name: "stall", followRenames: {follow}) '
        "{ nameWithOwner } }",
    )

    assert body["data"]["repository"] == found


@pytest.mark.parametrize(
    ("paging", "kind"),
    [
        pytest.param("(first: 101)", "EXCESSIVE_PAGINATION", id="more than 100"),
        pytest.param("", "MISSING_PAGINATION_BOUNDARIES", id="no limit"),
        pytest.param('(first: 1, after: "x")', "INVALID_CURSOR_ARGUMENTS", id="a made-up cursor"),
    ],
)
def test_a_page_that_github_would_refuse_is_refused(
    world: World, sandbox: Sandbox, ask: Ask, paging: str, kind: str
) -> None:
    world.repository("acme/shop")

    body = ask(sandbox, shop(f"deployments{paging} {{ nodes {{ id }} }}"))

    assert [error["type"] for error in body["errors"]] == [kind]


@pytest.mark.parametrize(
    ("connection", "node"),
    [
        pytest.param("history", "oid", id="commits"),
        pytest.param("deployments", "id", id="deployments"),
        pytest.param("releases", "tagName", id="releases"),
        pytest.param("refs", "name", id="tags"),
    ],
)
def test_a_walk_over_the_pages_gives_everything_once(
    world: World, sandbox: Sandbox, ask: Ask, connection: str, node: str
) -> None:
    repo = world.repository("acme/shop")
    for index in range(23):
        commit = repo.commit(at=NOON + index * HOUR)
        repo.deploy(commit, at=NOON + index * HOUR)
        repo.release(f"v{index}", commit, at=NOON + index * HOUR)

    seen: list[str] = []
    totals: set[int] = set()
    after, more = "", True
    while more:
        extra = 'refPrefix: "refs/tags/", ' if connection == "refs" else ""
        page = (
            f"{connection}({extra}first: 5{after}) "
            f"{{ totalCount pageInfo {{ hasNextPage endCursor }} nodes {{ {node} }} }}"
        )
        if connection == "history":
            page = f'object(expression: "main") {{ ... on Commit {{ {page} }} }}'
        data = ask(sandbox, shop(page))["data"]["repository"]
        found = data["object"]["history"] if connection == "history" else data[connection]
        seen += [item[node] for item in found["nodes"]]
        totals.add(found["totalCount"])
        more = found["pageInfo"]["hasNextPage"]
        after = f', after: "{found["pageInfo"]["endCursor"]}"'

    assert len(seen) == len(set(seen)) == 23
    assert totals == {23}


def test_a_deployment_keeps_its_first_success_however_old_it_is(
    world: World, sandbox: Sandbox, ask: Ask
) -> None:
    repo = world.repository("acme/shop")
    deployment = repo.deploy(
        repo.commit(at=NOON), at=NOON, statuses=[("queued", NOON), ("success", NOON + HOUR)]
    )
    repo.deploy(repo.branches["main"], "staging", at=NOON)
    repo.add_statuses(deployment, ("inactive", NOON + 2 * HOUR))

    body = ask(
        sandbox,
        shop(
            'deployments(first: 5, environments: ["production"]) { totalCount nodes { state '
            "latestStatus { state } statuses(first: 9) { nodes { state createdAt } } } }"
        ),
    )

    assert body["data"]["repository"]["deployments"] == {
        "totalCount": 1,
        "nodes": [
            {
                "state": "INACTIVE",
                "latestStatus": {"state": "INACTIVE"},
                "statuses": {
                    "nodes": [
                        {"state": "INACTIVE", "createdAt": "2026-03-04T14:00:00Z"},
                        {"state": "SUCCESS", "createdAt": "2026-03-04T13:00:00Z"},
                        {"state": "QUEUED", "createdAt": "2026-03-04T12:00:00Z"},
                    ]
                },
            }
        ],
    }


def test_deployments_are_found_by_id_and_an_unknown_id_harms_no_other(
    world: World, sandbox: Sandbox, ask: Ask
) -> None:
    repo = world.repository("acme/shop")
    ident = f"DE_{repo.deploy(repo.commit(at=NOON), at=NOON).ident}"

    body = ask(sandbox, f'{{ nodes(ids: ["{ident}", "DE_0"]) {{ id }} }}')

    assert body["data"]["nodes"] == [{"id": ident}, None]
    assert [(e["path"], e["type"]) for e in body["errors"]] == [(["nodes", 1], "NOT_FOUND")]


def test_a_tag_shows_the_taggers_date_only_where_it_is_annotated(
    world: World, sandbox: Sandbox, ask: Ask
) -> None:
    repo = world.repository("acme/shop")
    commit = repo.commit(at=NOON)
    repo.tag("light", commit)
    repo.tag("annotated", commit, tagged_at=NOON + HOUR)

    body = ask(
        sandbox,
        shop(
            'refs(refPrefix: "refs/tags/", first: 5, orderBy: {field: TAG_COMMIT_DATE, direction: '
            "DESC}) { nodes { name target { __typename "
            "... on Tag { tagger { date } target { oid } } ... on Commit { oid } } } }"
        ),
    )

    assert body["data"]["repository"]["refs"]["nodes"] == [
        {
            "name": "annotated",
            "target": {
                "__typename": "Tag",
                "tagger": {"date": "2026-03-04T13:00:00Z"},
                "target": {"oid": commit.sha},
            },
        },
        {"name": "light", "target": {"__typename": "Commit", "oid": commit.sha}},
    ]


def test_the_history_of_a_folder_has_only_commits_that_touch_it(
    world: World, sandbox: Sandbox, ask: Ask
) -> None:
    repo = world.repository("acme/shop")
    inside = repo.commit(at=NOON, files=["services/heron/app.py"])
    repo.commit(at=NOON + HOUR, files=["services/heronry/app.py"])
    repo.merge(at=NOON + 3 * HOUR, written=[NOON + 2 * HOUR], files=["README.md"])

    body = ask(
        sandbox,
        shop(
            'object(expression: "HEAD") { ... on Commit { '
            'history(first: 9, path: "services/heron/") { '
            "totalCount nodes { oid } } } }"
        ),
    )

    assert body["data"]["repository"]["object"]["history"] == {
        "totalCount": 1,
        "nodes": [{"oid": inside.sha}],
    }


@pytest.mark.parametrize("path", ["/graphql", "/api/graphql", "/repos/acme/shop"])
@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({}, id="no token"),
        pytest.param({"Authorization": "Bearer bad"}, id="a token that is no longer good"),
    ],
)
def test_nobody_is_answered_without_a_good_token(
    sandbox: Sandbox, client: httpx.Client, path: str, headers: dict[str, str]
) -> None:
    method = "POST" if path.endswith("graphql") else "GET"

    answer = client.request(method, f"{sandbox.github_url}{path}", headers=headers)

    assert answer.status_code == 401
    assert answer.json()["message"] == "Bad credentials"


def test_a_question_that_is_no_json_is_refused(sandbox: Sandbox, client: httpx.Client) -> None:
    headers = {"Authorization": "Bearer good"}

    answer = client.post(f"{sandbox.github_url}/graphql", content="?", headers=headers)

    assert answer.status_code == 400


def test_each_answer_says_how_much_of_the_limit_is_left(
    world: World, sandbox: Sandbox, client: httpx.Client
) -> None:
    world.repository("acme/shop")
    headers = {"Authorization": "token good"}

    first = client.get(f"{sandbox.github_url}/repos/acme/shop", headers=headers)
    second = client.get(f"{sandbox.enterprise_url}/repos/acme/shop", headers=headers)

    assert [a.headers["x-ratelimit-remaining"] for a in (first, second)] == ["4999", "4998"]
