"""What `hearten doctor` asks of one Jira site: what it is, and what the token sees of it."""

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from collector.client import RetryPolicy, client
from collector.errors import SourceRefusedError
from collector.jira.boards import read_board
from collector.jira.jira_client import JiraClient
from collector.jira.site import JiraSite, connect
from collector.json_fields import pick, pick_or_none, understood
from collector.source_read import Task
from collector.transport import Transport
from evaluator.model.facts import BoardSprint
from evaluator.model.plan import BoardSource, TicketSource

_KANBAN = "kanban"
_PROJECTS = 100  # the most that Jira Cloud gives at once
_TICKETS = 100  # as well
_SOON = RetryPolicy(attempts=2, longest_wait=5, patience=30)  # somebody waits for the answer


@dataclass(frozen=True, slots=True)
class Server:
    """What a Jira site says that it is."""

    cloud: bool
    version: str


@dataclass(frozen=True, slots=True)
class BoardCheck:
    """A board that the token can see. A Kanban board has no sprints, whatever it lists.

    `project` is the key of the project that it stands in, empty where Jira names none.
    """

    kanban: bool
    sprints: tuple[BoardSprint, ...]
    project: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class BoardOfProject:
    """A board as Jira lists it: its number, its name, and `scrum`, `kanban` or `simple`."""

    number: int
    kind: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class OpenTicket:
    """One ticket that is not Done by category: the name of its status, and whether it is resolved.

    Nothing of it says which one it is.
    """

    status: str
    resolved: bool


@dataclass(frozen=True, slots=True)
class DoneTicket:
    """One ticket that is Done by category: what its type and its resolution are called.

    `level` is that of its type, None where Jira names none, and `resolution` empty where it has
    none. Nothing of it says which one it is.
    """

    type: str
    level: int | None
    sub_task: bool
    resolution: str


@dataclass(frozen=True, slots=True)
class DoneTickets:
    """How many tickets are Done by category (Cloud: about, where many), and the hundred newest."""

    count: int
    newest: tuple[DoneTicket, ...]


class JiraChecks:
    """Asks one Jira site, reading only. `clock` gives aware UTC.

    Errors: every method raises SourceRefusedError when a person must act, SourceUnavailableError
    when a later try may succeed.
    """

    def __init__(
        self, site: JiraSite, *, clock: Callable[[], datetime], retry: RetryPolicy = _SOON
    ) -> None:
        self._site = site
        self._clock = clock
        self._http = connect(site)
        self._retry = retry

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def server(self) -> Server:
        """Return what the site is, also where it does not take the token: it tells anybody."""
        url = f"{self._site.root}/rest/api/2/serverInfo"
        about = f"what Jira site `{self._site.name}` is"
        try:
            answer = self._transport().get(url, about=about, always_there=True)
        except SourceRefusedError:
            with closing(client()) as stranger:
                transport = Transport(stranger, service="Jira", retry=self._retry)
                answer = transport.get(url, about=about, always_there=True)
        with understood("Jira", about):
            kind = pick_or_none(answer, "deploymentType", str)
            return Server(cloud=kind == "Cloud", version=pick(answer, "version", str))

    def sign_in(self) -> None:
        """Return if the site takes the token. Whose it is, is neither read nor kept."""
        self._get("/rest/api/2/myself", f"whether Jira site `{self._site.name}` takes the token")

    def tickets(self, source: TicketSource, *, done: bool = False) -> int:
        """Return how many tickets of a project or JQL the token sees (Cloud: about how many).

        With `done`, only of those that are Done by the category of their status.
        """
        jql = f"({source.scope}) AND statusCategory = Done" if done else source.scope
        about = self._about(source)
        with understood("Jira", about):
            if self._site.cloud:
                url = f"{self._site.root}/rest/api/3/search/approximate-count"
                answer = self._transport().post(url, about=about, json={"jql": jql})
                return pick(answer, "count", int)
            found = self._get("/rest/api/2/search", about, jql=jql, maxResults=0, fields="key")
            return pick(found, "total", int)

    def open_tickets(self, source: TicketSource) -> tuple[OpenTicket, ...]:
        """Return the hundred newest changed tickets that are not Done by category."""
        with understood("Jira", self._about(source)):
            page = self._newest(source, "!=", "status,resolution")
            return tuple(
                OpenTicket(
                    pick(issue, "fields.status.name", str),
                    resolved=bool(pick_or_none(pick(issue, "fields", dict), "resolution", dict)),
                )
                for issue in pick(page, "issues", list)
            )

    def done_tickets(self, source: TicketSource) -> DoneTickets:
        """Return the newest changed tickets that are Done by category, and how many there are."""
        with understood("Jira", self._about(source)):
            page = self._newest(source, "=", "issuetype,resolution")
            newest = tuple(map(_done_ticket, pick(page, "issues", list)))
            if not self._site.cloud:
                return DoneTickets(pick(page, "total", int), newest)
        more = len(newest) == _TICKETS
        return DoneTickets(self.tickets(source, done=True) if more else len(newest), newest)

    def _newest(self, source: TicketSource, done: str, fields: str) -> Any:
        """Return a page of the newest changed tickets, Done (`=`) or not (`!=`), with `fields`."""
        jql = f"({source.scope}) AND statusCategory {done} Done ORDER BY updated DESC"
        path = "/rest/api/3/search/jql" if self._site.cloud else "/rest/api/2/search"
        about = self._about(source)
        return self._get(path, about, jql=jql, maxResults=_TICKETS, fields=fields)

    def project_number(self, key: str) -> str:
        """Return the id of the project that has this key."""
        about = f"project `{key}` on Jira site `{self._site.name}`"
        version = 3 if self._site.cloud else 2
        with understood("Jira", about):
            return pick(self._get(f"/rest/api/{version}/project/{key}", about), "id", str)

    def board(self, source: BoardSource) -> BoardCheck:
        """Return the kind of a board, and its sprints."""
        about = f"board {source.board} on Jira site `{self._site.name}`"
        with understood("Jira", about):
            board = self._get(f"/rest/agile/1.0/board/{source.board}", about)
            if pick(board, "type", str) == _KANBAN:
                return BoardCheck(kanban=True, sprints=())
            now = self._clock()
            library = JiraClient(self._site.root, self._transport(), about=about)
            sprints, _ = read_board(Task(source, now), source, library, started=now)
            place = pick_or_none(board, "location", dict) or {}
            project = pick_or_none(place, "projectKey", str) or ""
            name = pick_or_none(board, "name", str) or ""
            return BoardCheck(kanban=False, sprints=sprints, project=project, name=name)

    @cached_property
    def projects(self) -> tuple[str, ...]:
        """The keys of projects that the token sees, A to Z; of Cloud's the first hundred."""
        about = f"the projects of Jira site `{self._site.name}`"
        with understood("Jira", about):
            if self._site.cloud:
                page = self._get("/rest/api/3/project/search", about, maxResults=_PROJECTS)
                listed = pick(page, "values", list)
            else:
                listed = self._get("/rest/api/2/project", about)
            return tuple(sorted(pick(project, "key", str) for project in listed))

    def boards_of(self, project: str) -> tuple[BoardOfProject, ...]:
        """Return the boards of a project that the token sees, the first fifty, by number."""
        about = f"the boards of `{project}` on Jira site `{self._site.name}`"
        with understood("Jira", about):
            listed = self._get("/rest/agile/1.0/board", about, projectKeyOrId=project)
            found = [
                BoardOfProject(
                    pick(board, "id", int),
                    pick(board, "type", str),
                    pick_or_none(board, "name", str) or "",
                )
                for board in pick(listed, "values", list)
            ]
        return tuple(sorted(found, key=lambda board: board.number))

    def _about(self, source: TicketSource) -> str:
        return f"the tickets of `{source.scope}` on Jira site `{self._site.name}`"

    def _get(self, path: str, about: str, **params: str | int) -> Any:
        return self._transport().get(f"{self._site.root}{path}", about=about, params=params)

    def _transport(self) -> Transport:
        return Transport(self._http, service="Jira", retry=self._retry, token=self._site.token_name)


def _done_ticket(issue: object) -> DoneTicket:
    kind = pick(issue, "fields.issuetype", dict)
    resolution = pick_or_none(pick(issue, "fields", dict), "resolution", dict)
    return DoneTicket(
        pick(kind, "name", str),
        pick_or_none(kind, "hierarchyLevel", int),
        pick(kind, "subtask", bool),
        pick(resolution, "name", str) if resolution is not None else "",
    )
