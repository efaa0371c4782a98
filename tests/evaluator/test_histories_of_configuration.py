"""Whatever is configured, read and excused, in any order: what is final moves only by its rules."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluator.evaluate import evaluate_team
from evaluator.model.days import Days
from evaluator.model.delivery import Delivery
from evaluator.model.evidence import Production
from evaluator.model.facts import Coverage, Evidence, Facts
from evaluator.model.plan import (
    Excuse,
    LeaveOut,
    Plan,
    RepositorySource,
    TeamJira,
    TeamRepository,
    TicketSource,
)
from evaluator.model.results import Result, State, Status
from tests.evaluator.builders import (
    LONG_DONE,
    PLAN,
    SPRINT_A,
    TARGETS,
    TEAM,
    at,
    commit,
    deployed,
    moved,
    read,
    shipped,
    ticket,
)

CODE, TICKETS = "reached-production", "tickets-done"
KINDS = ("Story", "Bug")
AWAY = Excuse("heron", Days(date(2026, 3, 3), date(2026, 3, 13)), "on_call_or_incident")
BEGIN = at("2026-03-25")
STEPS = ("read", "evaluate", "code", "ticket", "lost", "bots", "live", "types", "rename", "excuse")


@dataclass
class World:
    """What is there, what is configured, and what was read of it by which configuration."""

    now: datetime = BEGIN
    shipped: list[tuple[str, str]] = field(default_factory=list)  # author, environment
    moved: list[str] = field(default_factory=list)  # type
    lost: set[tuple[str, int]] = field(default_factory=set)
    bots: tuple[str, ...] = ()
    environment: str = "production"
    left_out: tuple[str, ...] = ()
    names: tuple[str, str] = ("nhsuk/web", "HER")
    excused: bool = False
    seen: Facts = field(default_factory=Facts)
    counts: dict[str, tuple[object, frozenset[int]]] = field(default_factory=dict)

    @property
    def code(self) -> RepositorySource:
        stanza = Production(Evidence.DEPLOYMENT, (self.environment,))
        return RepositorySource(self.names[0], (Delivery((stanza,)),), bots=self.bots)

    @property
    def project(self) -> TicketSource:
        return TicketSource("jira", self.names[1])

    @property
    def plan(self) -> Plan:
        entry = TeamRepository(self.names[0], delivery=self.code.deliveries[0])
        jira = TeamJira(self.project, leave_out=LeaveOut(types=self.left_out))
        team = replace(TEAM, repositories=(entry,), jira=(jira,))
        excuses = (AWAY,) if self.excused else ()
        return replace(PLAN, teams=(team,), targets=TARGETS, sources=(self.code,), excuses=excuses)

    def read(self) -> None:
        """Read both sources as they are, by the configuration of now."""
        name = self.names[0]
        commits = [commit("seed", made="2026-01-01", repository=name)]
        events = [
            deployed(f"D {where}", "seed", "2026-01-02", name=where, repository=name)
            for where in ("production", "live")
        ]
        for number, (author, where) in enumerate(self.shipped):
            sha = f"{number:07}"
            bot = author in self.bots
            commits.append(commit(sha, bot=bot, repository=name))
            if ("code", number) not in self.lost:
                event = deployed(f"D{number}", sha, f"2026-03-05 {number:02}:00", name=where)
                events.append(replace(event, repository=name))
        tickets = [replace(LONG_DONE, source=self.project.id)]
        for number, kind in enumerate(self.moved):
            if ("ticket", number) not in self.lost:
                one = ticket(f"{self.names[1]}-{number}", moved(f"2026-03-06 {number:02}:00"))
                ident = f"{number}"
                more = replace(one, issue_id=ident, type=kind, source=self.project.id)
                tickets.append(more)
        coverage = (self._read(self.code), self._read(self.project))
        self.seen = shipped(
            commits, events, by=self.code, tickets=tuple(tickets), coverage=coverage
        )
        there = {n: each for n, each in enumerate(self.shipped) if ("code", n) not in self.lost}
        right = {n for n, (a, w) in there.items() if a not in self.bots and w == self.environment}
        self.counts[CODE] = ((self.bots, self.environment), frozenset(right))

    def _read(self, source: RepositorySource | TicketSource) -> Coverage:
        known = read(source, since="2026-03-03")
        return replace(known, read_started=self.now, read_finished=self.now)

    def right(self, target: str) -> tuple[object, frozenset[int]] | None:
        """By what counts which of the things that were read do; None where that is not known."""
        if target == CODE:
            known = self.counts.get(CODE)
            return known if known and known[0] == (self.bots, self.environment) else None
        if self.project.id not in {one.source for one in self.seen.coverage}:
            return None
        found = (each for each in self.seen.tickets if each.key != LONG_DONE.key)
        numbers = {int(each.issue_id) for each in found if each.type not in self.left_out}
        return self.left_out, frozenset(numbers)

    def rename(self, results: Iterable[Result]) -> dict[tuple[str, str], Result]:
        """Give both sources other names: what was known of them goes on."""
        code, project = self.code.id, self.project.id
        self.names = {"nhsuk/web": ("nhs/web", "EGRET")}.get(self.names[0], ("nhsuk/web", "HER"))
        new = {code: self.code.id, project: self.project.id}
        renamed = {}
        for result in results:
            pairs = tuple((new[source], counts) for source, counts in result.basis.counted_by)
            basis = replace(
                result.basis,
                counted_by=pairs,
                reconfigured=tuple(new[source] for source in result.basis.reconfigured),
            )
            sources = tuple(new[source] for source in result.sources)
            moved_on = replace(result, sources=sources, basis=basis)
            renamed[result.sprint.id, result.target] = moved_on
        self.read()
        return renamed


def take(world: World, step: str, choice: int) -> None:
    match step:
        case "read":
            world.read()
        case "code":
            world.shipped.append((("ann", "bob")[choice % 2], ("production", "live")[choice // 2]))
        case "ticket":
            world.moved.append(KINDS[choice % 2])
        case "lost":
            world.lost ^= {(("code", "ticket")[choice % 2], choice // 2)}
        case "bots":
            world.bots = ((), ("ann",), ("bob",), ("ann", "bob"))[choice]
        case "live":
            world.environment = ("production", "live")[choice % 2]
        case "types":
            world.left_out = ((), ("Story",), ("Bug",), KINDS)[choice]
        case _:
            world.excused = True


@dataclass
class Final:
    """What a final result has to say: which things count, and by what configuration.

    `brought` and `dropped` is what another one since says otherwise.
    """

    counted: frozenset[int]
    by: object
    brought: frozenset[int] = frozenset()
    dropped: frozenset[int] = frozenset()

    def again(self, by: object, right: frozenset[int], *, setting_up: bool) -> str:
        """Take in what is right by now; return how a cause begins where that is more."""
        changed, self.by = by != self.by, by
        more, gone = right - self.counted, self.counted - right
        self.brought = more if changed else more & self.brought
        self.dropped = gone if changed else gone & self.dropped
        if changed and setting_up and len(right) > len(self.counted):
            self.counted, self.brought, self.dropped = right, frozenset(), frozenset()
            return "The configuration was completed on "
        found = (right - self.brought) | self.dropped
        if len(found) <= len(self.counted):  # things that went, and as many that came, are no rise
            return ""
        self.counted = found
        return "Read again on "


@pytest.mark.parametrize("setting_up", [False, True])
@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 3)), max_size=24))
def test_what_is_final_moves_only_by_its_rules_and_every_cause_is_true(
    setting_up: bool, steps: list[tuple[str, int]]
) -> None:
    world = World()
    world.read()
    rows: dict[tuple[str, str], Result] = {}
    finals: dict[str, Final] = {}
    for step, choice in [("evaluate", 0), *steps, ("read", 0), ("evaluate", 0)]:
        world.now += timedelta(hours=6)
        if step == "rename":
            rows = world.rename(rows.values())
        if step != "evaluate":
            take(world, step, choice)
            continue
        (team,) = world.plan.teams
        first = BEGIN if setting_up else None
        found = evaluate_team(team, world.plan, world.seen, world.now, rows, first_evaluated=first)
        after = {(row.sprint.id, row.target): row for row in found}
        for target in (CODE, TICKETS):
            before, row = rows.get((SPRINT_A.id, target)), after[SPRINT_A.id, target]
            if (known := world.right(target)) is not None:
                check(finals, target, before, row, known, setting_up=setting_up)
            elif before is not None and not world.excused:
                assert (row.value, row.version) == (before.value, before.version)
        rows = after


def check(
    finals: dict[str, Final],
    target: str,
    before: Result | None,
    row: Result,
    known: tuple[object, frozenset[int]],
    *,
    setting_up: bool,
) -> None:
    by, right = known
    if before is None:
        finals[target] = Final(right, by)
        assert (row.value, row.state, row.cause) == (len(right), State.FINAL, "")
        return
    final = finals[target]
    cause = final.again(by, right, setting_up=setting_up)
    assert row.value == len(final.counted) == len(row.evidence)
    assert row.state is State.FINAL
    assert (row.status is Status.MET) == bool(final.counted)
    if cause:
        assert row.version == before.version + 1
        assert row.cause.startswith(cause)
    elif row.status is not before.status:
        assert (row.status, row.version) == (Status.EXCUSED, before.version + 1)
        assert row.cause.startswith("An excused period was added by ")
    else:
        assert (row.version, row.cause, row.evidence) == (
            before.version,
            before.cause,
            before.evidence,
        )
