"""Looks at repositories for ways to show what reached production: what is asked, in which order."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from collector.errors import SourceError, SourceRefusedError, SourceUnavailableError
from collector.github.commits import COMMIT
from collector.github.connection import GitHubConnection
from collector.github.detection.candidates import ALL_RELEASES, ALL_TAGS, RepositorySurvey, Survey
from collector.github.detection.tag_patterns import looks_like_deploying, looks_like_production
from collector.github.evidence.feeds import DEPLOYMENT, RELEASE, TAG, connection_of
from collector.github.evidence.workflow import WorkflowRuns
from collector.github.graphql import GraphQL, quoted, repository_field, understood
from collector.github.paging import PAGE, PagedConnection
from collector.github.whats_new import REPOSITORIES_AT_ONCE
from collector.json_fields import pick
from collector.transport import Transport
from evaluator.model.facts import Evidence, Reason
from evaluator.model.plan import Production, RepositorySource

LOOKED_AT_ONCE = 10
_HISTORIES_AT_ONCE = 5  # over pull requests of commits GitHub takes longest
_MOST_PAGES = 3  # of a history, where branches of many commits are merged
_MOST_WORKFLOWS = 5
_WORKFLOWS = ".github/workflows/"  # those of GitHub's own are elsewhere
_NEVER = datetime.max.replace(tzinfo=UTC)
_SILENT = 2  # so many in a row without an answer: it is GitHub, not the repositories
_LOOK = " ".join(
    [
        "nameWithOwner isArchived",
        "defaultBranchRef { name target { oid ... on Commit { committedDate } } }",
        "deployments(first: 100, orderBy: {field: CREATED_AT, direction: DESC})",
        "{ totalCount nodes { environment } }",
        connection_of(RepositorySource("", ALL_RELEASES), RELEASE, "first: 100"),
        connection_of(RepositorySource("", ALL_TAGS), TAG, "first: 100"),
    ]
)
_ENVIRONMENTS = "environments(first: 100) { nodes { name } }"
_OWNED = "totalCount pageInfo { hasNextPage endCursor } nodes { nameWithOwner isArchived isFork }"


@dataclass(frozen=True, slots=True)
class OwnedRepositories:
    """An organisation's repositories, A to Z; how many `archived` ones and `forks` are left out."""

    repositories: tuple[str, ...]
    archived: int
    forks: int


@dataclass(frozen=True, slots=True)
class Detector:
    """Looks at repositories of one GitHub."""

    api: GraphQL
    rest: Transport
    access: GitHubConnection
    zone: ZoneInfo

    def survey(
        self, repositories: Sequence[str], *, every: bool
    ) -> dict[str, Survey | SourceError]:
        """Return, by name, what each repository offers, or why it cannot be read.

        Workflows and merges are looked at where nothing else is in use, or with `every`.
        """
        looks = {
            name: RepositorySurvey(name, self.zone, self.access.html_url) for name in repositories
        }
        self._take(looks, dict.fromkeys(looks, _LOOK), RepositorySurvey.take, LOOKED_AT_ONCE)
        named = {n: _ENVIRONMENTS for n, look in _readable(looks).items() if look.more_deployed}
        self._take(looks, named, _take_environments, REPOSITORIES_AT_ONCE, needed=False)
        deployed = {
            name: connection_of(look.source(production), DEPLOYMENT, "first: 30")
            for name, look in _readable(looks).items()
            if (production := look.deployed)
        }
        self._take(looks, deployed, _take_deployments, LOOKED_AT_ONCE)
        for look in _unsettled(looks, every=every).values():
            self._take_workflows(look)
        for _ in range(_MOST_PAGES):
            merged = {
                name: _history(look.head, arguments)
                for name, look in _unsettled(looks, every=every).items()
                if (arguments := look.next_history)
            }
            self._take(looks, merged, self._take_history, _HISTORIES_AT_ONCE)
        return {name: look.survey() for name, look in looks.items()}

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

    def _take(
        self,
        looks: Mapping[str, RepositorySurvey],
        questions: Mapping[str, str],
        take: Callable[[RepositorySurvey, Any], None],
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
                        take(looks[name], answer)
                except SourceError as error:
                    looks[name].problem = error if needed else None

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

    def _take_history(self, look: RepositorySurvey, answer: Any) -> None:
        until = self.api.answered_at(_NEVER)
        look.take_history(pick(answer, "object.history", dict), until)

    def _take_workflows(self, look: RepositorySurvey) -> None:
        rest = self.access.api_url.rstrip("/")
        about = f"the workflows of {look.name}"
        address = f"{rest}/repos/{look.name}/actions/workflows"
        try:
            listed = self.rest.get(address, about=about, params={"per_page": PAGE})
            with understood(about):
                files = sorted(_deploying(pick(listed, "workflows", list)), key=_production_first)
                for file in files[:_MOST_WORKFLOWS]:
                    source = look.source(Production(Evidence.WORKFLOW, workflow=file))
                    runs = WorkflowRuns(self.rest, rest, source)
                    look.add(source.production, runs.newest(look.branch))
        except SourceError as error:
            look.unread = str(error)


def _readable(looks: Mapping[str, RepositorySurvey]) -> dict[str, RepositorySurvey]:
    return {name: look for name, look in looks.items() if look.problem is None}


def _unsettled(
    looks: Mapping[str, RepositorySurvey], *, every: bool
) -> dict[str, RepositorySurvey]:
    """Those of which more must be seen; an empty repository has nothing more to see."""
    found = _readable(looks).items()
    return {name: look for name, look in found if look.branch and (every or not look.settled)}


def _history(head: str, arguments: str) -> str:
    page = f"totalCount pageInfo {{ hasNextPage endCursor }} nodes {{ {COMMIT} }}"
    history = f"history({arguments}) {{ {page} }}"
    return f"object(oid: {quoted(head)}) {{ ... on Commit {{ {history} }} }}"


def _take_environments(look: RepositorySurvey, answer: Any) -> None:
    nodes = pick(answer, "environments.nodes", list)
    look.take_environments(pick(node, "name", str) for node in nodes)


def _take_deployments(look: RepositorySurvey, answer: Any) -> None:
    if look.deployed:
        look.add_listed(look.deployed, pick(answer, "deployments", dict))


def _deploying(workflows: Iterable[Any]) -> Iterator[str]:
    """The files of workflows whose own or whose file's name says that they deploy."""
    for workflow in workflows:
        path, name = pick(workflow, "path", str), pick(workflow, "name", str)
        file = path.removeprefix(_WORKFLOWS)
        if file != path and (looks_like_deploying(file) or looks_like_deploying(name)):
            yield file


def _production_first(file: str) -> tuple[bool, str]:
    return not looks_like_production(file), file


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
