"""Targets, calendar, data health, and how we use your data."""

from dataclasses import replace
from datetime import date

import pytest
from fastapi.testclient import TestClient

from api.pages.measure_docs import explained
from api.pages.presenters import data_health
from api.pages.presenters.calendar import calendar
from api.pages.presenters.data_inventory import KEPT, kept
from api.pages.presenters.glossary import WORDS
from api.pages.presenters.parts import missing_sources, words
from api.pages.presenters.targets import target_page, targets_summary, targets_table
from api.pages.presenters.work_ahead import work_page
from evaluator.flow import flow
from evaluator.measures import MEASURES
from evaluator.model.days import Days
from evaluator.model.facts import Reason
from evaluator.model.plan import AgreedDate, Closure, Plan, Target, TargetVersion, VersionStatus
from evaluator.model.results import Gap, ResultSummary, Status
from evaluator.model.runs import Job, Outcome, Run, RunState
from store.data_inventory import columns
from tests.evaluator.builders import (
    BOARD,
    HER,
    PLAN,
    TEAM,
    WEB,
    at,
    read,
    unread,
)
from tests.evaluator.results import a_result
from tests.pages.html import Page

TODAY = date(2026, 3, 23)
NOW = at("2026-03-23 09:10")
TARGET = Target(
    "reached-production",
    "Changes reach production",
    "At least one change reaches production each sprint.",
    "changes_in_production",
    (
        TargetVersion(date(2021, 10, 1), 1, correction_reason="It said 3 by mistake."),
        TargetVersion(
            date(2026, 6, 1),
            2,
            VersionStatus.PROPOSED,
            consultation_closes=date(2026, 5, 1),
            proposed_in="https://example.org/1",
            rationale="Most sprints had two.",
        ),
    ),
    helps_with="Work that waits helps nobody.",
    benefit="Your work reaches people sooner.",
    not_a_measure_of="anybody's effort",
)
WITH = replace(PLAN, targets=(TARGET, replace(TARGET, id="more", stretch=True)))


def test_every_column_that_is_kept_is_explained_and_nothing_else_is() -> None:
    assert {name: set(found) for name, found in columns().items()} == {
        name: set(known.columns) for name, known in KEPT.items()
    }
    assert len(kept(columns())) == len(KEPT)


def test_a_column_that_nobody_explained_is_not_passed_over() -> None:
    with pytest.raises(KeyError, match="shoe_size"):
        kept({"commits": ("sha", "shoe_size")})


def test_the_words_of_the_glossary_stand_from_a_to_z_each_once() -> None:
    words = [word.word for word in WORDS]

    assert words == sorted(words, key=str.casefold)
    assert len({word.ident for word in WORDS}) == len(words)
    assert {status.value.replace("_", "-") for status in Status} <= {w.ident for w in WORDS}


def test_a_target_says_what_why_what_one_gets_and_what_is_asked_today() -> None:
    page = target_page(TARGET, TODAY)

    assert page.summary == (
        "Asked of each sprint, since 1 October 2021: at least 1 change that reached production."
    )
    assert dict(page.facts) == {
        "Why": "Work that waits helps nobody.",
        "What you get from it": "Your work reaches people sooner.",
        "What it does not measure": "Anybody's effort.",
        "How often": "Each sprint, from its start up to its end.",
    }


def test_a_proposed_change_says_by_when_to_say_what_one_thinks() -> None:
    (proposal,) = target_page(TARGET, TODAY).proposals

    assert proposal.sentence == "At least 2 changes from 1 June 2026."
    assert proposal.closes is not None
    assert (proposal.closes.words, proposal.href) == ("1 May 2026", "https://example.org/1")


def test_every_version_stands_with_why_and_with_its_correction() -> None:
    rows = target_page(TARGET, TODAY).versions.rows

    assert [[cell.text for cell in row[1:]] for row in rows] == [
        ["at least 2 changes", "Proposed", "Most sprints had two."],
        ["at least 1 change", "Agreed", "Not said. Corrected: It said 3 by mistake."],
    ]


@pytest.mark.parametrize(
    ("version", "said"),
    [
        (
            TARGET.versions[1],
            "at least 2 changes from 1 June 2026; say what you think by 1 May 2026",
        ),
        (TargetVersion(date(2026, 6, 1), 2), "at least 2 changes from 1 June 2026"),
        (TargetVersion(date(2021, 6, 1), 2), "None"),
    ],
    ids=["proposed", "agreed and to come", "in force"],
)
def test_the_list_of_targets_says_what_is_about_to_change(
    version: TargetVersion, said: str
) -> None:
    table = targets_table(replace(PLAN, targets=(replace(TARGET, versions=(version,)),)), TODAY)

    assert table.rows[0][3].text == said


def test_the_first_sentence_about_targets_counts_them() -> None:
    assert targets_summary(WITH) == (
        "Each team has 1 light-touch target and 1 target to stretch for."
    )
    assert targets_summary(Plan((), ())) == "Each team has 0 light-touch targets."


@pytest.mark.parametrize("measure", sorted(MEASURES))
def test_how_a_measure_is_worked_out_is_the_text_of_its_documentation(measure: str) -> None:
    html = explained(measure, WITH)

    assert "<h3" in html
    assert "<h1" not in html
    assert 'href="changes_in_production.md"' not in html
    if measure == "commits_in_production":
        assert 'href="/targets/reached-production#how"' in html


def test_a_measure_without_a_text_has_none() -> None:
    assert explained("no_such_measure", WITH) == ""


def glance(team: str = "heron") -> ResultSummary:
    r = a_result(Status.MET, 1, team=team)
    return ResultSummary(
        *(r.team, r.sprint.start, r.sprint.id, r.target, r.status, r.state, r.value, r.minimum),
        *(r.sprint.name, r.sprint.end, r.sprint.settled_at),
    )


def test_the_calendar_begins_with_what_comes_first() -> None:
    closed = replace(
        PLAN,
        targets=(TARGET,),
        closures=(Closure(Days(date(2026, 5, 4), date(2026, 5, 5)), "Moving"),),
        bank_holidays=((date(2026, 4, 3), "Good Friday"), (date(2020, 1, 1), "Long ago")),
    )

    said, table = calendar(closed, [glance()], NOW)

    assert said == "Next is Tuesday 31 March 2026. A quarter of the year ends."
    assert table is not None
    assert [row[1].text for row in table.rows] == [
        "A quarter of the year ends",
        "Bank holiday: Good Friday",
        "Last day to say what you think of a change to: Changes reach production",
        "Closed: Moving",
        "Proposed first day of a change to: Changes reach production",
        "A quarter of the year ends",
    ]
    assert table.rows[3][0].text == "4 to 5 May 2026"


def test_sprints_that_end_on_one_day_are_one_row_however_many_teams_there_are() -> None:
    many = replace(
        PLAN, teams=tuple(replace(TEAM, id=f"t{n}", name=f"Team {n}") for n in range(10, 60))
    )

    said, table = calendar(many, [glance(team.id) for team in many.teams], at("2026-03-10"))

    twenty = ", ".join(f"Team {n}" for n in range(10, 30))
    assert table is not None
    assert [row[1].text for row in table.rows][:2] == [
        f"Sprints end: {twenty} and 30 more",
        f"Sprints are confirmed: {twenty} and 30 more",
    ]
    assert said == (
        "Next is Monday 16 March 2026. "
        "Sprints end: Team 10, Team 11, Team 12, Team 13, Team 14 and 45 more."
    )


def test_what_else_falls_on_the_next_day_is_counted() -> None:
    holidays = tuple((date(2026, 3, 24), name) for name in ("One", "Other"))

    said, _ = calendar(replace(PLAN, targets=(), bank_holidays=holidays), [], NOW)

    assert said == "Next is Tuesday 24 March 2026. Bank holiday: One. That day has 1 more entry."


def test_what_goes_on_already_stands_first_and_is_not_what_comes_next() -> None:
    season = AgreedDate("Coaching months", date(2020, 10, 1), date(2021, 4, 30), every_year=True)
    plan = replace(PLAN, targets=(), dates=(season,))

    said, table = calendar(plan, [], NOW)

    assert said == "Next is Tuesday 31 March 2026. A quarter of the year ends."
    assert table is not None
    assert [cell.text for cell in table.rows[0]] == [
        "1 October 2025 to 30 April 2026",
        "Coaching months",
    ]


def test_the_calendar_knows_when_sprints_end_and_settle() -> None:
    _, table = calendar(WITH, [glance()], at("2026-03-10"))

    assert table is not None
    assert [row[1].text for row in table.rows][:2] == [
        "Team Heron: sprint 3 to 16 March 2026 ends",
        "Team Heron: sprint 3 to 16 March 2026 is confirmed",
    ]


def test_data_health_lists_every_source_with_what_to_do_and_who_is_asked() -> None:
    plan = replace(PLAN, teams=(TEAM, replace(TEAM, id="wren", name="Wren", repositories=())))
    known = {WEB.id: read(WEB), HER.id: unread(HER, Reason.NO_ACCESS, "Renew the token.")}

    heron, wren = data_health.sources_page(plan, known, NOW).of_teams

    refused = ["Jira project HER", "Never", "Renew the token.", "The operator of this service"]
    assert [[cell.text for cell in row] for row in heron.table.rows] == [
        ["Repository nhsuk/web", "", "Complete", "Nobody"],
        refused,
    ]
    assert [[cell.text for cell in row] for row in wren.table.rows] == [refused]
    assert heron.line.startswith("Team Heron: 1 of 2 sources complete, read at ")
    assert wren.line == "Team Wren: 0 of 1 source complete"
    unasked = data_health.sources_page(plan, {}, NOW).of_teams[0].table.rows[0]
    assert unasked[2].text == "Not read yet. Run `hearten collect`."
    assert BOARD.id not in {source.id for source in plan.all_sources()}


def test_sources_may_be_those_of_one_team() -> None:
    plan = replace(PLAN, teams=(TEAM, replace(TEAM, id="wren", name="Wren", repositories=())))

    of_wren = data_health.sources_page(plan, {}, NOW, team="wren")
    of_nobody = data_health.sources_page(plan, {}, NOW, team="nobody", number=-3)

    (wren,) = of_wren.of_teams
    assert [row[0].text for row in wren.table.rows] == ["Jira project HER"]
    assert [choice.text for choice in of_wren.teams if choice.selected] == ["Wren"]
    assert of_nobody.total == "2 sources"
    assert (of_nobody.before, of_nobody.after) == ("", "")


def test_a_team_with_something_to_fix_stands_first_and_says_so() -> None:
    wren = replace(TEAM, id="avocet", name="Avocet", repositories=())
    plan = replace(PLAN, teams=(TEAM, wren))
    known = {source.id: read(source) for source in plan.all_sources()}
    nothing = Gap(WEB.id, Reason.NOTHING_MATCHED, "Correct its `production` in teams.yaml.")
    fix = missing_sources.remedy_for(nothing, WEB.id, ("Heron",), nothing.detail, {})

    first, second = data_health.sources_page(plan, known, NOW, [fix]).of_teams

    assert [row[2].text for row in first.table.rows] == [
        "To fix: see what needs somebody",
        "Complete",
    ]
    assert first.line.startswith("Team Heron: 1 of 2 sources")
    assert second.line.startswith("Team Avocet: 1 of 1 source complete")


def test_a_time_of_today_stands_without_its_day() -> None:
    today, before = at("2026-03-23 08:02"), at("2026-03-22 08:02")

    said = [words.near(each, PLAN.zone, at("2026-03-23 09:10")).words for each in (today, before)]

    assert said == ["8:02am", "8:02am on 22 March 2026"]


def test_the_first_sentence_is_about_the_team_that_was_asked_for() -> None:
    plan = replace(PLAN, teams=(TEAM, replace(TEAM, id="wren", name="Wren", repositories=())))

    assert data_health.data_summary(plan, {HER.id: read(HER)}, 0, team="wren") == (
        "1 of 1 source of team Wren is read. Nothing is missing."
    )
    assert data_health.data_summary(plan, {}, 0, team="nobody").startswith(
        "0 of 2 sources are read."
    )


def test_what_needs_somebody_is_of_the_team_that_was_asked_for(browser: TestClient) -> None:
    of_gannet = Page(browser.get("/data?team=gannet").text).words
    of_heron = Page(browser.get("/data?team=heron").text).words

    assert of_gannet.count("Nothing in it matches what counts as production.") == 1
    assert "What needs somebody" not in of_heron
    assert "of team Heron are read. Nothing is missing." in of_heron


@pytest.mark.parametrize(
    ("plan", "missing", "said"),
    [
        (Plan((), ()), 0, "No source is set up yet."),
        (PLAN, 0, "1 of 2 sources are read. Nothing is missing."),
        (PLAN, 1, "1 of 2 sources are read. 1 thing waits for somebody to fix it."),
        (PLAN, 2, "1 of 2 sources are read. 2 things wait for somebody to fix them."),
    ],
)
def test_data_health_says_first_how_much_is_read(plan: Plan, missing: int, said: str) -> None:
    assert data_health.data_summary(plan, {WEB.id: read(WEB)}, missing) == said


RUN = Run(1, Job.COLLECT, "any", "schedule", NOW, RunState.WAITING)


@pytest.mark.parametrize(
    ("run", "said"),
    [
        (RUN, ["The schedule", "Not yet", "Waiting", "Not begun", "Not yet"]),
        (
            replace(RUN, state=RunState.RUNNING, started_at=NOW, total=33, steps=12),
            ["The schedule", "", "Going on", "12 of 33 sources", "Not yet"],
        ),
        (
            replace(
                RUN,
                job=Job.EVALUATE,
                asked_by="api",
                state=RunState.DONE,
                outcome=Outcome.DEFECT,
                started_at=NOW,
                finished_at=NOW,
            ),
            ["Another program", "", "Ended by a defect, which the log names", "Just begun", ""],
        ),
        (
            replace(RUN, state=RunState.DONE, outcome=None, team="heron"),
            ["The schedule", "Not yet", "Done", "Not begun", "Not yet"],
        ),
    ],
    ids=["waiting", "going on", "a defect", "done"],
)
def test_a_run_says_how_far_it_has_come_and_how_it_ended(run: Run, said: list[str]) -> None:
    table = data_health.runs_table([run], PLAN, NOW)

    assert table is not None
    assert [cell.text for cell in table.rows[0]][1:] == said
    assert data_health.runs_table([], PLAN, NOW) is None


def test_the_time_guide_is_a_guide_and_no_address_takes_what_was_spent(
    browser: TestClient,
) -> None:
    page = Page(browser.get("/about/time").text)

    assert "A senior developer has about half a day in 10 days for new features." in page.words
    assert "planning guide, a long-run average" in page.words
    assert not page.all("form", "input")
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        assert browser.request(method, "/about/time").status_code == 405


def test_developers_answer_for_quality_and_not_for_dates(browser: TestClient) -> None:
    page = Page(browser.get("/about/roles").text)

    assert "Meeting dates that others promised" in page.words


def test_open_work_is_counted_by_state_and_age_even_where_nobody_touched_it_for_long(
    browser: TestClient,
) -> None:
    page = Page(browser.get("/teams/heron/work").text)

    assert "Heron has 3 tickets in progress and 3 to do." in page.words
    cells = [e.text.strip() for e in page.all("td")[:8]]
    assert [cell[-1] for cell in cells] == ["1", "1", "1", "0", "1", "1", "0", "1"]


def test_a_team_without_a_jira_project_has_no_zeros_but_a_sentence(browser: TestClient) -> None:
    page = Page(browser.get("/teams/knot/work").text)

    assert "Knot has no Jira project set up." in page.words
    assert not page.all("table")
    assert "0" not in page.one("main").text.partition("Printed")[0]


def test_where_no_ticket_was_read_yet_there_is_nothing_to_count() -> None:
    page = work_page(TEAM, PLAN, flow(TEAM, [], [], NOW), [], read=False)

    assert (page.summary, page.work) == ("No ticket of Heron was read yet.", None)
