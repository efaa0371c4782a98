"""Asks repositories which kinds of production evidence they have, and in which order."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from collector.errors import SourceError, SourceRefusedError, SourceUnavailableError
from collector.github.connection import GitHubConnection
from collector.github.detection.candidates import DetectedEvidence, RepositoryDetection
from collector.github.evidence.base import EvidenceKind, FollowUp
from collector.github.evidence.registry import EVIDENCE_KINDS
from collector.github.graphql import GraphQL, quoted, repository_field, understood
from collector.github.paging import PagedConnection
from collector.json_fields import pick
from collector.transport import Transport
from evaluator.model.facts import Reason

ASKED_AT_ONCE = 10
_NEVER = datetime.max.replace(tzinfo=UTC)
_SILENT = 2  # so many in a row without an answer: it is GitHub, not the repositories
_FIRST_QUESTION = " ".join(
    [
        "nameWithOwner isArchived",
        "defaultBranchRef { name target { oid ... on Commit { committedDate } } }",
        *(kind.detection_fields for kind in EVIDENCE_KINDS.values() if kind.detection_fields),
    ]
)
_OWNED = "totalCount pageInfo { hasNextPage endCursor } nodes { nameWithOwner isArchived isFork }"


@dataclass(frozen=True, slots=True)
class OwnedRepositories:
    """An organisation's repositories, A to Z; how many `archived` ones and `forks` are left out."""

    repositories: tuple[str, ...]
    archived: int
    forks: int


@dataclass(frozen=True, slots=True)
class Detector:
    """Detects the production evidence of repositories of one GitHub."""

    api: GraphQL
    rest: Transport
    access: GitHubConnection
    zone: ZoneInfo

    def detect(
        self, repositories: Sequence[str], *, every: bool
    ) -> dict[str, DetectedEvidence | SourceError]:
        """Return, by name, what each repository offers, or why it cannot be read.

        Workflows and merges are looked at where nothing else is in use, or with `every`.
        """
        all_of_them = {
            name: RepositoryDetection(name, self.zone, self.access.html_url)
            for name in repositories
        }
        first = dict.fromkeys(all_of_them, _FIRST_QUESTION)
        self._take(all_of_them, first, _take_first, ASKED_AT_ONCE)
        for kind in EVIDENCE_KINDS.values():
            self._detect_further(kind, all_of_them, every=every)
        best_first = tuple(EVIDENCE_KINDS)
        return {name: found.detected(best_first) for name, found in all_of_them.items()}

    def repositories_of(self, organisation: str) -> OwnedRepositories:
        """Return the repositories of `organisation` that the token can see. Errors: SourceError."""
        pages = PagedConnection(organisation)
        while pages.more:
            order = "orderBy: {field: NAME, direction: ASC}"
            text = f"repositories({pages.arguments()}, {order}) {{ {_OWNED} }}"
            query = f"query {{ organization(login: {quoted(organisation)}) {{ {text} }} }}"
            answer = self.api.ask(query, about=organisation)
            try:
                found = answer.take("organization", about=organisation)
            except SourceRefusedError as error:
                raise _no_organisation(error, organisation) from None
            with understood(organisation):
                pages.take(pick(found, "repositories", dict))
        with understood(organisation):
            return _owned(pages.nodes)

    def _detect_further(
        self, kind: EvidenceKind, all_of_them: Mapping[str, RepositoryDetection], *, every: bool
    ) -> None:
        for step in kind.follow_ups:
            if step.last_resort:
                some = _unsettled(all_of_them, every=every)
            else:
                some = _readable(all_of_them)
            self._follow_up(step, some)
        if kind.over_rest is not None:
            for found in _unsettled(all_of_them, every=every).values():
                kind.over_rest.detect(found, self.rest, self.access.api_url.rstrip("/"))

    def _follow_up(self, step: FollowUp, some: Mapping[str, RepositoryDetection]) -> None:
        questions = {
            name: question
            for name, found in some.items()
            if (question := step.question(found)) is not None
        }

        def take(found: RepositoryDetection, answer: Any) -> None:
            step.take(found, answer, self.api.answered_at(_NEVER))

        self._take(some, questions, take, step.at_once, needed=step.needed)

    def _take(
        self,
        repositories: Mapping[str, RepositoryDetection],
        questions: Mapping[str, str],
        take: Callable[[RepositoryDetection, Any], None],
        at_once: int,
        *,
        needed: bool = True,
    ) -> None:
        """Ask the questions, and let `take` add each answer to what was seen of its repository."""
        names = list(questions)
        for first in range(0, len(names), at_once):
            some = {name: questions[name] for name in names[first : first + at_once]}
            for name, answer in self._asked(some):
                try:
                    if isinstance(answer, SourceError):
                        raise answer
                    with understood(name):
                        take(repositories[name], answer)
                except SourceError as error:
                    repositories[name].problem = error if needed else None

    def _asked(self, questions: Mapping[str, str]) -> Iterator[tuple[str, Any]]:
        """Yield the answer about each repository, or its SourceError, with one request.

        One repository may be more than GitHub can look through in time. It must not spoil the
        others, so where there is no answer about all, or an error does not say about which there is
        none, each is asked about alone.
        """
        about = f"{len(questions)} repositories" if len(questions) > 1 else next(iter(questions))
        text = " ".join(
            repository_field(name, selection, alias=f"r{index}")
            for index, (name, selection) in enumerate(questions.items())
        )
        try:
            answer = self.api.ask(f"query {{ {text} }}", about=about)
        except SourceError as error:
            alone = len(questions) == 1 or error.reason is not Reason.SOURCE_DOWN
            yield from dict.fromkeys(questions, error).items() if alone else self._alone(questions)
            return
        if answer.vague and len(questions) > 1:
            yield from self._alone(questions)
            return
        for index, name in enumerate(questions):
            try:
                yield name, answer.take(f"r{index}", about=name)
            except SourceError as error:
                yield name, error

    def _alone(self, questions: Mapping[str, str]) -> Iterator[tuple[str, Any]]:
        silent: list[SourceError] = []
        for name, selection in questions.items():
            if len(silent) >= _SILENT:
                yield name, silent[-1]
                continue
            for _, answer in self._asked({name: selection}):
                silent = [*silent, answer] if isinstance(answer, SourceUnavailableError) else []
                yield name, answer


def _readable(
    repositories: Mapping[str, RepositoryDetection],
) -> dict[str, RepositoryDetection]:
    return {name: found for name, found in repositories.items() if found.problem is None}


def _unsettled(
    repositories: Mapping[str, RepositoryDetection], *, every: bool
) -> dict[str, RepositoryDetection]:
    """Those of which more must be seen; an empty repository has nothing more to see."""
    readable = _readable(repositories).items()
    return {name: one for name, one in readable if one.branch and (every or not one.settled)}


def _take_first(found: RepositoryDetection, answer: Any) -> None:
    found.take(answer)
    for kind in EVIDENCE_KINDS.values():
        kind.detect(found, answer)


def _owned(nodes: Sequence[Mapping[str, Any]]) -> OwnedRepositories:
    archived = {pick(n, "nameWithOwner", str) for n in nodes if pick(n, "isArchived", bool)}
    forks = {pick(n, "nameWithOwner", str) for n in nodes if pick(n, "isFork", bool)} - archived
    names = [pick(node, "nameWithOwner", str) for node in nodes]
    kept = sorted({*names} - archived - forks, key=str.casefold)
    return OwnedRepositories(tuple(kept), len(archived), len(forks))


def _no_organisation(error: SourceError, organisation: str) -> SourceError:
    if error.reason is not Reason.NOT_FOUND:
        return error
    return SourceRefusedError(
        Reason.NOT_FOUND,
        f"GitHub shows this token no organisation {organisation}.",
        "Check how it is spelled, and ask an owner to let the token read it.",
    )
