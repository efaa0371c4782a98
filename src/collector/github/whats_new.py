"""The question "anything new?", for many repositories in one request."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from enum import Enum
from types import MappingProxyType
from typing import Any, NamedTuple

from collector.errors import SourceError
from collector.github.evidence.registry import evidence_kind
from collector.github.graphql import GraphQL, quoted, repository_field, understood
from collector.github.paging import PAGE
from collector.github.renamed_repository import number_of, refuse_second
from collector.github.repository_bookmark import RepositoryBookmark
from collector.json_fields import pick
from evaluator.model.plan import RepositorySource

REPOSITORIES_AT_ONCE = 50


class WhatsNew(Enum):
    """What there is to read of a repository that was read before."""

    NOTHING = "nothing"
    SOMETHING = "something"
    EVERYTHING = "everything"  # what it was read without is back, or it is another repository


class Answered(NamedTuple):
    """What is new of a repository, and the number that GitHub gave it; empty where not shown."""

    news: WhatsNew
    number: str = ""


def whats_new(
    api: GraphQL,
    asked: Sequence[tuple[RepositorySource, RepositoryBookmark]],
    now: datetime,
    configured: Collection[str] = (),
    numbers: Mapping[str, str] = MappingProxyType({}),
) -> list[Answered | SourceError]:
    """Say of each repository what is new since its bookmark, or why it cannot be read.

    `numbers` are those that repositories had when they were last read, by name: all is new of one
    that has another. At most 50 repositories. One that GitHub does not show spoils none of the
    others; where it does not say of which it gave no answer, those with a gap in theirs are to be
    read, each alone.
    """
    parts: list[str] = []
    pending: list[list[str]] = []  # of each repository, the aliases of what may still happen
    for index, (source, bookmark) in enumerate(asked):
        gone = map(_still_gone, bookmark.gone)
        question = evidence_kind(source.production).question(source.production) or ""
        selection = " ".join([question, "nameWithOwner databaseId", *gone])
        parts.append(repository_field(source.repository, selection, alias=f"r{index}"))
        by_alias = _pending(source, bookmark, index, now)
        pending.append(list(by_alias))
        parts += [f"{alias}: {nodes}" for alias, nodes in by_alias.items()]
    about = f"{len(asked)} repositories" if len(asked) > 1 else asked[0][0].repository
    answer = api.ask(f"query {{ {' '.join(parts)} }}", about=about)
    vague, answer = answer.vague, answer.located()
    found: list[Answered | SourceError] = []
    for index, (source, bookmark) in enumerate(asked):
        if vague and any(map(answer.has_gap, [f"r{index}", *pending[index]])):
            found.append(Answered(WhatsNew.SOMETHING))
            continue
        try:
            with understood(source.repository):
                shown = answer.take(f"r{index}", about=source.repository)
                refuse_second(source.repository, pick(shown, "nameWithOwner", str), configured)
                number = number_of(shown)
                if number != numbers.get(source.repository, number):
                    found.append(Answered(WhatsNew.EVERYTHING, number))
                    continue
                again = (
                    node
                    for alias in pending[index]
                    for node in answer.by_id(alias, about=source.repository) or [None]
                )
                found.append(Answered(_news(source, bookmark, shown, again, now), number))
        except SourceError as exc:
            found.append(exc)
    return found


def _news(
    source: RepositorySource,
    bookmark: RepositoryBookmark,
    repository: dict[str, Any],
    again: Iterable[dict[str, Any] | None],
    now: datetime,
) -> WhatsNew:
    """What is new, by what GitHub says of the repository, and of the nodes that were pending."""
    kind = evidence_kind(source.production)
    if any(pick(repository, f"o{sha}", object) for sha in bookmark.gone):
        return WhatsNew.EVERYTHING
    pending = kind.pending
    ended = pending is not None and any(pending.ended(node, bookmark) for node in again)
    same = kind.mark(repository) == _comparable(bookmark.mark)
    due = kind.relist_due(bookmark, now)
    same = same and not kind.has_new_others(source.production, repository, bookmark.mark)
    nothing = same and not ended and not due and not bookmark.unlinked
    return WhatsNew.NOTHING if nothing else WhatsNew.SOMETHING


def _pending(
    source: RepositorySource, bookmark: RepositoryBookmark, index: int, now: datetime
) -> dict[str, str]:
    """What is asked by id, by alias: GitHub takes no more than 100 ids at once."""
    pending = evidence_kind(source.production).pending
    if pending is None:
        return {}
    idents = pending.ids(bookmark, now)
    asked: dict[str, str] = {}
    for first in range(0, len(idents), PAGE):
        ids = ", ".join(map(quoted, idents[first : first + PAGE]))
        asked[f"p{index}from{first}"] = f"nodes(ids: [{ids}]) {{ {pending.fields} }}"
    return asked


def _still_gone(sha: str) -> str:
    return f"o{sha}: object(oid: {quoted(sha)}) {{ oid }}"


# Of a mark: what is no answer to the question.
_NOT_ASKED = ("pending", "unmerged_deployments", "gone", "unmerged", "unlinked", "elsewhere")


def _comparable(mark: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in mark.items() if key not in _NOT_ASKED}
