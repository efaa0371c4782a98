"""Reads repositories: what is new since the last run, and everything that follows from it."""

from collections.abc import Callable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from collector.errors import SourceError
from collector.github.access import Credentials, GitHubAccess
from collector.github.graphql import GraphQL, understood
from collector.github.news import REPOSITORIES_AT_ONCE, Bookmark, unchanged
from collector.github.repository import read_repository
from collector.reading import Reading, Task, closed, not_closed
from collector.transport import RetryPolicy, Transport, client
from evaluator.model.plan import RepositorySource


class GitHubCollector:
    """Reads repositories of one GitHub. Threads may share it.

    `zone` is where a date in a tag's name has its midday; `clock` gives aware UTC.
    """

    def __init__(
        self,
        access: GitHubAccess,
        *,
        zone: ZoneInfo,
        clock: Callable[[], datetime],
        retry: RetryPolicy | None = None,
    ) -> None:
        self._access = access
        self._zone = zone
        self._clock = clock
        self._retry = retry or RetryPolicy()
        self._credentials = Credentials(access, self._retry.longest_wait)
        self._http = client(auth=self._credentials)

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def whats_new(self, tasks: Sequence[Task]) -> tuple[list[Reading], list[Task]]:
        """Return readings of repositories with nothing new, or not shown, and what to read.

        One request for each 50 repositories that were read before; the others need none here.
        """
        readings: list[Reading] = []
        to_read = [task for task in tasks if not task.bookmark]
        known = [task for task in tasks if task.bookmark]
        asked = [task for task in known if _says_what_is_new(task)]
        to_read += [task for task in known if not _says_what_is_new(task)]
        for first in range(0, len(asked), REPOSITORIES_AT_ONCE):
            same, changed = self._ask_whats_new(asked[first : first + REPOSITORIES_AT_ONCE])
            readings += same
            to_read += changed
        return readings, to_read

    def read(self, task: Task) -> Reading:
        """Return one repository's facts; where it could not be read whole, only why."""
        started = self._clock()
        api = self._api()
        source = _repository(task)
        try:
            with understood(source.repository):
                return read_repository(
                    task,
                    api,
                    source=source,
                    rest=self._credentials.rest,
                    html=self._access.html_url,
                    zone=self._zone,
                    started=started,
                    clock=self._clock,
                )
        except SourceError as exc:
            return not_closed(task, exc, started, self._clock(), api.requests)

    def _ask_whats_new(self, tasks: Sequence[Task]) -> tuple[list[Reading], list[Task]]:
        started = self._clock()
        api = self._api()
        asked = [(_repository(task), Bookmark.of(task.bookmark)) for task in tasks]
        try:
            answers = unchanged(api, asked, started)
        except SourceError as exc:
            answers = [exc] * len(tasks)
        readings: list[Reading] = []
        changed: list[Task] = []
        for task, answer in zip(tasks, answers, strict=True):
            requests = 0 if readings or changed else api.requests  # they shared one request
            if isinstance(answer, SourceError):
                readings.append(not_closed(task, answer, started, self._clock(), requests))
            elif answer:
                coverage = closed(task, started, self._clock(), items=0, requests=requests)
                readings.append(Reading(coverage, bookmark=task.bookmark))
            else:
                changed.append(task)
        return readings, changed

    def _api(self) -> GraphQL:
        transport = Transport(self._http, service="GitHub", retry=self._retry)
        return GraphQL(transport, self._access.graphql_url)


def _says_what_is_new(task: Task) -> bool:
    """Runs of a workflow are not in GraphQL: only reading them tells."""
    return not _repository(task).production.workflow


def _repository(task: Task) -> RepositorySource:
    if not isinstance(task.source, RepositorySource):
        raise TypeError(f"{task.source.id} is no repository")
    return task.source
