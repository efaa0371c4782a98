"""The jobs, written out top to bottom: collect reads sources into facts, evaluate judges them."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime, timedelta
from functools import cache
from operator import attrgetter

from collector.source_read import Task
from evaluator.asked_no_more import asked_no_more
from evaluator.evaluate import around, evaluate_team
from evaluator.final_sprints import other_sources, withdrawn
from evaluator.lineage import former_ids, judged_as_former, taken_over
from evaluator.model.facts import Coverage, Facts, Reading
from evaluator.model.plan import Plan, RepositorySource, Source, Team
from evaluator.model.results import Basis, Result
from evaluator.nothing_read import nothing_read
from evaluator.reach import reach
from evaluator.team_facts import TeamFacts, team_facts
from evaluator.team_standing import source_ids
from evaluator.ticket_shipped import shipped_by_key, shipped_tickets
from evaluator.what_counts import as_counted
from evaluator.wording import amount
from hearten.runs.later_results import checked_by_now, kept_results, only_lowered
from hearten.runs.progress import RunMonitor
from hearten.runs.reading_plan import read_whole, to_read, with_known
from hearten.runs.renames import follow_renames
from hearten.runs.thread_pool import in_threads
from hearten.wiring import Collectors
from store.shipped_tickets import InProduction
from store.store import Store

# All that a result says, but not when it was last checked.
_SAID = attrgetter(*(f.name for f in fields(Result) if f.name not in {"checked_at", "basis"}))


Spread = Callable[[Sequence[Task]], Iterable[Coverage]]  # reads and keeps elsewhere


@dataclass(slots=True)
class Collected:
    """How a collection went, by source."""

    coverage: list[Coverage] = field(default_factory=list)
    clock_ahead: timedelta = timedelta()  # of the services' clocks, the most that was seen

    @property
    def unread(self) -> list[Coverage]:
        """The sources that could not be read whole."""
        return [c for c in self.coverage if c.reason is not None]

    @property
    def requests(self) -> int:
        """How many requests were sent to GitHub and Jira."""
        return sum(c.requests for c in self.coverage)


@dataclass(slots=True)
class Judged:
    """How an evaluation ended: what it wrote, and final results whose team has other sources now.

    `teams` counts those of which something was read; `unread` are the ids of the others.
    `changed` rows are new or say something else than before; `checked` ones say the same, and
    `withdrawn` ones were provisional, of sprints that are their team's no more.
    """

    teams: int = 0
    changed: int = 0
    checked: int = 0
    withdrawn: int = 0
    with_other_sources: int = 0
    unread: list[str] = field(default_factory=list)

    def add(self, changed: int, rows: int, withdrawn: int) -> None:
        """Count what was written of one team: of its rows, so many were new or changed."""
        self.changed += changed
        self.checked += rows - changed
        self.withdrawn += withdrawn


class NotJudgedError(Exception):
    """A defect kept these teams from being judged, all others are; the cause is the first one's."""

    def __init__(self, teams: Sequence[str]) -> None:
        super().__init__(f"Not judged: {', '.join(teams)}. All other teams are.")


def collect(
    plan: Plan,
    store: Store,
    collectors: Collectors,
    monitor: RunMonitor,
    *,
    clock: Callable[[], datetime],
    team: str | None = None,
    since: date | None = None,
    leave_out: Collection[str] = (),
    spread: Spread | None = None,
) -> Collected:
    """Read every source of the plan, or of one team, and keep each as soon as it is read.

    Only this thread writes; up to 8 threads for each service read, or, with `spread`, other
    processes read and keep. What is committed stays when the run is interrupted, and no source is
    ever half there. `monitor.attend` is called at least twice a second while reading, and may raise
    to stop; `monitor.record` is told of what this process kept. The sources of `leave_out` are not
    asked, nor those that every team has left for good.
    """
    plan = store.plans.save(plan, clock())
    store.facts.take_back(clock())
    store.stories.forget_others([source.id for source in plan.sources])
    follow_renames(plan, store, collectors, _sources(plan, team))
    over = asked_no_more(plan, store.results.of_team_since, clock())
    sources = [s for s in _sources(plan, team) if s.id not in leave_out and s.id not in over]
    tasks = to_read(plan, store, sources, since, clock())
    monitor.begin(len(tasks), "sources")
    done = Collected()

    def note(coverage: Coverage) -> None:
        done.coverage.append(coverage)
        monitor.step(coverage.source, _how_it_went(coverage))
        monitor.attend()

    def keep(reading: Reading) -> None:
        coverage = _keep(store, reading)
        monitor.record(coverage.source, coverage.reason)
        done.clock_ahead = max(done.clock_ahead, reading.clock_ahead, key=abs)
        note(coverage)

    repositories = [task for task in tasks if isinstance(task.source, RepositorySource)]
    unchanged, changed = collectors.github.whats_new(repositories)
    for reading in unchanged:
        keep(reading)
    others = [task for task in tasks if not isinstance(task.source, RepositorySource)]
    if spread is not None:
        for coverage in spread([*changed, *others]):
            note(coverage)
        return done
    work = [(changed, collectors.github.read), (others, collectors.jira.read)]
    for reading in in_threads(store, work, monitor.attend):
        keep(reading)
    return done


def collect_one(
    plan: Plan,
    store: Store,
    collectors: Collectors,
    source: Source,
    *,
    since: date | None,
    now: datetime,
) -> Coverage:
    """Read one source of the plan and keep it, as `collect` does; return how that went."""
    (task,) = to_read(plan, store, [source], since, now)
    code = isinstance(source, RepositorySource)
    read = collectors.github.read if code else collectors.jira.read
    return _keep(store, read_whole(read, with_known(store, task)))


def evaluate(
    plan: Plan,
    store: Store,
    monitor: RunMonitor,
    *,
    now: datetime,
    team: str | None = None,
    as_of: datetime | None = None,
    clock: Callable[[], datetime] | None = None,
) -> Judged:
    """Judge every team, or one, by the stored facts.

    Judged is what was known at `now`, or what was at the earlier `as_of`. Each team's results are
    one transaction, after which `monitor.attend` may raise to stop. Running it again with nothing
    new changes no result. By `clock`, what another run read and judged since `now` is told from
    what a clock that ran ahead left behind: the one stays, the other is taken back.
    Errors: NotJudgedError in the end, where a defect kept some teams from being judged.
    """
    plan = store.plans.save(plan, now)
    by_now = clock or (lambda: now)
    if clock:
        store.facts.take_back(clock())
    store.results.take_back(by_now())
    teams = [t for t in plan.teams if team in (None, t.id)]
    first_evaluations = store.results.first_evaluations()
    compute_reach(plan, store, teams)
    monitor.begin(len(teams), "teams")
    done = Judged()
    defects: dict[str, Exception] = {}
    continues = {each.id: each.continues[0] for each in plan.teams if each.continues}
    former = store.plans.former_sprints(by_now(), continues)
    closed = store.plans.closed(by_now())
    in_force = cache(store.plans.in_force)  # results of old were checked together
    for each in teams:
        facts = store.facts.find(source_ids(each), {e.delivery.key for e in each.repositories})
        kept, later = kept_results(store, each.id, by_now)
        latest = by_now()
        previous = {
            place: checked_by_now(_as_counted(result, in_force), now, latest, plan.zone)
            for place, result in kept.items()
        }
        first = min(now, first_evaluations.get(each.id, now))
        past = _past(store, plan, each.id)
        try:
            rows = evaluate_team(
                each,
                plan,
                facts,
                as_of or now,
                previous,
                former=former.get(each.id, ()),
                past=judged_as_former(each, plan, past),
                closed=closed.get(each.id, ()),
                first_evaluated=first,
                known=(known := team_facts(each, around(each, plan), facts)),
            )
        except Exception as defect:  # noqa: BLE001 - no other team is to wait until it is fixed
            defects[each.id] = defect
            monitor.attend()
            monitor.step(each.id, "not judged")
            continue
        new, same = _apart(rows, kept)
        # A past moment knows nothing of the sprints that began after it.
        ours = [kept[place] for place, result in previous.items() if result.checked_at <= now]
        gone = [] if as_of else [*withdrawn(rows, ours, now), *taken_over(rows, plan, past)]
        told = sum(not _is_kept(row, kept) for row in new)
        store.results.save(
            new,
            same=[*same, *only_lowered(previous, kept, rows)],
            withdrawn=gone,
            made_of=facts.coverage,
            taken_back=(each.id, later) if later else None,
        )
        if as_of is None:
            store.shipped_tickets.save(each.id, _in_production(each, plan, facts, known, now))
        kept |= {(row.sprint.id, row.target): row for row in rows}
        if nothing_read(source_ids(each), {c.source: c for c in facts.coverage}, rows):
            done.unread.append(each.id)
        else:
            done.teams += 1
            if first_evaluations.get(each.id) != first:
                store.results.keep_first_evaluation(each.id, first)
        done.add(told, len(rows), len(gone))
        done.with_other_sources += sum(any(other_sources(r, each)) for r in kept.values())
        monitor.record(each.id, None)
        monitor.attend()
        monitor.step(each.id, f"{len(rows)} results")
    if defects:
        raise NotJudgedError(list(defects)) from next(iter(defects.values()))
    return done


def _in_production(
    team: Team, plan: Plan, facts: Facts, known: TeamFacts, now: datetime
) -> dict[str, InProduction]:
    """Return since when the team's tickets are in production, by key, where that is known."""
    changes = shipped_by_key(team, known, plan.zone, now)
    found = shipped_tickets(facts.tickets, changes)
    return {key: InProduction(one.at, one.event.url) for key, one in found.items()}


def _as_counted(result: Result, in_force: Callable[[datetime], Plan | None]) -> Result:
    """The result with what counted when it was checked last, where that was not kept then."""
    if not result.bound or result.basis != Basis() or not result.sources:
        return result
    then = in_force(result.checked_at)
    return as_counted(result, then) if then else result


def _apart(
    rows: Iterable[Result], kept: Mapping[tuple[str, str], Result]
) -> tuple[list[Result], list[Result]]:
    """Return the rows to be written whole, and those of which only the check is a later one."""
    new: list[Result] = []
    same: list[Result] = []
    for row in rows:
        before = kept.get((row.sprint.id, row.target))
        written = before is not None and _is_kept(row, kept) and before.basis == row.basis
        (same if written else new).append(row)
    return new, same


def _past(store: Store, plan: Plan, team: str) -> list[Result]:
    """Return the results that a team has from under other ids."""
    ids = former_ids(team, plan)
    return [result for one in ids for result in store.results.find(team=one, brief=True)]


def _is_kept(row: Result, kept: Mapping[tuple[str, str], Result]) -> bool:
    """Whether the store holds what the row says, and only the time of the check is another one."""
    before = kept.get((row.sprint.id, row.target))
    return before is not None and _SAID(before) == _SAID(row)


def _sources(plan: Plan, team: str | None) -> list[Source]:
    wanted = set(source_ids(*(t for t in plan.teams if team in (None, t.id))))
    return [source for source in plan.all_sources() if source.id in wanted]


def _keep(store: Store, reading: Reading) -> Coverage:
    """Keep a reading; return its coverage with how much of it was new."""
    return replace(reading.coverage, items=store.facts.keep(reading))


def compute_reach(plan: Plan, store: Store, teams: Iterable[Team]) -> None:
    """Work out anew which commits reached production, of the teams' sources read since."""
    wanted = set(source_ids(*teams))
    for source in plan.sources:
        basis = source.reach_fingerprint
        if source.id not in wanted or store.reach.is_current(source.id, basis):
            continue
        last_read = store.reach.last_read(source.id)  # what is read from now on may be missing
        graph, events = store.facts.commit_graph(source.id), store.facts.events(source.id)
        reached = {
            delivery.key: reach(
                graph, filter(None, (delivery.admitted(e, plan.zone) for e in events))
            )
            for delivery in source.deliveries
        }
        store.reach.save(source.id, basis, reached, read_finished=last_read)


def _how_it_went(coverage: Coverage) -> str:
    if coverage.reason is not None:
        return f"not read: {coverage.detail}"
    return f"{coverage.items} new, {amount(coverage.requests, 'requests')}"
