"""Where teams meet: in neutral words, from A to Z."""

from dataclasses import replace
from datetime import date

import pytest
from fastapi.testclient import TestClient

from api.pages.presenters.between_teams import between_teams
from api.pages.presenters.thirty_day_actions import ThirtyDayActions, thirty_day_page
from evaluator.model.facts import Ticket
from evaluator.model.plan import Team, TeamRepository
from evaluator.thirty_day_actions import thirty_day_actions
from evaluator.where_teams_meet import Meeting, MeetingItem, MeetingKind
from tests.evaluator.builders import PLAN, TEAM, moved, ticket
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


def looked_at(*tickets: Ticket) -> ThirtyDayActions:
    today = date(2026, 3, 27)
    return thirty_day_page(PLAN, thirty_day_actions(PLAN, tickets, today))


def agreed(key: str, due: str, *moves: object, **known: object) -> Ticket:
    known = {"labels": ("30-day-action",), "due": date.fromisoformat(due)} | known
    return ticket(key, *moves, **known)  # type: ignore[arg-type]


def test_30_day_actions_stand_by_month_with_how_many_are_done() -> None:
    page = looked_at(
        agreed("HER-1", "2026-03-02", moved("2026-03-05")),
        agreed("HER-2", "2026-03-03", moved("2026-03-05"), resolution="Won't Do"),
        agreed("HER-3", "2026-03-26"),
        agreed("HER-4", "2026-03-31"),
        agreed("HER-5", "2026-04-30"),
        replace(agreed("HER-6", "2026-04-30"), due=None),
    )

    assert page.summary == "4 actions are open: 1 due soon, 1 past the due day."
    assert [month.caption for month in page.months] == [
        "April 2026: 0 of 1 done",
        "March 2026: 1 of 3 done",
        "Without a due day: 0 of 1 done",
    ]
    assert [(row[2].text, row[2].after) for row in page.months[1].rows] == [
        ("Done", "on 5 March 2026"),
        ("Decided not to do", "on 5 March 2026"),
        ("Still needed?", ""),
        ("Due soon", ""),
    ]
    assert [cell.tag for month in page.months for row in month.rows for cell in row] == [None] * 18
    assert page.months[2].rows[0][1].text == "No due day"


def test_months_without_anything_open_go_after_half_a_year() -> None:
    done = [agreed(f"HER-{n}", f"2025-{n:02}-02", moved("2026-03-05")) for n in range(1, 10)]
    still = agreed("HER-10", "2025-01-03")

    page = looked_at(*done, still)

    assert [month.caption[:9].strip() for month in page.months] == [
        *(
            "September",
            "August 20",
            "July 2025",
            "June 2025",
            "May 2025:",
            "April 202",
            "January 2",
        ),
    ]
    assert looked_at(*done).summary == "No 30-day action is open."
