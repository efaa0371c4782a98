import random
from dataclasses import replace
from datetime import date, timedelta
from functools import partial

import pytest

from evaluator.model.days import Days
from evaluator.model.facts import Reason, StatusChange, Ticket
from evaluator.model.plan import LeaveOut, TeamJira, TicketSource
from evaluator.model.results import Gap, Measurement, Sprint
from tests.evaluator.builders import (
    DOING,
    DONE,
    HER,
    PLAN,
    SPRINT_A,
    SPRINT_B,
    TEAM,
    TO_DO,
    UNKNOWN,
    at,
    find,
    jira,
    labels,
    moved,
    read,
    reasons,
    ticket,
)

tickets_done = partial(find, "tickets_done")


def test_a_ticket_that_moved_to_done_counts_with_a_link_and_the_time_of_the_move() -> None:
    facts = jira(ticket("HER-42", moved("2026-03-04", TO_DO, DOING), moved("2026-03-05 09:30")))

    found = tickets_done(facts)

    [item] = found.evidence
    assert (item.kind, item.label, item.at) == ("ticket", "HER-42", at("2026-03-05 09:30"))
    assert item.url == "https://jira.example/browse/HER-42"
    assert (found.value, found.left_out, found.gaps) == (1, (), ())


@pytest.mark.parametrize(
    ("when", "counted"),
    [
        pytest.param("2026-03-02 23:59", [], id="just before the window"),
        pytest.param("2026-03-03", ["HER-1"], id="as the window begins"),
        pytest.param("2026-03-16 23:59", ["HER-1"], id="just before its end"),
        pytest.param("2026-03-17", [], id="as it ends"),
    ],
)
def test_the_window_is_half_open(when: str, counted: list[str]) -> None:
    assert labels(tickets_done(jira(ticket("HER-1", moved(when))))) == counted


@pytest.mark.parametrize(
    "resolution", ["Done", None], ids=["resolved", "without a resolution or its date"]
)
def test_a_resolution_is_not_needed(resolution: str | None) -> None:
    facts = jira(ticket("HER-1", moved("2026-03-05"), resolution=resolution))

    assert labels(tickets_done(facts)) == ["HER-1"]


def test_done_reopened_and_done_again_counts_once_at_the_last_move() -> None:
    changes = moved("2026-03-05"), moved("2026-03-06", DONE, DOING), moved("2026-03-07")

    [item] = tickets_done(jira(ticket("HER-1", *changes))).evidence

    assert item.at == at("2026-03-07")


def test_done_again_in_a_later_sprint_counts_there_too() -> None:
    changes = moved("2026-03-05"), moved("2026-03-18", DONE, DOING), moved("2026-03-19")
    facts = jira(ticket("HER-1", *changes))

    assert labels(tickets_done(facts, SPRINT_A)) == ["HER-1"]
    assert labels(tickets_done(facts, SPRINT_B)) == ["HER-1"]


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param((moved("2026-03-05", DONE, DONE),), id="from one Done status to another"),
        pytest.param((moved("2026-03-05", TO_DO, DOING),), id="only started"),
        pytest.param((), id="created in Done"),
        pytest.param((moved("2026-03-05", DONE, DOING),), id="reopened"),
    ],
)
def test_what_is_no_move_to_done_is_not_even_listed(changes: tuple[StatusChange, ...]) -> None:
    found = tickets_done(jira(ticket("HER-1", *changes, status_category=DONE)))

    assert (found.value, found.left_out) == (0, ())


@pytest.mark.parametrize(
    ("one", "reason"),
    [
        pytest.param(
            ticket("HER-1", moved("2026-03-05"), type="EPIC"), "its type is EPIC", id="an epic"
        ),
        pytest.param(
            ticket("HER-1", moved("2026-03-05"), type="Épopée", epic=True),
            "its type is Épopée, which is an epic",
            id="an epic of another language",
        ),
        pytest.param(
            ticket("HER-1", moved("2026-03-05"), sub_task=True), "a sub-task", id="a sub-task"
        ),
        pytest.param(
            ticket("HER-1", moved("2026-03-05"), resolution="won’t do"),
            "its resolution is won’t do",
            id="a resolution with a curly apostrophe",
        ),
        pytest.param(
            ticket("HER-1", moved("2026-03-05"), moved("2026-03-06", DONE, DOING)),
            "no longer Done at the end of the sprint",
            id="reopened before the end",
        ),
        pytest.param(
            ticket("HER-1", moved("2026-03-05", UNKNOWN, DONE)),
            "its status is unknown to Jira",
            id="from a status that Jira no longer knows",
        ),
        pytest.param(
            ticket("HER-1", moved("2026-03-05"), moved("2026-03-06", DONE, UNKNOWN)),
            "its status is unknown to Jira",
            id="to a status that Jira no longer knows",
        ),
    ],
)
def test_tickets_are_left_out_with_a_reason(one: Ticket, reason: str) -> None:
    found = tickets_done(jira(one))

    assert found.value == 0
    assert reasons(found) == {"HER-1": reason}


@pytest.mark.parametrize(
    ("done", "minimum", "gaps"),
    [
        pytest.param(0, 1, ["HER-1"], id="with it the minimum is reached"),
        pytest.param(0, 2, ["HER-1"], id="with both of them"),
        pytest.param(0, 3, [], id="with both of them it is not"),
        pytest.param(2, 2, [], id="without them it is"),
        pytest.param(2, 3, ["HER-1"], id="one more is enough"),
        pytest.param(0, None, [], id="nothing is asked"),
    ],
)
def test_what_nobody_can_tell_is_a_gap_where_it_decides(
    done: int, minimum: int | None, gaps: list[str]
) -> None:
    unknown = [ticket(f"HER-{n}", moved("2026-03-05", UNKNOWN, DONE)) for n in (1, 2)]
    known = [ticket(f"HER-{n}", moved("2026-03-05")) for n in range(3, 3 + done)]

    found = tickets_done(jira(*unknown, *known)).against(minimum)

    assert found.value == done
    assert [(gap.source, gap.reason, gap.detail) for gap in found.gaps] == [
        (HER.id, Reason.NOT_FOUND, f"Jira no longer knows a status of {key}") for key in gaps
    ]
    assert found.coverage == (0 if gaps else 1)


def test_what_was_never_read_whole_is_not_doubted() -> None:
    found = Measurement(None, "tickets", undecided=(Gap(HER.id, Reason.NOT_FOUND),))

    assert found.against(1) == found


def test_of_several_doubts_the_first_ticket_is_named_in_whatever_order_they_were_read() -> None:
    lost = [
        ticket(
            key, moved("2026-03-05", TO_DO, DOING), status_category=DONE, updated=at("2026-03-06")
        )
        for key in ("HER-2", "HER-1")
    ]

    found = tickets_done(jira(*lost)).against(1)

    assert [gap.detail for gap in found.gaps] == ["Jira does not show the move to Done of HER-1"]
    assert found == tickets_done(jira(*lost[::-1])).against(1)


@pytest.mark.parametrize(
    ("last_move", "updated", "told"),
    [
        pytest.param("2026-03-05", "2026-03-06", True, id="inside"),
        pytest.param("2026-02-05", "2026-03-03", True, id="from before it"),
        pytest.param("2026-03-16", "2026-04-06", True, id="until after it"),
        pytest.param("2026-02-05", "2026-03-02", False, id="before it"),
        pytest.param("2026-03-17", "2026-03-20", False, id="after it"),
    ],
)
def test_a_ticket_that_is_done_without_a_move_that_says_when_is_a_doubt(
    last_move: str, updated: str, *, told: bool
) -> None:
    one = ticket("HER-1", moved(last_move, TO_DO, DOING), status_category=DONE, updated=at(updated))

    found = tickets_done(jira(one))

    assert found.value == 0
    assert reasons(found) == ({"HER-1": "Jira does not show when it moved to Done"} if told else {})
    assert [gap.detail for gap in found.against(1).gaps] == (
        ["Jira does not show the move to Done of HER-1"] if told else []
    )


LOST_AND_REOPENED = (moved("2026-02-25", TO_DO, DOING), moved("2026-03-25", DONE, DOING))


@pytest.mark.parametrize(
    ("changes", "window", "doubts"),
    [
        pytest.param(LOST_AND_REOPENED, SPRINT_A, 1, id="it stayed Done"),
        pytest.param(LOST_AND_REOPENED, SPRINT_B, 0, id="it had left Done by the end"),
        pytest.param(
            (LOST_AND_REOPENED[0], moved("2026-03-25", DONE, DONE)),
            SPRINT_B,
            1,
            id="from one status that is Done to another",
        ),
        pytest.param(
            (moved("2026-03-17", TO_DO, DOING), LOST_AND_REOPENED[1]),
            SPRINT_A,
            0,
            id="it moved elsewhere later",
        ),
        pytest.param(
            (moved("2026-02-25"), moved("2026-03-25", DONE, DOING)),
            SPRINT_A,
            0,
            id="every move is shown",
        ),
        pytest.param(
            (moved("2026-02-25", TO_DO, DOING), replace(LOST_AND_REOPENED[1], from_id="")),
            SPRINT_A,
            0,
            id="an id was lost in a migration, and no move",
        ),
    ],
)
def test_a_ticket_that_left_done_and_never_came_there_is_a_doubt(
    changes: tuple[StatusChange, ...], window: Sprint, doubts: int
) -> None:
    found = find("tickets_done", jira(ticket("HER-1", *changes)), window)

    assert [gap.detail for gap in found.undecided] == (
        ["Jira does not show the move to Done of HER-1"] * doubts
    )


def test_a_ticket_that_counts_is_no_doubt_besides() -> None:
    counted = ticket("HER-1", *LOST_AND_REOPENED, moved("2026-03-26", DOING, DONE))
    lost = replace(SPRINT_B, start=at("2026-03-03"))

    found = find("tickets_done", jira(counted), lost)

    assert (labels(found), found.undecided) == (["HER-1"], ())


def test_a_ticket_whose_move_nobody_shows_is_no_doubt_where_it_would_not_count() -> None:
    epic = ticket(
        "HER-1",
        moved("2026-03-05", TO_DO, DOING),
        status_category=DONE,
        type="Epic",
        updated=at("2026-03-06"),
    )

    found = tickets_done(jira(epic))

    assert (found.left_out, found.undecided) == ((), ())


def test_a_ticket_that_two_filters_show_is_one_doubt() -> None:
    web = TicketSource("jira", jql="component = web")
    one = ticket(
        "HER-1", moved("2026-03-05", TO_DO, DOING), status_category=DONE, updated=at("2026-03-06")
    )
    facts = jira(one, replace(one, source=web.id), coverage=(read(HER), read(web)))

    found = tickets_done(facts, team=replace(TEAM, jira=(TeamJira(HER), TeamJira(web))))

    assert len(found.undecided) == 1


def test_a_ticket_that_was_made_in_done_never_moved_there() -> None:
    made_so = ticket("HER-1", status_category=DONE, updated=at("2026-03-06"))

    found = tickets_done(jira(made_so))

    assert (found.value, found.left_out, found.undecided) == (0, (), ())


def test_an_unknown_status_on_the_way_to_done_decides_nothing() -> None:
    changes = (
        moved("2026-03-04", TO_DO, UNKNOWN),
        moved("2026-03-05", UNKNOWN, DOING),
        moved("2026-03-06"),
    )

    assert labels(tickets_done(jira(ticket("HER-1", *changes)))) == ["HER-1"]


def test_what_is_left_out_is_configuration() -> None:
    entry = TeamJira(HER, leave_out=LeaveOut(types=("Risk",), sub_tasks=False, resolutions=()))
    facts = jira(
        ticket("HER-1", moved("2026-03-05"), type="Epic"),
        ticket("HER-2", moved("2026-03-06"), sub_task=True),
        ticket("HER-3", moved("2026-03-07"), resolution="Duplicate"),
        ticket("HER-4", moved("2026-03-08"), type="Risk"),
    )

    found = tickets_done(facts, team=replace(TEAM, jira=(entry,)))

    assert labels(found) == ["HER-1", "HER-2", "HER-3"]
    assert reasons(found) == {"HER-4": "its type is Risk"}


def test_while_the_sprint_is_open_its_end_is_now() -> None:
    facts = jira(ticket("HER-1", moved("2026-03-05"), moved("2026-03-07", DONE, DOING)))

    assert labels(tickets_done(facts, now=at("2026-03-06"))) == ["HER-1"]
    assert labels(tickets_done(facts, now=at("2026-03-08"))) == []


def test_a_ticket_reopened_after_the_sprint_still_counts_in_it() -> None:
    facts = jira(ticket("HER-1", moved("2026-03-05"), moved("2026-03-17", DONE, DOING)))

    assert labels(tickets_done(facts)) == ["HER-1"]


def test_the_order_of_changes_and_repetition_of_tickets_do_not_matter() -> None:
    changes = [moved("2026-03-05"), moved("2026-03-06", DONE, DOING), moved("2026-03-07")]
    shuffled = random.Random(3).sample(changes, k=3)
    once = ticket("HER-1", *changes)

    assert tickets_done(jira(replace(once, changes=tuple(shuffled)), once)) == tickets_done(
        jira(once)
    )


def test_a_ticket_of_two_sources_counts_once_and_by_the_kinder_one() -> None:
    web = TicketSource("jira", jql="project = HER AND component = web")
    team = replace(TEAM, jira=(TeamJira(HER), TeamJira(web), TeamJira(HER)))
    epics = replace(team, jira=(TeamJira(HER), TeamJira(web, leave_out=LeaveOut(types=()))))
    one = ticket("HER-1", moved("2026-03-05"))
    epic = replace(one, type="Epic")
    covered = (read(HER), read(web))

    twice = jira(one, replace(one, source=web.id), coverage=covered)
    an_epic = jira(epic, replace(epic, source=web.id), coverage=covered)

    assert labels(tickets_done(twice, team=team)) == ["HER-1"]
    assert labels(tickets_done(an_epic, team=epics)) == ["HER-1"]


def test_the_same_id_on_two_sites_is_two_tickets_and_a_site_without_address_has_no_links() -> None:
    legacy = TicketSource("legacy", project="HER")
    team = replace(TEAM, jira=(TeamJira(HER), TeamJira(legacy)))
    one = ticket("HER-1", moved("2026-03-05"))
    facts = jira(one, replace(one, source=legacy.id), coverage=(read(HER), read(legacy)))

    found = tickets_done(facts, team=team)

    assert [item.url for item in found.evidence] == ["", "https://jira.example/browse/HER-1"]


def test_a_project_is_asked_by_the_sprints_first_day() -> None:
    old = TicketSource("jira", project="OLD")
    team = replace(
        TEAM,
        jira=(
            TeamJira(old, days=Days(last=date(2026, 3, 16))),
            TeamJira(HER, days=Days(first=date(2026, 3, 17))),
        ),
    )

    assert tickets_done(jira(), SPRINT_A, team=team).sources == ("jira:jira:OLD",)
    assert tickets_done(jira(), SPRINT_B, team=team).sources == ("jira:jira:HER",)


def test_what_moved_between_sprints_is_listed_with_the_one_before() -> None:
    window = replace(SPRINT_A, gap_end=at("2026-03-20"))
    facts = jira(
        ticket("HER-1", moved("2026-03-18")),
        ticket("HER-2", moved("2026-03-18"), sub_task=True),
        ticket("HER-3", moved("2026-03-20")),
    )

    found = tickets_done(facts, window, plan=PLAN)

    assert found.value == 0
    assert reasons(found) == {"HER-1": "between sprints: moved to Done on 18 March 2026"}


@pytest.mark.parametrize(
    ("configured", "named"),
    [
        pytest.param("Won't do", "Won’t Do", id="without case, and with either apostrophe"),
        pytest.param("Cancelled", "Canceled", id="in either spelling"),
    ],
)
def test_statuses_that_are_no_work_done_are_left_out(configured: str, named: str) -> None:
    entry = TeamJira(HER, leave_out=LeaveOut(resolutions=(), statuses=(configured,)))
    dropped = replace(moved("2026-03-05"), to_name=named)
    facts = jira(
        ticket("HER-1", dropped, status="Done", status_id="another"),
        ticket("HER-2", moved("2026-03-06"), status="Done", resolution="Done"),
        ticket("HER-3", moved("2026-03-07"), status=named),
        ticket("HER-4", dropped, replace(moved("2026-03-08", DONE, DONE), to_name="Done")),
        ticket("HER-5", moved("2026-03-08")),
    )

    found = tickets_done(facts, team=replace(TEAM, jira=(entry,)))

    assert labels(found) == ["HER-4", "HER-2", "HER-5"]
    assert reasons(found) == dict.fromkeys(["HER-1", "HER-3"], f"its status is {named}")


@pytest.mark.parametrize(
    ("written", "others", "value", "doubted"),
    [
        pytest.param(("Abgelehnt",), "Done", 1, ["HER-1"], id="in another language"),
        pytest.param(("Abgelehnt",), "abgelehnt", 1, [], id="as another ticket has it"),
        pytest.param(("Duplicate", "Abgelehnt"), "Done", 2, [], id="with an English name"),
        pytest.param((), "Done", 2, [], id="nothing"),
    ],
)
def test_left_out_names_that_no_ticket_has_leave_a_doubt_about_what_was_dropped(
    written: tuple[str, ...], others: str, value: int, doubted: list[str]
) -> None:
    entry = TeamJira(HER, leave_out=LeaveOut(resolutions=written))
    facts = jira(
        ticket("HER-1", moved("2026-03-05"), resolution="Won't Do"),
        ticket("HER-2", moved("2026-03-06"), resolution=others),
    )

    found = tickets_done(facts, team=replace(TEAM, jira=(entry,)))

    assert [gap.detail.rpartition(" ")[2] for gap in found.against(2).gaps] == doubted
    assert found.value == value


def test_both_spellings_of_a_resolution_are_one() -> None:
    facts = jira(ticket("HER-1", moved("2026-03-05"), resolution="Canceled"))

    assert reasons(tickets_done(facts)) == {"HER-1": "its resolution is Canceled"}


def test_what_was_done_in_another_project_does_not_count_in_this_one() -> None:
    facts = jira(
        ticket("HER-1", moved("2026-03-05"), here_since=at("2026-03-06")),
        ticket("HER-2", moved("2026-03-06"), here_since=at("2026-03-06")),
    )

    found = tickets_done(facts)

    assert labels(found) == ["HER-2"]
    assert reasons(found) == {"HER-1": "moved to Done before it came into this project"}


@pytest.mark.parametrize(
    ("one", "reason"),
    [
        pytest.param(
            ticket("HER-1", moved("2026-03-05", TO_DO, DOING), resolution="Done", status="Shipped"),
            "its status Shipped is in the category In progress",
            id="in progress",
        ),
        pytest.param(
            ticket("HER-1", moved("2026-03-05", DOING, TO_DO), resolution="Done"),
            "its status is in the category To do",
            id="to do, read before names were kept",
        ),
        pytest.param(
            ticket("HER-1", moved("2026-03-05", TO_DO, DOING), resolution="Duplicate"),
            None,
            id="with a resolution that is left out",
        ),
        pytest.param(ticket("HER-1", moved("2026-03-05", TO_DO, DOING)), None, id="not resolved"),
        pytest.param(
            ticket("HER-1", moved("2026-03-17", TO_DO, DOING), resolution="Done"),
            None,
            id="in a later sprint",
        ),
        pytest.param(
            ticket(
                "HER-1", moved("2026-03-05"), moved("2026-03-06", DONE, DOING), resolution="Done"
            ),
            "no longer Done at the end of the sprint",
            id="reopened",
        ),
    ],
)
def test_a_resolution_in_a_status_that_is_not_done_is_told(one: Ticket, reason: str | None) -> None:
    found = tickets_done(jira(one))

    assert found.value == 0
    assert reasons(found) == ({"HER-1": reason} if reason else {})


@pytest.mark.parametrize(
    ("resolved", "told"),
    [
        pytest.param("2026-03-02 00:01", False, id="as it was made"),
        pytest.param("2026-03-02 00:02", True, id="later"),
        pytest.param(None, False, id="never"),
    ],
)
def test_a_ticket_without_history_that_was_resolved_later_is_a_doubt(
    resolved: str | None, *, told: bool
) -> None:
    one = ticket(
        "HER-1",
        status_category=DONE,
        created=at("2026-03-02"),
        updated=at("2026-03-06"),
        resolved_at=at(resolved) if resolved else None,
    )

    found = tickets_done(jira(one))
    later = tickets_done(jira(one), SPRINT_B)

    assert len(found.undecided) == int(told)
    assert later.undecided == ()


REOPENED = moved("2026-03-20", DONE, DOING)
CLOSED = moved("2026-03-20", DONE, DONE)
NEW = at("2026-03-02")


@pytest.mark.parametrize(
    ("one", "told"),
    [
        pytest.param(ticket("HER-1", REOPENED, created=NEW), (1, 0), id="reopened"),
        pytest.param(
            ticket("HER-1", CLOSED, replace(REOPENED, at=at("2026-03-21")), created=NEW),
            (1, 0),
            id="reopened from another Done status",
        ),
        pytest.param(ticket("HER-1", CLOSED, created=NEW), (0, 0), id="to another Done status"),
        pytest.param(
            ticket("HER-1", REOPENED, created=NEW, resolved_at=NEW), (0, 0), id="resolved as made"
        ),
        pytest.param(ticket("HER-1", REOPENED, created=at("2026-03-17")), (0, 0), id="made later"),
        pytest.param(
            ticket("HER-1", moved("2026-03-20", UNKNOWN, DOING), created=NEW),
            (0, 0),
            id="from a status that was deleted",
        ),
        pytest.param(
            ticket("HER-1", moved("2026-03-19", DOING, TO_DO), REOPENED, created=NEW),
            (0, 0),
            id="with a move before",
        ),
        pytest.param(
            ticket("HER-1", REOPENED, created=NEW, here_since=at("2026-03-21")),
            (0, 0),
            id="reopened in another project",
        ),
        pytest.param(
            ticket("HER-1", REOPENED, created=NEW, here_since=at("2026-03-16")),
            (1, 0),
            id="come from another project before",
        ),
        pytest.param(ticket("HER-1", REOPENED, created=NEW, type="Epic"), (0, 0), id="left out"),
    ],
)
def test_a_ticket_that_left_done_and_was_never_seen_to_come_there_is_a_doubt(
    one: Ticket, told: tuple[int, int]
) -> None:
    found = [tickets_done(jira(one), sprint) for sprint in (SPRINT_A, SPRINT_B)]

    assert tuple(len(each.undecided) for each in found) == told
    assert [each.value for each in found] == [0, 0]


@pytest.mark.parametrize(
    ("at_once", "alone", "told"),
    [
        pytest.param(10, 9, True, id="ten, and more than half"),
        pytest.param(9, 0, False, id="nine"),
        pytest.param(10, 10, False, id="half"),
    ],
)
def test_tickets_that_moved_within_one_minute_carry_a_note(
    at_once: int, alone: int, *, told: bool
) -> None:
    first = at("2026-03-05 10:14") + timedelta(seconds=30)
    bulk = [
        replace(moved("2026-03-05"), at=first + timedelta(seconds=5 * n)) for n in range(at_once)
    ]
    others = [moved(f"2026-03-{6 + n // 4:02d} {9 + n % 4:02d}:00") for n in range(alone)]
    facts = jira(*(ticket(f"HER-{n}", move) for n, move in enumerate([*bulk, *others])))

    found = tickets_done(facts)

    assert found.value == at_once + alone
    assert found.notes == (
        ("10 of the 19 tickets moved to Done within the same minute, at 10:14am on 5 March 2026",)
        if told
        else ()
    )
