"""Environments that a first read sees no deployment to, behind more than it lists.

GitHub lists the names of all environments; of those that may be production, the oldest and newest
deployments are asked for. A token need not be allowed to see them: then none is found.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from collector.github.evidence.other_names import is_other
from collector.github.graphql import quoted, repository_field
from collector.github.paging import PAGE, PagedConnection
from collector.json_fields import pick, pick_nullable
from evaluator.model.evidence import Production
from evaluator.model.production_names import looks_like_production, same_family

_NAMES, _FIRST, _LAST = "environments", "o", "n"
_PAGES = 5  # of names: beyond, they are made anew for each branch
_MOST = 10  # environments that are looked at
_MADE_ANEW = 3  # names of one family that are not listed
_EACH = 5  # deployments: one may have failed

Node = Mapping[str, Any]


@dataclass(slots=True)
class EnvironmentSearch:
    """One search, a question after the other; `fields` are those asked of a deployment."""

    fields: str
    newest: list[Node] = field(default_factory=list)
    oldest: list[Node] = field(default_factory=list)
    _names: PagedConnection = field(default_factory=lambda: PagedConnection(_NAMES))
    _over: bool = False

    def question(self, repository: str, production: Production, seen: Collection[str]) -> str:
        """Return what to ask next of the root, empty for nothing; `seen` are names known anyway."""
        if self._over:
            return ""
        if self._names.more and len(self._names.nodes) < _PAGES * PAGE:
            page = "{ totalCount pageInfo { hasNextPage endCursor } nodes { name } }"
            asked = f"{_NAMES}({self._names.arguments()}) {page}"
        else:
            names = [pick(node, "name", str) for node in self._names.nodes]
            asked = " ".join(
                f"{alias}{place}: deployments(first: {_EACH}, environments: [{quoted(name)}], "
                f"orderBy: {{field: CREATED_AT, direction: {order}}}) "
                f"{{ nodes {{ {self.fields} }} }}"
                for place, name in enumerate(_candidates(production, names, seen))
                for alias, order in ((_FIRST, "ASC"), (_LAST, "DESC"))
            )
        _, _, field_of_it = repository_field(repository, asked).partition(": ")
        return field_of_it if asked else ""

    def take(self, answer: Mapping[str, Any] | None) -> None:
        """Take the answer to `question`, None where GitHub gave none."""
        if answer is not None and _NAMES in answer:
            self._names.take(pick(answer, _NAMES, dict))
            return
        self._over = True
        for alias, page in (answer or {}).items():
            found = self.oldest if alias.startswith(_FIRST) else self.newest
            found += pick(page, "nodes", list)


def environments_of(nodes: Iterable[Node]) -> set[str]:
    """Return the names of the environments that deployments are to."""
    return {name for node in nodes if (name := pick_nullable(node, "environment", str))}


def _candidates(
    production: Production, names: Sequence[str], seen: Collection[str]
) -> Sequence[str]:
    """Return those not `seen` that may be production, the most like those listed first."""
    others = [name for name in names if is_other(production, name)]
    unseen = [name for name in others if name not in seen]
    related = [n for n in unseen if any(same_family(n, own) for own in production.environments)]
    alone = [n for n in unseen if sum(same_family(n, one) for one in others) < _MADE_ANEW]
    rest = sorted(alone, key=lambda name: (not looks_like_production(name), name))
    return list(dict.fromkeys([*related, *rest]))[:_MOST]
