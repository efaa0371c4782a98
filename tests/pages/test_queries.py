"""A team's page is quick: few queries, and small, however long the record is."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event

from evaluator.model.plan import Plan
from evaluator.model.results import EvidenceItem, LeftOut, Result, Status
from store.store import Store
from tests.evaluator.builders import PLAN, SPRINT_A, TARGETS, TEAM, at
from tests.evaluator.results import a_result
from tests.support.served_demo import client_of

NOW = at("2026-03-23 09:10")
TEAMS, SPRINTS = 50, 78
FORTNIGHT = timedelta(days=14)
MANY = tuple(
    EvidenceItem("commit", f"c{n}", f"https://x/{n}", at("2026-03-05")) for n in range(300)
)
OUT = tuple(LeftOut(f"d{n}", "made by a bot", f"https://x/{n}") for n in range(300))


def plan() -> Plan:
    teams = tuple(replace(TEAM, id=f"team-{n}", name=f"Team {n}") for n in range(TEAMS))
    return replace(PLAN, teams=teams, targets=TARGETS)


def results() -> Iterator[Result]:
    for team in plan().teams:
        for back in range(SPRINTS):
            sprint = replace(
                SPRINT_A,
                id=f"sprint-{back}",
                start=SPRINT_A.start - back * FORTNIGHT,
                end=SPRINT_A.end - back * FORTNIGHT,
                settled_at=SPRINT_A.settled_at - back * FORTNIGHT,
            )
            for target in TARGETS:
                result = a_result(
                    Status.MET,
                    1,
                    team=team.id,
                    target=target.id,
                    sprint=sprint,
                )
                much = team.id == "team-0"
                yield replace(result, evidence=MANY, left_out=OUT) if much else result


@pytest.fixture(scope="module")
def three_years(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """50 teams with 78 sprints each."""
    with Store.open(f"sqlite:///{tmp_path_factory.mktemp('large')}/hearten.db") as store:
        store.plans.save(plan(), NOW)
        store.results.save(results())
        yield store


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("/", 5),
        ("/teams/team-0", 5),
        ("/teams/team-0/retro", 5),
        ("/teams/team-0/work", 5),
        ("/teams/team-0/sprints", 5),
        ("/teams/team-0/sprints/sprint-0", 5),
        ("/teams/team-0/sprints/sprint-0/tickets-done", 5),
        ("/data", 5),
        ("/between-teams", 5),
        ("/between-teams/30-day-actions", 5),
    ],
)
def test_a_page_asks_the_database_at_most_five_things(
    three_years: Store, path: str, most: int
) -> None:
    asked: list[str] = []
    engine = three_years._database._writer
    browser = client_of(three_years, NOW)

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        answer = browser.get(path)
    finally:
        event.remove(engine, "before_cursor_execute", note)

    queries = [statement for statement in asked if statement.startswith(("SELECT", "WITH"))]
    assert answer.status_code == 200
    assert 1 <= len(queries) <= most
    assert not [s for s in asked if s.startswith(("INSERT", "UPDATE", "DELETE"))]


def test_a_teams_page_stays_under_200_kilobytes_where_there_is_much_to_show(
    three_years: Store,
) -> None:
    answer = client_of(three_years, NOW).get("/teams/team-0")

    assert "290 more counted: see the whole result" in answer.text
    assert len(answer.content) < 200_000
