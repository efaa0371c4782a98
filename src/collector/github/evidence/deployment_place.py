"""Where the commit of a deployment stood: on the branch, a tag's, of which pull requests."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from collector.github.evidence.base import BranchRead
from collector.json_fields import instant, pick, pick_nullable
from evaluator.model.evidence import matches_text
from evaluator.model.facts import Place

_PULLS = (
    "associatedPullRequests(first: 5, orderBy: {field: CREATED_AT, direction: DESC}) "
    "{ totalCount nodes { number merged createdAt mergedAt } }"
)
# Of a branch also those that were closed, of a commit also those of other branches.
FIELDS = f"commit {{ committedDate {_PULLS} }} ref {{ name prefix {_PULLS} }}"

# Who deploys, looks and then merges does so within days; a plan may be weeks older than its merge.
_LOOKED_AT = timedelta(days=3)

# What one answer said is not taken back by another that is weaker.
_STRENGTH = (
    Place.UNKNOWN,
    Place.UNTOLD,
    Place.NO_PULL_REQUEST,
    Place.UNMERGED,
    Place.MERGED_LATER,
    Place.MERGED,
    Place.TAG,
    Place.BRANCH,
)


@dataclass(frozen=True, slots=True)
class Stood:
    """Where a commit stood; `merged_at` is of a pull request that was merged later."""

    place: Place
    merged_at: datetime | None = None

    def or_rather(self, known: "Stood") -> "Stood":
        """Return `known`, what an earlier read said, where that is the stronger one."""
        weaker = _STRENGTH.index(self.place) < _STRENGTH.index(known.place)
        return known if weaker else self


@dataclass(frozen=True)
class ProductionBranch:
    """The production branch as far as it was read, and what else configuration calls one."""

    read: BranchRead
    written: str | None

    @cached_property
    def _commits(self) -> set[str]:
        return self.read.graph.reached_from([self.read.head])

    def has(self, sha: str) -> bool:
        """Return whether the commit is on the branch."""
        return sha in self._commits

    def stood(self, sha: str, at: datetime, node: Mapping[str, Any]) -> Stood:
        """Return where `sha` stood that was deployed at `at`, by `FIELDS` of the deployment.

        No pull request at all counts (a release branch), but not where nobody can tell any more.
        A commit may be on the branch today that a pull request brought there only later.
        """
        ref = pick_nullable(node, "ref", dict)
        if ref is not None and pick(ref, "prefix", str) == "refs/tags/":
            return Stood(Place.TAG)
        if ref is not None and self._is_called(pick(ref, "name", str)):
            return Stood(Place.BRANCH)
        if self.has(sha):
            brought = _brought_later(node, at)
            return Stood(Place.MERGED_LATER, brought) if brought else Stood(Place.BRANCH)
        pulls = _Pulls.of(node)
        merged = [*pulls.merged, *(self._merges_behind(sha) if ref is None else ())]
        if merged:
            first = min(merged)
            return Stood(Place.MERGED) if first <= at else Stood(Place.MERGED_LATER, first)
        if pulls.unmerged or (ref is None and self._joins_unmerged(sha)):
            return Stood(Place.UNKNOWN if pulls.cut else Place.UNMERGED)
        return Stood(Place.UNKNOWN if ref is None else Place.NO_PULL_REQUEST)

    def _is_called(self, name: str) -> bool:
        return name == self.read.name or (
            self.written is not None and matches_text(self.written, name)
        )

    def _joined(self, sha: str) -> Iterator[str]:
        """Yield what a commit joins to its first parent, where that is not on the branch.

        Of a pull request GitHub makes such a commit itself, and shows neither a ref of it
        (`refs/pull/7/merge`) nor the pull request.
        """
        parents = self.read.graph.parents(sha) or ()
        return (parent for parent in parents[1:] if not self.has(parent))

    def _merges_behind(self, sha: str) -> Iterator[datetime]:
        for parent in self._joined(sha):
            if (item := self.read.graph.read.get(parent)) is not None:
                yield from (at for _, at in item.merged_into)

    def _joins_unmerged(self, sha: str) -> bool:
        read = self.read.graph.read
        return any(parent in read and read[parent].unmerged for parent in self._joined(sha))


def _brought_later(node: Mapping[str, Any], at: datetime) -> datetime | None:
    """Return when the pull request of a deployment's commit was merged that was open at `at`.

    None where it was merged by then, or as soon as one is that was deployed to be looked at; where
    it was opened since; or where GitHub does not show the first one.
    """
    commit = pick_nullable(node, "commit", dict)
    page = pick(commit, "associatedPullRequests", dict) if commit is not None else {"nodes": []}
    merged = [pull for pull in pick(page, "nodes", list) if pick(pull, "merged", bool)]
    if not merged or pick(page, "totalCount", int) > len(page["nodes"]):
        return None
    first = min(merged, key=lambda pull: instant(pull, "mergedAt"))
    merged_at = instant(first, "mergedAt")
    late = merged_at - at > _LOOKED_AT
    return merged_at if late and instant(first, "createdAt") <= at else None


def merged_since(node: Mapping[str, Any]) -> bool:
    """Return whether a pull request of a deployment, none of which was merged, is so by now."""
    return bool(_Pulls.of(node).merged)


@dataclass(frozen=True, slots=True)
class _Pulls:
    """The pull requests of a deployment's commit and of its branch.

    `merged` are when some of them were; `cut` where those that are not shown may be merged.
    """

    merged: tuple[datetime, ...]
    unmerged: bool
    cut: bool

    @classmethod
    def of(cls, node: Mapping[str, Any]) -> "_Pulls":
        """Return what `FIELDS` of a deployment show.

        Names of branches come again: what was merged from one before the commit was made does not
        hold it.
        """
        commit, ref = (pick_nullable(node, name, dict) for name in ("commit", "ref"))
        made = instant(commit, "committedDate") if commit is not None else None
        own, of_branch = cls._listed(commit), cls._listed(ref)
        later = [at for at in of_branch.merged if made is None or at >= made]
        return cls(
            merged=(*own.merged, *later),
            unmerged=own.unmerged or of_branch.unmerged,
            cut=own.cut or of_branch.cut,
        )

    @classmethod
    def _listed(cls, of: Mapping[str, Any] | None) -> "_Pulls":
        if of is None:
            return cls((), unmerged=False, cut=False)
        page = pick(of, "associatedPullRequests", dict)
        nodes = pick(page, "nodes", list)
        merged = [instant(pull, "mergedAt") for pull in nodes if pick(pull, "merged", bool)]
        more = pick(page, "totalCount", int) > len(nodes)
        return cls(tuple(merged), unmerged=len(merged) < len(nodes), cut=more and not merged)
