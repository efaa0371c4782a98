"""Another configuration alone takes no final "Not met" back: it was judged by that of its day."""

from dataclasses import replace
from datetime import date

import pytest

from evaluator.evaluate import evaluate_team
from evaluator.model.days import Days
from evaluator.model.evidence import Production
from evaluator.model.facts import Evidence, Facts, Place, ProductionEvent
from evaluator.model.plan import (
    Cadence,
    LeaveOut,
    Plan,
    Team,
    TeamJira,
    TeamRepository,
    TicketSource,
)
from evaluator.model.results import Basis, Result, State, Status
from evaluator.what_counts import as_counted
from tests.evaluator.builders import (
    BOARD,
    HER,
    PLAN,
    SPRINT_A,
    TARGETS,
    TEAM,
    WEB,
    at,
    board_sprint,
    commit,
    deployed,
    jira,
    moved,
    read,
    shipped,
    shipping,
    ticket,
)

CODE, TICKETS = "reached-production", "tickets-done"


def judged(
    facts: Facts, plan: Plan, now: str, before: dict[tuple[str, str], Result] | None = None
) -> dict[tuple[str, str], Result]:
    rows = evaluate_team(plan.teams[0], plan, facts, at(now), before or {})
    return (before or {}) | {(row.sprint.id, row.target): row for row in rows}


def check_kept(target: str, facts: Facts, plan: Plan, first: Facts, was: Plan = PLAN) -> None:
    """What was not met finally is so still after the change."""
    before = judged(first, was, "2026-05-01")
    result = before[SPRINT_A.id, target]
    assert (result.status, result.state) == (Status.NOT_MET, State.FINAL)

    after = judged(facts, plan, "2026-05-08", before)[SPRINT_A.id, target]

    assert after == replace(result, checked_at=after.checked_at)


FILTER = TicketSource("jira", jql="component = web")
NO_TICKET = jira()
LATE = date(2026, 4, 1)


def having(*entries: TeamJira) -> Team:
    return replace(TEAM, jira=entries)


@pytest.mark.parametrize(
    "team",
    [
        pytest.param(having(TeamJira(FILTER)), id="a filter in place of its project"),
        pytest.param(having(TeamJira(HER), TeamJira(FILTER)), id="a filter beside it"),
        pytest.param(having(TeamJira(HER, days=Days(first=LATE))), id="its project only since"),
        pytest.param(having(), id="no Jira at all"),
        pytest.param(
            having(TeamJira(HER, leave_out=LeaveOut(types=("Story",)))), id="other types left out"
        ),
        pytest.param(
            replace(TEAM, sprints=Cadence(date(2026, 3, 5), 7)), id="sprints of another length"
        ),
        pytest.param(replace(TEAM, sprints=BOARD), id="a board's sprints"),
    ],
)
def test_a_result_on_tickets_stays_whatever_is_configured_since(team: Team) -> None:
    facts = replace(
        NO_TICKET,
        tickets=(*NO_TICKET.tickets, replace(ticket("WEB-1"), source=FILTER.id)),
        coverage=(*NO_TICKET.coverage, read(FILTER)),
        sprints=(
            board_sprint(1, "2026-03-03", "2026-03-17", "2026-03-17"),
            board_sprint(2, "2026-03-17", "2026-03-31", "2026-03-31"),
        ),
    )

    check_kept(TICKETS, facts, replace(PLAN, teams=(team,)), NO_TICKET)


ROOT, NEXT = commit("c0", made="2026-01-02"), commit("c1", "c0", made="2026-03-19")
SEED = deployed("D0", "c0", "2026-01-03")
ELSEWHERE = deployed("D1", "c1", "2026-03-20", name="live")
TAGGED = replace(ELSEWHERE, kind=Evidence.TAG, ident="v1", name="v1")


@pytest.mark.parametrize(
    ("production", "event"),
    [
        pytest.param(
            Production(Evidence.DEPLOYMENT, ("live",)), ELSEWHERE, id="another environment"
        ),
        pytest.param(Production(Evidence.TAG, pattern="v.*"), TAGGED, id="another kind"),
    ],
)
def test_a_result_on_code_stays_though_other_evidence_began_only_later(
    production: Production, event: ProductionEvent
) -> None:
    other, plan = shipping(production)
    covered = (read(other, started="2026-05-08"),)
    counted = shipped([ROOT, NEXT], [event], by=other, coverage=covered)

    check_kept(
        CODE,
        replace(counted, events=(SEED, event)),
        plan,
        shipped([ROOT], [SEED], coverage=(read(WEB),)),
    )


def test_what_never_was_evidence_is_no_witness_of_another_configuration() -> None:
    """The deployment of before was one of a pull request: facts, and not the configuration."""
    before = judged(shipped([ROOT], [SEED], coverage=(read(WEB),)), PLAN, "2026-05-01")
    seen = [replace(SEED, place=Place.UNMERGED), replace(ELSEWHERE, name="production")]
    facts = shipped([ROOT, NEXT], seen, coverage=(read(WEB, started="2026-05-08"),))

    after = judged(facts, PLAN, "2026-05-08", before)[SPRINT_A.id, CODE]

    assert (after.status, after.version) == (Status.NO_DATA, 2)


def test_a_repository_that_lacks_a_witness_is_not_excused_by_another_one() -> None:
    api = replace(WEB, repository="nhsuk/api")
    both = replace(TEAM, repositories=(*TEAM.repositories, TeamRepository(api.repository)))
    plan = Plan((both,), TARGETS, sources=(api, WEB))
    seeds = [SEED, replace(SEED, repository=api.repository)]
    roots = [ROOT, replace(ROOT, repository=api.repository)]
    before = judged(shipped(roots, seeds, coverage=(read(WEB), read(api))), plan, "2026-05-01")
    live, otherwise = shipping(Production(Evidence.DEPLOYMENT, ("live",)), team=both)
    began = replace(seeds[1], ident="E1", at=at("2026-03-20"))
    facts = shipped(roots, [SEED, ELSEWHERE, began], coverage=(read(live), read(api)))

    after = judged(facts, replace(otherwise, sources=(api, live)), "2026-05-08", before)

    assert after[SPRINT_A.id, CODE].status is Status.NO_DATA


LEFT_OUT = replace(PLAN, teams=(having(TeamJira(HER, leave_out=LeaveOut(types=("Story",)))),))
ONE_TICKET = jira(ticket("HER-1", moved("2026-03-05")))


def test_a_result_of_which_no_configuration_was_kept_counts_by_that_of_now() -> None:
    before = judged(ONE_TICKET, PLAN, "2026-05-01")
    unknown = {place: replace(result, basis=Basis()) for place, result in before.items()}

    after = judged(ONE_TICKET, PLAN, "2026-05-08", unknown)

    place = SPRINT_A.id, TICKETS
    assert after[place] == replace(before[place], checked_at=after[place].checked_at)


def test_what_counted_then_is_told_by_the_plan_that_was_in_force_then() -> None:
    result = judged(ONE_TICKET, PLAN, "2026-05-01")[SPRINT_A.id, TICKETS]
    unknown = replace(result, basis=Basis())

    assert as_counted(unknown, PLAN) == result
    assert as_counted(unknown, LEFT_OUT).basis != result.basis
    assert as_counted(unknown, replace(PLAN, teams=())) == unknown, "it was no team then"


def test_what_lost_its_witness_is_met_where_another_configuration_shows_it() -> None:
    live, plan = shipping(Production(Evidence.DEPLOYMENT, ("live",)))
    shown = replace(NEXT, committed_at=at("2026-03-05"))
    event = replace(ELSEWHERE, at=at("2026-03-06"))
    seed = replace(SEED, name="live")
    facts = shipped([ROOT, shown], [seed, event], coverage=(read(WEB),))
    before = judged(facts, PLAN, "2026-05-01")
    lost = replace(before[SPRINT_A.id, CODE], state=State.PROVISIONAL, version=2)
    by_now = shipped(
        [ROOT, shown], [seed, event], by=live, coverage=(read(live, started="2026-05-08"),)
    )

    after = judged(by_now, plan, "2026-05-08", before | {(SPRINT_A.id, CODE): lost})

    result = after[SPRINT_A.id, CODE]
    assert (lost.status, result.status) == (Status.NO_DATA, Status.MET)
    assert result.cause == (
        "The configuration changed by 8 May 2026: 1 change, 1 more than counted before."
    )
