"""Issues that a pull request closes, with those of their labels that are kept; never a title."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pydantic import TypeAdapter
from typing_extensions import TypedDict

from collector.json_fields import Instant, Number, Text, shaped
from evaluator.model.facts import ClosedIssue
from evaluator.model.ticket_labels import named

FIELD = "closingIssuesReferences"
# In a page of 100 commits with 10 pull requests each: three times as many would be more than the
# 500,000 nodes that GitHub allows, with the commits that are not on the branch.
_FIRST, _LABELS = 3, 10
_MOST = 100  # GitHub allows no more labels on an issue
_AT_ONCE = 10  # pull requests in a question for all that they close
_Ask = Callable[[Mapping[str, str]], Mapping[str, Any]]


class _Repository(TypedDict):
    nameWithOwner: Text


class _Label(TypedDict):
    name: Text


class _Labels(TypedDict):
    totalCount: Number
    nodes: list[_Label | None] | None


class _Issue(TypedDict):
    number: Number
    createdAt: Instant
    stateReason: Text | None
    repository: _Repository
    labels: _Labels | None


class Issues(TypedDict):
    """What `selection` asks for. What the token may not read is None."""

    totalCount: Number
    nodes: list[_Issue | None] | None


class _Listed(TypedDict):
    createdAt: Instant
    closingIssuesReferences: Issues | None


_LISTED = TypeAdapter(_Listed)


def selection(first: int = _FIRST, labels: int = _LABELS) -> str:
    """Return what is asked of a pull request."""
    return (
        f"createdAt {FIELD}(first: {first}) {{ totalCount nodes {{ number createdAt stateReason "
        f"repository {{ nameWithOwner }} labels(first: {labels}) {{ totalCount nodes {{ name }} }} "
        "} }"
    )


@dataclass(frozen=True, slots=True)
class ClosingIssues:
    """Which labels of issues are kept; where there are none, nothing is asked of issues."""

    labels: Collection[str] = ()

    def of_pull(self, number: int, pull: Mapping[str, Any], here: str, now: str) -> "PullsIssues":
        """Return the issues that a pull request closes that have a label that is kept.

        `here` is the configured name of its repository, `now` the one that GitHub uses today.
        """
        shown: Issues | None = pull.get(FIELD)
        if not self.labels or shown is None:
            return PullsIssues(())
        nodes = [node for node in shown["nodes"] or () if node]
        cut = shown["totalCount"] > len(shown["nodes"] or ()) or any(map(_labels_cut, nodes))
        started: datetime = pull["createdAt"]
        found = (self._issue(node, number, started.astimezone(UTC), here, now) for node in nodes)
        return PullsIssues(tuple(issue for issue in found if issue.labels), cut=cut)

    def of_long_lists(
        self, numbers: Iterable[int], ask: _Ask, here: str, now: str
    ) -> dict[int, "PullsIssues"]:
        """Return all issues that these pull requests close, by their numbers, with all labels.

        One request for each 10; `ask` asks the repository by alias.
        """
        every = sorted(set(numbers))
        found: dict[int, PullsIssues] = {}
        for first in range(0, len(every), _AT_ONCE):
            some = every[first : first + _AT_ONCE]
            asked = selection(_MOST, _MOST)
            answer = ask({f"p{n}": f"pullRequest(number: {n}) {{ {asked} }}" for n in some})
            for number in some:
                pull = shaped(answer[f"p{number}"], _LISTED)
                found[number] = self.of_pull(number, pull, here, now)
        return found

    def _issue(
        self, node: _Issue, pull_request: int, started: datetime, here: str, now: str
    ) -> ClosedIssue:
        labels = node["labels"]
        names = (label["name"] for label in (labels["nodes"] if labels else None) or () if label)
        place = node["repository"]["nameWithOwner"]
        return ClosedIssue(
            repository=here if place.casefold() == now.casefold() else place,
            number=node["number"],
            pull_request=pull_request,
            labels=named(names, self.labels),
            created=node["createdAt"].astimezone(UTC),
            started=started,
            declined=node["stateReason"] in {"NOT_PLANNED", "DUPLICATE"},
        )


@dataclass(frozen=True, slots=True)
class PullsIssues:
    """The issues that a pull request closes; `cut` where there may be more, or more labels."""

    issues: tuple[ClosedIssue, ...]
    cut: bool = False


def in_order(issues: Iterable[ClosedIssue]) -> tuple[ClosedIssue, ...]:
    """Return issues in the order in which they are kept."""
    return tuple(sorted(issues, key=lambda one: (one.pull_request, one.repository, one.number)))


def _labels_cut(issue: _Issue) -> bool:
    labels = issue["labels"]
    return labels is not None and labels["totalCount"] > len(labels["nodes"] or ())
