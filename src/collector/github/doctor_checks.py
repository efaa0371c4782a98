"""What `hearten doctor` asks GitHub: what the token may do, and what it sees of each repository."""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import httpx

from collector.client import RetryPolicy, client
from collector.errors import SourceError, SourceRefusedError, wrong_address
from collector.github.connection import GitHubConnection
from collector.github.credentials import ABOUT_APP, Credentials, signed, tokens_url
from collector.github.evidence.base import EventSource
from collector.github.evidence.registry import evidence_kind
from collector.github.graphql import (
    AT_ONCE,
    GraphQL,
    GraphQLAnswer,
    Part,
    quoted,
    repository_field,
)
from collector.github.repository_check import RepositoryCheck
from collector.github.token_check import LastAnswer, TokenCheck
from collector.json_fields import understood
from collector.transport import Transport
from evaluator.model.evidence import Production
from evaluator.model.facts import Reason
from evaluator.model.plan import RepositorySource

_SOON = RetryPolicy(attempts=2, longest_wait=5, patience=30)  # somebody waits for the answer
_BY_PATTERN = 5  # stanzas of which one with a pattern asks for as much
_PERMISSION = {"defaultBranchRef": "contents", "branch": "contents", "pulls": "pull_requests"}

CheckResult = RepositoryCheck | SourceError


class GitHubChecks:
    """Asks one GitHub, reading only. `zone` and `clock` are as for `GitHubCollector`."""

    def __init__(
        self,
        access: GitHubConnection,
        *,
        zone: ZoneInfo,
        clock: Callable[[], datetime],
        retry: RetryPolicy = _SOON,
    ) -> None:
        self._access = access
        self._rest = access.api_url.rstrip("/")
        self._zone = zone
        self._clock = clock
        self._retry = retry
        self._last_answer = LastAnswer()
        self._http = client(auth=Credentials(access, retry), retry=retry)

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def token(self) -> TokenCheck:
        """Return what GitHub says of the token, with one request, or three for an App.

        Errors: SourceError where GitHub refuses it, or does not answer.
        """
        about = "what is left of the rate limit"
        try:
            limits = self.get("rate_limit", about)
        except SourceRefusedError:
            if self._last_answer.status != httpx.codes.NOT_FOUND:
                raise
            if not self._last_answer.without_limits:
                raise wrong_address("GitHub") from None
            limits = None
        check = self._last_answer.token(limits, about)
        return replace(check, permissions=self._permissions() if self._access.app_id else None)

    def repositories(self, sources: Sequence[RepositorySource]) -> dict[str, CheckResult]:
        """Return, by name, what the token sees of each repository, or why it sees nothing.

        One request for each 50 stanzas of up to 50 repositories, more where environments are
        patterns, and a few for each workflow.
        """
        found: dict[str, CheckResult] = {}
        for first in range(0, len(sources), AT_ONCE):
            found |= self._batch(sources[first : first + AT_ONCE])
        for source in sources:
            check = found[source.repository]
            if isinstance(check, RepositoryCheck):
                found[source.repository] = self._checked_over_rest(source, check)
        return found

    def _batch(self, sources: Sequence[RepositorySource]) -> dict[str, CheckResult]:
        parts = [
            Part(
                repository_field(source.repository, selection, alias=_alias(index, place)),
                _BY_PATTERN if stanza.environments_by_pattern else 1,
            )
            for index, source in enumerate(sources)
            for place, (stanza, selection) in enumerate(
                zip(source.stanzas, _selections(source), strict=True)
            )
            if selection
        ]
        about = f"{len(sources)} repositories" if len(sources) > 1 else sources[0].repository
        api = GraphQL(self._transport(), self._access.graphql_url)
        try:
            answer = api.ask_in_parts(parts, about=about)
        except SourceError as error:
            return {source.repository: error for source in sources}
        found: dict[str, CheckResult] = {}
        for index, source in enumerate(sources):
            try:
                found[source.repository] = self._check(source, answer, index)
            except SourceError as error:
                found[source.repository] = error
        return found

    def _check(
        self, source: RepositorySource, answer: GraphQLAnswer, index: int
    ) -> RepositoryCheck:
        stanzas = source.stanzas
        lacking = {
            _permission(stanza, part)
            for place, stanza in enumerate(stanzas)
            for part in answer.refused_parts(_alias(index, place))
        }
        if lacking:
            raise _lacks(source.repository, lacking)
        with understood("GitHub", source.repository):
            seen = answer.take(f"r{index}", about=source.repository)
            head = seen["defaultBranchRef"]
            has_branch = (seen["branch"] if source.history_branch else head) is not None
            first, *further = (
                RepositoryCheck(
                    repository=source.repository,
                    now_named=seen["nameWithOwner"],
                    archived=seen["isArchived"],
                    default_branch=head["name"] if head else "",
                    has_branch=has_branch,
                    matched=evidence_kind(stanza).matched(
                        EventSource(source.repository, stanza, self._zone),
                        answer.take(_alias(index, place), about=source.repository)
                        if evidence_kind(stanza).check_fields(stanza)
                        else {},
                    ),
                )
                for place, stanza in enumerate(stanzas)
            )
            return replace(first, further=tuple(further))

    def get(self, path: str, about: str, **params: str | int) -> Any:
        """Return the body of the answer at `path`. Errors: SourceError."""
        return self._transport().get(f"{self._rest}/{path}", about=about, params=params)

    def get_if_there(self, path: str, about: str, **params: str | int) -> Any | None:
        """Return the same, None where GitHub has nothing at `path`."""
        try:
            return self.get(path, about, **params)
        except SourceRefusedError:
            if self._last_answer.status != httpx.codes.NOT_FOUND:
                raise
            return None

    def _checked_over_rest(self, source: RepositorySource, check: RepositoryCheck) -> CheckResult:
        try:
            first, *further = (
                self._stanza_over_rest(stanza, each)
                for stanza, each in zip(source.stanzas, check.by_stanza, strict=True)
            )
        except SourceError as error:
            return error
        return replace(first, further=tuple(further))

    def _stanza_over_rest(self, stanza: Production, check: RepositoryCheck) -> RepositoryCheck:
        kind = evidence_kind(stanza)
        if kind.over_rest is None:
            return check
        with self._naming_what_it_lacks(check.repository, kind.permission):
            return kind.over_rest.check(stanza, check, self)

    @contextmanager
    def _naming_what_it_lacks(self, repository: str, permission: str) -> Iterator[None]:
        try:
            yield
        except SourceRefusedError:
            if self._last_answer.status == httpx.codes.FORBIDDEN:
                lacking = self._last_answer.accepted_permissions() or {permission}
                raise _lacks(repository, lacking) from None
            raise

    def _permissions(self) -> dict[str, str]:
        """What the App's installation may do, such as {"contents": "read"}."""
        with (
            client(headers={"Authorization": f"Bearer {signed(self._access)}"}) as http,
            understood("GitHub", ABOUT_APP),
        ):
            transport = Transport(http, service="GitHub", retry=self._retry)
            answer = transport.post(tokens_url(self._access), about=ABOUT_APP, json={})
            return dict(answer["permissions"])

    def _transport(self) -> Transport:
        return Transport(self._http, service="GitHub", retry=self._retry, heard=self._keep_answer)

    def _keep_answer(self, response: httpx.Response, body: bytes) -> None:
        off = response.status_code == httpx.codes.NOT_FOUND and b"rate limit" in body.lower()
        self._last_answer = LastAnswer(response.status_code, response.headers, self._clock(), off)


def _selections(source: RepositorySource) -> list[str]:
    """What is asked of one repository, by stanza: each part needs a permission of its own."""
    parts = ["nameWithOwner isArchived defaultBranchRef { name target { oid } }"]
    parts.append("pulls: pullRequests(first: 1) { totalCount }")
    if source.history_branch:
        branch = quoted(f"refs/heads/{source.history_branch}")
        parts.append(f"branch: ref(qualifiedName: {branch}) {{ name }}")
    first, *further = (evidence_kind(stanza).check_fields(stanza) for stanza in source.stanzas)
    return [" ".join([*parts, *filter(None, [first])]), *further]


def _alias(index: int, place: int) -> str:
    """The alias of what is asked of a repository for one stanza."""
    return f"r{index}" + (f"of{place}" if place else "")


def _permission(stanza: Production, part: str) -> str:
    return _PERMISSION.get(part, evidence_kind(stanza).permission)


def _lacks(repository: str, permissions: Collection[str]) -> SourceRefusedError:
    named = " and ".join(f"`{name}: read`" for name in sorted(permissions))
    return SourceRefusedError(
        Reason.NO_ACCESS,
        f"The token lacks the permission {named} for {repository}.",
        "Give it to the token, or to the App and have an owner of the organisation accept it.",
    )
