"""Other names than those configured, where they bring out what those do not."""

from collections.abc import Collection
from datetime import datetime

from collector.github.evidence.base import BranchRead
from collector.github.evidence.other_names import OtherEvent, OtherNames
from evaluator.model.evidence import Production
from evaluator.model.facts import OtherEvidence
from evaluator.model.plan import RepositorySource


def other_evidence(
    source: RepositorySource,
    stanza: Production,
    seen: OtherNames,
    new: Collection[str],
    branch: BranchRead,
    *,
    read_at: datetime | None,
) -> tuple[OtherEvidence, ...]:
    """Return the names of a stanza's kind that brought what is `new`.

    That is, commits of the branch that nothing did which counts. `read_at` is when the repository
    was read before.
    """
    by_name: dict[str, list[OtherEvent]] = {}
    for event in seen.events:
        by_name.setdefault(event.name, []).append(event)
    found: list[OtherEvidence] = []
    for name, same in sorted(by_name.items()):
        news = [e for e in same if e.sha in new and _was_on_branch(e, branch, read_at)]
        if news:
            newest = max(news, key=lambda event: (event.at, event.example))
            found.append(
                OtherEvidence(
                    repository=source.repository,
                    kind=stanza.evidence,
                    name=name,
                    example=newest.example,
                    first_at=min(event.at for event in same),
                    first_known=seen.whole or name in seen.oldest,
                    newest_at=newest.at,
                    sha=newest.sha,
                    url=newest.url,
                )
            )
    return tuple(found)


def _was_on_branch(event: OtherEvent, branch: BranchRead, read_at: datetime | None) -> bool:
    """Return whether the commit was on the branch by then: a preview shows it before its merge."""
    if event.merged:
        return True
    item = branch.graph.read.get(event.sha)
    if item is None:  # it is known from before, and so was on the branch then
        return read_at is not None and event.at >= read_at
    merged = [at for base, at in item.merged_into if base == branch.name]
    return not merged or min(merged) <= event.at
