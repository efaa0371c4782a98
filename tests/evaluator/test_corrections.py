from dataclasses import replace

import pytest

from evaluator import corrections
from evaluator.model.facts import Reason
from evaluator.model.results import CorrectionNote, Gap, GapKind, LeftOut, Result, State, Status
from tests.evaluator.builders import HER, PLAN, WEB, at
from tests.evaluator.results import a_result

FOUR_DAYS_ON = "2026-03-24"


def next_version(previous: Result | None, fresh: Result) -> Result | None:
    return corrections.next_version(previous, fresh, PLAN.zone)


def kept(previous: Result, fresh: Result) -> Result:
    """Return the row to write, which there is."""
    row = next_version(previous, fresh)
    assert row is not None
    return row


def test_the_first_finding_is_kept_as_it_is() -> None:
    fresh = a_result(Status.MET, 1)

    assert next_version(None, fresh) is fresh


def test_the_same_finding_at_the_same_instant_changes_nothing() -> None:
    previous = a_result(Status.MET, 1, version=2, cause="Read again.")

    assert next_version(previous, a_result(Status.MET, 1)) == previous


@pytest.mark.parametrize("state", list(State))
def test_the_same_finding_later_only_says_when_it_was_checked(state: State) -> None:
    previous = a_result(Status.MET, 1, state=state, version=2, cause="Read again.")

    row = next_version(previous, a_result(Status.MET, 1, state=state, read=FOUR_DAYS_ON))

    assert row == replace(previous, checked_at=at(FOUR_DAYS_ON))


@pytest.mark.parametrize("state", list(State))
def test_an_evaluation_as_of_an_earlier_day_replaces_nothing(state: State) -> None:
    previous = a_result(Status.NOT_MET, 0, state=state, read=FOUR_DAYS_ON)

    assert next_version(previous, a_result(Status.MET, 5)) is None


def test_a_provisional_result_is_replaced_in_place_by_whatever_is_found() -> None:
    previous = a_result(Status.MET, 2, state=State.PROVISIONAL)
    fresh = a_result(Status.NOT_MET, 0, read=FOUR_DAYS_ON)

    assert next_version(previous, fresh) == fresh


# A final result is only ever raised


@pytest.mark.parametrize(
    ("previous", "fresh", "cause"),
    [
        pytest.param(
            a_result(Status.NOT_MET, 0),
            a_result(Status.MET, 1, read=FOUR_DAYS_ON),
            "Read again on 24 March 2026: 1 change, 1 more than counted before.",
            id="from not met to met",
        ),
        pytest.param(
            a_result(Status.MET, 1),
            a_result(Status.MET, 3, read=FOUR_DAYS_ON),
            "Read again on 24 March 2026: 3 changes, 2 more than counted before.",
            id="to a higher value",
        ),
        pytest.param(
            a_result(Status.EXCUSED, None),
            a_result(Status.MET, 1, read=FOUR_DAYS_ON),
            "Read again on 24 March 2026: 1 change, 1 more than counted before.",
            id="from excused to met",
        ),
        pytest.param(
            a_result(Status.NOT_MET, 0),
            a_result(Status.EXCUSED, 0, read=FOUR_DAYS_ON),
            "An excused period was added by 24 March 2026.",
            id="from not met to excused",
        ),
    ],
)
def test_a_final_result_is_raised_with_a_cause(previous: Result, fresh: Result, cause: str) -> None:
    assert next_version(previous, fresh) == replace(fresh, version=2, cause=cause)


@pytest.mark.parametrize(("was", "value"), [(1, None), (1, 0), (0, None)])
def test_an_excuse_takes_nothing_away_of_what_was_found(was: int, value: int | None) -> None:
    previous = a_result(Status.NOT_MET, was, minimum=2)
    fresh = a_result(Status.EXCUSED, value, minimum=2, coverage=0.0, read=FOUR_DAYS_ON)

    row = kept(previous, fresh)

    assert (row.status, row.reason, row.version) == (Status.EXCUSED, fresh.reason, 2)
    assert (row.value, row.evidence, row.coverage) == (was, previous.evidence, 1.0)
    assert row.cause == "An excused period was added by 24 March 2026."


def test_what_another_measure_counts_says_nothing_of_a_final_result() -> None:
    previous = a_result(Status.NOT_MET, 0)
    fresh = a_result(Status.MET, 5, unit="commits", read=FOUR_DAYS_ON)

    assert next_version(previous, fresh) == replace(previous, checked_at=at(FOUR_DAYS_ON))


def test_a_raised_result_stays_final_though_the_settling_days_grew() -> None:
    fresh = a_result(Status.MET, 1, state=State.PROVISIONAL, read=FOUR_DAYS_ON)

    assert kept(a_result(Status.NOT_MET, 0), fresh).state is State.FINAL


def test_other_evidence_for_the_same_value_makes_no_new_version() -> None:
    previous = a_result(Status.MET, 1)
    fresh = replace(
        a_result(Status.MET, 1, read=FOUR_DAYS_ON), left_out=(LeftOut("#2", "made by a bot"),)
    )

    assert next_version(previous, fresh) == replace(previous, checked_at=at(FOUR_DAYS_ON))


def test_a_gap_that_brings_nothing_more_is_closed_in_place() -> None:
    gap = Gap("github:acme/web", Reason.SOURCE_DOWN)
    previous = replace(
        a_result(Status.MET, 2, version=3, cause="Read again."), coverage=0.5, gaps=(gap,)
    )

    row = kept(previous, a_result(Status.MET, 2, read=FOUR_DAYS_ON))

    assert (row.coverage, row.gaps) == (1.0, ())
    assert (row.version, row.cause, row.state) == (3, "Read again.", State.FINAL)
    assert (row.evaluated_at, row.checked_at) == (previous.evaluated_at, at(FOUR_DAYS_ON))


@pytest.mark.parametrize("status", [Status.EXCUSED, Status.NOT_APPLICABLE])
def test_nothing_that_is_read_late_fills_a_gap_and_raises_nothing(status: Status) -> None:
    gap = Gap("github:acme/web", Reason.SOURCE_DOWN)
    previous = replace(a_result(status, None), coverage=0.0, gaps=(gap,))

    row = kept(previous, a_result(status, 0, read=FOUR_DAYS_ON))

    assert (row.version, row.cause, row.state) == (1, "", State.FINAL)
    assert (row.value, row.coverage, row.gaps) == (0, 1.0, ())


def test_longer_settling_days_do_not_reopen_a_final_result() -> None:
    previous = a_result(Status.NOT_MET, 0)
    fresh = a_result(Status.IN_PROGRESS, 0, state=State.PROVISIONAL, read=FOUR_DAYS_ON)

    assert next_version(previous, fresh) == replace(previous, checked_at=at(FOUR_DAYS_ON))


# What was not met without a witness is no data

NO_WITNESS = Gap(
    WEB.id,
    Reason.HISTORY_BEFORE_START,
    "nothing shows production before 20 March 2026",
    GapKind.BEFORE_FIRST_EVENT,
)
NOTE = CorrectionNote("21 March 2026", "1 change, 1 fewer than counted")


def lacking(*gaps: Gap, read: str = FOUR_DAYS_ON, **known: object) -> Result:
    return a_result(
        Status.NO_DATA,
        0,
        read=read,
        gaps=gaps,
        coverage=0.0,
        state=State.PROVISIONAL,
        reason="we could not count in it.",
        **known,
    )


NEVER_DONE = Gap(HER.id, Reason.NOTHING_MATCHED, GapKind.NEVER_DONE.value, GapKind.NEVER_DONE)


@pytest.mark.parametrize("gap", [NO_WITNESS, NEVER_DONE], ids=["too early", "never Done"])
def test_a_zero_that_nothing_shows_to_be_one_becomes_no_data(gap: Gap) -> None:
    previous, fresh = a_result(Status.NOT_MET, 0, corrections=(NOTE,)), lacking(gap)

    assert next_version(previous, fresh) == replace(
        fresh,
        version=2,
        cause="Judged again on 24 March 2026: we could not count in it.",
        corrections=(NOTE,),
    )


@pytest.mark.parametrize(
    "gaps",
    [
        pytest.param((Gap(WEB.id, Reason.STALE, "not read yet"),), id="not read now"),
        pytest.param((Gap(WEB.id, Reason.SOURCE_DOWN),), id="it does not answer now"),
        pytest.param((Gap(WEB.id, Reason.HISTORY_BEFORE_START),), id="read too short now"),
        pytest.param((NO_WITNESS, Gap("github:a/b", Reason.NO_ACCESS)), id="not all can be read"),
        pytest.param(
            (Gap(WEB.id, Reason.NOT_FOUND, "GitHub no longer has …", GapKind.LOST_COMMIT),),
            id="a commit was lost since",
        ),
        pytest.param(
            (Gap(WEB.id, Reason.NOTHING_MATCHED),), id="nothing matches another configuration"
        ),
    ],
)
def test_what_cannot_be_read_now_was_read_then(gaps: tuple[Gap, ...]) -> None:
    previous = a_result(Status.NOT_MET, 0)

    assert next_version(previous, lacking(*gaps)) == replace(previous, checked_at=at(FOUR_DAYS_ON))


@pytest.mark.parametrize("status", [Status.MET, Status.EXCUSED])
def test_only_what_was_not_met_needs_a_witness(status: Status) -> None:
    previous = a_result(status, 1)

    assert kept(previous, lacking(NO_WITNESS)).status is status


NO_DATA_BY_NOW = lacking(NO_WITNESS, version=2, cause="Judged again.", corrections=(NOTE,))


@pytest.mark.parametrize(
    ("fresh", "cause"),
    [
        pytest.param(
            lacking(Gap(WEB.id, Reason.STALE), read="2026-03-25"), "Judged again.", id="still"
        ),
        pytest.param(
            a_result(Status.MET, 1, read="2026-03-25"),
            "Read again on 25 March 2026: 1 change, 1 more than counted before.",
            id="met, by what is seen now",
        ),
        pytest.param(
            a_result(Status.NOT_MET, 0, read="2026-03-25"),
            "Read again on 25 March 2026: by now it is known that there was no more.",
            id="not met, with a witness",
        ),
        pytest.param(
            a_result(Status.EXCUSED, 0, read="2026-03-25"),
            "An excused period was added by 25 March 2026.",
            id="excused",
        ),
    ],
)
def test_it_may_rise_again_in_its_place(fresh: Result, cause: str) -> None:
    assert next_version(NO_DATA_BY_NOW, fresh) == replace(
        fresh, version=2, cause=cause, corrections=(NOTE,)
    )


def test_another_measure_says_nothing_of_it_either() -> None:
    fresh = a_result(Status.MET, 5, unit="commits", read="2026-03-25")

    assert next_version(NO_DATA_BY_NOW, fresh) == replace(
        NO_DATA_BY_NOW, checked_at=at("2026-03-25")
    )


def test_what_a_clock_that_ran_ahead_had_raised_is_found_anew() -> None:
    ahead = a_result(Status.MET, 3, state=State.PROVISIONAL, version=2, cause="Read again.")
    fresh = a_result(Status.MET, 1, read=FOUR_DAYS_ON)

    assert next_version(ahead, fresh) == replace(fresh, version=2)


# What would lower it is a note


@pytest.mark.parametrize(
    ("previous", "fresh", "finding"),
    [
        pytest.param(
            a_result(Status.MET, 2),
            a_result(Status.MET, 1, read=FOUR_DAYS_ON),
            "1 change, 1 fewer than counted",
            id="a lower value",
        ),
        pytest.param(
            a_result(Status.MET, 2),
            a_result(Status.NOT_MET, 0, read=FOUR_DAYS_ON),
            "0 changes, 2 fewer than counted",
            id="no longer met",
        ),
    ],
)
def test_what_would_lower_a_final_result_becomes_a_note(
    previous: Result, fresh: Result, finding: str
) -> None:
    row = next_version(previous, fresh)

    note = CorrectionNote("24 March 2026", finding)
    assert row == replace(previous, checked_at=at(FOUR_DAYS_ON), corrections=(note,))
    assert row.all_notes == (
        f"Read again on 24 March 2026: {finding}. A final result is never lowered.",
    )


def test_an_excuse_that_is_taken_away_becomes_a_note_with_what_judges_again() -> None:
    previous = a_result(Status.EXCUSED, 0)

    row = next_version(previous, a_result(Status.NOT_MET, 0, read=FOUR_DAYS_ON))

    assert row is not None
    assert (row.status, row.value) == (Status.EXCUSED, 0)
    (note,) = row.all_notes
    assert note == (
        "The configuration changed by 24 March 2026: no longer excused, and so it would be "
        "Not met. A final result keeps the one of its day. To judge again: "
        'hearten reconsider --team heron --since 2026-03-20 --reason "…"'
    )


@pytest.mark.parametrize(
    "fresh",
    [
        pytest.param(
            a_result(Status.NO_DATA, None, state=State.PROVISIONAL, read=FOUR_DAYS_ON),
            id="it cannot be read now",
        ),
        pytest.param(
            a_result(Status.NOT_APPLICABLE, 1, read=FOUR_DAYS_ON), id="it is not asked any more"
        ),
    ],
)
def test_what_cannot_be_seen_now_says_nothing_of_a_final_result(fresh: Result) -> None:
    previous = a_result(Status.MET, 1)

    assert next_version(previous, fresh) == replace(previous, checked_at=at(FOUR_DAYS_ON))


def test_the_same_note_is_made_only_once() -> None:
    noted = kept(a_result(Status.MET, 2), a_result(Status.MET, 1, read=FOUR_DAYS_ON))

    again = kept(noted, a_result(Status.MET, 1, read="2026-03-25"))

    assert again == replace(noted, checked_at=at("2026-03-25"))


def test_notes_of_corrections_survive_while_notes_of_the_sprint_follow_it() -> None:
    late, later = ("Closed 1 day late",), ("Closed 2 days late",)
    previous = a_result(Status.MET, 2, notes=late)
    noted = kept(previous, a_result(Status.MET, 1, read=FOUR_DAYS_ON, notes=late))

    checked = kept(noted, a_result(Status.MET, 2, read="2026-03-25", notes=late))
    raised = kept(checked, a_result(Status.MET, 3, read="2026-03-26", notes=later))

    [correction] = noted.corrections
    assert checked == replace(noted, checked_at=at("2026-03-25"))
    assert (raised.version, raised.all_notes) == (2, (*later, str(correction)))
