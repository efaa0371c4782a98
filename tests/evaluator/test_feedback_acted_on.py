from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from evaluator.measures import MEASURES
from evaluator.measures.context import MeasureContext
from evaluator.model.facts import (
    Commit,
    LabelChange,
    LinkedTicket,
    ProductionEvent,
    Reason,
    Ticket,
    TicketLink,
)
from evaluator.model.results import Measurement, Sprint
from evaluator.team_facts import team_facts
from tests.evaluator.builders import (
    DOING,
    DONE,
    HER,
    LATER,
    LONG_DONE,
    PLAN,
    SPRINT_A,
    TEAM,
    TO_DO,
    UNKNOWN,
    WEB,
    at,
    commit,
    deployed,
    labels,
    moved,
    read,
    reasons,
    shipped,
    ticket,
)

FORTNIGHT = timedelta(days=14)
BEFORE = tuple(
    replace(SPRINT_A, id=f"{n}", start=SPRINT_A.start - n * FORTNIGHT) for n in (3, 2, 1)
)
COMMITS: list[Commit] = [commit("c0", made="2026-01-01"), commit("c1", "c0", made="2026-01-10")]
FIRST = deployed("D0", "c0", "2026-01-02")
DEPLOYED = deployed("D1", "c1", "2026-02-04")


def feedback(key: str, *changes: Any, heard: str = "2026-02-07", **known: Any) -> Ticket:
    """Return a ticket with the label, taken up in sprint A unless told otherwise."""
    changes = changes or (moved("2026-03-05", TO_DO, DOING),)
    return ticket(key, *changes, **{"labels": ("user-feedback",), "created": at(heard)} | known)


def linked(made: str | None, *named: str) -> tuple[TicketLink, ...]:
    other = LinkedTicket(at(made) if made else None, named)
    return (TicketLink("7", "Feedback", True, "FB-3", "id of FB-3", TO_DO, other),)


def find(
    *tickets: Ticket,
    events: Iterable[ProductionEvent] = (DEPLOYED,),
    before: Sequence[Sprint] = BEFORE,
    commits: Sequence[Commit] = COMMITS,
    **more: Any,
) -> Measurement:
    facts = shipped(commits, [FIRST, *events], tickets=(LONG_DONE, *tickets), **more)
    known = team_facts(TEAM, PLAN, facts)
    context = MeasureContext(TEAM, SPRINT_A, PLAN, known, LATER, tuple(before))
    return MEASURES["feedback_acted_on"].found(context)


def keys(found: Measurement) -> list[str]:
    return [label.partition(":")[0] for label in labels(found)]


def test_the_chain_from_deployed_to_done_is_the_evidence_with_a_link_and_a_time_each() -> None:
    done = moved("2026-03-09"), moved("2026-03-05", TO_DO, DOING)

    (item,) = find(feedback("HER-42", *done)).evidence

    assert item.label == (
        "HER-42: deployed 4 February, heard 7 February, started 5 March, Done on 9 March"
    )
    assert (item.kind, item.at) == ("feedback", at("2026-03-05"))
    assert [(step.what, step.label, step.at) for step in item.steps] == [
        ("deployed", "deployment of c1 to production", at("2026-02-04")),
        ("heard", "HER-42", at("2026-02-07")),
        ("started", "HER-42", at("2026-03-05")),
        ("done", "HER-42", at("2026-03-09")),
    ]
    assert all(step.url.startswith("https://") for step in item.steps)


def test_a_change_with_its_key_in_production_ends_the_chain() -> None:
    change = commit("c2", "c1", made="2026-03-10", pull_request=7, ticket_keys=("HER-42",))
    commits = [*COMMITS, change]

    (item,) = find(
        feedback("HER-42"), events=[DEPLOYED, deployed("D2", "c2", "2026-03-12")], commits=commits
    ).evidence
    (too_late,) = find(
        feedback("HER-42"), events=[DEPLOYED, deployed("D2", "c2", "2026-03-21")], commits=commits
    ).evidence

    assert item.label.endswith("started 5 March, shipped 12 March")
    assert item.steps[-1].url.endswith("/D2")
    assert too_late.label.endswith("started 5 March"), "the sprint had settled"


def test_heard_is_when_the_linked_feedback_was_made() -> None:
    work = feedback("HER-42", heard="2026-03-04", labels=(), links=linked("2026-02-07"))

    (item,) = find(work).evidence

    assert item.label.startswith("HER-42: deployed 4 February, heard 7 February, started 5 March")
    assert item.steps[1].url == "https://jira.example/browse/FB-3"


@pytest.mark.parametrize(
    ("when", "counts"),
    [
        pytest.param("2026-02-07", True, id="just when it was heard"),
        pytest.param("2026-01-20", True, id="as the third sprint before begins"),
        pytest.param("2026-01-19 23:59", False, id="before that"),
        pytest.param("2026-02-07 00:01", False, id="after it was heard"),
    ],
)
def test_what_was_deployed_last_before_lies_in_the_three_sprints_before(
    when: str, counts: bool
) -> None:
    found = find(feedback("HER-1"), events=[deployed("D1", "c1", when)])

    assert keys(found) == (["HER-1"] if counts else [])
    assert bool(reasons(found).get("HER-1")) is not counts


def test_deployed_heard_and_taken_up_in_one_sprint_is_not_subsequent() -> None:
    found = find(
        feedback("HER-1", heard="2026-03-04"), events=[deployed("D1", "c1", "2026-03-03 12:00")]
    )

    assert reasons(found)["HER-1"] == (
        "heard and taken up in the sprint of the deployment that it follows"
    )


@pytest.mark.parametrize(
    ("changes", "counts"),
    [
        pytest.param([moved("2026-03-05", TO_DO, DONE)], True, id="never in progress"),
        pytest.param(
            [moved("2026-02-20", TO_DO, DOING), moved("2026-03-05", DOING, TO_DO)],
            False,
            id="taken up before",
        ),
        pytest.param(
            [moved("2026-02-20", TO_DO, DONE), moved("2026-03-05", DONE, DOING)],
            False,
            id="done before, and reopened",
        ),
        pytest.param([moved("2026-03-17", TO_DO, DOING)], False, id="taken up later"),
    ],
)
def test_an_item_counts_once_when_it_is_first_taken_up(changes: list[Any], counts: bool) -> None:
    assert keys(find(feedback("HER-1", *changes))) == (["HER-1"] if counts else [])


@pytest.mark.parametrize(
    ("known", "reason"),
    [
        ({"sub_task": True}, "a sub-task"),
        ({"type": "Epic"}, "its type is Epic"),
        ({"here_since": at("2026-03-06")}, "taken up before it came into this project"),
        ({"labels": (), "links": linked(None)}, "the linked ticket cannot be read"),
        (
            {"labels": ("user-research",)},
            "user-research: from a lab, not from people who use the service",
        ),
        (
            {"labels": (), "links": linked("2026-02-07", "user-research")},
            "user-research: from a lab, not from people who use the service",
        ),
    ],
)
def test_left_out_with_its_reason(known: dict[str, Any], reason: str) -> None:
    found = find(feedback("HER-1", **known), feedback("HER-2", moved("2026-02-20", TO_DO, DOING)))

    assert (found.value, reasons(found)) == (0, {"HER-1": reason})


def test_what_was_dropped_without_being_taken_up_does_not_count() -> None:
    dropped = feedback("HER-1", moved("2026-03-05", TO_DO, DONE), resolution="Won't Do")

    assert reasons(find(dropped)) == {"HER-1": "its resolution is Won't Do"}


def test_labelled_and_linked_to_what_nobody_may_read_it_is_heard_when_it_was_made() -> None:
    assert keys(find(feedback("HER-1", links=linked(None)))) == ["HER-1"]


def test_where_nothing_was_ever_labelled_or_linked_nothing_matched() -> None:
    later = feedback("HER-1", heard="2026-03-21")
    for tickets in ([], [later]):
        found = find(*tickets)
        assert found.value is None
        assert Reason.NOTHING_MATCHED in {gap.reason for gap in found.against(1).gaps}


def test_the_label_of_a_lab_alone_is_no_data_and_says_so() -> None:
    found = find(feedback("HER-1", labels=("user-research",)))

    (gap,) = found.against(1).gaps
    assert gap.detail == (
        "no ticket of it ever had the label user-feedback; user-research alone does not count"
    )
    assert list(reasons(found)) == ["HER-1"]


@pytest.mark.parametrize(
    ("heard", "events"),
    [
        pytest.param("2026-02-07", (), id="heard before any that was read"),
        pytest.param("2026-03-04", (deployed("D1", "c1", "2026-03-03 12:00"),), id="at once"),
    ],
)
def test_deployments_that_were_not_read_are_no_zero(
    heard: str, events: tuple[ProductionEvent, ...]
) -> None:
    since_march = (read(WEB, since="2026-03-01"), read(HER))

    found = find(feedback("HER-1", heard=heard), events=events, coverage=since_march)

    (gap,) = found.against(1).gaps
    assert (found.value, gap.source) == (0, WEB.id)


def test_a_status_that_jira_no_longer_knows_may_have_been_the_first_one_in_progress() -> None:
    lost = moved("2026-02-20", TO_DO, UNKNOWN), moved("2026-03-05", UNKNOWN, DOING)

    found = find(feedback("HER-1", *lost))

    assert (found.value, [gap.source for gap in found.against(1).gaps]) == (0, [HER.id])


@pytest.mark.parametrize(
    ("changes", "known", "doubtful"),
    [
        pytest.param([moved("2026-03-05", DOING, DONE)], {}, True, id="by its first move"),
        pytest.param([], {"status_category": DOING, "updated": LATER}, True, id="without any"),
        pytest.param([moved("2026-03-01", DOING, DONE)], {}, False, id="before the sprint"),
        pytest.param(
            [moved("2026-03-05", DOING, DONE)], {"sub_task": True}, False, id="a sub-task"
        ),
        pytest.param(
            [moved("2026-03-20", DOING, DONE)],
            {"created": at("2026-03-18")},
            False,
            id="made later",
        ),
    ],
)
def test_work_that_began_by_a_move_that_jira_does_not_show_is_no_zero(
    changes: list[Any], known: dict[str, Any], doubtful: bool
) -> None:
    cut = ticket("HER-1", *changes, **{"labels": ("user-feedback",)} | known)
    other = feedback("HER-2", moved("2026-02-20", TO_DO, DOING))

    found = find(cut, other)

    assert (found.value, [gap.source for gap in found.against(1).gaps]) == (
        (0, [HER.id]) if doubtful else (0, [])
    )


def test_a_label_that_came_too_late_is_told_in_a_note() -> None:
    late = feedback(
        "HER-1", label_changes=(LabelChange(at("2026-04-01"), "user-feedback", added=True),)
    )
    other = feedback("HER-2", moved("2026-02-20", TO_DO, DOING))

    found = find(late, other)

    assert found.value == 0
    assert found.late_notes == (
        "HER-1 was given the label user-feedback on 1 April 2026, too late to count here",
    )


def test_a_team_without_repositories_cannot_have_deployed() -> None:
    team = replace(TEAM, repositories=())
    known = team_facts(team, PLAN, shipped((), (), tickets=(feedback("HER-1"),)))
    context = MeasureContext(team, SPRINT_A, PLAN, known, LATER, BEFORE)

    found = MEASURES["feedback_acted_on"].found(context)

    assert (found.value, found.gaps[0].reason) == (None, Reason.NOT_SET_UP)
