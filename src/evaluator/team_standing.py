"""Where a team stands: its last finished and current sprint, and what is missing.

Nothing is judged here: it picks from stored results.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from evaluator.asked_no_more import is_let_go, left_by
from evaluator.gap_remedies import gap_remedy
from evaluator.lineage import line_of, names_of, with_the_past
from evaluator.model.facts import Coverage, Reason
from evaluator.model.plan import Plan, Team
from evaluator.model.results import Gap, GapKind, Result, Sprint, State, Status
from evaluator.model.source_id import SourceId, SourceKind
from evaluator.nothing_read import nothing_read
from evaluator.streaks import Streak, streak

_PASSING = {Reason.SOURCE_DOWN, Reason.RATE_LIMITED}
_STAYS_KNOWN = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class SprintResults:
    """The results of one sprint, in the order of the plan's targets."""

    sprint: Sprint
    results: tuple[Result, ...]


@dataclass(frozen=True, slots=True)
class TeamStanding:
    """One team's standing. `just_closed` is a sprint that ended and has not settled yet.

    `data_as_of` is the start of the oldest of the newest complete reads, None where a source was
    never read. `gaps` name what could not be read, with the remedy.
    `unreadable` is why nobody knows which sprints the team has by now, None where that is known:
    then `last_finished` is None, and each target has the status in `without_sprint`.
    `nothing_read` is whether no source of the team was ever read: it counts among no teams then.
    """

    team: Team
    last_finished: SprintResults | None
    just_closed: SprintResults | None
    current: SprintResults | None
    streaks: tuple[tuple[str, Streak], ...]  # by target id, of a team that opted in
    data_as_of: datetime | None
    gaps: tuple[Gap, ...]
    unreadable: Gap | None = None
    without_sprint: tuple[tuple[str, Status], ...] = ()  # by target id
    nothing_read: bool = False


def team_standing(
    team: Team,
    plan: Plan,
    results: Iterable[Result],
    coverage: Mapping[str, Coverage],
    now: datetime,
) -> TeamStanding:
    """Return where `team` stands at `now`, by the newest versions of its results.

    Among them may be those of the team that it continues, which say where it stood before.
    """
    order = [target.id for target in plan.targets]
    line = line_of(team, plan)
    known = [result for result in results if result.team in line and result.target in order]
    own = [result for result in known if result.team == team.id]
    own = with_the_past(own, (result for result in known if result.team != team.id))
    kept = sorted(in_order_of_targets(own, plan), key=lambda result: result.sprint.start)
    names = names_of(team, plan)
    counted = [result for result in kept if result.team in names]
    sprints = by_sprint(kept)
    finished = [s for s in sprints if s.sprint.settled_at <= now]
    closed = [s for s in sprints if s.sprint.end <= now < s.sprint.settled_at]
    current = [s for s in sprints if s.sprint.start <= now < s.sprint.end]
    sources = source_ids(team)
    needed = needed_ids(team, today=now.astimezone(plan.zone).date())
    reads = [coverage[s].read_started if s in coverage else None for s in needed or sources]
    dates = [at for at in reads if at is not None]
    shown = [found[-1] if found else None for found in (finished, closed, current)]
    in_sprint = bool(closed or current)
    unreadable = unreadable_board(team, plan, coverage, now, in_sprint=in_sprint)
    if unreadable:
        shown[0] = None
    lacking = [r for found in shown if found for r in found.results]
    let_go = is_let_go(team, kept, plan, now)
    return TeamStanding(
        team=team,
        last_finished=shown[0],
        just_closed=shown[1],
        current=shown[2],
        streaks=_streaks(counted, order) if team.streaks else (),
        data_as_of=min(dates) if len(dates) == len(reads) and dates else None,
        gaps=() if let_go else _gaps(team, needed, coverage, lacking, plan),
        unreadable=unreadable,
        without_sprint=without_sprint(team, plan, now) if unreadable else (),
        nothing_read=nothing_read(sources, coverage, kept),
    )


def _streaks(kept: Iterable[Result], order: Iterable[str]) -> tuple[tuple[str, Streak], ...]:
    of_target: dict[str, list[Result]] = {target: [] for target in order}
    for result in kept:
        of_target[result.target].append(result)
    return tuple((target, streak(results)) for target, results in of_target.items())


def unreadable_board(
    team: Team,
    plan: Plan,
    coverage: Mapping[str, Coverage],
    now: datetime,
    *,
    in_sprint: bool,
) -> Gap | None:
    """Return why the team's board does not tell its sprints, None where it does or none is asked.

    `in_sprint` is whether `now` lies in a sprint that is known, or has not settled: as long as it
    does, what was read before says where the team stands. Between two sprints it says so for two
    days, where the board's service only did not answer: one failed read is no news of its sprints.
    """
    board = team.board_on(now.astimezone(plan.zone).date())
    if in_sprint or board is None:
        return None
    known = coverage.get(board.id)
    if known is None or known.reason is None or not _is_active(team, plan, now):
        return None
    if known.reason in _PASSING and known.read_started and now - known.read_started <= _STAYS_KNOWN:
        return None
    return Gap(board.id, known.reason, known.detail)


def without_sprint(team: Team, plan: Plan, now: datetime) -> tuple[tuple[str, Status], ...]:
    """Return the status of each target of sprints, by its id, where no sprint is known."""
    today, declared = now.astimezone(plan.zone).date(), dict(team.not_applicable)
    return tuple(
        (
            target.id,
            Status.NOT_APPLICABLE
            if target.id in declared or target.version_on(today) is None
            else Status.NO_DATA,
        )
        for target in plan.targets
        if target.period == "sprint"
    )


def current_teams(plan: Plan, now: datetime) -> tuple[Team, ...]:
    """Return the plan's teams without those that closed before the local day of `now`."""
    today = now.astimezone(plan.zone).date()
    return tuple(t for t in plan.teams if t.active.last is None or today <= t.active.last)


def _is_active(team: Team, plan: Plan, now: datetime) -> bool:
    return now.astimezone(plan.zone).date() in team.active


def team_standings(
    teams: Iterable[Team],
    plan: Plan,
    results: Iterable[Result],
    coverage: Mapping[str, Coverage],
    now: datetime,
) -> list[TeamStanding]:
    """Return where each of `teams` stands, in their order, by the results of all."""
    by_team: dict[str, list[Result]] = {}
    for result in results:
        by_team.setdefault(result.team, []).append(result)
    return [
        team_standing(
            team,
            plan,
            [result for one in line_of(team, plan) for result in by_team.get(one, ())],
            coverage,
            now,
        )
        for team in teams
    ]


def by_sprint(results: Iterable[Result]) -> list[SprintResults]:
    """Return the results sprint by sprint, in the order in which they come."""
    found: dict[str, list[Result]] = {}
    for result in results:
        found.setdefault(result.sprint.id, []).append(result)
    return [SprintResults(each[0].sprint, tuple(each)) for each in found.values()]


def settled(results: Iterable[Result], now: datetime) -> list[Sprint]:
    """Return the sprints of `results` that have settled by `now`, in order of their start."""
    found = {r.sprint.id: r.sprint for r in results if r.sprint.settled_at <= now}
    return sorted(found.values(), key=lambda sprint: sprint.start)


def in_order_of_targets(results: Iterable[Result], plan: Plan) -> tuple[Result, ...]:
    """Return the results in the order of the plan's targets, those of former targets last."""
    order = {target.id: place for place, target in enumerate(plan.targets)}
    return tuple(sorted(results, key=lambda r: (order.get(r.target, len(order)), r.target)))


def source_ids(*teams: Team) -> tuple[str, ...]:
    """Return the ids of every source that the teams' results are made of, each once, in order."""
    found: set[str] = set()
    for team in teams:
        found |= {entry.source_id for entry in team.repositories}
        found |= {jira.tickets.id for jira in team.jira}
        found |= {board.id for board in team.boards}
    return tuple(sorted(found))


def needed_ids(*teams: Team, today: date) -> tuple[str, ...]:
    """Return those of `source_ids` that some team has today or later, in order."""
    found = {source for team in teams for source in set(source_ids(team)) - left_by(team, today)}
    return tuple(sorted(found))


def teams_by_source(teams: Iterable[Team]) -> dict[str, list[Team]]:
    """Return, by source id, those of `teams` whose results are made of it, in their order."""
    found: dict[str, list[Team]] = {}
    for team in teams:
        for source in source_ids(team):
            found.setdefault(source, []).append(team)
    return found


def set_up_id(team: str) -> str:
    """Return the id under which a team's gaps stand that are of no source of its own."""
    return str(SourceId(SourceKind.TEAM, "", team))


def _gaps(
    team: Team,
    needed: Sequence[str],
    coverage: Mapping[str, Coverage],
    results: Iterable[Result],
    plan: Plan,
) -> tuple[Gap, ...]:
    """What is missing by source, once: first what could not be read, then what results lacked.

    What the team has left, and needs no more, is missing only where a result lacked it. A label
    that nobody gives is missing for no stretch target: that asks nothing of a team.
    """
    gaps: dict[str, Gap] = {}
    sources = source_ids(team)
    for source in needed:
        known = coverage.get(source)
        if known is None:
            gaps[source] = Gap(source, Reason.STALE, "Not read yet. Run `hearten collect`.")
        elif known.reason is not None:
            gaps[source] = Gap(source, known.reason, known.detail)
    unset: dict[str, Reason] = {}  # by what there is to do
    stretch = {target.id for target in plan.targets if target.stretch}
    for result in results:
        asked = (
            g for g in result.gaps if g.kind is not GapKind.NO_LABEL or result.target not in stretch
        )
        for gap in (each for each in asked if _lacks(result, each)):
            if not gap.source:
                unset.setdefault(gap_remedy(gap).text, gap.reason)
            elif gap.source in sources:  # else it was the team's once, and is not any more
                gaps.setdefault(
                    gap.source, Gap(gap.source, gap.reason, gap_remedy(gap).text, gap.kind)
                )
    if unset:
        own = set_up_id(team.id)
        gaps[own] = Gap(own, next(iter(unset.values())), " ".join(unset))
    return tuple(gaps[source] for source in sorted(gaps))


def _lacks(result: Result, gap: Gap) -> bool:
    """Whether a gap still asks for a remedy: what was met without it may be read by now."""
    if result.status in (Status.NO_DATA, Status.IN_PROGRESS):
        return True
    return gap.reason is Reason.NOTHING_MATCHED and result.state is State.PROVISIONAL
