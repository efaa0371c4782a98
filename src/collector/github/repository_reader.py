"""Reads one repository over GraphQL: its production events, and the commits they may have reached.

A round is one request: the next page of the branch, the next page of events, and commits that are
not on the branch, together.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from collector.errors import GaveUpError, SourceRefusedError
from collector.github.bots import BotRules
from collector.github.closed_issues import FIELD, ClosingIssues
from collector.github.commits import PARENTS, commit_asked, pulls_asked, read_commits
from collector.github.event_lists import EventLists
from collector.github.evidence.base import PERHAPS, BranchRead
from collector.github.graph import Graph, KnownEvents, Missing, missing
from collector.github.graphql import GraphQL, quoted, repository_field
from collector.github.paging import PAGE, PagedConnection, inconsistent
from collector.github.renamed_repository import number_of, refuse_second
from collector.github.stories import ALIAS, LISTED
from collector.github.ticket_keys import TicketKeys
from collector.github.touched_folders import TouchedFolders
from collector.json_fields import instant, pick
from evaluator.model.facts import Reason
from evaluator.model.plan import RepositorySource

_LESS = 25  # rows in a page where GitHub gives up on more; no fewer than a bookmark compares
_OFF_BRANCH = 25  # commits asked behind each sha that is not on the branch
_ROWS_FOR_A_SHA = 5  # of a page: for so many of them, one such sha in a request
_T = TypeVar("_T")
_WHICH = "nameWithOwner databaseId createdAt"  # repository it is
_HISTORY = "totalCount pageInfo { hasNextPage endCursor } nodes"


class AnotherRepositoryError(Exception):
    """The name means another repository than the one that is known."""


@dataclass(slots=True)
class RepositoryReader:
    """One read of one repository. `listed` gives the events where GitHub lists them.

    `known_events` says, from what is read so far, when which sha reached production, for each
    delivery.
    Errors: SourceError; AnotherRepositoryError at the first answer.
    """

    api: GraphQL
    source: RepositorySource
    since: datetime
    graph: Graph
    listed: EventLists
    known_events: Callable[["RepositoryReader"], Sequence[KnownEvents]]
    started: datetime
    again: tuple[str, ...] = ()  # known commits whose pull request may be another by now
    configured: Collection[str] = ()  # the names of all repositories, casefolded
    is_another: Callable[[str], bool] = lambda _: False  # than what is known, by its number
    keys: TicketKeys = field(default_factory=TicketKeys)
    issues: ClosingIssues = field(default_factory=ClosingIssues)
    name: str = ""  # as GitHub names the repository today
    number: str = ""  # its id, which no other repository ever has
    created: datetime | None = None
    branch: str = ""
    head: str = ""
    stories: dict[str, Any] = field(default_factory=dict)  # what GitHub shows of their folder
    absent: set[str] = field(default_factory=set)  # shas asked for that GitHub says it has not
    tips: set[str] = field(default_factory=set)  # shas asked for that are not on the branch
    at_once: int = PAGE  # rows in a page, of each list
    _pages: PagedConnection = field(init=False)
    _bots: BotRules = field(init=False)
    _commit: str = field(init=False)

    def __post_init__(self) -> None:
        self._pages = PagedConnection(self.source.repository)
        logins = frozenset(map(str.casefold, self.source.bots))
        self._bots = BotRules(logins, self.source.agents_count)
        self._commit = commit_asked(self.issues)

    @property
    def branch_read(self) -> BranchRead:
        """The production branch, as far as it was read."""
        return BranchRead(self.branch, self.head, self.graph, self.api.answered_at(self.started))

    def read(self) -> None:
        """Ask until the events are listed and the graph is closed."""
        self._in_parts(self._first_round)
        while self._in_parts(self._next_round):
            pass
        self._read_long_pull_lists()
        self._read_long_issue_lists()

    def _in_parts(self, ask: Callable[[], _T]) -> _T:
        """Ask; where GitHub gives up on so much at once, ask for less, in what is left too."""
        try:
            return ask()
        except GaveUpError:
            if self.at_once == _LESS:
                raise
        self.at_once = _LESS
        self.listed.ask_for_less(_LESS)
        return ask()

    def _first_round(self) -> None:
        first = {"isEmpty": "isEmpty", "branch": self._first_page()}
        first |= self.listed.selections(self.branch_read)
        first |= self.listed.asides()
        first[ALIAS] = LISTED
        first |= {f"o{sha}": _history(sha, "first: 1", self._commit) for sha in self.again}
        self._round(first)

    def _next_round(self) -> bool:
        """Ask for what is wanted next, if anything is."""
        asked = self._wanted()
        if not asked and not self.listed.by_id():
            return False
        self._round(asked)
        return True

    def touching(self, paths: Sequence[str]) -> TouchedFolders:
        """Return which of `paths` each commit touches, by one history walk for each path."""

        def ask(questions: Callable[[int], Mapping[str, str]]) -> Mapping[str, Any]:
            return self._in_parts(lambda: self._ask(questions(self.at_once))[0])

        oldest = min((c.commit.committed_at for c in self.graph.read.values()), default=None)
        tips = [self.head, *sorted(self.tips)] if self.head else []
        folders = TouchedFolders(self.source.repository, paths, tips, oldest, ask)
        folders.read()
        return folders

    def parts(self, asked: Mapping[str, str]) -> Mapping[str, Any]:
        """Return what GitHub gives for parts of the repository, asked by alias."""
        return self._ask(asked)[0]  # type: ignore[no-any-return]

    def _first_page(self) -> str:
        history = f"history(first: {self.at_once}) {{ {_HISTORY} {{ {self._commit} }} }}"
        target = f"name target {{ ... on Commit {{ oid {history} }} }}"
        if self.source.history_branch is None:
            return f"defaultBranchRef {{ {target} }}"
        branch = quoted(f"refs/heads/{self.source.history_branch}")
        return f"ref(qualifiedName: {branch}) {{ {target} }}"

    def _wanted(self) -> dict[str, str]:
        """The selections of the next round, by alias: events first, then what the graph lacks."""
        asked = self.listed.selections(self.branch_read)
        more_events = bool(asked)
        lacks = [self._missing(known) for known in self.known_events(self)]
        if any(lack.along_branch for lack in lacks):
            asked["branch"] = _history(self.head, self._pages.arguments(self.at_once), self._commit)
        if not more_events:  # a later page may tell that these are not needed
            shas = sorted({sha for lack in lacks for sha in lack.by_sha})
            for sha in shas[: self.at_once // _ROWS_FOR_A_SHA]:
                asked[f"o{sha}"] = _history(sha, f"first: {_OFF_BRANCH}", self._commit)
        return asked

    def _missing(self, known: KnownEvents) -> Missing:
        return missing(
            self.graph,
            known,
            self.since,
            self.listed.dated,
            branch_has_more=self._pages.more,
        )

    def _round(self, asked: Mapping[str, str]) -> None:
        by_id = self.listed.by_id()
        answer, nodes = self._ask(asked, by_id)
        if "branch" in asked:
            self._take_branch(answer["branch"], empty=bool(answer.get("isEmpty")))
        if ALIAS in asked and ALIAS in answer:
            self.stories[ALIAS] = answer[ALIAS]
        self.listed.take(answer, asked)
        self.listed.take_asides(answer, asked)
        self.listed.take_by_id(nodes)
        for alias in asked:
            if alias.startswith("o"):
                self._take_commit(alias[1:], answer[alias])

    def _take_branch(self, ref_or_commit: Mapping[str, Any] | None, *, empty: bool) -> None:
        first = not self.head
        if self.head:
            if ref_or_commit is None:
                raise inconsistent(self.source.repository, "cut the history of the branch")
        elif ref_or_commit is None:
            self._take_no_branch(empty=empty)
            return
        else:
            self.branch = pick(ref_or_commit, "name", str)
            ref_or_commit = pick(ref_or_commit, "target", dict)
            self.head = pick(ref_or_commit, "oid", str)
        nodes = self._pages.take(pick(ref_or_commit, "history", dict))
        if first and (not nodes or pick(nodes[0], "oid", str) != self.head):
            raise inconsistent(self.source.repository, "cut the history of the branch")
        self._add(self._with_all_parents(nodes), on_branch=True)

    def _take_no_branch(self, *, empty: bool) -> None:
        branch = self.source.history_branch
        if branch is not None:
            raise SourceRefusedError(
                Reason.NOT_FOUND,
                f"{self.source.repository} has no branch {branch}.",
                "Correct `branch` in teams.yaml.",
            )
        if not empty:
            raise SourceRefusedError(
                Reason.NOT_FOUND,
                f"{self.source.repository} has commits and no default branch.",
                "Ask an owner to choose one in its settings, or write `branch` in teams.yaml.",
            )
        self._pages.more = False

    def _take_commit(self, sha: str, commit: Mapping[str, Any] | None) -> None:
        if commit is None:
            if sha not in self.graph.stored:  # what is known stays known
                self.graph.gone.add(sha)
                self.absent.add(sha)
            return
        self.tips.add(sha)
        nodes = self._with_all_parents(pick(commit, "history.nodes", list))
        self._add(nodes, on_branch=False)
        shown = {node["oid"] for node in nodes}
        if sha not in shown:
            raise inconsistent(self.source.repository, "cut the history of a commit")
        if not pick(commit, "history.pageInfo.hasNextPage", bool):
            # what this history does not show is not there
            parents = (p["oid"] for node in nodes for p in node["parents"]["nodes"])
            self.graph.gone |= set(parents) - shown - self.graph.read.keys()

    def _with_all_parents(self, nodes: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
        """Return commits with every parent: a merge may join more than one page shows."""
        return [
            {**node, "parents": self._parents(pick(node, "oid", str))}
            if pick(node, "parents.totalCount", int) > len(pick(node, "parents.nodes", list))
            else node
            for node in nodes
        ]

    def _parents(self, sha: str) -> dict[str, Any]:
        pages = PagedConnection(self.source.repository)
        while pages.more:
            parents = f"parents({pages.arguments()}) {{ {PARENTS} }}"
            text = f'object(oid: "{sha}") {{ ... on Commit {{ {parents} }} }}'
            pages.take(pick(self._ask({"parents": text})[0], "parents.parents", dict))
        return {"totalCount": pages.total, "nodes": pages.nodes}

    def _add(self, nodes: Sequence[Mapping[str, Any]], *, on_branch: bool) -> None:
        about = self.source.repository
        read = read_commits(nodes, about, self.name, self._bots, self.keys, issues=self.issues)
        self.graph.add(read, on_branch=on_branch)

    def _read_long_pull_lists(self) -> None:
        """A commit may be in more pull requests than a page shows, the first merged behind it."""
        for sha, item in list(self.graph.read.items()):
            if not item.pulls_cut:
                continue
            pages = PagedConnection(self.source.repository)
            asked = pulls_asked(self.issues)
            while pages.more:
                pulls = f"associatedPullRequests({pages.arguments()}) {{ {asked} }}"
                text = f'object(oid: "{sha}") {{ ... on Commit {{ {pulls} }} }}'
                pages.take(self._ask({"pulls": text})[0]["pulls"]["associatedPullRequests"])
            whole = item.with_pulls(pages.nodes, self.name, self._bots, self.keys, self.issues)
            self.graph.read[sha] = whole

    def _read_long_issue_lists(self) -> None:
        """A pull request may close more issues than a page of commits shows of it."""
        cut = {sha: item for sha, item in self.graph.read.items() if item.issues_cut}
        numbers = {number for item in cut.values() for number in item.issues_cut}
        here = self.source.repository
        found = self.issues.of_long_lists(numbers, self.parts, here, self.name)
        self.graph.read |= {sha: item.with_issues(found) for sha, item in cut.items()}

    def _ask(
        self, asked: Mapping[str, str], by_id: Mapping[str, str] | None = None
    ) -> tuple[Any, Mapping[str, Any]]:
        """Return the repository's part of one answer, and what was asked by id."""
        selections = " ".join(f"{alias}: {text}" for alias, text in asked.items())
        repository = repository_field(self.source.repository, f"{_WHICH} {selections}")
        nodes = " ".join(f"{alias}: {text}" for alias, text in (by_id or {}).items())
        about = self.source.repository
        answer = self.api.ask(f"query {{ {repository} {nodes} }}", about=about).but_refused(FIELD)
        taken = answer.take("repository", about=about)
        self.name = pick(taken, "nameWithOwner", str)
        self.number = number_of(taken)
        if self.is_another(self.number):
            raise AnotherRepositoryError
        self.created = instant(taken, "createdAt")
        refuse_second(about, self.name, self.configured)
        return taken, {
            alias: answer.perhaps(alias)
            if alias.endswith(PERHAPS)
            else answer.by_id(alias, about=about)
            for alias in by_id or {}
        }


def _history(sha: str, arguments: str, selection: str) -> str:
    text = f"history({arguments}) {{ {_HISTORY} {{ {selection} }} }}"
    return f'object(oid: "{sha}") {{ ... on Commit {{ {text} }} }}'
