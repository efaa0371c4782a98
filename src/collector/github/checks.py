"""What `hearten doctor` asks GitHub: what the token may do, and what it sees of each repository."""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import httpx
from github import Auth

from collector.client import RetryPolicy, client
from collector.errors import SourceError, SourceRefusedError, wrong_address
from collector.github.connection import GitHubConnection
from collector.github.credentials import Credentials
from collector.github.evidence.base import EventSource
from collector.github.evidence.registry import evidence_kind
from collector.github.graphql import GraphQL, GraphQLAnswer, quoted, repository_field
from collector.github.repository_check import RepositoryCheck
from collector.github.token_check import LastAnswer, TokenCheck
from collector.github.whats_new import REPOSITORIES_AT_ONCE
from collector.json_fields import understood
from collector.transport import Transport
from evaluator.model.facts import Reason
from evaluator.model.plan import RepositorySource

_SOON = RetryPolicy(attempts=2, longest_wait=5, patience=30)  # somebody waits for the answer
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
        self._http = client(auth=Credentials(access, retry.longest_wait), retry=retry)
        self._http.event_hooks = {"response": [self._keep_answer]}

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

        One request for each 50 repositories, and one or two for each with evidence `workflow`.
        """
        found: dict[str, CheckResult] = {}
        for first in range(0, len(sources), REPOSITORIES_AT_ONCE):
            found |= self._batch(sources[first : first + REPOSITORIES_AT_ONCE])
        for source in sources:
            check = found[source.repository]
            if isinstance(check, RepositoryCheck):
                found[source.repository] = self._checked_over_rest(source, check)
        return found

    def _batch(self, sources: Sequence[RepositorySource]) -> dict[str, CheckResult]:
        parts = [
            repository_field(source.repository, _selection(source), alias=f"r{index}")
            for index, source in enumerate(sources)
        ]
        about = f"{len(sources)} repositories" if len(sources) > 1 else sources[0].repository
        api = GraphQL(self._transport(), self._access.graphql_url)
        try:
            answer = api.ask(f"query {{ {' '.join(parts)} }}", about=about)
        except SourceError as error:
            return {source.repository: error for source in sources}
        found: dict[str, CheckResult] = {}
        for index, source in enumerate(sources):
            try:
                found[source.repository] = self._check(source, answer, f"r{index}")
            except SourceError as error:
                found[source.repository] = error
        return found

    def _check(
        self, source: RepositorySource, answer: GraphQLAnswer, alias: str
    ) -> RepositoryCheck:
        refused = answer.refused_parts(alias)
        if refused:
            raise _lacks(source.repository, {_permission(source, part) for part in refused})
        with understood("GitHub", source.repository):
            seen = answer.take(alias, about=source.repository)
            head = seen["defaultBranchRef"]
            production = source.production
            has_branch = (seen["branch"] if production.history_branch else head) is not None
            return RepositoryCheck(
                repository=source.repository,
                now_named=seen["nameWithOwner"],
                archived=seen["isArchived"],
                default_branch=head["name"] if head else "",
                has_branch=has_branch,
                matched=evidence_kind(production).matched(
                    EventSource(source.repository, production, self._zone), seen
                ),
            )

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
        kind = evidence_kind(source.production)
        if kind.over_rest is None:
            return check
        try:
            with self._naming_what_it_lacks(source.repository, kind.permission):
                return kind.over_rest.check(source.production, check, self)
        except SourceError as error:
            return error

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
        access = self._access
        jwt = Auth.AppAuth(access.app_id, access.private_key).create_jwt()
        url = f"{self._rest}/app/installations/{access.installation_id}/access_tokens"
        about = "the App's installation"
        with (
            client(headers={"Authorization": f"Bearer {jwt}"}) as http,
            understood("GitHub", about),
        ):
            transport = Transport(http, service="GitHub", retry=self._retry)
            return dict(transport.post(url, about=about, json={})["permissions"])

    def _transport(self) -> Transport:
        return Transport(self._http, service="GitHub", retry=self._retry)

    def _keep_answer(self, response: httpx.Response) -> None:
        off = response.status_code == httpx.codes.NOT_FOUND and b"rate limit" in (
            response.read().lower()
        )
        self._last_answer = LastAnswer(response.status_code, response.headers, self._clock(), off)


def _selection(source: RepositorySource) -> str:
    """What is asked of one repository: each part needs a permission of its own."""
    parts = ["nameWithOwner isArchived defaultBranchRef { name target { oid } }"]
    parts.append("pulls: pullRequests(first: 1) { totalCount }")
    production = source.production
    if production.history_branch:
        branch = quoted(f"refs/heads/{production.history_branch}")
        parts.append(f"branch: ref(qualifiedName: {branch}) {{ name }}")
    if fields := evidence_kind(production).check_fields(production):
        parts.append(fields)
    return " ".join(parts)


def _permission(source: RepositorySource, part: str) -> str:
    return _PERMISSION.get(part, evidence_kind(source.production).permission)


def _lacks(repository: str, permissions: Collection[str]) -> SourceRefusedError:
    named = " and ".join(f"`{name}: read`" for name in sorted(permissions))
    return SourceRefusedError(
        Reason.NO_ACCESS,
        f"The token lacks the permission {named} for {repository}.",
        "Give it to the token, or to the App and have an owner of the organisation accept it.",
    )
