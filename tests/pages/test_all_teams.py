"""All teams: one sentence that answers, A to Z, and nothing is sorted by result."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest
from fastapi.testclient import TestClient

from api.pages.presenters.all_teams import AllTeams, Asked, all_teams
from api.pages.presenters.parts.freshness import freshness
from evaluator.model.days import Days
from evaluator.model.facts import Coverage, Reason
from evaluator.model.plan import Closure, Plan, TeamJira, TicketSource
from evaluator.model.results import Gap, GapKind, PastStatus, Result, Status
from evaluator.working_days import is_working_day
from store.store import Store
from tests.evaluator.builders import BOARD, PLAN, SPRINT_B, TARGETS, TEAM, WEB, at, read, unread
from tests.evaluator.results import a_result
from tests.pages.html import Page
from tests.support.organisation import NOW as THEN
from tests.support.served_demo import client_of

NOW = at("2026-03-23 09:10")  # a Monday
LEAD = replace(TARGETS[0], title="Changes reach production")
DONE = replace(TARGETS[1], title="Tickets move to Done")
SOURCES = {source.id: read(source, started="2026-03-23") for source in PLAN.all_sources()}
MERLIN = replace(TEAM, id="merlin", name="merlin", group="records")
WREN = replace(TEAM, id="wren", name="Wren", group="letters")
THREE = replace(PLAN, teams=(WREN, TEAM, MERLIN), targets=(LEAD, DONE))


ONE_TARGET = Asked(target=LEAD.id)


def shown(
    *results: Result,
    plan: Plan = THREE,
    asked: Asked = ONE_TARGET,
    past: Sequence[PastStatus] = (),
) -> AllTeams:
    return all_teams(plan, results, SOURCES, NOW, asked, past=past)


def last(team: str, *statuses: Status, target: str = LEAD.id) -> list[PastStatus]:
    return [
        PastStatus(team, NOW - timedelta(days=14 * ago), target, status)
        for ago, status in zip(range(len(statuses), 0, -1), statuses, strict=True)
    ]


def read_of(source: str, started: str) -> Coverage:
    return replace(next(iter(SOURCES.values())), source=source, read_started=at(started))


MET = a_result(Status.MET, 3)
NOT_MET = a_result(Status.NOT_MET, 0, team="merlin")
NO_DATA = a_result(
    Status.NO_DATA, 0, team="wren", gaps=(Gap(WEB.id, Reason.NO_ACCESS, "Ask an owner."),)
)


def test_the_first_sentence_counts_teams_and_names_those_without_data() -> None:
    assert shown(MET, NOT_MET, NO_DATA).summary == (
        "1 of 3 teams had at least one change reach production in their last finished sprint.",
        "No data for 1 team (Wren: we cannot read repository nhsuk/web).",
    )


def test_a_team_whose_board_cannot_be_read_has_no_data() -> None:
    by_board = replace(WREN, sprints=BOARD)
    refused = replace(read(BOARD, started="2026-03-20"), reason=Reason.NO_ACCESS)
    plan = replace(THREE, teams=(by_board, TEAM, MERLIN))

    page = all_teams(
        plan, [MET, NOT_MET], {**SOURCES, BOARD.id: refused}, NOW, Asked(target=LEAD.id)
    )

    assert page.summary == (
        "1 of 3 teams had at least one change reach production in their last finished sprint.",
        "No data for 1 team (Wren: we cannot read Jira board 42).",
    )
    tags = [cell.tag.text for cell in page.table.rows[-1].values if cell.tag]
    assert tags == ["No data"]
    (look,) = (each for each in page.look if each.name == "Wren")
    assert [(why.text, why.href) for why in look.reasons] == [
        ("no data, we cannot read Jira board 42", "/teams/wren")
    ]


@pytest.mark.parametrize(("stretch", "colour"), [(False, "orange"), (True, "white")])
def test_a_stretch_target_that_is_not_met_warns_nobody(stretch: bool, colour: str) -> None:
    plan = replace(THREE, targets=(replace(LEAD, stretch=stretch),))

    (merlin,) = (row for row in shown(NOT_MET, plan=plan).table.rows if row.team == "merlin")

    assert [cell.tag.colour for cell in merlin.values if cell.tag] == [colour]


def test_no_team_is_counted_twice_in_the_first_sentence() -> None:
    some = replace(NO_DATA, value=2, minimum=3)

    assert shown(MET, NOT_MET, some).summary == (
        "2 of 3 teams had at least one change reach production in their last finished sprint.",
        "1 team met the target.",
        "We cannot say whether 1 team met it (Wren: we cannot read repository nhsuk/web).",
    )


def test_where_more_than_one_is_asked_the_sentence_says_how_many_met_that() -> None:
    two = [replace(each, minimum=2) for each in (MET, replace(NOT_MET, value=1))]

    assert shown(*two).summary[:2] == (
        "2 of 3 teams had at least one change reach production in their last finished sprint.",
        "1 team met the target of at least 2.",
    )


def test_a_team_without_data_that_reached_the_minimum_counts_as_having_done_it() -> None:
    some = replace(NO_DATA, status=Status.MET, value=1)

    assert shown(MET, NOT_MET, some).summary[0].startswith("2 of 3 teams")


@pytest.mark.parametrize(
    ("gap", "said"),
    [
        (
            Gap(WEB.id, Reason.NOT_SET_UP, "this team has no repositories set up"),
            "has no repositories set up",
        ),
        (Gap(WEB.id, Reason.NOTHING_MATCHED), "nothing in repository nhsuk/web matches"),
        (
            Gap(WEB.id, Reason.NOTHING_MATCHED, "it finds no ticket", GapKind.NO_TICKET),
            "repository nhsuk/web: it finds no ticket",
        ),
        (
            Gap(WEB.id, Reason.STALE, "not read"),
            "repository nhsuk/web is not read for the whole sprint yet",
        ),
        (Gap(WEB.id, Reason.NOT_FOUND, "gone"), "we cannot read repository nhsuk/web"),
    ],
)
def test_each_reason_for_no_data_has_its_own_words(gap: Gap, said: str) -> None:
    assert said in shown(replace(NO_DATA, gaps=(gap,))).summary[1]


@pytest.mark.parametrize(
    ("reason", "kind", "what"),
    [
        (Reason.NOTHING_MATCHED, GapKind.NO_TICKET, ""),
        (Reason.HISTORY_BEFORE_START, GapKind.BEFORE_FIRST_EVENT, "5 March 2026"),
    ],
)
def test_what_a_source_lacks_is_said_of_it(reason: Reason, kind: GapKind, what: str) -> None:
    detail = f"{kind}{what}"
    gap = Gap(WEB.id, reason, detail, kind)

    said = shown(replace(NO_DATA, gaps=(gap,))).summary[1]

    assert f"repository nhsuk/web: {detail}" in said


def test_excused_teams_and_those_without_a_finished_sprint_are_said_too() -> None:
    excused = replace(NOT_MET, status=Status.EXCUSED)

    said = shown(MET, excused).summary

    assert "Excused: 1 team (merlin)." in said
    assert "No finished sprint yet: 1 team (Wren)." in said


def test_a_team_of_which_the_target_asks_nothing_is_not_among_those_counted() -> None:
    none = replace(NOT_MET, status=Status.NOT_APPLICABLE, value=2, minimum=None)

    said = shown(MET, none).summary

    assert said[0].startswith("1 of 2 teams had at least one change")
    assert "Not applicable: 1 team (merlin)." in said
    assert shown(none, plan=replace(THREE, teams=(MERLIN,))).summary == (
        "Changes reach production: asked of no team in its last finished sprint.",
        "Not applicable: 1 team (merlin).",
    )


def test_teams_stand_from_a_to_z_whatever_their_results() -> None:
    page = shown(NO_DATA, NOT_MET, MET)

    assert [row.name for row in page.table.rows] == ["Heron", "merlin", "Wren"]
    assert [row.values[0].tag.text for row in page.table.rows if row.values[0].tag] == [
        "Met",
        "Not met",
        "No data",
    ]
    assert [row.values[0].text for row in page.table.rows] == ["3 of 1", "0 of 1", "0 of 1"]


def test_a_group_and_a_target_narrow_what_is_shown() -> None:
    page = shown(MET, NOT_MET, asked=Asked(group="records", target="tickets-done"))

    assert [row.name for row in page.table.rows] == ["merlin"]
    assert [target.title for target in page.table.targets] == ["Tickets move to Done"]
    assert [choice.value for choice in page.groups if choice.selected] == ["records"]
    assert page.narrowed


def test_a_group_or_target_that_is_not_there_narrows_nothing() -> None:
    page = shown(MET, asked=Asked("no such", "no such", "no such"))

    assert page.unknown == (
        "There is no group of that name, so all are shown.",
        "There is no target of that name, so all are shown.",
        "There is no team of that name, so all are shown.",
    )
    assert len(page.table.rows) == 3
    assert not page.narrowed


def test_a_team_of_which_nothing_was_read_is_counted_nowhere() -> None:
    unread = replace(WREN, repositories=(), jira=(TeamJira(TicketSource("jira", "WREN")),))
    plan = replace(THREE, teams=(unread, TEAM, MERLIN))
    nothing = replace(NO_DATA, value=None)

    page = shown(MET, NOT_MET, nothing, plan=plan)
    alone = shown(plan=replace(THREE, teams=(unread,)))

    assert page.summary == (
        "1 of 2 teams had at least one change reach production in their last finished sprint.",
        "Nothing was read yet of 1 team (Wren).",
    )
    assert alone.summary == ("Nothing was read yet of 1 team (Wren).",)
    (row,) = alone.table.rows
    assert {row.values[0].text, row.so_far.text, row.data.text} == {"Not read yet"}
    assert [(why.text, why.href) for each in alone.look for why in each.reasons] == [
        ("nothing was read yet", "/teams/wren")
    ]


def test_a_team_that_closed_is_not_in_the_current_view() -> None:
    closed = replace(WREN, active=Days(None, date(2026, 3, 1)))

    page = shown(MET, plan=replace(THREE, teams=(TEAM, closed)))

    assert [row.name for row in page.table.rows] == ["Heron"]
    assert page.summary[0].startswith("1 of 1 team had at least one change")


@pytest.mark.parametrize(
    ("plan", "said"),
    [
        (Plan((), ()), "No team is set up yet."),
        (replace(PLAN, targets=()), "No target is agreed yet."),
    ],
    ids=["no team", "no target"],
)
def test_a_service_that_nobody_set_up_yet_says_so(plan: Plan, said: str) -> None:
    assert shown(plan=plan).summary == (said,)


def test_how_many_sources_are_to_fix_is_said_of_each_team_and_of_all_once() -> None:
    coverage = {**SOURCES, WEB.id: unread(WEB, Reason.NO_ACCESS, "Ask an owner.")}

    page = all_teams(THREE, [MET], coverage, NOW, Asked())

    assert page.to_fix == "1 source"
    assert (page.table.rows[0].data.text, page.table.rows[0].data.href) == (
        "1 to fix",
        "/data?team=heron",
    )


DONE_MET = replace(MET, target=DONE.id)
BOTH = (MET, DONE_MET, NOT_MET, replace(DONE_MET, team="merlin"), NO_DATA)


def test_over_several_targets_each_team_is_counted_once_and_none_is_left_unsaid() -> None:
    stretch = replace(LEAD, id="more", stretch=True)
    plan = replace(THREE, targets=(LEAD, DONE, stretch))
    excused = [replace(r, team="wren", status=Status.EXCUSED) for r in (MET, DONE_MET)]
    none = [replace(r, team="wren", status=Status.NOT_APPLICABLE) for r in (MET, DONE_MET)]
    missed = replace(MET, target="more", status=Status.NOT_MET)

    assert shown(*BOTH, missed, plan=plan, asked=Asked()).summary == (
        "1 of 3 teams met every target in their last finished sprint.",
        "1 team did not meet one or more.",
        "No data for 1 team.",
    )
    assert shown(*BOTH[:4], *excused, asked=Asked()).summary[2:] == ("Excused: 1 team (Wren).",)
    assert shown(*BOTH[:4], *none, asked=Asked(group="letters")).summary == (
        "No team of group letters was asked anything in its last finished sprint.",
        "Not applicable: 1 team (Wren).",
    )
    assert shown(*BOTH[:4], asked=Asked()).summary[2:] == (
        "No finished sprint yet: 1 team (Wren).",
    )


def test_to_look_at_names_each_team_with_why_and_leads_to_the_result() -> None:
    plan = replace(THREE, targets=(LEAD, DONE, replace(LEAD, id="more", stretch=True)))
    missed = replace(MET, target="more", status=Status.NOT_MET)
    past = last("merlin", Status.NOT_MET, Status.MET, Status.NOT_MET)
    no_done = replace(NO_DATA, target=DONE.id)

    page = shown(*BOTH, no_done, missed, plan=plan, asked=Asked(), past=past)

    assert [(e.name, [(why.text, why.href) for why in e.reasons]) for e in page.look] == [
        (
            "merlin",
            [
                (
                    "Changes reach production not met 2 times in 3 sprints",
                    "/teams/merlin/sprints/2026-03-03/reached-production",
                )
            ],
        ),
        (
            "Wren",
            [
                (
                    "no data for 2 targets, we cannot read repository nhsuk/web",
                    "/teams/wren/sprints/2026-03-03/reached-production",
                )
            ],
        ),
    ]
    assert shown(NOT_MET).look[0].reasons[0].text == "Changes reach production not met once"
    assert not shown(MET, plan=replace(THREE, teams=(TEAM,))).look


def test_a_name_and_what_needs_a_look_narrow_the_table() -> None:
    typed = shown(*BOTH, asked=Asked(team=" MER"))
    look = shown(*BOTH, asked=Asked(only_look=True))

    assert [row.name for row in typed.table.rows] == ["merlin"]
    assert [row.name for row in look.table.rows] == ["merlin", "Wren"]
    assert typed.narrowed
    assert look.summary[0].startswith("1 of 3 teams")


def test_the_days_are_said_once_where_all_have_the_same() -> None:
    later = replace(NOT_MET, sprint=replace(SPRINT_B, settled_at=NOW))

    same, two = shown(MET, NOT_MET), shown(MET, later)

    assert same.table.caption.endswith("each with its last finished sprint, 3 to 16 March 2026")
    assert [row.days for row in same.table.rows] == [None] * 3
    assert [row.days.text for row in two.table.rows if row.days] == [
        "3 to 16 March",
        "17 to 30 March",
        "None finished yet",
    ]


def test_the_marks_say_in_words_what_needs_a_look_of_each_sprint() -> None:
    past = [
        *last("heron", Status.MET, Status.MET, Status.EXCUSED),
        *last("heron", Status.MET, Status.NOT_MET, Status.EXCUSED, target=DONE.id),
        *last("merlin", *[Status.NO_DATA] * 7),
    ]

    heron, merlin, wren = shown(MET, asked=Asked(), past=past).table.rows

    assert ">Met, Not met, Excused</span>" in heron.marks
    assert heron.marks.count("<use") == 3
    assert merlin.marks.count('href="#mark-no-data"') == 6
    assert wren.marks == "None finished yet"


def test_the_past_of_a_renamed_team_is_its_own() -> None:
    renamed = replace(WREN, continues=("merlin",))
    plan = replace(THREE, teams=(renamed,), gone=(("merlin", ()),))

    (row,) = shown(plan=plan, past=last("merlin", Status.MET, Status.NOT_MET)).table.rows

    assert ">Met, Not met</span>" in row.marks


def test_this_sprint_so_far_is_words_and_has_no_status() -> None:
    going = replace(MET, status=Status.IN_PROGRESS, sprint=SPRINT_B)
    done = replace(going, target=DONE.id, status=Status.MET)

    rows = [shown(*of, asked=Asked()).table.rows[0] for of in ((going,), (going, done), ())]

    assert [row.so_far.text for row in rows] == [
        "Not yet",
        "1 of 2 met already",
        "No sprint going on",
    ]


@pytest.mark.parametrize(
    ("now", "stale"),
    [
        ("2026-03-24 00:00", False),
        ("2026-03-24 00:01", True),
        ("2026-03-28 12:00", False),
        ("2026-03-27 12:00", False),
    ],
    ids=["24 hours old", "a minute older", "on a Saturday", "on a closed day"],
)
def test_a_banner_says_when_data_are_older_than_24_hours_on_a_working_day(
    now: str, stale: bool
) -> None:
    plan = replace(THREE, closures=(Closure(Days(date(2026, 3, 27), date(2026, 3, 27)), "Closed"),))

    page = all_teams(plan, [MET], SOURCES, at(now), Asked())

    assert bool(page.freshness.stale) is stale
    if stale:
        assert "midnight on 23 March 2026" in page.freshness.stale


@pytest.mark.parametrize(
    ("other_read", "said"),
    [
        ("2026-03-23", "Nothing was read for 1 day: these results are as of midnight on 23"),
        ("2026-03-24", "1 of 2 sources was last read 1 day ago, at midnight on 23 March 2026."),
    ],
    ids=["all of them", "one of them"],
)
def test_the_banner_says_whether_all_or_only_some_is_old(other_read: str, said: str) -> None:
    one, *_ = SOURCES
    reads = {one: SOURCES[one], "jira:jira:OLD": read_of("jira:jira:OLD", other_read)}

    assert freshness(reads.values(), THREE, at("2026-03-24 09:10")).stale.startswith(said)


def test_where_nothing_was_read_there_is_no_date() -> None:
    none: dict[str, Coverage] = {}

    assert all_teams(THREE, [], none, NOW, ONE_TARGET).freshness.as_of is None


def test_asking_for_another_order_changes_nothing(browser: TestClient) -> None:
    assert browser.get("/?sort=status&sort=-reached-production").text == browser.get("/").text
    assert "aria-sort" not in browser.get("/").text


def test_the_filters_keep_what_was_chosen_and_offer_a_way_back(browser: TestClient) -> None:
    page = Page(browser.get("/?group=letters").text)

    chosen = [o.attributes["value"] for o in page.all("option") if "selected" in o.attributes]
    assert chosen == ["letters", ""]
    assert "Show all teams and targets" in page.words
    assert page.one("form").attributes["method"] == "get"


def test_old_data_are_said_at_once_and_no_status_changes(demo: Store) -> None:
    plan = demo.plans.newest()
    assert plan is not None
    later = THEN + timedelta(hours=25)
    while not is_working_day(later.astimezone(plan.zone).date(), plan):
        later += timedelta(days=1)

    before = Page(client_of(demo).get("/").text)
    after = Page(client_of(demo, later).get("/").text)

    assert not [e for e in before.elements if e.attributes.get("role") == "status"]
    (banner,) = [e for e in after.elements if e.attributes.get("role") == "status"]
    assert "these results are as of" in banner.text
    assert before.all("strong"), "there are tags"
