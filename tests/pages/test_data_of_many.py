"""Data health of a large organisation: bounded, and what needs somebody first."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import event

from api.pages.presenters.parts.missing_sources import OPERATOR
from evaluator.model.delivery import Delivery
from evaluator.model.evidence import Production
from evaluator.model.facts import Coverage, Evidence, Reading, Reason
from evaluator.model.plan import Plan, RepositorySource, TeamRepository
from store.store import Store
from tests.evaluator.builders import PLAN, TARGETS, TEAM, at
from tests.pages.html import Page
from tests.support.served_demo import client_of

NOW = at("2026-03-23 09:10")
TEAMS, EACH, REFUSED = 100, 10, 120
_DELIVERY = Delivery((Production(Evidence.DEPLOYMENT, environments=("production",)),))


def plan() -> Plan:
    teams = tuple(
        replace(
            TEAM,
            id=f"team-{n:03}",
            name=f"Team {n:03}",
            jira=(),
            repositories=tuple(
                TeamRepository(f"acme/service-{n:03}-{m}", delivery=_DELIVERY) for m in range(EACH)
            ),
        )
        for n in range(TEAMS)
    )
    sources = [RepositorySource(r.repository, (_DELIVERY,)) for t in teams for r in t.repositories]
    return replace(PLAN, teams=teams, targets=TARGETS, sources=tuple(sources))


def read(source: RepositorySource, place: int) -> Coverage:
    """Of a thousand, the last few are refused, and one is not found."""
    known = Coverage(
        source.id,
        fingerprint=source.fingerprint,
        since=at("2025-01-01"),
        read_started=at("2026-03-23"),
        read_finished=NOW,
        attempt_started=at("2026-03-23"),
        attempt_finished=NOW,
    )
    if place == TEAMS * EACH - REFUSED - 1:
        detail = f"GitHub does not show {source.repository} to this token (404)."
        return replace(known, reason=Reason.NOT_FOUND, what=detail)
    if place >= TEAMS * EACH - REFUSED:
        detail = f"GitHub does not let this token read {source.repository} (403)."
        return replace(known, reason=Reason.NO_ACCESS, what=detail)
    return known


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A hundred teams with ten repositories each."""
    with Store.open(f"sqlite:///{tmp_path_factory.mktemp('large')}/hearten.db") as store:
        made = plan()
        store.plans.save(made, NOW)
        for place, source in enumerate(made.sources):
            store.facts.keep(Reading(read(source, place)))
        yield store


def test_what_asks_the_same_person_for_the_same_is_one_row(large: Store) -> None:
    page = Page(client_of(large, NOW).get("/data").text)

    words = " ".join(page.words.split())
    assert "879 of 1,000 sources are read. 121 things wait for somebody to fix them." in words
    assert (
        f"For each: GitHub does not let this token read it (403). Who needs to act {OPERATOR}"
        in words
    )
    assert "Repository acme/service-088-0, repository acme/service-088-1" in words
    assert "and 115 more" in words
    assert "GitHub does not show acme/service-087-9 to this token (404)." in words


@pytest.mark.parametrize("path", ["/data", "/data?page=20", "/data?team=team-042", "/"])
def test_a_thousand_sources_stay_small_and_quick(large: Store, path: str) -> None:
    browser = client_of(large, NOW)
    asked: list[str] = []
    engine = large._database._writer

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        answer = browser.get(path)
    finally:
        event.remove(engine, "before_cursor_execute", note)

    assert answer.status_code == 200
    assert len(answer.content) < 200_000
    assert len([s for s in asked if s.startswith(("SELECT", "WITH"))]) <= 5


def test_every_source_is_reached_from_page_to_page(large: Store) -> None:
    browser = client_of(large, NOW)
    seen: list[str] = []
    href = "/data"
    while href:
        page = Page(browser.get(href).text)
        rows = [head.text for head in page.all("th") if head.attributes["scope"] == "row"]
        seen += [row.partition("Repository ")[2] for row in rows if " more" not in row]
        following = [a for a in page.all("a") if a.text.startswith("Next")]
        href = following[0].attributes["href"] if following else ""

    assert {source.repository for source in plan().sources} <= set(seen)
    assert "acme/service-087-9" in seen[:3]  # the first that needs somebody


def test_a_page_that_is_no_number_is_said_to_be_none(large: Store) -> None:
    assert client_of(large, NOW).get("/data?page=two").status_code == 422
