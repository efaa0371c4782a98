"""The fault matrix: each bad answer, from each service, on a first and on a later page.

Whatever happens, no verdict is wrong, no fact is lost or doubled, the other sources are read, and
the run after the fault leaves exactly what a run leaves that never saw it.
"""

import pytest

from collector.client import RetryPolicy
from evaluator.model.facts import Reason
from sandbox.people import personal_strings
from tests.faults.answers import BAD, Bad, late
from tests.faults.stand import FAULTY, HEALED, Clean, Run, Stand, wrong_verdicts
from tests.support.databases import on_both_engines

pytestmark = pytest.mark.slow


# What is struck, by the source that it belongs to. On GitHub both GraphQL and REST.
PLACES = {
    "github:acme/shop": r"POST /graphql acme/shop\(nameWithOwner",
    "github:acme/infra": r"GET /repos/acme/infra/actions/workflows/deploy.yml/runs",
    "jira:jira:LIN": r"POST /jira/jira/rest/api/3/search/jql",
    "board:jira:7": r"GET /jira/jira/rest/agile/1.0/board/7/sprint",
    "jira:legacy:WRE": r"GET /jira/legacy/rest/api/2/search",
    "board:legacy:8": r"GET /jira/legacy/rest/agile/1.0/board/8/sprint",
}
ANYTHING_NEW = r"POST /graphql acme/api\(releases"
CHANGE_LOGS = r"POST /jira/jira/rest/api/3/changelog/bulkfetch"
SPARED = {"github:acme/web", "github:acme/jobs", "github:acme/api"}
FOR_ALL = {"too fast, for an hour", "a used-up limit"}  # nobody asks that service in that hour
EVERY_WAY = ["a wrong token", "not there", "a limit in odd headers", "a cut connection", "null"]
# On the first page these stand for all in a quick run; the whole matrix takes minutes.
QUICK = {*EVERY_WAY, *FOR_ALL, "a secondary limit", "a server error", "half of the JSON"}
MATRIX = [
    pytest.param(fault, page, marks=[] if quick and fault in QUICK else [pytest.mark.slow])
    for page, quick in (("first page", True), ("later page", False))
    for fault in BAD
]


def struck_and_healed(
    stand: Stand, clean: Clean, bad: Bad, places: list[str], *, later: bool, skip: int = 0
) -> Run:
    """Run with the fault and after it; what must always hold is checked here."""
    right, url = clean.run(later=later), stand.new_database(later=later)
    for place in places:
        stand.sandbox.spoil(place, bad.change, skip=skip)

    struck = stand.run(url, FAULTY)
    stand.sandbox.reset()
    healed = stand.run(url, HEALED)

    assert wrong_verdicts(struck, right) == {}
    said = " ".join(coverage.detail for coverage in struck.unread.values())
    assert [text for text in personal_strings() if text in said] == []
    assert healed.unread == {}
    assert healed.results == right.results
    assert healed.tables == right.tables
    return struck


def check_what_is_said(struck: Run, sources: list[str], bad: Bad) -> None:
    """Each source names the reason, and who must do what."""
    assert {struck.unread[source].reason for source in sources} == {bad.reason}
    assert [s for s in sources if bad.words not in struck.unread[s].detail] == []


@pytest.mark.parametrize(("fault", "page"), MATRIX)
def test_a_first_run_struck_on_every_service_is_right_and_heals(
    stand: Stand, clean: Clean, fault: str, page: str
) -> None:
    struck = struck_and_healed(
        stand, clean, BAD[fault], [*PLACES.values()], later=False, skip=int(page == "later page")
    )

    assert struck.unread.keys() - (SPARED if fault in FOR_ALL else set()) == PLACES.keys()
    check_what_is_said(struck, [*PLACES], BAD[fault])
    assert "not_met" not in {v for (team, *_), v in struck.verdicts.items() if team != "heron"}


@pytest.mark.parametrize("fault", EVERY_WAY)
def test_a_later_run_struck_on_every_service_is_right_and_heals(
    stand: Stand, clean: Clean, fault: str
) -> None:
    struck = struck_and_healed(stand, clean, BAD[fault], [*PLACES.values()], later=True)

    assert struck.unread.keys() == PLACES.keys()
    check_what_is_said(struck, [*PLACES], BAD[fault])


@pytest.mark.parametrize("fault", EVERY_WAY)
def test_a_question_about_many_repositories_that_is_not_answered_spoils_none(
    stand: Stand, clean: Clean, fault: str
) -> None:
    """Where GitHub refuses, a person must act; where it is down, each repository is asked alone."""
    bad = BAD[fault]

    struck = struck_and_healed(stand, clean, bad, [ANYTHING_NEW], later=True)

    refused = bad.reason is not Reason.SOURCE_DOWN
    assert struck.unread.keys() == ({*SPARED, "github:acme/shop"} if refused else set())


@pytest.mark.parametrize("fault", EVERY_WAY)
def test_change_logs_that_are_not_given_are_not_taken_for_empty(
    stand: Stand, clean: Clean, fault: str
) -> None:
    struck = struck_and_healed(stand, clean, BAD[fault], [CHANGE_LOGS], later=False)

    assert struck.unread.keys() == {"jira:jira:LIN"}


def test_a_service_that_does_not_answer_in_time_is_left_for_the_next_run(
    stand: Stand, clean: Clean
) -> None:
    url = stand.new_database(later=True)
    for place in PLACES.values():
        stand.sandbox.spoil(place, late)

    once = RetryPolicy(attempts=1, patience=2)
    struck = stand.run(url, FAULTY, retry=once)
    stand.sandbox.reset()
    healed = stand.run(url, HEALED)

    assert struck.unread.keys() == PLACES.keys()
    in_time = Bad(late, Reason.SOURCE_DOWN, "did not answer in time")
    check_what_is_said(struck, [*PLACES], in_time)
    assert wrong_verdicts(struck, clean.run(later=True)) == {}
    assert healed.tables == clean.run(later=True).tables
    assert healed.results == clean.run(later=True).results


@on_both_engines
def test_it_is_the_same_on_either_database(stand: Stand, clean: Clean, database_url: str) -> None:
    for place in PLACES.values():
        stand.sandbox.spoil(place, BAD["half of the JSON"].change, skip=1)

    struck = stand.run(database_url, FAULTY)
    stand.sandbox.reset()
    healed = stand.run(database_url, HEALED)

    assert struck.unread.keys() == PLACES.keys()
    assert wrong_verdicts(struck, clean.run(later=False)) == {}
    assert healed.tables == clean.run(later=False).tables
    assert healed.results == clean.run(later=False).results
