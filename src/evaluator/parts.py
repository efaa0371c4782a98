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
    """Another of the team's entries of the same repository, which ships otherwise, on its days.

    `first_day` is that of the window that is looked at.
    """

    key: str
    history: DeliveryHistory
    paths: frozenset[str]
    days: Days
    first_day: date

    def brought(self, commit: Commit, at: datetime, zone: tzinfo) -> bool:
        """Whether the entry counts the commit as brought at that time, no later than the window."""
        # A window has the entries of its first day; of earlier windows nobody knows that here.
        day = min(at.astimezone(zone).date(), self.first_day)
        return day in self.days and _touches(commit, self.paths)


@dataclass(frozen=True, slots=True)
class Part:
    """What a team looks after of one repository and ships in one way, and what other teams do."""

    source: RepositorySource
    delivery: Delivery
    history: DeliveryHistory
    paths: frozenset[str]
    others: Sequence[frozenset[str]]  # the paths of other teams that ship in the same way
    zone: tzinfo
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
            (at, self.delivery.key, reached)
            for at, reached in self.history.pull_requests.get(number, ())
            if self.holds(reached.commit) and not self._came_earlier(reached.commit, at)
        ]
        for other in self.apart:
            found += [
                (at, other.key, reached)
                for at, reached in other.history.pull_requests.get(number, ())
                if other.brought(reached.commit, at, self.zone)
            ]
        # In one order whichever entry asks, so that only one of them counts it.
        return [(at, reached) for at, _, reached in sorted(found, key=lambda entry: entry[:2])]

    def _came_earlier(self, commit: Commit, at: datetime) -> bool:
        return any(self._brought_before(at, other, commit) for other in self.apart)

    def _brought_before(self, at: datetime, other: ShippedApart, commit: Commit) -> bool:
        there = other.history.arrived.get(commit.first_sha)
        if there is None or (there, other.key) >= (at, self.delivery.key):
            return False
        return other.brought(commit, there, self.zone)


def parts_of(team: Team, day: date, plan: Plan, known: TeamFacts) -> list[Part]:
    """Return the team's parts of each of its repositories that was read, as they are on `day`."""
    names = {entry.repository for entry in team.repositories if day in entry.days}
    return [
        Part(
            source,
            delivery,
            history,
            paths=_own(team, source, delivery, day),
            others=_others(team, source, delivery, day, plan),
            zone=plan.zone,
            apart=_apart(team, source, delivery, day, known),
        )
        for source in plan.sources
        if source.repository in names
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
    team: Team, source: RepositorySource, delivery: Delivery, day: date, known: TeamFacts
) -> list[ShippedApart]:
    return [
        ShippedApart(
            entry.delivery.key,
            known.histories[source.repository, entry.delivery.key],
            frozenset(entry.paths),
            entry.days,
            day,
        )
        for entry in team.repositories
        if entry.repository == source.repository and entry.delivery.key != delivery.key
    ]


def _touches(commit: Commit, paths: frozenset[str]) -> bool:
    return not paths or not paths.isdisjoint(commit.paths)
