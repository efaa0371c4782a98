"""Deployments to environments that the configuration does not have.

GitHub lists those to some environments, or those to all: there is no list of the others.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from collector.github.evidence.base import PERHAPS, BranchRead, EventSource
from collector.github.evidence.environment_search import EnvironmentSearch, environments_of
from collector.github.evidence.other_names import OtherEvent, OtherNames, is_other
from collector.json_fields import instant, pick, pick_nullable
from evaluator.model.evidence import Production, matches_text

OTHERS, _OLDEST = "elsewhere", "earliest"  # aliases; the first also of a mark
_BROUGHT = {"SUCCESS", "INACTIVE"}  # which a successful one becomes once another follows
_SHORT = "id environment latestStatus { state }"
_FIELDS = f"{_SHORT} commitOid createdAt ref {{ name prefix }}"
_ORDER = "orderBy: {field: CREATED_AT, direction: %s}"

Node = Mapping[str, Any]


@dataclass(slots=True)
class OtherDeployments:
    """The newest deployments to all environments, and the oldest, as far as they were asked for.

    A first read also searches for environments that none of those is to.
    """

    newest: list[Node] = field(default_factory=list)
    oldest: list[Node] = field(default_factory=list)
    total: int = 0
    _behind: EnvironmentSearch = field(default_factory=lambda: EnvironmentSearch(_FIELDS))

    def questions(self, at_once: int) -> dict[str, str]:
        """Return what to ask of the repository, by alias."""
        return {
            OTHERS: f"{_listed(at_once, 'DESC')} {{ totalCount nodes {{ {_FIELDS} }} }}",
            _OLDEST: f"{_listed(at_once, 'ASC')} {{ nodes {{ {_FIELDS} }} }}",
        }

    def take(self, alias: str, page: Mapping[str, Any]) -> None:
        """Take the answer to one of `questions`."""
        nodes = pick(page, "nodes", list)
        if alias == OTHERS:
            self.newest, self.total = nodes, pick(page, "totalCount", int)
        else:
            self.oldest = nodes

    def search(self, source: EventSource) -> dict[str, str]:
        """Return what to ask of the root by alias, where some are neither newest nor oldest."""
        if self.total <= len(self.newest) + len(self.oldest):
            return {}
        seen = environments_of([*self.newest, *self.oldest])
        asked = self._behind.question(source.repository, source.production, seen)
        return {PERHAPS: asked} if asked else {}

    def take_found(self, answer: Node | None) -> None:
        """Take the answer to `search`, None where GitHub gave none."""
        self._behind.take(answer)

    def shown(self, production: Production) -> list[str]:
        """Return the ids of the newest that succeeded: no others come while nothing is new."""
        return sorted(_ids(production, self.newest))

    def names(self, source: EventSource, branch: BranchRead, *, whole: bool) -> OtherNames:
        """Return the deployments that succeeded, from the branch; `whole` where none is missing."""
        events, oldest = (
            [
                _event(node, source)
                for node in nodes
                if _brought(source.production, node) and _from_branch(node, source, branch)
            ]
            for nodes in (
                [*self.newest, *self._behind.newest],
                [*self.oldest, *self._behind.oldest],
            )
        )
        all_shown = 0 < self.total <= len(self.newest) + len(self.oldest)
        return OtherNames([*events, *oldest], whole or all_shown, {e.name for e in oldest})


def question(first: int) -> str:
    """Return what "anything new?" asks of the newest deployments to all environments."""
    return f"{OTHERS}: {_listed(first, 'DESC')} {{ nodes {{ {_SHORT} }} }}"


def has_new(production: Production, answer: Mapping[str, Any], mark: Mapping[str, Any]) -> bool:
    """Return whether the answer to `question` shows more than `mark`, what was shown before."""
    return not _ids(production, pick(answer, f"{OTHERS}.nodes", list)) <= {*mark.get(OTHERS, ())}


def _listed(first: int, direction: str) -> str:
    return f"deployments(first: {first}, {_ORDER % direction})"


def _ids(production: Production, nodes: Iterable[Node]) -> set[str]:
    return {pick(node, "id", str) for node in nodes if _brought(production, node)}


def _brought(production: Production, node: Node) -> bool:
    name = pick_nullable(node, "environment", str)
    if name is None or not is_other(production, name):
        return False
    status = pick_nullable(node, "latestStatus", dict)
    return status is not None and pick(status, "state", str) in _BROUGHT


def _from_branch(node: Node, source: EventSource, branch: BranchRead) -> bool:
    """Return whether it was made from the production branch, a tag or a commit: from no other."""
    ref = pick_nullable(node, "ref", dict)
    if ref is None or pick(ref, "prefix", str) == "refs/tags/":
        return True
    name, written = pick(ref, "name", str), source.production.branch
    return name == branch.name or (written is not None and matches_text(written, name))


def _event(node: Node, source: EventSource) -> OtherEvent:
    name = pick(node, "environment", str)
    url = f"{source.html}/{source.repository}/deployments/{quote(name)}"
    return OtherEvent(name, name, pick(node, "commitOid", str), instant(node, "createdAt"), url)
