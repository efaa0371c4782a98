"""What the loopback GitHub says over REST, as its description says it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import github
import httpx
import pytest

from sandbox.github.records import TokenAccess
from sandbox.server import Sandbox
from sandbox.world import World
from tests.sandbox.conftest import Validate
from tests.support.sandbox_servers import serve

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
DAY = timedelta(days=1)
TOKEN = {"Authorization": "Bearer good"}


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    world = World(NOON)
    repo = world.repository("acme/shop", former_names=("acme/stall",))
    for day in range(12):
        commit = repo.commit(at=NOON + day * DAY)
        repo.run(
            "deploy.yml", commit, at=NOON + day * DAY, conclusion=None if day == 11 else "success"
        )
        repo.run("tests.yml", commit, at=NOON + day * DAY, conclusion="failure", branch="side")
    world.repository("acme/vault", access=TokenAccess.FORBIDDEN)
    with serve(world) as sandbox:
        yield sandbox


def test_a_repository_and_its_runs_are_as_github_describes_them(
    sandbox: Sandbox, client: httpx.Client, valid_answer: Validate
) -> None:
    repository = "/repos/{owner}/{repo}"
    address = f"{sandbox.github_url}/repos/acme/shop"

    about = client.get(address, headers=TOKEN).json()
    runs = client.get(f"{address}/actions/workflows/deploy.yml/runs", headers=TOKEN).json()

    assert client.get(about["url"], headers=TOKEN).json() == about
    valid_answer("github-rest-trimmed", "get", repository, about)
    valid_answer("github-rest-trimmed", "get", f"{repository}/actions/runs", runs)


def test_the_pull_requests_of_a_commit_are_as_github_describes_them(
    client: httpx.Client, valid_answer: Validate
) -> None:
    repo = (world := World(NOON)).repository("acme/shop")
    repo.commit(at=NOON)
    pull = repo.merge(at=NOON + DAY, written=[NOON])
    with serve(world) as sandbox:
        commits = f"{sandbox.github_url}/repos/acme/shop/commits"
        shown = client.get(f"{commits}/{pull.head_sha}/pulls", headers=TOKEN).json()
        unknown = client.get(f"{commits}/{'0' * 40}/pulls", headers=TOKEN)

    assert [(each["head"]["sha"], each["merge_commit_sha"]) for each in shown] == [pull.shas]
    assert unknown.status_code == 422
    path = "/repos/{owner}/{repo}/commits/{commit_sha}/pulls"
    valid_answer("github-rest-trimmed", "get", path, shown)


def test_what_is_left_of_the_limit_is_as_github_describes_it(
    sandbox: Sandbox, client: httpx.Client, valid_answer: Validate
) -> None:
    left = client.get(f"{sandbox.github_url}/rate_limit", headers=TOKEN).json()

    valid_answer("github-rest-trimmed", "get", "/rate_limit", left)


@pytest.mark.parametrize(
    ("filters", "days"),
    [
        pytest.param({}, range(11, -1, -1), id="all, newest first"),
        pytest.param({"status": "success", "branch": "main"}, range(10, -1, -1), id="successful"),
        pytest.param({"status": "in_progress"}, [11], id="still running"),
        pytest.param({"branch": "other"}, [], id="of another branch"),
        pytest.param({"created": "2026-03-06..2026-03-07"}, [3, 2], id="created on two days"),
        pytest.param(
            {"created": ">=2026-03-14T12:00:00Z"}, [11, 10], id="created since an instant"
        ),
        pytest.param({"created": "<2026-03-05"}, [0], id="created before a day"),
    ],
)
def test_runs_are_filtered_as_asked(
    sandbox: Sandbox, client: httpx.Client, filters: dict[str, str], days: list[int]
) -> None:
    answer = client.get(
        f"{sandbox.enterprise_url}/repos/acme/shop/actions/workflows/deploy.yml/runs",
        params=filters,
        headers=TOKEN,
    ).json()

    created = [datetime.fromisoformat(run["created_at"]) for run in answer["workflow_runs"]]
    assert created == [NOON + day * DAY for day in days]
    assert answer["total_count"] == len(days)


def test_a_link_leads_from_each_page_of_runs_to_the_next(
    sandbox: Sandbox, client: httpx.Client
) -> None:
    address = f"{sandbox.github_url}/repos/acme/shop/actions/runs?per_page=10"
    seen = []

    while address:
        answer = client.get(address, headers=TOKEN)
        seen += [run["id"] for run in answer.json()["workflow_runs"]]
        address = answer.links.get("next", {}).get("url", "")

    assert len(seen) == len(set(seen)) == 24


@pytest.mark.parametrize(
    ("name", "status"),
    [
        pytest.param("acme/vault", 403, id="forbidden"),
        pytest.param("acme/nowhere", 404, id="missing"),
        pytest.param("acme/stall", 301, id="renamed"),
    ],
)
def test_a_repository_that_cannot_be_shown_says_why(
    sandbox: Sandbox, client: httpx.Client, name: str, status: int
) -> None:
    answer = client.get(f"{sandbox.github_url}/repos/{name}", headers=TOKEN)

    assert answer.status_code == status


@pytest.mark.parametrize("enterprise", [False, True], ids=["github.com", "Enterprise"])
def test_pygithub_reads_a_renamed_repository_and_its_workflow_runs(
    sandbox: Sandbox, *, enterprise: bool
) -> None:
    address = sandbox.enterprise_url if enterprise else sandbox.github_url
    with github.Github(
        base_url=address, auth=github.Auth.Token("good"), per_page=5, seconds_between_requests=0
    ) as api:
        repo = api.get_repo("acme/stall")
        runs = list(repo.get_workflow("deploy.yml").get_runs(status="success", branch="main"))

    assert repo.full_name == "acme/shop"
    assert len({run.id for run in runs}) == 11
    assert runs[-1].updated_at == NOON + timedelta(minutes=6)
