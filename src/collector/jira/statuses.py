"""Which category each status of a site is in; asked of Jira only for a status nobody knows."""

from collections.abc import Callable, Collection, Mapping
from threading import Lock

from collector.jira.issues import read_category
from collector.picking import OddAnswerError, pick
from evaluator.model.facts import StatusCategory

Categories = Mapping[str, StatusCategory]


class Statuses:
    """What is known of one site's statuses, by id. Threads may share it."""

    def __init__(self) -> None:
        self._known: dict[str, StatusCategory] = {}
        self._lock = Lock()

    def recall(self, categories: Categories) -> None:
        """Add what an earlier run knew, where nothing newer is known."""
        with self._lock:
            self._known = {**categories, **self._known}

    def learn(self, categories: Categories) -> None:
        """Take over what Jira says now."""
        with self._lock:
            self._known.update(categories)

    def of(self, ids: Collection[str], ask: Callable[[], Categories]) -> dict[str, StatusCategory]:
        """Return all known categories, `ids` among them, asking Jira where one is unknown.

        A status that Jira no longer lists is remembered as UNKNOWN, and not asked for again.
        """
        with self._lock:  # also while asking: eight threads of one site need one answer
            unknown = set(ids) - self._known.keys()
            if unknown:
                self._known.update(dict.fromkeys(unknown, StatusCategory.UNKNOWN) | dict(ask()))
            return dict(self._known)


def read_statuses(answer: object) -> dict[str, StatusCategory]:
    """Return id and category of each status in Jira's list of them.

    Errors: SourceUnavailableError that names a field that is missing or odd.
    """
    if not isinstance(answer, list):
        raise OddAnswerError("the list of statuses is of another kind")
    return {pick(status, "id", str): read_category(status) for status in answer}
