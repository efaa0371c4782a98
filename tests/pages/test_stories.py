"""Stories beside the numbers: what a team wrote, escaped, and nothing where it wrote nothing."""

from dataclasses import replace

import pytest
from fastapi.testclient import TestClient

from api.pages.presenters.stories import stories_beside, stories_page
from api.pages.story_text import story_text
from evaluator.model.facts import Story
from store.store import Store
from tests.evaluator.builders import PLAN, TARGETS, TEAM, WEB
from tests.support.organisation import NOW

STORY = Story(WEB.id, "2026-03-03", "b1", "We finished **early**.", TARGETS[0].id)


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("We *did* **it** with `make`.", "<em>did</em> <strong>it</strong> with <code>make</code>"),
        ("- one\n- two", '<ul class="nhsuk-list nhsuk-list--bullet">'),
        (
            "[how](https://example.org/a?b=1&c=2)",
            '<a href="https://example.org/a?b=1&amp;c=2" rel="nofollow noreferrer">how</a>',
        ),
        ("[](https://example.org)", ">https://example.org</a>"),
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ('<img src=x onerror="alert(1)">', "&lt;img src=x onerror=&quot;alert(1)&quot;&gt;"),
        ("[go](javascript:alert(1))", "<p>[go](javascript:alert(1))</p>"),
        ("[go](JaVaScRiPt:alert(1))", "<p>[go](JaVaScRiPt:alert(1))</p>"),
        ("[go](data:text/html,x)", "<p>[go](data:text/html,x)</p>"),
        ("[go](/teams/heron)", "<p>[go](/teams/heron)</p>"),
        ('[go](https://x/"onclick=alert(1))', "https://x/%22onclick=alert(1)"),
        ("# Heading\n\n<https://x>", "<p># Heading</p>"),
        ("&lt;b&gt;", "&amp;lt;b&amp;gt;"),
    ],
)
def test_a_story_shows_as_words_lists_and_links_whatever_it_holds(text: str, html: str) -> None:
    shown = story_text(text)

    assert html in shown
    assert not [tag for tag in ("<script", "<img", "<h1", 'onclick="') if tag in shown]


def test_a_picture_is_no_picture() -> None:
    assert "<img" not in story_text("![tracked](https://example.org/pixel.png)")


def test_beside_a_sprint_stands_what_is_about_it_with_its_file_and_target() -> None:
    others = [replace(STORY, sprint_id="2026-03-17", text="Another.")]

    [shown] = stories_beside(TEAM, PLAN, [STORY, *others], "2026-03-03")

    assert shown.text == "<p>We finished <strong>early</strong>.</p>\n"
    assert shown.file_href == "https://github.com/nhsuk/web/blob/HEAD/stories/2026-03-03.md"
    assert shown.target_href == "/targets/reached-production"
    assert stories_beside(TEAM, PLAN, others, "2026-03-03") == ()


def test_how_other_teams_did_it_is_told_by_target_the_newest_sprint_first() -> None:
    told = [STORY, replace(STORY, sprint_id="2026-03-17", target="tickets-done")]

    page = stories_page(PLAN, told, None)
    narrowed = stories_page(PLAN, told, TARGETS[0])

    assert [one.sprint for one in page.stories] == ["from 17 March 2026", "from 3 March 2026"]
    assert page.summary == "There are 2 stories, told by teams."
    assert [one.sprint for one in narrowed.stories] == ["from 3 March 2026"]
    assert [choice.value for choice in page.choices] == ["reached-production", "tickets-done"]
    assert stories_page(PLAN, [], None).summary == "No team has told a story yet."


def test_the_demonstrations_stories_stand_beside_its_numbers(
    demo: Store, browser: TestClient
) -> None:
    last = max(
        (r.sprint for r in demo.results.shown(NOW, teams=["heron"]) if r.sprint.settled_at <= NOW),
        key=lambda sprint: sprint.end,
    )

    for path in ("/teams/heron", "/teams/heron/retro", f"/teams/heron/sprints/{last.id}"):
        assert "<strong>four small changes</strong>" in browser.get(path).text, path
    assert "hearten-story" not in browser.get("/teams/wren").text
    page = browser.get("/stories?target=tickets-done").text
    assert "We stopped starting." in page
    assert "four small changes" not in page
    assert browser.get("/stories?target=nothing").status_code == 404


def test_a_ticket_says_since_when_it_is_in_production(demo: Store, browser: TestClient) -> None:
    work = browser.get("/teams/heron/work").text
    since = demo.shipped_tickets.of_team("heron")
    counted = [
        result
        for result in demo.results.find(team="heron", target="tickets-done")
        if any(item.label in since for item in result.evidence)
    ]

    assert len(since) > 20
    assert "Done, and in production since" in work
    path = f"/teams/heron/sprints/{counted[-1].sprint.id}/tickets-done"
    assert "Done, and in production since" in browser.get(path).text


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("", {("curlew", "tickets-done"), ("heron", "reached-production")}),
        ("?team=curlew", {("curlew", "tickets-done")}),
        ("?target=reached-production", {("heron", "reached-production")}),
        ("?team=wren", set()),
    ],
)
def test_programs_get_stories_by_team_and_target(
    browser: TestClient, asked: str, told: set[tuple[str, str]]
) -> None:
    stories = browser.get(f"/api/v1/stories{asked}").json()["stories"]

    assert {(one["team"], one["target"]) for one in stories} == told
    assert all(
        f"/teams/{one['team']}/sprints/{one['sprint']}" in one["page_url"] for one in stories
    )


def test_programs_learn_since_when_tickets_are_in_production(browser: TestClient) -> None:
    tickets = browser.get("/api/v1/teams/heron/shipped").json()["tickets"]

    assert len(tickets) > 20
    assert [one["since"] for one in tickets] == sorted(one["since"] for one in tickets)
    assert tickets[0]["key"].startswith("HER-")
    assert browser.get("/api/v1/stories?team=nobody").status_code == 404
    assert browser.get("/api/v1/stories?target=nothing").status_code == 404
