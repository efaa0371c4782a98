"""Evidence `deployment`: GitHub deployments to an environment of production that succeeded."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from urllib.parse import quote

from collector.github.detection.candidates import RepositoryDetection
from collector.github.detection.environments import (
    add_deployments,
    add_environments,
    all_environments,
    take_environments,
)
from collector.github.detection.tag_patterns import looks_like_production_of_a_service
from collector.github.evidence.base import (
    PERHAPS,
    BranchRead,
    EventSource,
    FollowUp,
    Unmatched,
    examples,
)
from collector.github.evidence.deployment_place import (
    FIELDS,
    ProductionBranch,
    Stood,
)
from collector.github.evidence.listed import (
    EVER,
    NEWEST,
    NEWEST_FIRST,
    ListedEvidence,
    ListedRead,
    page_of,
)
from collector.github.evidence.other_deployments import (
    OTHERS,
    OtherDeployments,
    has_new,
    question,
)
from collector.github.evidence.other_names import OtherNames
from collector.github.evidence.pending_deployments import (
    BEGUN,
    LATEST,
    PendingDeployments,
    latest_state,
    still_to_end,
)
from collector.github.graphql import quoted
from collector.github.paging import PAGE, PagedConnection, inconsistent
from collector.json_fields import instant, pick, pick_nullable
from evaluator.model.evidence import Production
from evaluator.model.facts import Evidence, Place, ProductionEvent

_WITHOUT_END = "-without-end"  # of the ident of one that GitHub was not told the end of
_STATUSES = "totalCount pageInfo { hasNextPage endCursor } nodes { state createdAt }"


@dataclass(slots=True)
class DeploymentRead(ListedRead):
    """Deployments with all their statuses: the first success of each counts.

    Where the commit of each stood can be told only once the branch was read.
    """

    _nodes: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    _gone: set[str] = field(default_factory=set)  # those that were removed
    _statuses: dict[str, PagedConnection] = field(default_factory=dict)
    _events: dict[str, ProductionEvent | None] = field(default_factory=dict)  # worked out once
    _asides: OtherDeployments = field(default_factory=OtherDeployments)

    def by_id(self) -> dict[str, str]:
        """Return what to ask next of those without an end, and of long lists of statuses."""
        known = self._nodes.keys() | self._gone
        again = [each for each in enumerate(self.again) if each[1] not in known]
        fields = self.kind.fields(self.at_once)
        search = self._asides.search(self.source) if self.needs_seed else {}
        asked = search | {
            f"again{index}": f"node(id: {quoted(ident)}) {{ ... on Deployment {{ {fields} }} }}"
            for index, ident in again[: self.at_once]
        }
        for index, (ident, pages) in enumerate(self._statuses.items()):
            if pages.more:
                more = f"id statuses({pages.arguments(self.at_once)}) {{ {_STATUSES} }}"
                asked[f"more{index}"] = (
                    f"node(id: {quoted(ident)}) {{ ... on Deployment {{ {more} }} }}"
                )
        return asked

    def take_by_id(self, alias: str, node: Mapping[str, Any] | None, /) -> None:
        """Take the answer to one of `by_id`; a deployment that is gone is asked no more."""
        if alias.startswith(PERHAPS):
            self._asides.take_found(node)
        elif alias.startswith("more"):
            if node is None:
                raise inconsistent(self.source.repository, "cut the statuses of a deployment")
            ident = pick(node, "id", str)
            self._statuses[ident].take(pick(node, "statuses", dict))
            self._events.pop(ident, None)
        elif node is None:
            self._gone.add(self.again[int(alias.removeprefix("again"))])
        else:
            self.take_node(node)
            if node["id"] not in self._nodes:
                self._gone.add(node["id"])

    def take_node(self, node: Mapping[str, Any]) -> None:
        """Take one deployment with its first statuses."""
        ident = pick(node, "id", str)
        if self._is_elsewhere(node):
            self._asides.newest.append(node)
            return
        self._nodes[ident] = node
        self._events.pop(ident, None)
        self._statuses[ident] = pages = PagedConnection(self.source.repository)
        pages.take(pick(node, "statuses", dict))
        if pick_nullable(node, "commit", dict) is not None:
            self.dated[pick(node, "commitOid", str)] = instant(node, "commit.committedDate")

    def _is_elsewhere(self, node: Mapping[str, Any]) -> bool:
        """Whether one that was listed with all others is to no environment that counts."""
        if not self.source.production.environments_by_pattern:
            return False
        name = pick_nullable(node, "environment", str)
        return name is None or not self.source.production.matches(name)

    def found(self) -> list[ProductionEvent]:
        """Return every event read, in no order."""
        for ident in self._nodes.keys() - self._events.keys():
            self._events[ident] = self._event(self._nodes[ident])
        return [*filter(None, self._events.values())]

    def events(self, branch: BranchRead, /) -> list[ProductionEvent]:
        """Return every event read, in no order, each with where its commit stood."""
        production_branch = ProductionBranch(branch, self.source.production.branch)
        placed = [self._placed(event, production_branch) for event in self.found()]
        return [*placed, *self._without_end(production_branch)]

    def mark(self, branch: BranchRead, /) -> dict[str, Any]:
        """Return the newest entries as they were, and those that may still change."""
        mark = {"newest": self.newest(), **still_to_end(self._nodes, self.events(branch))}
        by_pattern = self.source.production.environments_by_pattern
        others = {} if by_pattern else {OTHERS: self._asides.shown(self.source.production)}
        return mark | others

    def asides(self) -> dict[str, str]:
        """Return the question for deployments to all environments, where the list has not them."""
        by_pattern = self.source.production.environments_by_pattern
        return {} if by_pattern else self._asides.questions(self.at_once)

    def take_aside(self, alias: str, page: Mapping[str, Any], /) -> None:
        """Take the newest, or the oldest, deployments to all environments."""
        self._asides.take(alias, page)

    def others(self, branch: BranchRead, /) -> OtherNames:
        """Return the deployments to other environments than those of production."""
        whole = self.source.production.environments_by_pattern and self.listed_to_end()
        return self._asides.names(self.source, branch, whole=whole)

    def _placed(self, event: ProductionEvent, branch: ProductionBranch) -> ProductionEvent:
        if event.at is None:
            return event
        stood = branch.stood(event.sha, event.at, self._nodes[event.ident])
        known = self.known.get((event.ident, event.sha))
        if known is not None:
            stood = stood.or_rather(Stood(known.place, known.merged_at))
        return replace(event, place=stood.place, merged_at=stood.merged_at)

    def _without_end(self, branch: ProductionBranch) -> Iterator[ProductionEvent]:
        """Yield those on the branch that were begun, and of which nobody told GitHub the end.

        They are told apart from their success, which has another time; a known one may have ended.
        """
        for ident, node in self._nodes.items():
            own, sha = f"{ident}{_WITHOUT_END}", pick(node, "commitOid", str)
            begun = latest_state(node) in BEGUN and not self._events[ident]
            if not begun and (own, sha) not in self.known:
                continue
            event = self._of(node, own, instant(node, "createdAt"))
            if not self.source.production.shows(event):
                continue
            if not begun:
                yield replace(event, place=Place.FINISHED)
            elif branch.stood(sha, instant(node, "createdAt"), node).place is Place.BRANCH:
                yield replace(event, place=Place.UNFINISHED)

    def _event(self, node: Mapping[str, Any]) -> ProductionEvent | None:
        ident = pick(node, "id", str)
        successes = [
            instant(status, "createdAt")
            for status in self._statuses[ident].nodes
            if pick(status, "state", str) == "SUCCESS"
        ]
        if not successes:
            return None
        event = self._of(node, ident, min(successes))
        return event if self.source.production.shows(event) else None

    def _of(self, node: Mapping[str, Any], ident: str, at: datetime) -> ProductionEvent:
        sha, environment = pick(node, "commitOid", str), pick(node, "environment", str)
        url = f"{self.source.html}/{self.source.repository}/deployments/{quote(environment)}"
        return self.event(ident, sha, environment, at, url)


class DeploymentEvidence(ListedEvidence):
    """A deployment counts from its first success, however old it has become since."""

    evidence = Evidence.DEPLOYMENT
    events = "deployments"
    permission = "deployments"
    pending = PendingDeployments()
    read_type = DeploymentRead
    short_fields = f"id {LATEST}"
    checked = 20
    relisted_daily = False  # nothing is added but at the front
    detection_fields = (
        f"deployments(first: 100, {NEWEST_FIRST}) {{ totalCount nodes {{ environment }} }}"
    )

    def __init__(self) -> None:
        self.follow_ups = (
            FollowUp(all_environments, take_environments, at_once=50, needed=False),
            FollowUp(self._those_to_production, self._take_deployments, at_once=10),
        )

    def fields(self, at_once: int) -> str:
        """Return the fields of a deployment, with its first `at_once` statuses."""
        return (
            f"id commitOid {FIELDS} environment createdAt {LATEST} "
            f"statuses(first: {at_once}) {{ {_STATUSES} }}"
        )

    def connection(self, production: Production, fields: str, paging: str) -> str:
        """Return the connection that lists deployments to the environments of production.

        It lists all where they are patterns: a name that is new today is among those as well.
        """
        if production.environments_by_pattern:
            return f"deployments({paging}, {NEWEST_FIRST}) {page_of(fields)}"
        listed = ", ".join(quoted(name) for name in production.environments)
        which = f"environments: [{listed}], {NEWEST_FIRST}"
        return f"deployments({paging}, {which}) {page_of(fields)}"

    def check_fields(self, production: Production, /) -> str:
        """Return the question for the newest of them: more where all environments are listed."""
        first = PAGE if production.environments_by_pattern else self.checked
        return f"feed: {self.connection(production, self.fields(PAGE), f'first: {first}')}"

    def question(self, production: Production, /) -> str:
        """Return what "anything new?" asks: the newest 20, also to all other environments."""
        own = ListedEvidence.question(self, production)
        return own if production.environments_by_pattern else f"{own} {question(NEWEST)}"

    def has_new_others(
        self, production: Production, answer: Mapping[str, Any], mark: Mapping[str, Any], /
    ) -> bool:
        """Return whether one to another environment succeeded; by pattern, the list has them."""
        return not production.environments_by_pattern and has_new(production, answer, mark)

    def digest(self, node: Mapping[str, Any]) -> list[Any]:
        """Return what tells whether a deployment has changed."""
        return [pick(node, "id", str), latest_state(node)]

    def looked_for(self, unmatched: Unmatched, /) -> str:
        """Return a sentence on the environments."""
        return f"No deployment to {examples(unmatched.production.environments)} has succeeded."

    def there_is(self, unmatched: Unmatched, /) -> str:
        """Return the environments that there are."""
        environments = unmatched.detected.environments if unmatched.detected else ()
        return f"deployments to {examples(environments)}" if environments else ""

    def detect(self, found: RepositoryDetection, answer: Mapping[str, Any], /) -> None:
        """Add the environments of the newest 100 deployments, the most used first."""
        deployments = pick(answer, "deployments.nodes", list)
        found.more_deployed = pick(answer, "deployments.totalCount", int) > len(deployments)
        add_environments(found, (pick_nullable(n, "environment", str) for n in deployments))

    def _those_to_production(self, found: RepositoryDetection) -> str | None:
        production = _looks_right(found)
        return self.connection(production, self.fields(100), "first: 30") if production else None

    def _take_deployments(
        self, found: RepositoryDetection, answer: Mapping[str, Any], at: datetime
    ) -> None:
        production = _looks_right(found)
        if production:
            read = self.read_type(self, EventSource.of(found, production), EVER)
            read.take(pick(answer, "deployments", dict))
            branch = BranchRead(found.branch, found.head, found.graph, at)
            add_deployments(found, production.environments, read.events(branch))


def _looks_right(found: RepositoryDetection) -> Production | None:
    """Return deployments to what looks like production, None where nothing does."""
    environments = tuple(sorted(filter(looks_like_production_of_a_service, found.environments)))
    return Production(Evidence.DEPLOYMENT, environments=environments) if environments else None
