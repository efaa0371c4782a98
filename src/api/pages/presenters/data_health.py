"""Data health: every source, its last full read, and what is missing; and the runs."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from api.pages.presenters.parts import links, missing_sources, words
from api.pages.presenters.parts.tables import Cell, Table, heads
from evaluator.model.facts import Coverage
from evaluator.model.plan import Plan, Source, Team
from evaluator.model.runs import Job, Outcome, Run, RunState
from evaluator.team_standing import source_ids, teams_by_source

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
class SourcesPage:
    """One page of the sources; `before` and `after` lead to the others, where there are any."""

    table: Table
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
    read = sum(1 for s in sources if s.id in coverage and _whole(coverage[s.id]))
    are = "is" if len(sources) == 1 else "are"
    said = f"{read} of {words.count(len(sources), 'source')}{of_team} {are} read."
    if not missing:
        return f"{said} Nothing is missing."
    if missing == 1:
        return f"{said} 1 thing waits for somebody to mend it."
    return f"{said} {missing:,} things wait for somebody to mend them."


def sources_page(
    plan: Plan,
    coverage: Mapping[str, Coverage],
    missing: Iterable[missing_sources.MissingSource] = (),
    *,
    team: str = "",
    number: int = 1,
    over: Collection[str] = (),
) -> SourcesPage:
    """Return one page of the sources, of one team or of all: first those that need somebody.

    Those of `over` are asked no more, and not among them. `missing` are what asks for a remedy,
    which a source that was read whole may be too.
    """
    remedies = {each.ident: each for each in missing}
    by_name = sorted(plan.teams, key=lambda t: t.name.casefold())
    teams = teams_by_source(by_name)
    team = team if any(each.id == team for each in by_name) else ""
    chosen = _sources(plan, team, over)
    chosen.sort(key=lambda s: s.id not in remedies and s.id in coverage and _whole(coverage[s.id]))
    pages = max(1, -(-len(chosen) // _A_PAGE))
    number = min(max(1, number), pages)
    shown = chosen[(number - 1) * _A_PAGE : number * _A_PAGE]
    return SourcesPage(
        Table(
            f"Sources, page {number} of {pages}" if pages > 1 else "Sources",
            heads("Source", "Teams", "Last full read", "How reading went", "Who mends that"),
            tuple(
                _source(s, coverage.get(s.id), remedies.get(s.id), teams.get(s.id, ()), plan)
                for s in shown
            ),
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


def runs_table(runs: Sequence[Run], plan: Plan) -> Table | None:
    """Return the newest runs with how far each has come; None where there was none."""
    if not runs:
        return None
    rows = [
        (
            Cell(_JOBS[run.job] + (f", team {run.team}" if run.team else "")),
            Cell(_ASKED_BY.get(run.asked_by, run.asked_by)),
            _at(run.started_at, plan, "Not yet"),
            Cell(_how(run)),
            Cell(_progress(run)),
            _at(run.finished_at, plan, "Not yet"),
        )
        for run in runs
    ]
    return Table(
        "The newest runs",
        heads("What", "Asked by", "Began", "How it went", "Progress", "Ended"),
        tuple(rows),
    )


def _sources(plan: Plan, team: str, over: Collection[str]) -> list[Source]:
    """The sources of one team, or all where there is none of that id, without those of `over`."""
    of_team = [each for each in plan.teams if each.id == team]
    wanted = source_ids(*of_team)
    return [s for s in plan.all_sources() if s.id not in over and (not of_team or s.id in wanted)]


def _whole(known: Coverage) -> bool:
    return known.reason is None and known.read_started is not None


def _source(
    source: Source,
    known: Coverage | None,
    fix: missing_sources.MissingSource | None,
    used: Sequence[Team],
    plan: Plan,
) -> tuple[Cell, ...]:
    first = Cell(words.upper_first(missing_sources.source_words(source.id)))
    by = Cell(words.some([each.name for each in used])) if used else Cell("None")
    if len(used) == 1:
        by = Cell(used[0].name, links.team(used[0].id))
    read = known.read_started if known else None
    last = _at(read, plan, "Never")
    if fix is not None:
        return (first, by, last, Cell(fix.action), Cell(fix.whose, fix.whose_href))
    if known is None:
        return (
            first,
            by,
            last,
            Cell("Not read yet. Run `hearten collect`."),
            Cell(missing_sources.OPERATOR),
        )
    if known.reason is None:
        return (first, by, last, Cell("Read whole"), Cell("Nothing to mend"))
    return (first, by, last, Cell(known.detail), Cell(missing_sources.whose(known.reason)))


def _at(at: datetime | None, plan: Plan, otherwise: str) -> Cell:
    return Cell(when=words.moment(at, plan.zone)) if at else Cell(otherwise)


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
