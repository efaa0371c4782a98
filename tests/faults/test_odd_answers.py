"""Answers with status 200 that are JSON, and not whole: partial, repeated, endless."""

from collections.abc import Callable
from typing import Any

import pytest

from evaluator.model.facts import Reason
from sandbox.traffic import Change, ForcedAnswer
from tests.faults.answers import edited
from tests.faults.stand import FAULTY, HEALED, Clean, Stand, wrong_verdicts
from tests.faults.test_matrix import CHANGE_LOGS, PLACES

pytestmark = pytest.mark.slow


SHOP = "github:acme/shop"
Edit = Callable[[Any], object]


def refused(kind: str, *path: str, message: str = "No, said Zebedee Quillfeather") -> Edit:
    """GitHub leaves out one part, and says why beside the rest."""

    def edit(answer: Any) -> None:
        part = answer["data"]
        for name in path[:-1]:
            part = part[name]
        part[path[-1]] = None
        answer["errors"] = [{"type": kind, "path": [*path], "message": message}]

    return edit


def without_sign_on(answer: Any) -> None:
    """The organisation asks for single sign-on, and the token is not authorised for it."""
    refused("FORBIDDEN", "repository", message="Resource protected by SAML, Zebedee")(answer)
    answer["errors"][0]["extensions"] = {"saml_failure": True}


def only_errors(kind: str, message: str = "No, said Zebedee Quillfeather") -> Edit:
    def edit(answer: Any) -> None:
        answer["data"] = None
        answer["errors"] = [{"type": kind, "message": message}]

    return edit


def another_history(nodes: slice) -> Edit:
    """The branch names its head, and its history does not begin there."""

    def edit(answer: Any) -> None:
        history = answer["data"]["repository"]["branch"]["target"]["history"]
        shown = history["nodes"][nodes]
        history |= {"nodes": shown, "totalCount": len(shown), "pageInfo": LAST_PAGE}

    return edit


def refused_whole(kind: str) -> Edit:
    """GitHub answers about nothing, and says so of no part."""

    def edit(answer: Any) -> None:
        answer["data"] = {"repository": None}
        answer["errors"] = [{"type": kind, "message": "No, said Zebedee Quillfeather"}]

    return edit


def without_errors(*path: str) -> Edit:
    """A part is null, and nobody says why."""

    def edit(answer: Any) -> None:
        part = answer["data"]
        for name in path[:-1]:
            part = part[name]
        part[path[-1]] = None

    return edit


LAST_PAGE = {"hasNextPage": False, "endCursor": None}
FIRST, LATER = 0, 1
TOO_FAST = "You have exceeded a secondary rate limit, Zebedee"


@pytest.mark.parametrize(
    ("edit", "page", "reason", "words"),
    [
        pytest.param(
            refused("FORBIDDEN", "repository", "feed"),
            FIRST,
            Reason.NO_ACCESS,
            "Ask an owner to grant it read access",
            id="deployments are forbidden",
        ),
        pytest.param(
            refused("INSUFFICIENT_SCOPES", "repository", "feed"),
            LATER,
            Reason.NO_ACCESS,
            "deployments and actions (a classic token: the scope `repo`)",
            id="a token without a scope",
        ),
        pytest.param(
            without_sign_on,
            FIRST,
            Reason.NO_ACCESS,
            "asks for single sign-on (SAML). Authorise the token for it",
            id="a token without single sign-on",
        ),
        pytest.param(
            refused("NOT_FOUND", "repository"),
            LATER,
            Reason.NOT_FOUND,
            "Check its entry in teams.yaml",
            id="removed between two pages",
        ),
        pytest.param(
            refused("SERVICE_UNAVAILABLE", "repository", "branch"),
            LATER,
            Reason.SOURCE_DOWN,
            "(SERVICE_UNAVAILABLE). The next run tries again",
            id="a part timed out",
        ),
        pytest.param(
            only_errors("RATE_LIMITED"), FIRST, Reason.RATE_LIMITED, "rate limit", id="the limit"
        ),
        pytest.param(
            refused_whole("RATE_LIMITED"),
            LATER,
            Reason.RATE_LIMITED,
            "rate limit",
            id="the limit, beside data that is null",
        ),
        pytest.param(
            refused_whole("Zebedee says no"),
            FIRST,
            Reason.SOURCE_DOWN,
            "gave no full answer about acme/shop. The next run",
            id="an error of no known type",
        ),
        pytest.param(
            only_errors("", TOO_FAST), LATER, Reason.RATE_LIMITED, "rate limit", id="a second limit"
        ),
        pytest.param(
            only_errors("", "Something went wrong, Zebedee"),
            FIRST,
            Reason.SOURCE_DOWN,
            "gave no full answer",
            id="nothing but an error",
        ),
        pytest.param(
            without_errors("repository"), FIRST, Reason.SOURCE_DOWN, "no full answer", id="nothing"
        ),
        pytest.param(
            without_errors("repository", "branch"),
            FIRST,
            Reason.NOT_FOUND,
            "has commits and no default branch",
            id="no default branch",
        ),
        pytest.param(
            without_errors("repository", "branch"),
            LATER,
            Reason.SOURCE_DOWN,
            "cut the history of the branch",
            id="a branch that ends in the middle",
        ),
        pytest.param(
            another_history(slice(0)),
            FIRST,
            Reason.SOURCE_DOWN,
            "cut the history of the branch",
            id="a branch without a history",
        ),
        pytest.param(
            another_history(slice(1, None)),
            FIRST,
            Reason.SOURCE_DOWN,
            "cut the history of the branch",
            id="a history without the head",
        ),
    ],
)
def test_a_partial_answer_of_github_is_no_answer(
    stand: Stand, clean: Clean, *, edit: Edit, page: int, reason: Reason, words: str
) -> None:
    url, right = stand.new_database(later=False), clean.run(later=False)
    stand.sandbox.spoil(PLACES[SHOP], edited(edit), skip=page)

    struck = stand.run(url, FAULTY, team="heron")
    stand.sandbox.reset()
    healed = stand.run(url, HEALED)

    assert struck.unread.keys() == {SHOP}
    assert struck.unread[SHOP].reason is reason
    assert words in struck.unread[SHOP].detail
    assert "Zebedee" not in struck.unread[SHOP].detail
    assert wrong_verdicts(struck, right) == {}
    assert (healed.tables, healed.results) == (right.tables, right.results)


def without_logs(answer: Any) -> None:
    """Jira knows the tickets, and leaves out what happened to them."""
    if "issueChangeLogs" in answer:
        answer["issueChangeLogs"] = []
    for issue in answer.get("issues", ()):
        issue["changelog"] = {"total": 0, "histories": []}


def test_moves_that_jira_leaves_out_once_are_neither_forgotten_nor_missed(
    stand: Stand, clean: Clean
) -> None:
    url, right = stand.new_database(later=True), clean.run(later=True)
    for place in (CHANGE_LOGS, PLACES["jira:legacy:WRE"]):
        stand.sandbox.spoil(place, edited(without_logs))

    struck = stand.run(url, FAULTY)
    stand.sandbox.reset()
    healed = stand.run(url, HEALED)

    assert struck.unread == {}
    assert wrong_verdicts(struck, right) == {}
    assert (healed.tables, healed.results) == (right.tables, right.results)


def always(page: dict[str, Any]) -> Edit:
    """Every page says that another one follows."""

    def edit(answer: Any) -> None:
        feed = answer.get("data", {}).get("repository", {}).get("feed")
        if feed:
            feed["pageInfo"] = {"hasNextPage": True, "endCursor": str(id(answer))}
        elif "data" not in answer:
            answer |= {key: value for key, value in page.items() if key in answer}

    return edit


def the_first_for_ever() -> Change:
    """Every page is the first one."""
    seen: list[ForcedAnswer] = []

    def change(right: ForcedAnswer) -> ForcedAnswer:
        seen.append(right)
        return seen[0]

    return change


ON_AND_ON = {"isLast": False, "total": 999, "total_count": 999}


@pytest.mark.slow
@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda: edited(always(ON_AND_ON)), id="pages without end"),
        pytest.param(the_first_for_ever, id="the first page for ever"),
    ],
)
@pytest.mark.parametrize("source", PLACES)
def test_pages_that_never_end_are_left_in_the_end(
    stand: Stand, clean: Clean, source: str, change: Callable[[], Change]
) -> None:
    url, right = stand.new_database(later=False), clean.run(later=False)
    stand.sandbox.spoil(PLACES[source], change())

    struck = stand.run(url, FAULTY)
    stand.sandbox.reset()
    healed = stand.run(url, HEALED)

    assert struck.unread.keys() == {source}
    assert struck.unread[source].reason is Reason.SOURCE_DOWN
    assert "next run" in struck.unread[source].detail
    assert wrong_verdicts(struck, right) == {}
    assert (healed.tables, healed.results) == (right.tables, right.results)
