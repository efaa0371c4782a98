"""One team: what next comes first, this sprint has no status colour, corrections say why."""

import re
from dataclasses import replace
from datetime import date, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from fastapi.testclient import TestClient

from api.pages.presenters.result import Viewpoint, brought_by, result_view, versions_table
from api.pages.presenters.sprint import Neighbour, around, result_page, sprint_page
from api.pages.presenters.team import SHOWN, TeamPage, team_page
from evaluator.model.days import Days
from evaluator.model.facts import Evidence, Reason
from evaluator.model.plan import Excuse, TargetVersion, VersionStatus
from evaluator.model.results import EvidenceItem, Gap, LeftOut, Result, ResultSummary, State, Status
from store.store import Store
from tests.evaluator.builders import (
    PLAN,
    SPRINT_A,
    SPRINT_B,
    TARGETS,
    TEAM,
    WEB,
    at,
    deployed,
    read,
)
from tests.evaluator.results import a_result
from tests.pages.html import Page

NOW = at("2026-03-23 09:10")
SOURCES = {source.id: read(source) for source in PLAN.all_sources()}
LEAD = replace(TARGETS[0], title="Changes reach production")
ONE = replace(PLAN, targets=(LEAD,))
AT = Viewpoint(ONE, "Heron", "https://hearten.example")
CURRENT = a_result(
    Status.IN_PROGRESS,
    0,
    sprint=SPRINT_B,
    state=State.PROVISIONAL,
    reason="0 changes so far; the sprint ends on 30 March 2026.",
)
LAST = a_result(Status.MET, 3, reason="3 changes reached production. The target is at least 1.")


def page_of(*results: Result, at: Viewpoint = AT) -> TeamPage:
    return team_page(TEAM, results, SOURCES, NOW, at)


def test_the_first_sentence_says_how_the_last_finished_sprint_went() -> None:
    assert page_of(LAST, CURRENT).summary == (
        "Heron's last finished sprint, 3 to 16 March 2026: 1 target met."
    )


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (Status.NOT_MET, "1 target not met (Changes reach production)."),
        (Status.NO_DATA, "no data for 1 target (Changes reach production)."),
        (Status.EXCUSED, "1 target excused."),
    ],
)
def test_no_data_is_never_said_as_not_met(status: Status, said: str) -> None:
    assert page_of(replace(LAST, status=status)).summary.endswith(said)


def test_a_stretch_target_is_not_expected_and_not_counted_in_the_sentence() -> None:
    stretch = replace(AT, plan=replace(ONE, targets=(replace(LEAD, stretch=True),)))

    assert page_of(replace(LAST, status=Status.NOT_MET), at=stretch).summary.endswith(
        "nothing was asked, not counting the stretch target."
    )


@pytest.mark.parametrize(
    ("stretch", "said"),
    [
        (0, "1 target met."),
        (1, "1 target met, not counting the stretch target."),
        (2, "1 target met, not counting 2 stretch targets."),
    ],
)
def test_a_sentence_that_counts_targets_says_which_it_leaves_out(stretch: int, said: str) -> None:
    more = [replace(LEAD, id=f"more-{n}", stretch=True) for n in range(2)]
    plan = replace(ONE, targets=(LEAD, *more))
    found = [LAST, *(replace(LAST, target=t.id, status=Status.NOT_MET) for t in more[:stretch])]

    assert page_of(*found, at=replace(AT, plan=plan)).summary.endswith(f"16 March 2026: {said}")
    assert sprint_page(plan, found, "", NOW).summary.endswith(f"16 March 2026: {said}")


def test_what_next_says_when_the_sprint_ends_and_its_results_settle() -> None:
    (said,) = page_of(LAST, CURRENT).next

    assert said.text == (
        "Sprint 17 to 30 March 2026 ends on Monday 30 March 2026. "
        "Its results are confirmed on Friday 3 April 2026."
    )


def test_what_next_names_a_proposed_change_while_one_can_still_say_something() -> None:
    proposed = TargetVersion(
        date(2026, 6, 1),
        2,
        VersionStatus.PROPOSED,
        consultation_closes=date(2026, 3, 23),
    )
    at_ = replace(AT, plan=replace(ONE, targets=(replace(LEAD, versions=(proposed,)),)))

    said = page_of(LAST, at=at_).next

    assert said[0].text.startswith("No sprint is going on.")
    assert said[1].text == "Say what you think by 23 March 2026:"
    assert said[1].href == "/targets/reached-production"


def test_a_sprint_that_just_closed_says_that_it_settles() -> None:
    closed = replace(CURRENT, sprint=replace(SPRINT_A, settled_at=at("2026-03-24 09:00")))

    page = page_of(closed)

    assert page.just_closed is not None
    assert page.next[0].text.startswith(
        "Sprint 3 to 16 March 2026 has just closed. Its results are confirmed at 9am on 24"
    )
    assert page.closing.startswith(
        "Heron's sprint 3 to 16 March 2026, has just closed and is In progress. Its results are"
    )
    assert page.summary == "Heron has no finished sprint yet."


def test_this_sprint_so_far_is_sentences_that_say_met_only_once_it_is() -> None:
    met = replace(CURRENT, status=Status.MET, reason="1 change reached production.")

    so_far = [current.so_far for each in (CURRENT, met) if (current := page_of(each).current)]
    assert so_far == [
        ("Changes reach production: 0 changes so far; the sprint ends on 30 March 2026.",),
        ("Changes reach production: met already. 1 change reached production.",),
    ]


def test_this_sprint_so_far_marks_a_stretch_target() -> None:
    stretch = replace(AT, plan=replace(ONE, targets=(replace(LEAD, stretch=True),)))

    current = page_of(CURRENT, at=stretch).current

    assert current is not None
    assert current.so_far[0].startswith("Changes reach production (stretch): 0 changes so far")


def test_what_moved_the_end_of_this_sprint_stands_beside_it() -> None:
    moved = replace(SPRINT_B, notes=("Due to end on 20 March 2026 and still open on its board",))

    current = page_of(replace(CURRENT, sprint=moved)).current

    assert current is not None
    assert current.notes == ("Due to end on 20 March 2026 and still open on its board.",)


def test_a_note_on_a_sprint_stands_once_on_each_page_of_it() -> None:
    note = "Closed 4 days late"
    late = replace(SPRINT_A, notes=(note,))
    again = "Read again on 24 March 2026: 2 changes"
    found = replace(LAST, sprint=late, notes=(note, again))

    sprint, result = sprint_page(ONE, [found], "", NOW).sprint, result_page(ONE, [found], "")

    assert sprint.notes == result.sprint_notes == ("Closed 4 days late.",)
    assert sprint.results[0].notes == result.result.notes == (f"{again}.",)


def test_what_was_agreed_of_an_excused_sprint_stands_beside_its_result() -> None:
    agreed = Excuse("heron", Days(date(2026, 3, 16), None), "agreed_other", "The team moves.")
    others = (
        replace(agreed, team="wren", note="Of another team."),
        replace(agreed, days=Days(date(2026, 3, 17), None), note="Of a later sprint."),
        replace(agreed, note=""),
    )
    where = replace(AT, plan=replace(ONE, excuses=(agreed, *others)))
    excused = replace(LAST, status=Status.EXCUSED)

    assert result_view(excused, where).notes == ("What was agreed: The team moves.",)
    assert result_view(LAST, where).notes == ()


def test_this_sprint_so_far_says_that_it_is_in_progress_and_where_its_evidence_is() -> None:
    product = replace(ONE.product, query_url="https://github.example.org/new?title={title}")
    asked = page_of(CURRENT, at=replace(AT, plan=replace(ONE, product=product))).current
    unasked = page_of(CURRENT).current

    assert asked is not None
    assert unasked is not None
    assert (
        asked.evidence == "Evidence so far of sprint 17 to 30 March 2026, and “Query this result”"
    )
    assert unasked.evidence == "Evidence so far of sprint 17 to 30 March 2026"


def test_the_last_six_sprints_are_a_table_of_words_the_newest_first() -> None:
    older = [
        replace(
            LAST,
            sprint=replace(
                SPRINT_A,
                id=f"sprint-{n}",
                start=SPRINT_A.start - n * timedelta(days=14),
                settled_at=SPRINT_A.settled_at - n * timedelta(days=14),
            ),
        )
        for n in range(9, 0, -1)
    ]

    page = page_of(*older, LAST)

    assert page.history is not None
    assert len(page.history.rows) == SHOWN
    assert page.history.rows[0][1].text == "Met, 3 of at least 1"


def test_the_picture_has_the_same_values_as_the_table_in_its_description() -> None:
    none = replace(LAST, status=Status.NO_DATA, value=None, sprint=replace(SPRINT_A, id="before"))

    (picture,) = page_of(LAST, none).pictures.values()

    assert "sprint to 16 March: 3, at least 1" in picture.description
    assert "No data" in [bar.value for bar in picture.bars]
    assert "/teams/heron/sprints/2026-03-03" in [bar.href for bar in picture.bars]
    assert not page_of(none).pictures


def test_no_line_to_reach_crosses_a_number_of_the_picture() -> None:
    short = replace(LAST, value=2, minimum=2, sprint=replace(SPRINT_A, id="before"))
    almost = replace(LAST, status=Status.NOT_MET, value=19, minimum=20)

    (picture,) = page_of(short, almost).pictures.values()

    for bar in picture.bars:
        for foot, _ in bar.label:
            assert bar.line is not None
            assert foot < bar.line or foot - 20 > bar.line
    assert [text for _, text in picture.bars[-1].label] == ["Not met", "19"]


def test_long_words_of_the_picture_are_two_lines_one_above_the_other() -> None:
    none = replace(LAST, status=Status.NOT_APPLICABLE, sprint=replace(SPRINT_A, id="before"))

    (picture,) = page_of(LAST, none).pictures.values()

    (bar,) = (bar for bar in picture.bars if bar.value == "Not applicable")
    (first, said), (second, more) = bar.label
    assert (said, more) == ("Not", "applicable")
    assert first < second < bar.top


def test_a_corrected_result_shows_what_it_said_before_and_why_it_changed() -> None:
    before = a_result(Status.NOT_MET, 0, reason="0 changes.")
    cause = "Read again on 24 March 2026: 3 changes, 3 more than counted before."
    after = replace(LAST, version=2, cause=cause)

    (change,) = page_of(before, after).corrections

    assert [[row[0].text, row[3].text] for row in change.table.rows] == [
        ["Version 2", cause],
        ["Version 1", "The first result."],
    ]
    assert versions_table([LAST], AT) is None


def test_long_lists_are_cut_with_a_link_to_the_whole_result() -> None:
    many = tuple(
        EvidenceItem("commit", f"c{n}", "https://x", at("2026-03-05"), ("revert",))
        for n in range(1500)
    )
    out = tuple(LeftOut(f"d{n}", "made by a bot") for n in range(12))

    cut = result_view(replace(LAST, evidence=many, left_out=out), AT, most=10)
    whole = result_view(replace(LAST, evidence=many, left_out=out), AT)

    assert len(cut.counted) == len(cut.left_out) == 10
    assert cut.more == "1,490 more counted: see the whole result"
    assert cut.left_out_more == "2 more left out: see the whole result"
    assert (len(whole.counted), whole.more) == (1500, "")
    assert (cut.counted[0].text, cut.counted[0].note) == ("Commit c0", "revert")


def test_a_pull_request_is_named_with_its_repository() -> None:
    url = "https://github.com/nhsuk/web/pull/7"
    item = EvidenceItem("pull_request", "#7", url, at("2026-03-05"))
    ticket = EvidenceItem("ticket", "HER-1", "https://x/browse/HER-1", at("2026-03-06"))
    result = replace(LAST, evidence=(item, ticket), sources=(WEB.id,))

    view = result_view(result, AT)

    assert [each.text for each in view.counted] == [
        "Pull request #7 of nhsuk/web",
        "Ticket HER-1",
    ]


def test_evidence_says_what_brought_it_where_that_is_one_thing() -> None:
    items = tuple(
        EvidenceItem("pull_request", f"#{n}", f"https://github.com/nhsuk/web/pull/{n}", when)
        for n, when in enumerate((at("2026-03-05"), at("2026-03-06")))
    )
    tag = replace(deployed("T1", "b", "2026-03-06"), kind=Evidence.TAG, name="v1")
    events = [deployed("D1", "a", "2026-03-05"), tag, replace(tag, name="v2")]

    found = brought_by([replace(e, repository="nhsuk/Web") for e in events])
    view = result_view(replace(LAST, evidence=items, sources=(WEB.id,)), AT, brought=found)

    assert [each.note for each in view.counted] == ["brought by deployment production", ""]


def test_an_address_of_neither_github_nor_a_jira_site_is_no_link() -> None:
    url = "javascript:alert(1)"
    item = EvidenceItem("pull_request", "#7", url, at("2026-03-05"))
    left = LeftOut("#8", "made by a bot", "https://evil.example/8")
    result = replace(LAST, evidence=(item,), left_out=(left,), sources=(WEB.id, "github:nhsuk/api"))

    view = result_view(result, AT)

    assert [(each.text, each.href) for each in view.counted] == [("Pull request #7", "")]
    assert [(each.text, each.href) for each in view.left_out] == [("#8", "")]


def test_what_was_not_read_is_asked_of_the_operator_and_not_of_the_team() -> None:
    gap = Gap(WEB.id, Reason.NO_ACCESS, "Ask an owner to grant read access.")
    nowhere = Gap("", Reason.NOT_SET_UP, "this team has no repositories set up")

    view = result_view(replace(LAST, status=Status.NO_DATA, gaps=(gap, nowhere)), AT)

    assert [(m.source, m.whose) for m in view.missing] == [
        ("Repository nhsuk/web", "The operator of this service"),
        ("Set-up of Heron", "Whoever keeps the configuration"),
    ]


@pytest.mark.parametrize(
    ("known", "said"),
    [
        ({}, "This result is final."),
        ({"state": State.PROVISIONAL}, "This result may still change"),
        ({"state": State.PROVISIONAL, "status": Status.NO_DATA}, "worked out again as soon as"),
    ],
)
def test_a_result_says_whether_it_can_still_change(known: dict[str, object], said: str) -> None:
    assert said in result_view(replace(LAST, **known), AT).state  # type: ignore[arg-type]


def test_a_sprint_says_of_each_status_how_many_and_counts_none_as_another() -> None:
    targets = [replace(LEAD, id=name) for name in ("a", "b", "c", "d")]
    found = [
        replace(LAST, target=target.id, status=status)
        for target, status in zip(
            targets,
            (Status.MET, Status.NO_DATA, Status.EXCUSED, Status.NOT_APPLICABLE),
            strict=True,
        )
    ]

    page = sprint_page(replace(ONE, targets=tuple(targets)), found, "", NOW)

    assert page.summary == (
        "Team Heron, sprint 3 to 16 March 2026: "
        "1 target met, no data for 1 (Changes reach production), 1 excused and 1 not applicable."
    )


def test_a_sprint_that_goes_on_says_what_is_met_already_and_what_is_open() -> None:
    targets = (replace(LEAD, id="a"), replace(LEAD, id="b"))
    open_ = [replace(CURRENT, target="a", status=Status.MET), replace(CURRENT, target="b")]

    assert sprint_page(replace(ONE, targets=targets), open_, "", NOW).summary.endswith(
        "1 target met already and 1 in progress."
    )


@pytest.mark.parametrize(
    ("now", "said"),
    [
        ("2026-03-29 09:00", "1 target met already."),
        ("2026-04-02 09:00", "1 target met already."),
        ("2026-04-08 09:00", "1 target met."),
    ],
    ids=["going on", "just closed", "settled"],
)
def test_a_sprint_that_has_not_settled_says_what_is_met_already(now: str, said: str) -> None:
    found = [replace(CURRENT, status=Status.MET)]

    assert sprint_page(ONE, found, "", at(now)).summary.endswith(f"30 March 2026: {said}")


def test_what_is_missing_is_not_shown_where_it_makes_no_difference() -> None:
    gaps = (Gap(WEB.id, Reason.NO_ACCESS, "Ask an owner."),)

    shown = {s: result_view(replace(LAST, status=s, gaps=gaps), AT) for s in Status}

    assert [s for s in Status if not shown[s].missing] == [
        Status.NOT_MET,
        Status.EXCUSED,
        Status.NOT_APPLICABLE,
    ]
    assert shown[Status.MET].means.startswith("What could be read was already enough.")


def test_a_query_is_an_issue_that_is_filled_in_already() -> None:
    url = "https://github.example.org/new?title={title}&body={body}"
    product = replace(ONE.product, query_url=url)

    view = result_view(LAST, replace(AT, plan=replace(ONE, product=product)))

    asked = parse_qs(urlsplit(view.query_href).query)
    assert asked["title"] == ["Query: Heron, 3 to 16 March 2026, Changes reach production"]
    address = "https://hearten.example/teams/heron/sprints/2026-03-03/reached-production"
    assert address in asked["body"][0]
    assert "name no person" in asked["body"][0]
    assert result_view(LAST, AT).query_href == ""


def test_a_team_and_a_target_that_are_gone_keep_their_results() -> None:
    gone = replace(LAST, team="old-team", target="old-target")

    sprint, result = sprint_page(ONE, [gone], "", NOW), result_page(ONE, [gone], "")

    assert sprint.summary == "Team old-team, sprint 3 to 16 March 2026: 1 target met."
    assert (sprint.team.href, result.result.title) == ("/", "old-target")


def test_a_result_without_a_version_in_force_says_that_nothing_was_asked() -> None:
    none = replace(LAST, target_version=None, minimum=None, status=Status.NOT_APPLICABLE)

    assert result_page(ONE, [none], "").how.rows[0][1].text == "nothing was asked"


def test_the_page_stands_in_the_order_of_what_next_before_what_was(browser: TestClient) -> None:
    page = Page(browser.get("/teams/heron").text)

    headings = [" ".join(e.text.split()) for e in page.all("h2")]
    assert headings[:3] == ["What next", "This sprint so far", "Last finished sprint"]
    assert "The last sprints" in headings


def test_this_sprint_so_far_has_no_status_colour(browser: TestClient) -> None:
    html = browser.get("/teams/heron").text
    so_far = html.partition("This sprint so far")[2].partition("Last finished sprint")[0]

    assert so_far
    assert "nhsuk-tag" not in so_far
    assert "In progress" in so_far


def test_evidence_leads_to_github_and_jira(browser: TestClient) -> None:
    page = Page(browser.get("/teams/heron").text)

    hrefs = [e.attributes["href"] for e in page.all("a")]
    assert [h for h in hrefs if re.search(r"/booking-web/pull/\d+$", h)]
    assert [h for h in hrefs if re.search(r"/browse/HER-\d+$", h)]


@pytest.mark.parametrize("path", ["/teams/nobody", "/teams/heron/sprints/none"])
def test_what_is_not_there_is_a_page_with_a_way_back(browser: TestClient, path: str) -> None:
    answer = browser.get(path)

    assert answer.status_code == 404
    assert "Go to all teams" in answer.text


def test_the_sprints_before_and_after_are_those_with_a_result_of_the_target() -> None:
    def known(start: str, target: str) -> ResultSummary:
        end = at(start) + timedelta(days=14)
        is_met = (Status.MET, State.FINAL, 1, 1)
        return ResultSummary("heron", at(start), start, target, *is_met, f"S {start}", end, end)

    found = [known(f"2026-01-{day}", "a") for day in ("01", "15", "29")]
    found.append(known("2026-02-12", "b"))

    of_sprint, of_target = around(found, "2026-01-29"), around(found, "2026-01-29", "a")

    assert of_target.before == Neighbour("S 2026-01-15", "/teams/heron/sprints/2026-01-15/a")
    assert of_target.after is None
    assert of_sprint.after == Neighbour("S 2026-02-12", "/teams/heron/sprints/2026-02-12")
    assert around(found, "another") == around([], "2026-01-29")


def test_the_same_as_text_for_a_chat_has_each_result_and_where_it_is() -> None:
    page = page_of(LAST)

    assert page.last is not None
    assert page.last.chat == (
        "Team Heron, sprint 3 to 16 March 2026\n"
        "Changes reach production: Met, 3 of at least 1\n"
        "https://hearten.example/teams/heron/sprints/2026-03-03"
    )
    assert result_page(ONE, [LAST], "").chat.endswith("The target is at least 1.")
    assert result_page(ONE, [LAST], "https://h").chat.endswith(
        "https://h/teams/heron/sprints/2026-03-03/reached-production"
    )


def test_all_sprints_lead_to_each_one_with_a_result_year_by_year(
    browser: TestClient, demo: Store
) -> None:
    page = Page(browser.get("/teams/heron/sprints").text)

    hrefs = {e.attributes["href"] for e in page.all("a")}
    known = demo.results.summaries(teams=["heron"])
    assert {f"/teams/heron/sprints/{each.sprint_id}" for each in known} <= hrefs
    assert {f"/teams/heron/sprints/{e.sprint_id}/{e.target}" for e in known} <= hrefs
    years = [int(e.text) for e in page.all("h2") if e.text.isdigit()]
    assert years == sorted(years, reverse=True)
    assert years
    assert browser.get("/teams/nobody/sprints").status_code == 404


def test_the_history_names_the_id_under_which_a_team_was_judged_before() -> None:
    team = replace(TEAM, continues=("old-heron",))
    before = replace(LAST, team="old-heron")

    page = team_page(team, [before, CURRENT], SOURCES, NOW, AT)

    assert page.history is not None
    assert page.history.rows[0][0].href == "/teams/old-heron/sprints/2026-03-03"
    assert page.history.rows[0][0].after == "as old-heron"
