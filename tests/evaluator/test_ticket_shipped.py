from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import partial

import pytest

from evaluator.model.days import Days
from evaluator.model.facts import Commit, ProductionEvent, Ticket
from evaluator.model.plan import Team, TeamJira, TeamRepository, TicketSource
from evaluator.team_facts import team_facts
from evaluator.ticket_shipped import shipped_by_key, shipped_tickets
from tests.evaluator.builders import (
    HER,
    LONG_DONE,
    PLAN,
    SHIPS,
    TEAM,
    at,
    commit,
    deployed,
    moved,
    shipped,
    ticket,
)

C1 = commit("c1", made="2026-01-02")
FOR_HER_42 = partial(commit, pull_request=7, ticket_keys=("HER-42",), made="2026-03-04")
EVENTS = (
    deployed("1", "c1", "2026-01-10"),
    deployed("2", "c2", "2026-03-05"),
    deployed("3", "c3", "2026-03-09"),
    deployed("4", "c2", "2026-03-12"),
)
DONE = ticket("HER-42", moved("2026-03-11"))


def since(
    *commits: Commit,
    tickets: Sequence[Ticket] = (DONE,),
    events: Sequence[ProductionEvent] = EVENTS,
    team: Team = TEAM,
    now: str = "2026-05-01",
) -> dict[str, str]:
    facts = shipped((C1, *commits), events, tickets=tuple(tickets))
    plan = replace(PLAN, teams=(team,))
    changes = shipped_by_key(team, team_facts(team, plan, facts), plan.zone, at(now))
    found = shipped_tickets(facts.tickets, changes)
    return {key: f"{one.event.ident} at {one.at:%d %B}" for key, one in found.items()}


def test_a_ticket_is_in_production_since_the_first_change_that_names_it_got_there() -> None:
    later = commit("c3", "c2", made="2026-03-08", pull_request=8, ticket_keys=("HER-1", "HER-42"))

    found = since(FOR_HER_42("c2", "c1"), later, tickets=[DONE, ticket("HER-1"), LONG_DONE])

    assert found == {"HER-42": "2 at 05 March", "HER-1": "3 at 09 March"}


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(commit("c2", "c1", pull_request=7), id="names no ticket"),
        pytest.param(FOR_HER_42("c9", "c1"), id="was not shipped"),
        pytest.param(FOR_HER_42("c2", "c1", bot=True), id="is a bot's"),
        pytest.param(FOR_HER_42("c2", "c1", "c0"), id="is a merge"),
    ],
)
def test_a_change_that_does_not_count_brings_no_ticket(change: Commit) -> None:
    assert since(change) == {}


def test_what_was_shipped_before_the_ticket_was_made_names_another_one() -> None:
    newer = replace(DONE, created=at("2026-03-07"))
    again = commit("c3", "c2", made="2026-03-08", pull_request=8, ticket_keys=("HER-42",))

    assert since(FOR_HER_42("c2", "c1"), tickets=[newer]) == {}
    assert since(FOR_HER_42("c2", "c1"), again, tickets=[newer]) == {"HER-42": "3 at 09 March"}


def test_nothing_is_known_ahead_of_time_or_where_nobody_can_tell_when_it_was() -> None:
    unsure = replace(EVENTS[1], not_before=at("2026-03-01"), seen_by=at("2026-03-05"))

    assert since(FOR_HER_42("c2", "c1"), now="2026-03-04") == {}
    assert since(FOR_HER_42("c2", "c1"), events=[EVENTS[0], unsure]) == {}


def test_only_the_folders_and_days_of_the_team_count() -> None:
    entry = TeamRepository("nhsuk/web", paths=("web/",), delivery=SHIPS)
    of_folder = replace(TEAM, repositories=(entry,))
    left = replace(entry, paths=(), days=Days(None, date(2026, 3, 4)))

    assert since(FOR_HER_42("c2", "c1"), team=of_folder) == {}
    inside = FOR_HER_42("c2", "c1", paths=frozenset({"web/"}))
    assert since(inside, team=of_folder) == {"HER-42": "2 at 05 March"}
    assert since(inside, team=replace(TEAM, repositories=(left,))) == {}


def test_a_repository_that_was_never_read_brings_no_ticket() -> None:
    assert since(team=replace(TEAM, repositories=(TeamRepository("nhsuk/other"),))) == {}


def test_of_two_sites_with_one_key_nobody_can_tell_whose_ticket_it_is() -> None:
    both = (TeamJira(HER), TeamJira(TicketSource("legacy", project="HER")))

    assert since(FOR_HER_42("c2", "c1"), team=replace(TEAM, jira=both)) == {}
