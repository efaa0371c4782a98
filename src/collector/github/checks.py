"""What `hearten doctor` asks GitHub: what the token may do, and what it sees of each repository."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import httpx
from github import Auth

from collector.client import RetryPolicy, client
from collector.errors import SourceError, SourceRefusedError, wrong_address
from collector.github.connection import GitHubConnection
from collector.github.credentials import Credentials
from collector.github.evidence.feeds import DEPLOYMENT, RELEASE, TAG, ListedFeed, connection_of
from collector.github.evidence.workflow import is_ours
from collector.github.graphql import GraphQL, GraphQLAnswer, quoted, repository_field
from collector.github.token_check import LastAnswer, TokenCheck
from collector.github.whats_new import REPOSITORIES_AT_ONCE
from collector.json_fields import understood
from collector.transport import Transport
from evaluator.model.facts import Evidence, Reason
from evaluator.model.plan import RepositorySource

NEWEST = {Evidence.DEPLOYMENT: 20, Evidence.RELEASE: 50, Evidence.TAG: 50}
_SELECTION = {Evidence.DEPLOYMENT: DEPLOYMENT, Evidence.RELEASE: RELEASE, Evidence.TAG: TAG}
_SOON = RetryPolicy(attempts=2, longest_wait=5, patience=30)  # somebody waits for the answer
_PERMISSION = {"defaultBranchRef": "contents", "branch": "contents", "pulls": "pull_requests"}


@dataclass(frozen=True, slots=True)
class RepositoryCheck:
    """A repository that the token can read. `now_named` is as GitHub names it today.

    `default_branch` is empty where the repository is. `has_branch` says whether the production
    branch is there; `matched` whether one of its newest deployments, releases, tags or runs counts
    as production. `workflows` are the files that are there where the configured one is not.
    """

    repository: str
    now_named: str
    archived: bool
    default_branch: str
    has_branch: bool
    matched: bool
    workflows: tuple[str, ...] | None = None


Seen = RepositoryCheck | SourceError


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
        self._heard = LastAnswer()
        self._http = client(auth=Credentials(access, retry.longest_wait), retry=retry)
        self._http.event_hooks = {"response": [self._hear]}

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def token(self) -> TokenCheck:
        """Return what GitHub says of the token, with one request, or three for an App.

        Errors: SourceError where GitHub refuses it, or does not answer.
        """
        about = "what is left of the rate limit"
        try:
            limits = self._get(f"{self._rest}/rate_limit", about)
        except SourceRefusedError:
            if self._heard.status != httpx.codes.NOT_FOUND:
                raise
            if not self._heard.without_limits:
                raise wrong_address("GitHub") from None
            limits = None
        check = self._heard.token(limits, about)
        return replace(check, permissions=self._permissions() if self._access.app_id else None)

    def repositories(self, sources: Sequence[RepositorySource]) -> dict[str, Seen]:
        """Return, by name, what the token sees of each repository, or why it sees nothing.

        One request for each 50 repositories, and one or two for each with evidence `workflow`.
        """
        found: dict[str, Seen] = {}
        for first in range(0, len(sources), REPOSITORIES_AT_ONCE):
            found |= self._batch(sources[first : first + REPOSITORIES_AT_ONCE])
        for source in sources:
            check = found[source.repository]
            if source.production.workflow and isinstance(check, RepositoryCheck):
                try:
                    found[source.repository] = self._with_runs(source, check)
                except SourceError as error:
                    found[source.repository] = error
        return found

    def _batch(self, sources: Sequence[RepositorySource]) -> dict[str, Seen]:
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
        found: dict[str, Seen] = {}
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
            has_branch = (seen["branch"] if source.production.branch else head) is not None
            return RepositoryCheck(
                repository=source.repository,
                now_named=seen["nameWithOwner"],
                archived=seen["isArchived"],
                default_branch=head["name"] if head else "",
                has_branch=has_branch,
                matched=self._matches(source, seen["feed"]) if "feed" in seen else has_branch,
            )

    def _matches(self, source: RepositorySource, page: Mapping[str, Any]) -> bool:
        begin = datetime.min.replace(tzinfo=UTC)
        feed = ListedFeed(source, self._zone, begin, back_to=None, needs_seed=False)
        feed.take(page)
        return any(event.at for event in feed.events())

    def _with_runs(self, source: RepositorySource, check: RepositoryCheck) -> RepositoryCheck:
        file = source.production.workflow
        workflows = f"{self._rest}/repos/{check.now_named}/actions/workflows"
        about = f"workflow {file} of {source.repository}"
        branch = source.production.branch or check.default_branch
        with understood("GitHub", about), self._naming_what_it_lacks(source.repository):
            try:
                runs = self._get(
                    f"{workflows}/{file}/runs", about, status="success", branch=branch, per_page=100
                )
            except SourceRefusedError:
                if self._heard.status != httpx.codes.NOT_FOUND:
                    raise
                listed = self._get(workflows, about, per_page=100)["workflows"]
                files = sorted(each["path"].rpartition("/")[2] for each in listed)
                return replace(check, matched=False, workflows=tuple(files))
            return replace(check, matched=any(map(is_ours, runs["workflow_runs"])))

    @contextmanager
    def _naming_what_it_lacks(self, repository: str) -> Iterator[None]:
        try:
            yield
        except SourceRefusedError:
            if self._heard.status == httpx.codes.FORBIDDEN:
                raise _lacks(
                    repository, self._heard.accepted_permissions() or {"actions"}
                ) from None
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

    def _get(self, url: str, about: str, **params: str | int) -> Any:
        return self._transport().get(url, about=about, params=params)

    def _transport(self) -> Transport:
        return Transport(self._http, service="GitHub", retry=self._retry)

    def _hear(self, response: httpx.Response) -> None:
        off = response.status_code == httpx.codes.NOT_FOUND and b"rate limit" in (
            response.read().lower()
        )
        self._heard = LastAnswer(response.status_code, response.headers, self._clock(), off)


def _selection(source: RepositorySource) -> str:
    """What is asked of one repository: each part needs a permission of its own."""
    parts = ["nameWithOwner isArchived defaultBranchRef { name target { oid } }"]
    parts.append("pulls: pullRequests(first: 1) { totalCount }")
    production = source.production
    if production.branch:
        branch = quoted(f"refs/heads/{production.branch}")
        parts.append(f"branch: ref(qualifiedName: {branch}) {{ name }}")
    if newest := NEWEST.get(production.evidence):
        selection = _SELECTION[production.evidence]
        parts.append(f"feed: {connection_of(source, selection, f'first: {newest}')}")
    return " ".join(parts)


def _permission(source: RepositorySource, part: str) -> str:
    of_feed = "deployments" if source.production.evidence is Evidence.DEPLOYMENT else "contents"
    return _PERMISSION.get(part, of_feed)


def _lacks(repository: str, permissions: Collection[str]) -> SourceRefusedError:
    named = " and ".join(f"`{name}: read`" for name in sorted(permissions))
    return SourceRefusedError(
        Reason.NO_ACCESS,
        f"The token lacks the permission {named} for {repository}.",
        "Give it to the token, or to the App and have an owner of the organisation accept it.",
    )
