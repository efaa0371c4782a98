"""What is known of a team's sources: a whole world, or a view of one; the year they are in."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from evaluator.model.facts import (
    BoardSprint,
    Commit,
    Coverage,
    Facts,
    OtherEvidence,
    ProductionEvent,
    Reached,
    Ticket,
)
from evaluator.model.plan import Plan, RepositorySource, Source, Team
from evaluator.reach import reach
from tests.evaluator.builders import DONE, TO_DO, at

BEGIN, NOW = at("2025-03-03"), at("2026-04-01 09:41")
EVER = at("2025-02-10")


@dataclass(frozen=True)
class Known:
    """What is known of one source.

    `since` is how far back it was read, `reads` are when reads of it were complete, oldest first.
    `others` are names that show production beside those configured, `former` the coverage of what
    had the source's name before it.
    """

    source: Source
    since: datetime = EVER
    reads: tuple[datetime, ...] = (NOW,)
    commits: tuple[Commit, ...] = ()
    events: tuple[ProductionEvent, ...] = ()
    tickets: tuple[Ticket, ...] = ()
    sprints: tuple[BoardSprint, ...] = ()
    others: tuple[OtherEvidence, ...] = ()
    former: tuple[Coverage, ...] = ()
    created: datetime | None = None
    attempt: tuple[Coverage, ...] = ()  # what stands in place of the coverage of those reads

    @property
    def coverage(self) -> tuple[Coverage, ...]:
        """The coverage of the last complete read, none where there is none."""
        if self.attempt or not self.reads:
            return self.attempt
        last = self.reads[-1]
        return (
            Coverage(
                source=self.source.id,
                fingerprint=self.source.fingerprint,
                since=self.since,
                read_started=last,
                read_finished=last,
                attempt_started=last,
                attempt_finished=last,
                created=self.created,
            ),
        )

    def behind(self, shas: Iterable[str]) -> set[str]:
        """Return the known commits among `shas`, and all that they were built on."""
        by_sha = {commit.sha: commit for commit in self.commits}
        found, ahead = set[str](), list(shas)
        while ahead:
            one = by_sha.get(ahead.pop())
            if one is not None and one.sha not in found:
                found.add(one.sha)
                ahead.extend(one.parents)
        return found

    @property
    def reached(self) -> list[Reached]:
        """The commits that reached production, as the jobs work it out."""
        if not isinstance(self.source, RepositorySource):
            return []
        by_sha = {commit.sha: commit for commit in self.commits}
        (delivery,) = self.source.deliveries
        admitted = [event for event in self.events if delivery.admitted(event, UTC)]
        brought = reach({sha: one.parents for sha, one in by_sha.items()}, admitted)
        return [Reached(by_sha[sha], event, delivery.key) for sha, event in brought.items()]


@dataclass(frozen=True)
class World:
    """A team, and all that there is to know of its sources."""

    plan: Plan
    known: tuple[Known, ...]

    @property
    def team(self) -> Team:
        """The team that is judged."""
        return self.plan.teams[0]


def facts(known: Iterable[Known]) -> Facts:
    """Return what an evaluation is given of the sources."""
    known = list(known)
    return Facts(
        reached=tuple(reached for one in known for reached in one.reached),
        events=tuple(event for one in known for event in one.events),
        tickets=tuple(ticket for one in known for ticket in one.tickets),
        sprints=tuple(sprint for one in known for sprint in one.sprints),
        coverage=tuple(coverage for one in known for coverage in (*one.coverage, *one.former)),
        others=tuple(other for one in known for other in one.others),
    )


def sprints_at(when: datetime, sprints: Iterable[BoardSprint]) -> list[BoardSprint]:
    """Return what a board shows of the sprints at an instant: those that have started."""
    return [
        one
        if one.completed and one.completed <= when
        else replace(one, state="active", completed=None)
        for one in sprints
        if one.start and one.start <= when
    ]


def ticket_at(when: datetime, one: Ticket) -> Ticket | None:
    """Return a ticket as it was at an instant, None where it was not made yet."""
    if one.created > when:
        return None
    changes = tuple(change for change in one.changes if change.at <= when)
    touched = one.updated if one.updated <= when else one.created
    category = changes[-1].to_category if changes else TO_DO
    return replace(
        one,
        changes=changes,
        updated=max([touched, *(change.at for change in changes)]),
        status_category=category,
        status_id=category.value,
    )


def became_done(one: Ticket, *, after: datetime) -> list[datetime]:
    """Return when a ticket moved to Done later than an instant."""
    return [c.at for c in one.changes if c.at > after and c.to_category is DONE]
