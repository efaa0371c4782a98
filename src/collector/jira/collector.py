"""Reads tickets and sprints of Jira sites, source by source."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime

import httpx

from collector.client import RetryPolicy
from collector.errors import SourceError, SourceRefusedError
from collector.jira.boards import read_board
from collector.jira.cloud import Cloud
from collector.jira.data_center import DataCenter
from collector.jira.jira_client import JiraClient
from collector.jira.site import JiraSite, connect
from collector.jira.statuses import SiteStatus, Statuses, read_statuses
from collector.jira.tickets import TicketRead, read_tickets
from collector.json_fields import pick, understood
from collector.rate_limit import Limits
from collector.source_read import Task, closed, not_closed
from collector.transport import Transport
from evaluator.model.facts import BoardSprint, Reading, Reason
from evaluator.model.plan import BoardSource, TicketSource

_JiraSource = TicketSource | BoardSource


class JiraCollector:
    """Reads tickets and sprints from Jira sites, by name. Several threads may read at once."""

    def __init__(
        self,
        sites: Mapping[str, JiraSite],
        *,
        clock: Callable[[], datetime],
        retry: RetryPolicy | None = None,
    ) -> None:
        self._sites = {
            name: _Connected(site, connect(site, retry), Statuses()) for name, site in sites.items()
        }
        self._clock = clock
        self._retry = retry

    def read(self, task: Task) -> Reading:
        """Return what Jira says of one source, which is a TicketSource or a BoardSource.

        Units: the times in the coverage are the clock's, or Jira's where that is behind; `items`
        counts the facts returned.
        Errors: none of Jira's: a read that did not close has no facts and no bookmark, and its
        coverage says why.
        """
        source = task.source
        if not isinstance(source, _JiraSource):
            raise TypeError(f"{source.id} is no source of Jira")
        started = self._clock()
        site = self._sites.get(source.site)
        if site is None:
            return not_closed(task, _no_such_site(source.site), started, self._clock(), requests=0)
        transport = Transport(
            site.http,
            service="Jira",
            retry=self._retry,
            token=site.site.token_name,
            limits=site.limits,
        )
        try:
            with understood("Jira", site.about(source)):
                reading = self._read(task, source, site, transport, started)
        except SourceError as error:
            reading = not_closed(task, error, started, self._clock(), transport.requests)
        return replace(reading, clock_ahead=transport.clock_ahead(started))

    def number(self, source: TicketSource) -> str:
        """Return the id of the source's project, with one request; empty where Jira shows none."""
        site = self._sites.get(source.site)
        if site is None or not source.project:
            return ""
        transport = Transport(site.http, service="Jira", retry=self._retry, limits=site.limits)
        version, about = 3 if site.site.cloud else 2, site.about(source)
        url = f"{site.site.root}/rest/api/{version}/project/{source.project}"
        with suppress(SourceError), understood("Jira", about):
            return pick(transport.get(url, about=about), "id", str)
        return ""

    def _read(
        self,
        task: Task,
        source: _JiraSource,
        site: "_Connected",
        transport: Transport,
        started: datetime,
    ) -> Reading:
        read = site.read(task, source, transport, started)
        board = str(source.board) if isinstance(source, BoardSource) else ""
        coverage = closed(
            task,
            started,
            self._clock(),
            until=transport.complete_until(started),
            requests=transport.requests,
            number=read.number if isinstance(read, TicketRead) else board,
        )
        if isinstance(read, TicketRead):
            return Reading(
                coverage,
                read.bookmark,
                tickets=read.tickets,
                gone=read.gone,
                planned=read.planned,
            )
        sprints, bookmark = read
        return Reading(coverage, bookmark, sprints=sprints)

    def close(self) -> None:
        """Close the connections; nothing can be read afterwards."""
        for site in self._sites.values():
            site.http.close()


def _no_such_site(name: str) -> SourceRefusedError:
    return SourceRefusedError(
        Reason.NOT_SET_UP,
        f"No Jira site is set up as `{name}`.",
        "Set HEARTEN_JIRA_URL and HEARTEN_JIRA_TOKEN, or add it to jira_sites in hearten.yaml.",
    )


@dataclass(frozen=True, slots=True)
class _Connected:
    """One site: its HTTP client, what is known of its statuses and its limit. Threads share it."""

    site: JiraSite
    http: httpx.Client
    statuses: Statuses
    limits: Limits = field(default_factory=Limits)

    def about(self, source: _JiraSource) -> str:
        """Return what is read of `source`, as a part of a sentence."""
        if isinstance(source, TicketSource):
            return f"the tickets of `{source.scope}` on Jira site `{self.site.name}`"
        return f"the sprints of board {source.board} on Jira site `{self.site.name}`"

    def read(
        self, task: Task, source: _JiraSource, transport: Transport, started: datetime
    ) -> TicketRead | tuple[tuple[BoardSprint, ...], str]:
        """Return what is new of `source`, and the next bookmark."""
        if isinstance(source, TicketSource):
            return self._tickets(task, source, transport, started)
        library = JiraClient(self.site.root, transport, about=self.about(source))
        return read_board(task, source, library, started=started)

    def _tickets(
        self, task: Task, source: TicketSource, transport: Transport, started: datetime
    ) -> TicketRead:
        about, root = self.about(source), self.site.root
        tracker: Cloud | DataCenter
        if self.site.cloud:
            tracker = Cloud(root, transport, about=about)
        else:
            tracker = DataCenter(JiraClient(root, transport, about=about), about=about)

        def ask_statuses() -> list[SiteStatus]:
            version = 3 if self.site.cloud else 2
            url = f"{root}/rest/api/{version}/status"
            named = f"the statuses of Jira site `{self.site.name}`"
            return read_statuses(transport.get(url, about=named))

        return read_tickets(
            task,
            source,
            tracker,
            self.statuses,
            ask_statuses,
            started=started,
            complete_until=lambda: transport.complete_until(started),
        )
