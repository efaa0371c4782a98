"""The question "anything new?", for many repositories in one request."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from enum import Enum
from types import MappingProxyType
from typing import Any, NamedTuple

from collector.errors import SourceError
from collector.github.evidence.registry import evidence_kind
from collector.github.graphql import GraphQL, Part, quoted, repository_field, understood
from collector.github.paging import PAGE
from collector.github.renamed_repository import number_of, refuse_second
from collector.github.repository_bookmark import RepositoryBookmark
from collector.github.stories import ALIAS, TREE, StoryFiles, tree_of
from collector.json_fields import pick
from evaluator.model.plan import RepositorySource


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
    that has another. One that GitHub does not show spoils none of the
    others; where it does not say of which it gave no answer, those with a gap in theirs are to be
    read, each alone.
    """
    parts: list[Part] = []
    pending: list[dict[str, int]] = []  # of each, what may still happen: the stanza by alias
    for index, (source, bookmark) in enumerate(asked):
        gone = map(_still_gone, bookmark.gone)
        question, *further = (evidence_kind(s).question(s) or "" for s in source.stanzas)
        stories = f"{ALIAS}: {TREE}"
        selection = " ".join([question, "nameWithOwner databaseId", stories, *gone])
        waiting = list(_pending(source, bookmark, index, now))
        pending.append({alias: place for alias, place, _ in waiting})
        for place, text in enumerate([selection, *further]):
            field = repository_field(source.repository, text, alias=_alias(index, place))
            own = (f"{alias}: {nodes}" for alias, of, nodes in waiting if of == place)
            parts.append(Part(" ".join([field, *own])))
    about = f"{len(asked)} repositories" if len(asked) > 1 else asked[0][0].repository
    answer = api.ask_in_parts(parts, about=about)
    vague, answer = answer.vague, answer.located()
    found: list[Answered | SourceError] = []
    for index, (source, bookmark) in enumerate(asked):
        aliases = [_alias(index, place) for place in range(len(source.stanzas))]
        if vague and any(answer.has_gap(a, but=ALIAS) for a in [*aliases, *pending[index]]):
            found.append(Answered(WhatsNew.SOMETHING))
            continue
        try:
            with understood(source.repository):
                shown = [answer.take(alias, about=source.repository) for alias in aliases]
                refuse_second(source.repository, pick(shown[0], "nameWithOwner", str), configured)
                number = number_of(shown[0])
                if number != numbers.get(source.repository, number):
                    found.append(Answered(WhatsNew.EVERYTHING, number))
                    continue
                again = [
                    (place, answer.by_id(alias, about=source.repository) or [None])
                    for alias, place in pending[index].items()
                ]
                found.append(Answered(_news(source, bookmark, shown, again, now), number))
        except SourceError as exc:
            found.append(exc)
    return found


def _news(
    source: RepositorySource,
    bookmark: RepositoryBookmark,
    shown: Sequence[dict[str, Any]],
    again: Sequence[tuple[int, Sequence[dict[str, Any] | None]]],
    now: datetime,
) -> WhatsNew:
    """What is new, by what GitHub says of each stanza, and of its nodes that were pending."""
    if any(pick(shown[0], f"o{sha}", object) for sha in bookmark.gone):
        return WhatsNew.EVERYTHING
    if tree_of(shown[0]) != StoryFiles.of(bookmark.mark).tree:
        return WhatsNew.SOMETHING
    stanzas = source.stanzas
    for place, (stanza, answer) in enumerate(zip(stanzas, shown, strict=True)):
        kind, own = evidence_kind(stanza), bookmark.of_stanza(place, of=len(stanzas))
        nodes = [node for of, some in again if of == place for node in some]
        ended = kind.pending is not None and any(kind.pending.ended(node, own) for node in nodes)
        same = kind.mark(answer) == _comparable(own.mark)
        same = same and not kind.has_new_others(stanza, answer, own.mark)
        if ended or not same or kind.relist_due(own, now):
            return WhatsNew.SOMETHING
    return WhatsNew.SOMETHING if bookmark.unlinked else WhatsNew.NOTHING


def _pending(
    source: RepositorySource, bookmark: RepositoryBookmark, index: int, now: datetime
) -> Iterator[tuple[str, int, str]]:
    """Yield what is asked by id: alias, place of the stanza, nodes; GitHub takes 100 at once."""
    stanzas = source.stanzas
    for place, stanza in enumerate(stanzas):
        pending = evidence_kind(stanza).pending
        own = bookmark.of_stanza(place, of=len(stanzas))
        idents = pending.ids(own, now) if pending else ()
        for first in range(0, len(idents), PAGE):
            ids = ", ".join(map(quoted, idents[first : first + PAGE]))
            fields = pending.fields if pending else ""
            alias = f"p{index}from{first}" + (f"of{place}" if place else "")
            yield alias, place, f"nodes(ids: [{ids}]) {{ {fields} }}"


def _alias(index: int, place: int) -> str:
    """The alias of what is asked of a repository for one stanza."""
    return f"r{index}" + (f"of{place}" if place else "")


def _still_gone(sha: str) -> str:
    return f"o{sha}: object(oid: {quoted(sha)}) {{ oid }}"


# Of a mark: what is no answer to the question.
_NOT_ASKED = (
    "pending",
    "unmerged_deployments",
    "gone",
    "unmerged",
    "unlinked",
    "elsewhere",
    "production_branch",
    ALIAS,
)


def _comparable(mark: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in mark.items() if key not in _NOT_ASKED}
