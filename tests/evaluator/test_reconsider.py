"""Final results that are judged again because somebody says why: the one way to a lower one."""

from dataclasses import replace

import pytest

from evaluator.evaluate import evaluate_team
from evaluator.model.facts import Facts
from evaluator.model.plan import LeaveOut, Plan, Team, TeamJira
from evaluator.model.results import CorrectionNote, Result, State, Status
from evaluator.reconsider import Reconsideration, reconsider
from tests.evaluator.builders import HER, PLAN, SPRINT_A, TEAM, at, jira, moved, read, ticket

TICKETS = "tickets-done"
WHY = "Spikes are no stories."
JUDGED, NOW = at("2026-03-25"), at("2026-03-31")
NOTE = CorrectionNote("26 March 2026", "1 ticket fewer", "hearten reconsider …")
LESS = CorrectionNote("26 March 2026", "1 ticket, 1 fewer than counted")
SPIKE = ticket("HER-1", moved("2026-03-05"), type="Spike")
HAD = jira(SPIKE, ticket("HER-2", moved("2026-03-06")))


def plan(*left_out: str, team: Team = TEAM) -> Plan:
    (entry,) = team.jira or (TeamJira(HER),)
    entry = replace(entry, leave_out=LeaveOut(types=left_out))
    return replace(PLAN, teams=(replace(team, jira=(entry,)),))


def before(facts: Facts = HAD, *left_out: str) -> Result:
    """The final result of the first sprint, with a note on a configuration and one on facts."""
    by = plan(*left_out)
    rows = evaluate_team(by.teams[0], by, facts, JUDGED, {})
    (row,) = (r for r in rows if (r.sprint.id, r.target) == (SPRINT_A.id, TICKETS))
    assert row.state is State.FINAL
    return replace(row, corrections=(NOTE, LESS))


def again(
    result: Result, by: Plan, facts: Facts = HAD, since: str = "2026-03-25"
) -> Reconsideration:
    return reconsider(by.teams[0], by, facts, NOW, [result], since=at(since), reason=WHY)


def test_less_is_a_new_version_with_the_reason_as_its_cause() -> None:
    result = before()

    (found,) = again(result, plan("Spike")).changed

    assert found.before == result
    assert (result.status, result.value) == (Status.MET, 2)
    after = found.after
    assert (after.value, after.state, after.version) == (1, State.FINAL, 2)
    assert after.cause == f"Reconsidered on 31 March 2026: {WHY}"
    assert after.corrections == (LESS,), "what was said of the configuration is settled"
    assert (after.sprint, after.target_version, after.minimum) == (
        result.sprint,
        result.target_version,
        result.minimum,
    )


@pytest.mark.parametrize(
    ("left_out", "since"),
    [
        pytest.param("Epic", "2026-03-25", id="the same is found"),
        pytest.param("Spike", "2026-03-26", id="it was judged before"),
    ],
)
def test_what_it_finds_the_same_or_is_not_asked_for_stays(left_out: str, since: str) -> None:
    found = again(before(), plan(left_out), since=since)

    assert found == Reconsideration([], same=int(left_out == "Epic"))


@pytest.mark.parametrize(
    "result",
    [
        pytest.param(replace(before(), state=State.PROVISIONAL), id="it is not final"),
        pytest.param(replace(before(), target="happiness"), id="its target is no more"),
        pytest.param(
            replace(before(), sources=(f"{HER.id}#7",)),
            id="a source's name means another one",
        ),
    ],
)
def test_what_cannot_be_judged_by_the_plan_of_now_is_left_alone(result: Result) -> None:
    assert again(result, plan("Spike")) == Reconsideration([])


UNREAD = replace(HAD, coverage=())
LATER = replace(UNREAD, coverage=(read(HER, since="2026-03-10"),), tickets=HAD.tickets[:2])


@pytest.mark.parametrize(
    "facts", [pytest.param(UNREAD, id="at all"), pytest.param(LATER, id="from its beginning")]
)
def test_what_was_not_read_takes_the_place_of_nothing(facts: Facts) -> None:
    assert again(before(), plan("Spike"), facts) == Reconsideration([], unread=1)


def test_a_target_that_does_not_apply_by_now_takes_its_place() -> None:
    team = replace(TEAM, not_applicable=(("tickets-done", "We do not use Jira."),))
    by = replace(PLAN, teams=(team,))

    (found,) = again(before(), by).changed

    assert found.after.status is Status.NOT_APPLICABLE
