"""Which category each status of a site is in, as far as Jira has said in this run."""

from collections.abc import Callable, Collection, Mapping
from threading import Lock

from collector.jira.issue_parser import read_category
from collector.json_fields import OddAnswerError, pick
from evaluator.model.facts import StatusCategory

Categories = Mapping[str, StatusCategory]


class Statuses:
    """What one site has said of its statuses in this run, by id. Threads may share it."""

    def __init__(self) -> None:
        self._said: dict[str, StatusCategory] = {}
        self._listed = False
        self._lock = Lock()

    def learn(self, categories: Categories) -> None:
        """Take over what Jira says now."""
        with self._lock:
            self._said.update(categories)

    def of(
        self,
        ids: Collection[str],
        remembered: Categories,
        ask: Callable[[], Categories],
        *,
        anew: bool,
    ) -> dict[str, StatusCategory]:
        """Return what Jira says now, else what is `remembered`, of `ids` and all remembered ones.

        Jira is asked for its list, once in a run, where neither knows one of `ids`, or `anew`.
        What it does not list (a status that no workflow has which the account may see) is UNKNOWN.
        """
        with self._lock:  # also while asking: eight threads of one site need one answer
            if not self._listed and (anew or set(ids) - remembered.keys() - self._said.keys()):
                self._said = {**ask(), **self._said}
                self._listed = True
            known = {**remembered, **self._said}
        wanted = (*ids, *remembered)
        return {each: known.get(each, StatusCategory.UNKNOWN) for each in wanted}


def read_statuses(answer: object) -> dict[str, StatusCategory]:
    """Return id and category of each status in Jira's list of them.

    Errors: SourceUnavailableError that names a field that is missing or odd.
    """
    if not isinstance(answer, list):
        raise OddAnswerError("the list of statuses is of another kind")
    return {pick(status, "id", str): read_category(status) for status in answer}
