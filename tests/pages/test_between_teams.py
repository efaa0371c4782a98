"""Where teams meet: in neutral words, from A to Z."""

from dataclasses import replace

import pytest
from fastapi.testclient import TestClient

from api.pages.presenters.between_teams import between_teams
from evaluator.model.plan import Team, TeamRepository
from evaluator.where_teams_meet import Meeting, MeetingItem, MeetingKind
from tests.evaluator.builders import PLAN, TEAM
from tests.pages.html import Page

HERON, KESTREL = TEAM, replace(TEAM, id="kestrel", name="Kestrel")
TEAMS = (KESTREL, HERON)
THREE = Meeting(
    (HERON, KESTREL),
    (
        MeetingItem(MeetingKind.RETRO_ACTION, ("HER-60", "KES-9"), "jira"),
        MeetingItem(MeetingKind.TICKETS, ("HER-12", "KES-4"), "elsewhere"),
        MeetingItem(MeetingKind.REPOSITORY, ("nhsuk/web",)),
    ),
)
ALONE = Meeting((KESTREL,), (MeetingItem(MeetingKind.RETRO_ACTION, ("KES-5",), "jira"),))


def test_a_pair_says_how_much_is_between_the_two_and_each_thing_in_neutral_words() -> None:
    page = between_teams(PLAN, TEAMS, [THREE, ALONE])

    assert page.summary == "1 pair of teams has something to talk about together."
    ((pair,), (alone,)) = (page.pairs, page.alone)
    assert (pair.ident, pair.title) == ("heron-kestrel", "Heron and Kestrel: 3 items")
    assert [(line.says, line.about) for line in pair.lines] == [
        (
            "Retro action for both",
            (
                ("ticket HER-60", "https://jira.example/browse/HER-60"),
                ("ticket KES-9", "https://jira.example/browse/KES-9"),
            ),
        ),
        ("Waiting between", (("ticket HER-12", ""), ("ticket KES-4", ""))),
        ("Shared repository", (("nhsuk/web", "https://github.com/nhsuk/web"),)),
    ]
    assert (alone.title, alone.lines[0].says) == ("Kestrel: 1 item", "Retro action")


@pytest.mark.parametrize(
    ("team", "pairs", "summary"),
    [
        ("kestrel", 1, "Kestrel has something to talk about with 1 other team."),
        ("owl", 0, "Owl has something to talk about with 0 other teams."),
        ("nobody", 1, "1 pair of teams has something to talk about together."),
    ],
)
def test_it_may_be_narrowed_to_one_team(team: str, pairs: int, summary: str) -> None:
    owl: Team = replace(TEAM, id="owl", name="Owl", repositories=(TeamRepository("nhsuk/owl"),))

    page = between_teams(PLAN, (*TEAMS, owl), [THREE], team=team)

    assert (len(page.pairs), page.summary) == (pairs, summary)
    assert page.narrowed == (page.unknown == "")
    assert [(c.value, c.selected) for c in page.teams] == [
        ("", team == "nobody"),
        ("heron", False),
        ("kestrel", team == "kestrel"),
        ("owl", team == "owl"),
    ]


def test_two_teams_with_folders_of_one_repository_meet_there(browser: TestClient) -> None:
    page = Page(browser.get("/between-teams").text)

    heads = [e.text for e in page.all("h2")]
    pairs = [head for head in heads if " and " in head]
    assert "Dunlin and Plover: 1 item" in pairs
    assert pairs == sorted(pairs)
    assert "Shared repository: example-health/monorepo" in " ".join(page.words.split())


def test_no_order_but_a_to_z_can_be_asked_for(browser: TestClient) -> None:
    asked = browser.get("/between-teams?sort=items&order=most")

    assert asked.text == browser.get("/between-teams").text
    assert "aria-sort" not in asked.text
