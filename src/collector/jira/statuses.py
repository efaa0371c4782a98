"""Which category each status of a site is in, as far as Jira has said in this run."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from threading import Lock

from collector.jira.issue_parser import read_category, same_name
from collector.json_fields import OddAnswerError, pick, pick_or_none
from evaluator.model.facts import StatusCategory

Categories = Mapping[str, StatusCategory]


@dataclass(frozen=True, slots=True)
class SiteStatus:
    """A status of a site, as Jira's list of them has it."""

    status_id: str
    name: str
    category: StatusCategory


AskStatuses = Callable[[], Collection[SiteStatus]]


class Statuses:
    """What one site has said of its statuses in this run, by id. Threads may share it."""

    def __init__(self) -> None:
        self._said: dict[str, StatusCategory] = {}
        self._by_name: dict[str, list[str]] = {}
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
        ask: AskStatuses,
        *,
        anew: bool,
    ) -> dict[str, StatusCategory]:
        """Return what Jira says now, else what is `remembered`, of `ids` and all remembered ones.

        Jira is asked for its list, once in a run, where neither knows one of `ids`, or `anew`.
        What it does not list (a status that no workflow has which the account may see) is UNKNOWN.
        """
        with self._lock:  # also while asking: eight threads of one site need one answer
            if anew or set(ids) - remembered.keys() - self._said.keys():
                self._list(ask)
            known = {**remembered, **self._said}
        wanted = (*ids, *remembered)
        return {each: known.get(each, StatusCategory.UNKNOWN) for each in wanted}

    def ids_of(self, names: Collection[str], ask: AskStatuses) -> dict[str, str]:
        """Return the id of each of `names` (as `same_name` has them) that the site has just once.

        Jira is asked for its list, once in a run, where there is a name to look up.
        """
        with self._lock:
            if names:
                self._list(ask)
            found = {name: self._by_name.get(name, []) for name in names}
        return {name: ids[0] for name, ids in found.items() if len(ids) == 1}

    def _list(self, ask: AskStatuses) -> None:
        if self._listed:
            return
        for status in ask():
            self._said.setdefault(status.status_id, status.category)
            self._by_name.setdefault(same_name(status.name), []).append(status.status_id)
        self._listed = True


def read_statuses(answer: object) -> list[SiteStatus]:
    """Return each status in Jira's list of them.

    Errors: SourceUnavailableError that names a field that is missing or odd.
    """
    if not isinstance(answer, list):
        raise OddAnswerError("the list of statuses is of another kind")
    return [
        SiteStatus(
            pick(status, "id", str),
            pick_or_none(status, "name", str) or "",
            read_category(status),
        )
        for status in answer
    ]
