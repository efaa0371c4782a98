"""What a team looks after of its repositories: each part as it ships."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from evaluator.delivery_history import DeliveryHistory
from evaluator.model.days import Days
from evaluator.model.delivery import Delivery
from evaluator.model.facts import Commit, Reached
from evaluator.model.plan import Plan, RepositorySource, Team
from evaluator.team_facts import TeamFacts, deliveries_of

_WHOLE: frozenset[str] = frozenset()  # a part without paths is the whole repository


@dataclass(frozen=True, slots=True)
class ShippedApart:
    """Another of the team's entries of the same repository, which ships otherwise, on its days."""

    key: str
    history: DeliveryHistory
    paths: frozenset[str]
    days: Days
    zone: tzinfo

    def brought(self, commit: Commit, at: datetime | None) -> bool:
        """Whether the entry counts the commit as brought at that time."""
        on_day = at is not None and at.astimezone(self.zone).date() in self.days
        return on_day and _touches(commit, self.paths)


@dataclass(frozen=True, slots=True)
class Part:
    """What a team looks after of one repository and ships in one way, and what other teams do."""

    source: RepositorySource
    delivery: Delivery
    history: DeliveryHistory
    paths: frozenset[str]
    others: Sequence[frozenset[str]]  # the paths of other teams that ship in the same way
    apart: Sequence[ShippedApart] = ()

    def holds(self, commit: Commit) -> bool:
        """Return whether the commit is the team's."""
        return _touches(commit, self.paths)

    def shared(self, commit: Commit) -> bool:
        """Return whether the commit counts for another team too."""
        return any(_touches(commit, paths) for paths in self.others)

    def counted(self, start: datetime, end: datetime) -> Iterator[tuple[datetime, Reached]]:
        """Yield the team's commits that count and reached production with start <= at < end.

        One that another of the team's entries brought earlier is counted there.
        """
        for at, reached in self.history.counted.between(start, end):
            if self.holds(reached.commit) and not self._came_earlier(reached.commit, at):
                yield at, reached

    def of_pull_request(self, number: int) -> list[tuple[datetime, Reached]]:
        """Return the team's commits of a pull request that count, whenever, in order of events."""
        found = [
            (at, reached)
            for at, reached in self.history.pull_requests.get(number, ())
            if self.holds(reached.commit) and not self._came_earlier(reached.commit, at)
        ]
        for other in self.apart:
            found += [
                (at, reached)
                for at, reached in other.history.pull_requests.get(number, ())
                if other.brought(reached.commit, at)
            ]
        return sorted(found, key=lambda entry: entry[0]) if self.apart else found

    def _came_earlier(self, commit: Commit, at: datetime) -> bool:
        key, sha = self.delivery.key, commit.first_sha
        return any(
            (there, other.key) < (at, key)
            for other in self.apart
            if (there := other.history.arrived.get(sha)) and other.brought(commit, there)
        )


def parts_of(team: Team, day: date, plan: Plan, known: TeamFacts) -> list[Part]:
    """Return the team's parts of each of its repositories that was read, as they are on `day`."""
    return [
        Part(
            source,
            delivery,
            history,
            paths=_own(team, source, delivery, day),
            others=_others(team, source, delivery, day, plan),
            apart=_apart(team, source, delivery, plan, known),
        )
        for source in plan.sources
        for delivery in deliveries_of(team, source.repository, day)
        if (history := known.histories.get((source.repository, delivery.key))) is not None
    ]


def _own(team: Team, source: RepositorySource, delivery: Delivery, day: date) -> frozenset[str]:
    """Return the union of the team's folders, or the whole repository where one entry has none."""
    folders = [
        frozenset(entry.paths)
        for entry in team.repositories
        if entry.repository == source.repository
        and day in entry.days
        and entry.delivery.key == delivery.key
    ]
    return _WHOLE if _WHOLE in folders else frozenset().union(*folders)


def _others(
    team: Team, source: RepositorySource, delivery: Delivery, day: date, plan: Plan
) -> list[frozenset[str]]:
    return [
        frozenset(entry.paths)
        for other in plan.teams
        if other.id != team.id and day in other.active
        for entry in other.repositories
        if entry.repository == source.repository
        and day in entry.days
        and entry.delivery.key == delivery.key
    ]


def _apart(
    team: Team, source: RepositorySource, delivery: Delivery, plan: Plan, known: TeamFacts
) -> list[ShippedApart]:
    return [
        ShippedApart(
            entry.delivery.key,
            known.histories[source.repository, entry.delivery.key],
            frozenset(entry.paths),
            entry.days,
            plan.zone,
        )
        for entry in team.repositories
        if entry.repository == source.repository and entry.delivery.key != delivery.key
    ]


def _touches(commit: Commit, paths: frozenset[str]) -> bool:
    return not paths or not paths.isdisjoint(commit.paths)
