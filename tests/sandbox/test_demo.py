"""The demonstration's world holds every case worth seeing, and its configuration fits it."""

from bisect import bisect
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import httpx
import pytest
import yaml

from sandbox.demo.boards import PROJECT_IDS
from sandbox.demo.calendar import CLOSURE, LONDON, SPRINTS, Calendar
from sandbox.demo.config import demo_config
from sandbox.demo.releases import BROKEN, PUT_OFF, WORKFLOW
from sandbox.demo.world import demo_world
from sandbox.github.records import TokenAccess
from sandbox.people import CAST, DEPENDABOT, TITLES, personal_strings
from sandbox.server import Sandbox
from sandbox.world import World
from tests.sandbox.conftest import BASIC, NOVEMBER
from tests.support.sandbox_servers import serve

MAY = datetime(2026, 5, 30, 9, 30, tzinfo=UTC)
PRODUCTION = "production"
HERE = "http://127.0.0.1:1"


@pytest.fixture(scope="module")
def world() -> World:
    return demo_world(NOVEMBER)


@pytest.fixture(scope="module")
def config() -> dict[str, Any]:
    files = demo_config(NOVEMBER, data_center_url=f"{HERE}/jira/legacy", github_url=HERE)
    return {name: yaml.safe_load(text) for name, text in files.items()}


def test_the_same_moment_gives_the_same_world() -> None:
    first, second = demo_world(NOVEMBER), demo_world(NOVEMBER)

    for name, repo in first.repositories.items():
        assert repo.commits == second.repositories[name].commits
        assert repo.deployments == second.repositories[name].deployments
    for name, site in first.sites.items():
        assert site.issues == second.sites[name].issues


def test_there_are_thirteen_fortnights_and_the_last_one_holds_now() -> None:
    calendar = Calendar(NOVEMBER)
    mondays = [calendar.monday(sprint) for sprint in range(SPRINTS + 1)]

    assert {second - first for first, second in pairwise(mondays)} == {timedelta(days=14)}
    assert {day.isoweekday() for day in mondays} == {1}
    assert mondays[-2] <= calendar.today < mondays[-1]


@pytest.mark.parametrize(
    ("now", "changes"),
    [
        pytest.param(NOVEMBER, date(2026, 10, 25), id="summer time ends"),
        pytest.param(MAY, date(2026, 3, 29), id="summer time begins"),
    ],
)
def test_the_fortnights_cross_a_change_of_the_clocks(now: datetime, changes: date) -> None:
    calendar = Calendar(now)

    crossed = [n for n in range(SPRINTS) if calendar.monday(n) <= changes < calendar.monday(n + 1)]

    (sprint,) = crossed
    assert calendar.at(sprint + 1) - calendar.at(sprint) != timedelta(days=14)


@pytest.mark.parametrize("now", [NOVEMBER, MAY], ids=["November", "May"])
def test_nothing_is_in_the_future(now: datetime) -> None:
    world = demo_world(now)

    said = [
        at
        for repo in world.repositories.values()
        for at in (
            *(c.committed_at for c in repo.commits.values()),
            *(at for d in repo.deployments for _, at in d.statuses),
            *(r.finished_at for r in repo.runs),
            *(r.created_at for r in repo.releases),
        )
    ]
    said += [issue.updated for site in world.sites.values() for issue in site.issues.values()]
    assert max(said) <= now


def test_heron_has_superseded_late_repeated_and_rolled_back_deployments(world: World) -> None:
    repo = world.repositories["example-health/booking-web"]
    deployed = [d for d in repo.deployments if d.environment == PRODUCTION]
    successes = [
        (min(at for state, at in d.statuses if state == "success"), d)
        for d in deployed
        if "success" in {state for state, _ in d.statuses}
    ]
    order = [d.sha for _, d in sorted(successes, key=lambda pair: pair[0])]

    assert sum(d.statuses[-1][0] == "inactive" for d in deployed) > len(deployed) / 2
    assert any(at - d.created_at > timedelta(days=2) for at, d in successes)
    assert any(first == second for first, second in pairwise(order))
    assert any(
        second != first and second in repo.history(first) for first, second in pairwise(order)
    )
    assert any(states[-1][0] == "failure" for states in (d.statuses for d in deployed))


def test_avocet_merged_a_branch_long_after_its_commits_were_written(world: World) -> None:
    repo = world.repositories["example-health/letters"]

    waits = [
        pull.merged_at - repo.commits[pull.shas[0]].committed_at
        for pull in repo.pull_requests.values()
        if pull.merged_at
    ]

    assert max(waits) > timedelta(days=70)
    assert {tag.tagged_at is None for tag in repo.tags.values()} == {True, False}


def test_the_forbidden_the_missing_and_the_renamed_repository_are_configured(
    world: World, config: dict[str, Any]
) -> None:
    named = {r["name"] for team in config["teams.yaml"]["teams"] for r in team["repositories"]}
    found = {name: world.find_repository(name) for name in named}

    assert [name for name, repo in found.items() if repo is None] == [
        "example-health/style-guide-old"
    ]
    assert [name for name, repo in found.items() if repo and repo.name != name] == [
        "example-health/waiting-list"
    ]
    assert [r.name for r in found.values() if r and r.access is TokenAccess.FORBIDDEN] == [
        "example-health/directory-private"
    ]


def test_gannets_configured_environment_is_none_of_those_deployed_to(
    world: World, config: dict[str, Any]
) -> None:
    (gannet,) = (t for t in config["teams.yaml"]["teams"] if t["id"] == "gannet")
    asked = gannet["repositories"][0]["production"]["environments"]

    used = {d.environment for d in world.repositories["example-health/referrals"].deployments}

    assert used
    assert not used & set(asked)


def test_fulmar_has_a_sprint_of_bots_only_and_one_of_reverts_only(world: World) -> None:
    repo = world.repositories["example-health/reminders"]
    calendar = Calendar(NOVEMBER)

    def titles(sprint: int) -> set[str]:
        begin, end = calendar.at(sprint, 0, 0), calendar.at(sprint + 1, 0, 0)
        return {
            "bot" if pull.author is DEPENDABOT else pull.title.partition(" ")[0]
            for pull in repo.pull_requests.values()
            if pull.merged_at and begin <= pull.merged_at < end
        }

    assert titles(2) == {"bot"}
    assert titles(9) == {"bot", "Revert"}


def test_kestrels_workflow_released_only_one_change_of_one_sprint(world: World) -> None:
    runs = world.repositories["example-health/results-service"].runs
    calendar = Calendar(NOVEMBER)

    def released(sprint: int) -> set[str]:
        begin, end = calendar.at(sprint), calendar.at(sprint + 1)
        of_sprint = [r for r in runs if r.workflow == WORKFLOW and begin <= r.created_at < end]
        assert {r.conclusion for r in of_sprint} == {"success", "failure"}
        return {r.sha for r in of_sprint if r.conclusion == "success"}

    assert len(released(BROKEN)) == 1
    assert len(released(BROKEN - 1)) > 1
    (next_one, *_) = (r for r in runs if r.created_at >= calendar.at(BROKEN + 1))
    assert (next_one.workflow, next_one.conclusion) == (WORKFLOW, "success")


def test_linnet_put_one_release_off(world: World) -> None:
    calendar = Calendar(NOVEMBER)

    tags = world.repositories["example-health/formulary"].tags

    assert f"v{PUT_OFF + 3}" in tags
    assert f"v{PUT_OFF + 4}" not in tags
    assert f"v{PUT_OFF + 5}" in tags
    assert calendar.at(BROKEN + 1) <= NOVEMBER


def test_every_project_has_open_tickets_of_all_ages_and_the_kinds_that_the_mix_knows(
    world: World,
) -> None:
    issues = [i for site in world.sites.values() for i in site.issues.values()]
    for key in PROJECT_IDS:
        own = [i for i in issues if i.project.key == key]
        waiting = [i for i in own if i.status.category != "done"]
        ages = {bisect((7, 28, 91), (NOVEMBER - i.created).days) for i in waiting}
        done = {label for i in own if i.status.category == "done" for label in (*i.labels, i.type)}

        assert {i.status.category for i in waiting} == {"new", "indeterminate"}
        assert len(ages) >= 3
        assert done >= {"feature", "Bug", "operability", "tech-debt"}


def test_retro_actions_of_heron_are_completed_open_and_decided_against(world: World) -> None:
    issues = world.sites["jira"].issues.values()
    own = [i for i in issues if i.project.key == "HER" and "retro-action" in i.labels]

    assert {i.resolution for i in own} == {"Done", "Won't Do", ""}
    assert [i.key for i in own if "needs-other-team" in i.labels and i.status.category == "new"]


def test_heron_links_what_it_heard_and_blocks_and_is_blocked_by_kestrel(
    world: World, config: dict[str, Any]
) -> None:
    issues = world.sites["jira"].issues.values()
    links = [link for i in issues if i.project.key == "HER" for link in i.links]

    kinds = {(link.type, link.outward, link.other.project.key) for link in links}
    assert kinds >= {
        ("Feedback", True, "FBK"),
        ("Blocks", True, "KES"),
        ("Blocks", False, "KES"),
        ("Relates", True, "KES"),
    }
    assert config["hearten.yaml"]["feedback_links"] == ["Feedback"]
    assert not any(t.get("jira", {}).get("project") == "FBK" for t in config["teams.yaml"]["teams"])


@pytest.mark.parametrize("now", [NOVEMBER, MAY], ids=["November", "May"])
def test_one_30_day_action_is_due_soon_one_is_past_its_day_and_others_are_done(
    now: datetime,
) -> None:
    issues = demo_world(now).sites["jira"].issues.values()
    agreed = [i for i in issues if "30-day-action" in i.labels]

    waiting = sorted((i.due - now.date()).days for i in agreed if i.due and not i.resolution)
    assert waiting == [-1, 5]
    assert all(i.due for i in agreed)
    assert len(agreed) > len(waiting)


def test_a_query_and_a_retro_action_have_a_place(config: dict[str, Any]) -> None:
    product = config["hearten.yaml"]["product"]

    assert product["query_url"].startswith(f"{HERE}/")
    assert product["support_url"].startswith(f"{HERE}/")
    for team in config["teams.yaml"]["teams"]:
        assert "jira" not in team or team["jira"].keys() >= {"project_id", "issue_type_id"}


def test_nearly_all_working_days_of_one_sprint_are_closed(config: dict[str, Any]) -> None:
    (closure,) = config["hearten.yaml"]["closures"]
    first = Calendar(NOVEMBER).monday(CLOSURE)

    closed = [first + timedelta(days=n) for n in range(14)]

    working = [d for d in closed if d.isoweekday() <= 5]
    assert sum(closure["from"] <= d <= closure["to"] for d in working) > len(working) / 2


def test_a_ticket_of_heron_was_done_twice_and_others_of_wren_are_left_out(world: World) -> None:
    issues = world.sites["jira"].issues.values()

    def done(key: str) -> list[int]:
        return [
            sum(
                item.shown_after == "Done" and item.field == "status"
                for h in i.histories
                for item in h.items
            )
            for i in issues
            if i.project.key == key
        ]

    wren = [issue for issue in issues if issue.project.key == "WRE"]
    assert max(done("HER")) == 2
    assert {"Won't Do", "Won’t Fix", "Duplicate"} <= {issue.resolution for issue in wren}
    assert any(issue.sub_task for issue in wren)
    assert any(issue.type == "Epic" for issue in wren)


def test_one_board_closed_a_sprint_late_and_another_had_two_at_once(world: World) -> None:
    boards = world.sites["jira"].boards
    late = [s.completed - s.end for s in boards[43].sprints if s.completed and s.end]
    starts = sorted(s.activated for s in boards[45].sprints if s.activated)
    lasted = [s.completed - s.activated for s in boards[45].sprints if s.completed and s.activated]

    assert max(late) > timedelta(days=4)
    assert min(second - first for first, second in pairwise(starts)) < timedelta(days=1)
    assert min(lasted) == timedelta(minutes=20)


def test_curlew_finished_tickets_in_the_last_local_minute_of_a_fortnight(world: World) -> None:
    moved = [
        h.at.astimezone(LONDON)
        for issue in world.sites["jira"].issues.values()
        if issue.project.key == "CUR"
        for h in issue.histories
    ]

    assert {(0, 1), (23, 59)} <= {(at.hour, at.minute) for at in moved}
    assert world.sites["jira"].boards[51].kind == "kanban"


def test_twelve_teams_use_all_five_kinds_of_evidence(config: dict[str, Any]) -> None:
    teams = config["teams.yaml"]["teams"]
    kinds = {r["production"]["evidence"] for team in teams for r in team["repositories"]}

    assert len({team["id"] for team in teams}) == 12
    assert kinds == {"merge", "deployment", "release", "tag", "workflow"}


def test_every_configured_project_and_board_is_on_its_site(
    world: World, config: dict[str, Any]
) -> None:
    for team in config["teams.yaml"]["teams"]:
        jira = team.get("jira")
        if jira is None:
            assert team["not_applicable"]["tickets-done"]
            continue
        site = world.sites[jira.get("site", "jira")]
        assert jira["project"] in site.projects
        assert ("board" in jira) == (team["sprints"]["from"] == "board")
        assert jira.get("board") is None or jira["board"] in site.boards


def test_the_higher_target_begins_with_a_sprint_and_was_consulted_on_long_enough(
    config: dict[str, Any],
) -> None:
    (ratchet,) = (
        version
        for target in config["targets.yaml"]["targets"]
        for version in target["versions"]
        if version["minimum"] == 2
    )

    assert ratchet["effective_from"] == Calendar(NOVEMBER).monday(7)
    assert ratchet["consultation_closes"] - ratchet["proposed_on"] >= timedelta(days=28)


def test_people_and_what_they_wrote_are_in_answers_so_that_a_search_for_leaks_means_something(
    client: httpx.Client, world: World, ask: Callable[[Sandbox, str], Any]
) -> None:
    history = "history(first: 9) { nodes { messageHeadline author { name email user { login } } } }"
    jql = {"jql": "project = HER", "fields": "summary,assignee"}

    with serve(world) as sandbox:
        question = (
            '{ repository(owner: "example-health", name: "letters") '
            f"{{ defaultBranchRef {{ target {{ ... on Commit {{ {history} }} }} }} }} }}"
        )
        said = str(ask(sandbox, question))
        address = f"{sandbox.jira_url()}/rest/api/3/search/jql"
        said += client.get(address, params=jql, auth=BASIC).text

    assert sum(string in said for string in personal_strings()) > len(personal_strings()) / 2


def test_the_invented_people_and_their_words_are_known_to_those_who_search_for_leaks() -> None:
    strings = personal_strings()

    assert {CAST[0].name, CAST[0].login, CAST[0].email, TITLES[0]} <= set(strings)
    assert "" not in strings
