"""A team's retrospective: what became of its actions, four questions, and links to Jira."""

from dataclasses import replace

import pytest
from fastapi.testclient import TestClient

from api.pages.presenters.retro import retro
from evaluator.model.facts import Ticket
from evaluator.model.product import Product
from evaluator.model.ticket_labels import TicketLabels
from evaluator.retro_actions import retro_actions
from sandbox.demo.boards import PROJECT_IDS
from tests.evaluator.builders import PLAN, SPRINT_A, SPRINT_B, TEAM, at, moved, ticket
from tests.pages.html import Page

NOW = at("2026-03-23 09:10")
NO_ACTIONS = retro_actions(TEAM, PLAN, [], [], NOW)


def test_the_retrospective_asks_its_four_questions_in_order(browser: TestClient) -> None:
    page = Page(browser.get("/teams/heron/retro").text)

    asked = [e.text for e in page.all("h3")]
    assert asked[-4:] == ["Discover", "Dream", "Design", "Destiny"]


def test_a_retro_action_is_a_ticket_of_the_teams_project_with_its_label(
    browser: TestClient,
) -> None:
    page = Page(browser.get("/teams/heron/retro").text)

    hrefs = [e.attributes["href"] for e in page.all("a") if e.text.endswith("action in Jira")]
    assert len(hrefs) == 2
    for href in hrefs:
        assert f"/secure/CreateIssueDetails!init.jspa?pid={PROJECT_IDS['HER']}&issuetype=" in href
        assert "&labels=retro-action&summary=Retro%20of%20sprint%20Her%2013%3A%20" in href
    assert "Jira opens with the label retro-action" in " ".join(page.words.split())


def test_the_links_to_the_two_retro_actions_can_be_told_apart(browser: TestClient) -> None:
    page = Page(browser.get("/teams/heron/retro").text)

    assert [e.text for e in page.all("a") if e.text.endswith("action in Jira")] == [
        "Create the first action in Jira",
        "Create the second action in Jira",
    ]


@pytest.mark.parametrize(
    ("now", "about"),
    [
        ("2026-03-13", "sprint%203%20to%2016%20March%202026"),  # the last Friday
        ("2026-03-20", "sprint%203%20to%2016%20March%202026"),
        ("2026-03-27", "sprint%2017%20to%2030%20March%202026"),
    ],
)
def test_a_retro_action_names_the_sprint_whose_end_is_nearest(now: str, about: str) -> None:
    team = replace(TEAM, jira=(replace(TEAM.jira[0], project_id=10000, issue_type_id=10001),))

    found = retro(team, PLAN, retro_actions(team, PLAN, [], [SPRINT_B, SPRINT_A], at(now)))

    assert found.create_href == (
        "https://jira.example/secure/CreateIssueDetails!init.jspa"
        f"?pid=10000&issuetype=10001&labels=retro-action&summary=Retro%20of%20{about}%3A%20"
    )
    assert found.filled_in


def test_without_the_numbers_that_jira_wants_nothing_is_said_to_be_filled_in() -> None:
    found = retro(TEAM, PLAN, NO_ACTIONS)

    assert found.create_href == "https://jira.example/secure/CreateIssue!default.jspa"
    assert not found.filled_in


def test_an_address_that_names_no_number_needs_none() -> None:
    product = Product(retro_action_url="{site}/new?in={project}&labels={label}&summary={summary}")

    found = retro(TEAM, replace(PLAN, product=product), NO_ACTIONS)

    assert found.create_href == (
        "https://jira.example/new?in=HER&labels=retro-action&summary=Retro%20of%20team%20Heron%3A%20"
    )
    assert found.filled_in


def test_a_team_without_jira_is_told_where_actions_go(browser: TestClient) -> None:
    assert "This team has no Jira project set up" in browser.get("/teams/knot/retro").text


def action(key: str, *moves: object, made: str, labels: tuple[str, ...] = ()) -> Ticket:
    named = ("retro-action", *labels)
    return ticket(key, *moves, created=at(made), labels=named)  # type: ignore[arg-type]


def test_open_actions_say_their_age_what_they_need_and_whether_they_could_be_split() -> None:
    of_old = [
        replace(SPRINT_A, id=str(n), start=at(f"2026-0{n}-01"), end=at(f"2026-0{n}-14"))
        for n in (1, 2)
    ]
    found = retro(
        TEAM,
        PLAN,
        retro_actions(
            TEAM,
            PLAN,
            [
                action("HER-1", made="2026-03-18"),
                action("HER-2", made="2026-03-04", labels=("needs-other-team",)),
                action("HER-3", made="2026-01-20"),
                action("HER-4", made="2025-12-20"),
            ],
            [*of_old, SPRINT_A, SPRINT_B],
            NOW,
        ),
    )

    assert [(a.text, a.href) for a in found.open.items][:1] == [
        ("Ticket HER-4", "https://jira.example/browse/HER-4")
    ]
    assert [a.note for a in found.open.items] == [
        "3 sprints or more",
        "2 sprints",
        "1 sprint, needs another team",
        "new in this sprint",
    ]


def test_what_is_open_for_more_than_three_sprints_may_be_split() -> None:
    sprints = [
        replace(SPRINT_A, id=str(n), start=at(f"2026-03-0{n}"), end=at(f"2026-03-0{n + 1}"))
        for n in range(1, 6)
    ]
    tickets = [action(f"HER-{n}", made=f"2026-03-0{n}") for n in (1, 2)]

    found = retro(TEAM, PLAN, retro_actions(TEAM, PLAN, tickets, sprints, NOW))

    assert [a.note for a in found.open.items] == ["4 sprints, perhaps worth splitting", "3 sprints"]


def test_what_moved_to_done_and_what_was_decided_against_say_their_day() -> None:
    done = action("HER-1", moved("2026-03-20"), made="2026-03-04")
    dropped = replace(
        action("HER-2", moved("2026-03-21"), made="2026-03-04"), resolution="Won't Do"
    )

    found = retro(TEAM, PLAN, retro_actions(TEAM, PLAN, [done, dropped], [SPRINT_A, SPRINT_B], NOW))

    assert found.completed.says == "1 retro action moved to Done since 3 March 2026."
    assert [(a.text, a.happened, a.when and a.when.words) for a in found.completed.items] == [
        ("Ticket HER-1", "moved to Done on", "20 March 2026")
    ]
    assert [(a.text, a.happened, a.when and a.when.words) for a in found.declined.items] == [
        ("Ticket HER-2", "decided on", "21 March 2026")
    ]


def test_a_long_list_shows_the_oldest_and_says_how_many_more_there_are() -> None:
    tickets = [action(f"HER-{n:02}", made="2026-03-04") for n in range(12)]

    found = retro(TEAM, PLAN, retro_actions(TEAM, PLAN, tickets, [SPRINT_A], NOW))

    assert (found.open.says, len(found.open.items), found.open.more) == (
        "12 retro actions that we have read are open.",
        10,
        "2 more are in Jira",
    )


def test_the_page_says_what_the_organisation_calls_its_label() -> None:
    plan = replace(PLAN, labels=TicketLabels(retro_action="Try-This"))
    tried = ticket("HER-1", labels=("try-this",))

    found = retro(TEAM, plan, retro_actions(TEAM, plan, [tried], [SPRINT_A], NOW))

    assert (found.label, [a.text for a in found.open.items]) == ("Try-This", ["Ticket HER-1"])


def test_what_was_completed_stands_before_what_is_open(browser: TestClient) -> None:
    page = Page(browser.get("/teams/heron/retro").text)

    heads = [e.text for e in page.all("h2", "h3")]
    assert heads.index("Retro actions") == heads.index("What next") + 1
    after = heads[heads.index("Retro actions") + 1 :]
    assert after[:2] == ["Completed since the last sprint", "Open, the oldest first"]
    assert not page.all("form", "input", "button")


def test_what_became_of_a_teams_actions_is_on_its_retrospective(browser: TestClient) -> None:
    page = Page(browser.get("/teams/heron/retro").text)

    said = [e.text for e in page.all("li") if e.text.startswith("Ticket HER-")]
    kinds = (
        "moved to Done on",
        "sprints, perhaps worth splitting",
        "needs another team",
        "decided on",
    )
    assert [kind for kind in kinds if any(kind in each for each in said)] == list(kinds)
    assert len(said) >= 5
