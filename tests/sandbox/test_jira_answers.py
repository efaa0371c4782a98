"""What the loopback Jira says, on Cloud and on Data Center."""

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import jira
import pytest

from sandbox.server import Sandbox
from sandbox.world import World
from tests.sandbox.conftest import BASIC, Validate
from tests.support.sandbox_servers import serve

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
BEARER = {"Authorization": "Bearer good"}


@pytest.fixture(scope="module")
def world() -> World:
    world = World(NOON)
    for site in (
        world.site("jira", time_zone="America/New_York"),
        world.site("legacy", cloud=False, time_zone="America/New_York"),
    ):
        for number in range(1, 121):
            site.issue(
                f"HER-{number}",
                created=NOON + number * HOUR,
                moves=[(NOON + number * HOUR + HOUR, "In Progress"), (NOON + 200 * HOUR, "Done")],
                resolution="Done",
                labels=["web"] if number % 2 else [],
                components=["front end"] if number == 7 else [],
            )
        site.project("SEC", readable=False)
        site.board(42, "HER")
        site.board(43, "HER", kind="kanban")
        site.board(44, "HER", readable=False)
        site.sprint(
            42,
            "Her 1",
            start=NOON,
            end=NOON + 200 * HOUR,
            activated=NOON + HOUR,
            completed=NOON + 201 * HOUR,
        )
        site.sprint(42, "Later")
    return world


@pytest.fixture(scope="module")
def sandbox(world: World) -> Iterator[Sandbox]:
    with serve(world) as sandbox:
        yield sandbox


@pytest.fixture
def cloud(sandbox: Sandbox) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=sandbox.jira_url("jira"), auth=BASIC, verify=False) as client:
        yield client


@pytest.fixture
def data_center(sandbox: Sandbox) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=sandbox.jira_url("legacy"), headers=BEARER, verify=False) as client:
        yield client


def test_a_walk_by_tokens_finds_every_issue_once(cloud: httpx.Client) -> None:
    asked: dict[str, Any] = {"jql": "project = HER", "fields": "updated", "maxResults": 100}
    keys, last = [], False

    while not last:
        page = cloud.get("/rest/api/3/search/jql", params=asked).json()
        keys += [issue["key"] for issue in page["issues"]]
        last = page["isLast"]
        asked["nextPageToken"] = page.get("nextPageToken", "")

    assert len(keys) == len(set(keys)) == 120
    assert asked["nextPageToken"] == ""


def test_the_search_of_cloud_gives_ids_only_and_no_total_unless_fields_are_named(
    cloud: httpx.Client,
) -> None:
    bare = cloud.post("/rest/api/3/search/jql", json={"jql": "project = HER"}).json()
    many = cloud.post(
        "/rest/api/3/search/jql",
        json={"jql": "project = HER", "fields": ["status"], "maxResults": 1000},
    ).json()

    assert bare.keys() == {"issues", "isLast", "nextPageToken"}
    assert [issue.keys() for issue in bare["issues"]] == [{"id"}] * 50
    assert len(many["issues"]) == 100


@pytest.mark.parametrize(
    ("jql", "keys"),
    [
        pytest.param('project = "HER" AND component = "front end"', ["HER-7"], id="a component"),
        pytest.param(
            "(project = her) AND labels = web AND component = 'front end'",
            ["HER-7"],
            id="in brackets, with a label",
        ),
        pytest.param("project = HER AND labels = printing", [], id="nothing"),
        pytest.param(
            'project = HER AND (labels = printing OR component = "front end")',
            ["HER-7"],
            id="one or the other",
        ),
        pytest.param(
            'project = HER AND component = "front end" AND updated >= "2026-03-12 16:00"',
            ["HER-7"],
            id="updated at that minute of New York",
        ),
        pytest.param(
            'project = HER AND component = "front end" AND updated >= "2026-03-12 16:01"',
            [],
            id="updated a minute before",
        ),
    ],
)
def test_the_conditions_of_jql_hold_together(
    cloud: httpx.Client, jql: str, keys: list[str]
) -> None:
    page = cloud.get("/rest/api/3/search/jql", params={"jql": jql, "fields": "key,status"}).json()

    assert [issue["key"] for issue in page["issues"]] == keys


@pytest.mark.parametrize(
    ("order", "first"),
    [
        pytest.param("", "HER-120", id="newest first"),
        pytest.param(" ORDER BY created", "HER-1", id="oldest first"),
        pytest.param(" order by key DESC", "HER-120", id="by key, downwards"),
    ],
)
def test_jql_orders_what_it_finds(cloud: httpx.Client, order: str, first: str) -> None:
    jql = f"project = HER{order}"

    page = cloud.get("/rest/api/3/search/jql", params={"jql": jql, "fields": "status"}).json()

    assert page["issues"][0]["key"] == first


@pytest.mark.parametrize(
    "jql",
    [
        pytest.param("", id="no bound"),
        pytest.param("project = NOWHERE", id="no such project"),
        pytest.param("project = SEC", id="a project that may not be seen"),
        pytest.param("assignee = someone", id="more than the sandbox knows"),
        pytest.param("project = HER OR", id="an OR without its other side"),
        pytest.param("(project = HER", id="an open bracket"),
        pytest.param('project = HER AND updated >= "yesterday"', id="no date"),
    ],
)
def test_jql_that_is_not_understood_is_refused_with_a_reason(cloud: httpx.Client, jql: str) -> None:
    answer = cloud.get("/rest/api/3/search/jql", params={"jql": jql})

    assert answer.status_code == 400
    assert answer.json()["errorMessages"]


def test_a_page_token_of_another_question_is_refused(cloud: httpx.Client) -> None:
    page = cloud.get("/rest/api/3/search/jql", params={"jql": "project = HER"}).json()

    answer = cloud.get(
        "/rest/api/3/search/jql",
        params={"jql": "labels = web", "nextPageToken": page["nextPageToken"]},
    )

    assert answer.status_code == 400


@pytest.mark.parametrize("version", ["2", "3"])
def test_the_old_search_of_cloud_is_gone(cloud: httpx.Client, version: str) -> None:
    assert cloud.get(f"/rest/api/{version}/search", params={"jql": "x"}).status_code == 410


def test_bulk_changes_are_those_of_the_fields_asked_for_in_epoch_milliseconds(
    cloud: httpx.Client,
) -> None:
    asked: dict[str, Any] = {
        "issueIdsOrKeys": ["HER-1", "HER-2", "NO-1"],
        "fieldIds": ["status"],
        "maxResults": 3,
    }

    first = cloud.post("/rest/api/3/changelog/bulkfetch", json=asked).json()
    asked["nextPageToken"] = first["nextPageToken"]
    second = cloud.post("/rest/api/3/changelog/bulkfetch", json=asked).json()

    changes = [
        (log["issueId"], change["created"], [item["toString"] for item in change["items"]])
        for page in (first, second)
        for log in page["issueChangeLogs"]
        for change in log["changeHistories"]
    ]
    assert len({issue for issue, _, _ in changes}) == 2
    assert sorted(moves for _, _, moves in changes) == [["Done"]] * 2 + [["In Progress"]] * 2
    assert changes[0][1] == (NOON + 2 * HOUR).timestamp() * 1000
    assert "nextPageToken" not in second


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param("status,labels", id="with a comma"),
        pytest.param(["status", "labels"], id="one by one"),
    ],
)
def test_fields_may_be_named_in_either_way(
    data_center: httpx.Client, fields: str | list[str]
) -> None:
    asked = {"jql": "project = HER", "fields": fields}

    page = data_center.get("/rest/api/2/search", params=asked).json()

    assert page["issues"][0]["fields"].keys() == {"status", "labels"}


def test_data_center_gives_totals_offsets_and_whole_change_logs(data_center: httpx.Client) -> None:
    asked: dict[str, str | int] = {
        "jql": "project = HER ORDER BY key",
        "startAt": 118,
        "expand": "changelog",
    }

    page = data_center.get("/rest/api/2/search", params=asked).json()

    assert (page["startAt"], page["total"]) == (118, 120)
    assert [issue["key"] for issue in page["issues"]] == ["HER-119", "HER-120"]
    log = page["issues"][0]["changelog"]
    assert log["total"] == len(log["histories"]) == 3
    assert log["histories"][-1]["created"] == "2026-03-12T16:00:00.000-0400"


@pytest.mark.parametrize(
    ("site", "headers"),
    [
        pytest.param("jira", {}, id="Cloud without credentials"),
        pytest.param("jira", BEARER, id="Cloud with a bearer token"),
        pytest.param("legacy", {}, id="Data Center without a token"),
        pytest.param("legacy", {"Authorization": "Bearer bad"}, id="Data Center with a bad token"),
    ],
)
def test_a_site_answers_only_those_who_give_what_it_takes(
    sandbox: Sandbox, client: httpx.Client, site: str, headers: dict[str, str]
) -> None:
    answer = client.get(f"{sandbox.jira_url(site)}/rest/api/2/myself", headers=headers)

    assert answer.status_code == 401


@pytest.mark.parametrize(("site", "kind"), [("jira", "Cloud"), ("legacy", "Server")])
def test_a_site_tells_anybody_what_it_is(
    sandbox: Sandbox, client: httpx.Client, site: str, kind: str
) -> None:
    answer = client.get(f"{sandbox.jira_url(site)}/rest/api/2/serverInfo").json()

    assert answer["deploymentType"] == kind


def test_a_deleted_status_is_known_from_change_logs_only(world: World, cloud: httpx.Client) -> None:
    old = world.sites["jira"].status("Signed off", "done", listed=False)

    every = cloud.get("/rest/api/3/status").json()

    assert old.ident not in {status["id"] for status in every}
    assert cloud.get(f"/rest/api/3/status/{old.ident}").status_code == 404
    assert cloud.get(f"/rest/api/3/status/{every[0]['id']}").json() == every[0]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        pytest.param("board/9/sprint", 404, id="a board that is not there"),
        pytest.param("board/44/sprint", 403, id="a board that may not be seen"),
        pytest.param("board/43/sprint", 400, id="a Kanban board"),
        pytest.param("sprint/9", 404, id="a sprint that is not there"),
    ],
)
def test_sprints_that_cannot_be_shown_say_why(cloud: httpx.Client, path: str, status: int) -> None:
    assert cloud.get(f"/rest/agile/1.0/{path}").status_code == status


def test_a_sprint_starts_when_it_was_activated_said_by_each_kind_of_site_in_its_way(
    cloud: httpx.Client, data_center: httpx.Client
) -> None:
    asked = {"state": "closed"}

    (on_cloud,) = cloud.get("/rest/agile/1.0/board/42/sprint", params=asked).json()["values"]
    (elsewhere,) = data_center.get("/rest/agile/1.0/board/42/sprint", params=asked).json()["values"]

    assert on_cloud["startDate"] == "2026-03-04T13:00:00.000Z"
    assert elsewhere["startDate"] == "2026-03-04T07:00:00.000-05:00"
    assert elsewhere["activatedDate"] == "2026-03-04T08:00:00.000-05:00"


@pytest.mark.parametrize(
    "path", ["/rest/api/3/status", "/rest/api/3/serverInfo", "/rest/api/3/myself"]
)
def test_what_cloud_says_of_itself_is_as_described(
    cloud: httpx.Client, valid_answer: Validate, path: str
) -> None:
    valid_answer("jira-platform-v3", "get", path, cloud.get(path).json())


def test_the_search_and_the_changes_of_cloud_are_as_described(
    cloud: httpx.Client, valid_answer: Validate
) -> None:
    search, changes = "/rest/api/3/search/jql", "/rest/api/3/changelog/bulkfetch"

    found = cloud.get(search, params={"jql": "project = HER", "fields": "*all"}).json()
    changed = cloud.post(changes, json={"issueIdsOrKeys": ["HER-1"]}).json()

    valid_answer("jira-platform-v3", "get", search, found)
    for change in changed["issueChangeLogs"][0]["changeHistories"]:
        # The description says text and knows no null; its own example, and the service, differ.
        change["created"] = str(change["created"])
        change["items"] = [{k: v for k, v in i.items() if v is not None} for i in change["items"]]
    valid_answer("jira-platform-v3", "post", changes, changed)


def test_cloud_counts_what_a_search_would_find(cloud: httpx.Client, valid_answer: Validate) -> None:
    path = "/rest/api/3/search/approximate-count"

    counted = cloud.post(path, json={"jql": "project = HER"}).json()

    assert counted == {"count": 120}
    valid_answer("jira-platform-v3", "post", path, counted)


def test_issues_and_a_project_of_cloud_are_as_described_by_their_ids(
    cloud: httpx.Client, valid_answer: Validate
) -> None:
    path, project = "/rest/api/3/issue/bulkfetch", "/rest/api/3/project/{projectIdOrKey}"
    asked = {"issueIdsOrKeys": ["HER-1", "HER-999"], "fields": ["status", "project"]}

    found = cloud.post(path, json=asked).json()
    shown = cloud.get("/rest/api/3/project/HER").json()

    assert [issue["key"] for issue in found["issues"]] == ["HER-1"]
    assert shown["id"] == found["issues"][0]["fields"]["project"]["id"]
    assert cloud.get("/rest/api/3/project/SEC").status_code == 404
    valid_answer("jira-platform-v3", "post", path, found)
    valid_answer("jira-platform-v3", "get", project, shown)


def test_data_center_shows_an_archived_issue_by_its_id_alone(world: World) -> None:
    site = world.site("archive", cloud=False)
    kept, archived = (site.issue(f"OLD-{number}", created=NOON) for number in (1, 2))
    archived.archived = NOON + HOUR
    ids = f"id in ({kept.ident}, {archived.ident})"
    gone = {"jql": f"id in ({kept.ident}, 1)"}
    with (
        serve(world) as sandbox,
        httpx.Client(base_url=sandbox.jira_url("archive"), headers=BEARER) as client,
    ):
        listed = client.get("/rest/api/2/search", params={"jql": ids}).json()
        alone = client.get(f"/rest/api/2/issue/{archived.ident}").json()
        refused = client.get("/rest/api/2/search", params=gone)
        warned = client.get("/rest/api/2/search", params={**gone, "validateQuery": "false"}).json()

    assert [issue["key"] for issue in listed["issues"]] == ["OLD-1"]
    assert alone["fields"]["archiveddate"]
    assert (refused.status_code, warned["total"]) == (400, 0)


def test_boards_and_sprints_of_cloud_are_as_described(
    cloud: httpx.Client, valid_answer: Validate, example_of: Callable[[str, str], Any]
) -> None:
    board, sprints = "/rest/agile/1.0/board/{boardId}", "/rest/agile/1.0/board/{boardId}/sprint"

    shown = cloud.get("/rest/agile/1.0/board/42").json()
    listed = cloud.get("/rest/agile/1.0/board/42/sprint").json()

    valid_answer("jira-software", "get", board, shown)
    assert shown == cloud.get(shown["self"]).json()
    example = example_of("jira-software", sprints)
    assert listed.keys() == example.keys()
    assert listed["values"][0].keys() == example["values"][0].keys()
    assert listed["values"][1].keys() - {"originBoardId"} == example["values"][1].keys()


def test_the_jira_client_reads_boards_sprints_and_statuses_of_cloud(sandbox: Sandbox) -> None:
    with closing(
        jira.JIRA(sandbox.jira_url("jira"), basic_auth=BASIC, timeout=5, max_retries=0)
    ) as api:
        sprints = api.sprints(42)
        categories = {status.name: status.statusCategory.key for status in api.statuses()}
        issues = api.enhanced_search_issues("project = HER", maxResults=10, fields="status")

    assert [sprint.state for sprint in sprints] == ["closed", "future"]
    assert categories["Done"] == "done"
    assert len(issues) == 10


def test_the_jira_client_searches_data_center(sandbox: Sandbox) -> None:
    with closing(
        jira.JIRA(sandbox.jira_url("legacy"), token_auth="good", timeout=5, max_retries=0)
    ) as api:
        issues = api.search_issues(
            "project = HER", maxResults=100, startAt=100, expand="changelog", json_result=True
        )

    assert isinstance(issues, dict)
    assert len(issues["issues"]) == 20
