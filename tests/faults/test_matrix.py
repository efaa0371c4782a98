"""The fault matrix: each bad answer, from each service, on a first and on a later page.

Whatever happens, no verdict is wrong, no fact is lost or doubled, the other sources are read, and
the run after the fault leaves exactly what a run leaves that never saw it.
"""

from collections.abc import Iterator
from functools import cache

import pytest

from sandbox.people import personal_strings
from tests.faults.answers import BAD
from tests.faults.stand import DAY, HOUR, NOW, Run, Stand, a_stand

FAULTY = NOW + DAY
HEALED = FAULTY + HOUR

# What is struck, and the source that it belongs to. On GitHub both GraphQL and REST.
PLACES = {
    "github:acme/shop": r"POST /graphql acme/shop\(nameWithOwner",
    "github:acme/infra": r"GET /repos/acme/infra/actions/workflows/deploy.yml/runs",
    "jira:jira:LIN": r"POST /jira/jira/rest/api/3/search/jql",
    "board:jira:7": r"GET /jira/jira/rest/agile/1.0/board/7/sprint",
    "jira:legacy:WRE": r"GET /jira/legacy/rest/api/2/search",
    "board:legacy:8": r"GET /jira/legacy/rest/agile/1.0/board/8/sprint",
}
SPARED = {"github:acme/web", "github:acme/jobs", "github:acme/api"}
LIMITS_ALL = {"too fast, for an hour", "a used-up limit"}  # nobody asks GitHub in that hour


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stand]:
    with a_stand(tmp_path_factory.mktemp("stand")) as stand:
        yield stand


@pytest.fixture
def stand(served: Stand) -> Iterator[Stand]:
    served.sandbox.reset()
    yield served
    served.sandbox.reset()


@pytest.fixture(scope="module")
def clean(served: Stand) -> "Clean":
    """What a run leaves behind that saw no fault: a first one, and one a day after another."""
    return Clean(served)


class Clean:
    def __init__(self, stand: Stand) -> None:
        self._stand = stand
        self.run = cache(self._run)

    def _run(self, *, later: bool) -> Run:
        self._stand.sandbox.reset()
        url = self._stand.database(f"clean-{later}", later=later)
        return self._stand.run(url, HEALED)


def wrong_verdicts(found: Run, right: Run) -> dict[tuple[str, str, str], str]:
    """What was judged, and otherwise than it should be. To say nothing yet is never wrong."""
    return {
        key: verdict
        for key, verdict in found.verdicts.items()
        if verdict in ("met", "not_met") and verdict != right.verdicts[key]
    }


@pytest.mark.parametrize("page", ["first page", "later page"])
@pytest.mark.parametrize("fault", BAD)
def test_a_first_run_struck_on_every_service_is_right_and_heals(
    stand: Stand, clean: Clean, fault: str, page: str
) -> None:
    bad, right = BAD[fault], clean.run(later=False)
    url = stand.database(f"first-{fault}-{page}".replace(" ", "-"), later=False)
    for place in PLACES.values():
        stand.sandbox.spoil(place, bad.change, skip=int(page == "later page"))

    struck = stand.run(url, FAULTY)
    stand.sandbox.reset()
    healed = stand.run(url, HEALED)

    assert struck.unread.keys() - (SPARED if fault in LIMITS_ALL else set()) == PLACES.keys()
    for source in PLACES:
        said = struck.unread[source]
        assert said.reason is bad.reason, said
        assert bad.words in said.detail
        assert not any(text in said.detail for text in personal_strings())
    assert wrong_verdicts(struck, right) == {}
    assert "not_met" not in {v for (team, *_), v in struck.verdicts.items() if team != "heron"}
    assert healed.unread == {}
    assert healed.results == right.results
    assert healed.tables == right.tables
