"""Reads repositories: asks which have anything new since the last run, and reads those."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from collector.client import RetryPolicy, client
from collector.errors import SourceError
from collector.github.closed_issues import ClosingIssues
from collector.github.connection import GitHubConnection
from collector.github.credentials import Credentials
from collector.github.detection.candidates import DetectedEvidence
from collector.github.detection.detect import Detector, OwnedRepositories
from collector.github.graphql import AT_ONCE, GraphQL, understood
from collector.github.renamed_repository import numbers
from collector.github.repository_bookmark import RepositoryBookmark
from collector.github.repository_read import Asks, asks_whats_new, read_repository
from collector.github.repository_reader import AnotherRepositoryError
from collector.github.ticket_keys import TicketKeys
from collector.github.whats_new import Answered, WhatsNew, whats_new
from collector.rate_limit import Limits
from collector.source_read import Task, closed, not_closed
from collector.transport import Transport
from evaluator.model.facts import Reading, Reason
from evaluator.model.plan import RepositorySource


class GitHubCollector:
    """Reads repositories of one GitHub. Threads may share it.

    `zone` is where a date in a tag's name has its midday; `clock` gives aware UTC; `configured` are
    the names of all repositories that any team has, `projects` the keys of their Jira projects. Of
    issues that are closed in the repositories `issues_of`, those of the `labels` are kept.
    """

    def __init__(
        self,
        access: GitHubConnection,
        *,
        zone: ZoneInfo,
        clock: Callable[[], datetime],
        retry: RetryPolicy | None = None,
        configured: Iterable[str] = (),
        projects: Iterable[str] = (),
        issues_of: Collection[str] = (),
        labels: Collection[str] = (),
    ) -> None:
        self._configured = frozenset(name.casefold() for name in configured)
        self._keys = TicketKeys(frozenset(projects))
        self._issues = dict.fromkeys(issues_of, ClosingIssues(labels))
        self._access = access
        self._zone = zone
        self._clock = clock
        self._retry = retry or RetryPolicy()
        self._credentials = Credentials(access, self._retry)
        self._http = client(auth=self._credentials, retry=self._retry)
        self._limits = {"graphql": Limits(), "rest": Limits()}  # GitHub counts them apart

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def whats_new(self, tasks: Sequence[Task]) -> tuple[list[Reading], list[Task]]:
        """Return readings of repositories with nothing new, or not shown, and what to read.

        One request for each 50 stanzas of repositories that were read before; the others need
        none here.
        """
        readings: list[Reading] = []
        to_read = [task for task in tasks if not task.bookmark]
        known = [task for task in tasks if task.bookmark]
        asked = [task for task in known if asks_whats_new(_repository(task))]
        to_read += [task for task in known if not asks_whats_new(_repository(task))]
        for batch in _batches(asked):
            same, changed = self._ask_whats_new(batch)
            readings += same
            to_read += changed
        return readings, to_read

    def numbers(self, repositories: Sequence[str]) -> dict[str, str]:
        """Return, by name, the id of each repository that GitHub shows, with one request for 50."""
        api = GraphQL(self._transport("graphql"), self._access.graphql_url)
        found: dict[str, str] = {}
        for first in range(0, len(repositories), AT_ONCE):
            with suppress(SourceError):
                found |= numbers(api, repositories[first : first + AT_ONCE])
        return found

    def read(self, task: Task) -> Reading:
        """Return one repository's facts; where it could not be read whole, only why.

        Where its name means another repository than was read last, that is read from nothing.
        """
        started = self._clock()
        transport, rest = self._transport("graphql"), self._transport("rest")
        source = _repository(task)

        try:
            with understood(source.repository):
                asks = Asks(
                    GraphQL(transport, self._access.graphql_url),
                    rest,
                    self._access,
                    self._zone,
                    started,
                    self._clock,
                    self._configured,
                    self._keys,
                    self._issues.get(source.repository, ClosingIssues()),
                )
                try:
                    reading = read_repository(task, asks, source=source)
                except AnotherRepositoryError:
                    reading = read_repository(task.anew, asks, source=source)
                    reading = replace(reading, anew=True)
        except SourceError as exc:
            requests = transport.requests + rest.requests
            reading = not_closed(task, exc, started, self._clock(), requests)
        return self._with_service(reading, transport.clock_ahead(started))

    def detect(
        self, repositories: Sequence[str], *, every: bool = False
    ) -> dict[str, DetectedEvidence | SourceError]:
        """Return, by name, how each repository might show production, or why it cannot be read.

        Workflows and merges are looked at where nothing else is in use, or with `every`. Requests:
        two or three for each 10 repositories, up to three for each 5 whose merges are looked at,
        and a few over REST for each whose workflows are.
        """
        return self._detector().detect(repositories, every=every)

    def repositories_of(self, organisation: str) -> OwnedRepositories:
        """Return the repositories of `organisation` that the token can see. Errors: SourceError."""
        return self._detector().repositories_of(organisation)

    def _detector(self) -> Detector:
        api = GraphQL(self._transport("graphql"), self._access.graphql_url)
        return Detector(api, self._transport("rest"), self._access, self._zone)

    def _ask_whats_new(self, tasks: Sequence[Task]) -> tuple[list[Reading], list[Task]]:
        started = self._clock()
        transport = self._transport("graphql")
        api = GraphQL(transport, self._access.graphql_url)
        asked = [(_repository(task), RepositoryBookmark.of(task.bookmark)) for task in tasks]
        known = {_repository(task).repository: task.number for task in tasks if task.number}
        try:
            answers = whats_new(api, asked, started, self._configured, known)
        except SourceError as exc:
            if exc.reason is Reason.SOURCE_DOWN and len(tasks) > 1:
                return [], list(tasks)  # perhaps because of one of them: each is asked alone
            answers = [exc] * len(tasks)
        readings: list[Reading] = []
        changed: list[Task] = []
        for task, answer in zip(tasks, answers, strict=True):
            requests = 0 if readings or changed else transport.requests  # they shared one request
            match answer:
                case Answered(WhatsNew.NOTHING, number):
                    until = transport.complete_until(started)
                    finished = self._clock()
                    coverage = closed(
                        task, started, finished, until=until, requests=requests, number=number
                    )
                    readings.append(Reading(coverage, bookmark=task.bookmark))
                case Answered(news):
                    changed.append(task if news is WhatsNew.SOMETHING else task.anew)
                case SourceError():
                    readings.append(not_closed(task, answer, started, self._clock(), requests))
        ahead = transport.clock_ahead(started)
        return [self._with_service(reading, ahead) for reading in readings], changed

    def _with_service(self, reading: Reading, clock_ahead: timedelta) -> Reading:
        """The reading with what the service said about itself; of its limits, GraphQL's."""
        left = self._limits["graphql"].requests_left()
        return replace(reading, clock_ahead=clock_ahead, requests_left=left)

    def _transport(self, api: str) -> Transport:
        return Transport(self._http, service="GitHub", retry=self._retry, limits=self._limits[api])


def _repository(task: Task) -> RepositorySource:
    if not isinstance(task.source, RepositorySource):
        raise TypeError(f"{task.source.id} is not a repository")
    return task.source


def _batches(tasks: Iterable[Task]) -> Iterator[list[Task]]:
    """Yield what one request asks of: repositories of at most 50 stanzas, or a single one."""
    batch: list[Task] = []
    stanzas = 0
    for task in tasks:
        more = len(_repository(task).stanzas)
        if batch and stanzas + more > AT_ONCE:
            yield batch
            batch, stanzas = [], 0
        batch.append(task)
        stanzas += more
    if batch:
        yield batch
