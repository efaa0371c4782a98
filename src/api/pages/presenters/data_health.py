"""Data health: what needs somebody, then every source, a line a team; and the runs."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from api.pages.presenters.parts import links, missing_sources, words
from api.pages.presenters.parts.tables import Cell, Table, heads
from evaluator.model.facts import Coverage
from evaluator.model.plan import Plan, Source, Team
from evaluator.model.runs import Job, Outcome, Run, RunState
from evaluator.team_standing import source_ids

_A_PAGE = 50
_JOBS = {Job.COLLECT: "Read GitHub and Jira", Job.EVALUATE: "Work out results"}
_STEPS = {Job.COLLECT: "source", Job.EVALUATE: "team"}
_OUTCOMES = {
    Outcome.DONE: "Done",
    Outcome.UNREAD: "Done, some sources unread",
    Outcome.STOPPED: "Stopped before its end; a later run does the work",
    Outcome.DEFECT: "Ended by a defect, which the log names",
}
_STATES = {RunState.WAITING: "Waiting", RunState.RUNNING: "Going on"}
_ASKED_BY = {
    "schedule": "The schedule",
    "sprint": "A sprint's end",
    "command": "The command line",
    "api": "Another program",
}


@dataclass(frozen=True, slots=True)
class TeamSources:
    """The sources of one team: a line that says how reading went, and each of them."""

    line: str
    table: Table


@dataclass(frozen=True, slots=True)
class SourcesPage:
    """One page of the sources; `before` and `after` lead to the others, where there are any."""

    of_teams: tuple[TeamSources, ...]
    total: str
    teams: tuple[links.Choice, ...]
    before: str
    after: str
    number: int
    pages: int


def teams_asked(plan: Plan, team: str) -> tuple[Team, ...]:
    """Return the team of that id alone; every team where it is empty or there is none."""
    return tuple(each for each in plan.teams if each.id == team) or plan.teams


def data_summary(
    plan: Plan,
    coverage: Mapping[str, Coverage],
    missing: int,
    *,
    team: str = "",
    over: Collection[str] = (),
) -> str:
    """Return the sentence that answers: can the data be relied on? `missing` counts what is not.

    It is about the sources of one team where there is a team of that id, but for those of `over`:
    asked no more.
    """
    sources = _sources(plan, team, over)
    names = [each.name for each in plan.teams if each.id == team]
    of_team = f" of team {names[0]}" if names else ""
    if not sources:
        return f"No source{of_team} is set up yet."
    read = sum(1 for s in sources if _is_whole(coverage.get(s.id)))
    are = "is" if len(sources) == 1 else "are"
    said = f"{read} of {words.count(len(sources), 'source')}{of_team} {are} read."
    if not missing:
        return f"{said} Nothing is missing."
    if missing == 1:
        return f"{said} 1 thing waits for somebody to fix it."
    return f"{said} {missing:,} things wait for somebody to fix them."


def sources_page(
    plan: Plan,
    coverage: Mapping[str, Coverage],
    now: datetime,
    missing: Iterable[missing_sources.MissingSource] = (),
    *,
    team: str = "",
    number: int = 1,
    over: Collection[str] = (),
) -> SourcesPage:
    """Return one page of the sources of each team, or of one: first teams that need somebody.

    Those of `over` are asked no more, and not among them. `missing` are what asks for a remedy,
    which a source that was completely read may be too: it is told elsewhere, and here that it is.
    """
    to_fix = {each.ident for each in missing}
    by_name = sorted(plan.teams, key=lambda t: t.name.casefold())
    team = team if any(each.id == team for each in by_name) else ""
    chosen = _sources(plan, team, over)
    whole = {s.id for s in chosen if s.id not in to_fix and _is_whole(coverage.get(s.id))}
    wanted = [each for each in by_name if team in ("", each.id)]
    pairs = _of_teams(wanted, chosen, whole)
    pages = max(1, -(-len(pairs) // _A_PAGE))
    number = min(max(1, number), pages)
    shown = pairs[(number - 1) * _A_PAGE : number * _A_PAGE]
    of_teams: dict[str, list[Source]] = {}
    for name, source in shown:
        of_teams.setdefault(name, []).append(source)

    def oldest(of: Iterable[Source]) -> str:
        reads = [at for s in of if s.id in coverage and (at := coverage[s.id].read_started)]
        return words.near(min(reads), plan.zone, now).words if reads else ""

    return SourcesPage(
        tuple(
            TeamSources(
                _line(name, of, whole, oldest(of)),
                Table(
                    f"Sources of {name}",
                    heads("Source", "Last full read", "How reading went", "Who needs to act"),
                    tuple(_source(s, coverage.get(s.id), to_fix, plan, now) for s in of),
                    caption_hidden=True,
                ),
            )
            for name, of in of_teams.items()
        ),
        words.count(len(chosen), "source"),
        (
            links.Choice("", "All teams", selected=not team),
            *(links.Choice(each.id, each.name, each.id == team) for each in by_name),
        ),
        before=links.sources(team, number - 1) if number > 1 else "",
        after=links.sources(team, number + 1) if number < pages else "",
        number=number,
        pages=pages,
    )


def _of_teams(
    teams: Iterable[Team], chosen: Iterable[Source], whole: Collection[str]
) -> list[tuple[str, Source]]:
    """Each source beside the name of each team that has it; last those that no team has."""
    by_id = {source.id: source for source in chosen}
    found = [(each, [by_id[s] for s in source_ids(each) if s in by_id]) for each in teams]
    found.sort(key=lambda each: all(source.id in whole for source in each[1]))
    of_some = {source.id for _, of in found for source in of}
    pairs = [(f"team {each.name}", source) for each, of in found for source in of]
    return pairs + [("no team", s) for ident, s in by_id.items() if ident not in of_some]


def _line(name: str, of: Sequence[Source], whole: Collection[str], oldest: str) -> str:
    complete = sum(source.id in whole for source in of)
    said = f"{words.upper_first(name)}: {complete:,} of {words.count(len(of), 'source')} complete"
    return f"{said}, read at {oldest}" if oldest else said


def runs_table(runs: Sequence[Run], plan: Plan, now: datetime) -> Table | None:
    """Return runs with how far each has come; None where there was none."""
    if not runs:
        return None
    rows = [
        (
            Cell(_JOBS[run.job] + (f", team {run.team}" if run.team else "")),
            Cell(_ASKED_BY.get(run.asked_by, run.asked_by)),
            _at(run.started_at, plan, now, "Not yet"),
            Cell(_how(run)),
            Cell(_progress(run)),
            _at(run.finished_at, plan, now, "Not yet"),
        )
        for run in runs
    ]
    return Table(
        "Runs, the newest first",
        heads("What", "Asked by", "Began", "How it went", "Progress", "Ended"),
        tuple(rows),
    )


def _sources(plan: Plan, team: str, over: Collection[str]) -> list[Source]:
    """The sources of one team, or all where there is none of that id, without those of `over`."""
    of_team = [each for each in plan.teams if each.id == team]
    wanted = source_ids(*of_team)
    return [s for s in plan.all_sources() if s.id not in over and (not of_team or s.id in wanted)]


def _is_whole(known: Coverage | None) -> bool:
    return known is not None and known.reason is None and known.read_started is not None


def _source(
    source: Source, known: Coverage | None, to_fix: Collection[str], plan: Plan, now: datetime
) -> tuple[Cell, ...]:
    first = Cell(words.upper_first(missing_sources.source_words(source.id)))
    last = _at(known.read_started if known else None, plan, now, "Never")
    if source.id in to_fix:
        return (first, last, Cell("To fix: see what needs somebody"), Cell("As it says there"))
    if known is None:
        unread = Cell("Not read yet. Run `hearten collect`.")
        return (first, last, unread, Cell(missing_sources.OPERATOR))
    if known.reason is None:
        return (first, last, Cell("Complete"), Cell("Nobody"))
    return (first, last, Cell(known.detail), Cell(missing_sources.whose(known.reason)))


def _at(at: datetime | None, plan: Plan, now: datetime, otherwise: str) -> Cell:
    return Cell(when=words.near(at, plan.zone, now)) if at else Cell(otherwise)


def _how(run: Run) -> str:
    if run.state is not RunState.DONE:
        return _STATES[run.state]
    return _OUTCOMES[run.outcome] if run.outcome else "Done"


def _progress(run: Run) -> str:
    if not run.total and run.outcome in (Outcome.DONE, Outcome.UNREAD):
        return "Nothing was left to do"
    if not run.total:
        return "Not begun" if run.started_at is None else "Just begun"
    return f"{run.steps:,} of {words.count(run.total, _STEPS[run.job])}"
