from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from evaluator.model.days import Days
from evaluator.model.plan import Cadence
from evaluator.model.results import Sprint
from tests.evaluator.builders import PLAN, SPRINT_A, SPRINT_B, TEAM, at, sprints_of


def windows(
    first_day: date, now: str, earliest: str | None = None, active: Days | None = None
) -> list[Sprint]:
    team = replace(TEAM, sprints=Cadence(first_day, 14), active=active or Days())
    bound = at(earliest) if earliest else None
    return sprints_of(team, PLAN, (), earliest=bound, now=at(now))


def test_a_cadence_gives_finished_sprints_and_the_current_one_but_no_future_ones() -> None:
    found = windows(date(2026, 3, 3), now="2026-03-20")

    assert found == [SPRINT_A, SPRINT_B]


def test_a_sprint_that_ends_as_reading_begins_is_of_no_use() -> None:
    found = windows(date(2026, 3, 3), now="2026-04-01", earliest="2026-03-17")

    assert [sprint.id for sprint in found] == ["2026-03-17", "2026-03-31"]


def test_before_its_first_day_a_cadence_has_no_sprints() -> None:
    assert windows(date(2026, 3, 3), now="2026-03-02 23:59") == []


def test_sprints_go_back_before_the_first_day_as_far_as_was_read() -> None:
    found = windows(date(2026, 3, 3), now="2026-03-20", earliest="2026-02-03")

    assert [sprint.id for sprint in found] == [
        "2026-02-03",
        "2026-02-17",
        "2026-03-03",
        "2026-03-17",
    ]


def test_sprints_that_begin_outside_the_teams_active_days_are_not_judged() -> None:
    active = Days(date(2026, 3, 4), date(2026, 3, 30))

    found = windows(date(2026, 3, 3), now="2026-05-01", active=active)

    assert [sprint.id for sprint in found] == ["2026-03-17"]


def test_a_team_without_sprints_has_none() -> None:
    team = replace(TEAM, sprints=None)

    assert sprints_of(team, PLAN, (), earliest=None, now=at("2026-03-20")) == []


def test_a_cadence_keeps_local_midnights_through_both_clock_changes_of_a_year() -> None:
    found = windows(date(2026, 3, 16), now="2026-11-20")

    starts = [sprint.start.astimezone(PLAN.zone) for sprint in found]
    lengths = {sprint.id: sprint.end - sprint.start for sprint in found}
    assert {(start.hour, start.minute) for start in starts} == {(0, 0)}
    assert all(sprint.start.tzinfo is UTC for sprint in found)
    assert lengths.pop("2026-03-16") == timedelta(days=14, hours=-1)
    assert lengths.pop("2026-10-12") == timedelta(days=14, hours=1)
    assert set(lengths.values()) == {timedelta(days=14)}


def test_a_cadence_leaves_no_moment_between_sprints() -> None:
    found = windows(date(2026, 3, 16), now="2026-11-20")

    gaps: list[datetime | None] = [sprint.gap_end for sprint in found]
    assert gaps[:-1] == [following.start for following in found[1:]]
    assert gaps == [sprint.end for sprint in found]
