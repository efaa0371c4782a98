"""Results: every version is kept, and the newest one is what people see."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, literal, null, or_, select, tuple_

from evaluator.model.facts import Coverage, Reason
from evaluator.model.results import PastStatus, Result, ResultSummary, Sprint, State, Status
from store import former_sources
from store import result_statements as statements
from store.database import Database
from store.result_mapping import BRIEF, SPRINT, SUMMARY, WHOLE, to_result, to_row
from store.steady import Steady, next_moment
from store.tables import FIRST_EVALUATIONS, RESULTS
from store.upsert import upsert

LAST = 6  # finished sprints whose statuses pages show of every team
Place = tuple[str, datetime, str, str]  # team, sprint start, sprint id, target


def place(result: Result) -> Place:
    """Where a result stands in the order of all: by team, sprint start, sprint id, target."""
    return (result.team, result.sprint.start, result.sprint.id, result.target)


class ResultStore:
    """Results, and the sprints that they name. Each method is one transaction.

    Errors: every method raises StoreError where the database does not answer.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._shown: Steady[Result] = Steady(database)
        self._past: Steady[PastStatus] = Steady(database)

    def save(
        self,
        new: Iterable[Result],
        *,
        same: Iterable[Result] = (),
        withdrawn: Iterable[Result] = (),
        made_of: Collection[Coverage] = (),
        taken_back: tuple[str, datetime] | None = None,
    ) -> None:
        """Add results, or overwrite those of the same team, sprint id, target and version.

        Of the `same`, which say what is stored, only `checked_at` is written: that is quicker.
        Of the `withdrawn`, what is provisional is taken away; final ones never are. `made_of` is
        the coverage of what the new ones were made of: where a source of it was set aside since,
        they point there, as if they had been kept before. Before anything else every version that
        a team has from after an instant, `taken_back`, is deleted, whatever it says.
        """
        with self._database.writing() as connection:
            if taken_back is not None:
                team, later = taken_back
                connection.execute(statements.TAKE_BACK, {"of": team, "later": later})
            aside = former_sources.aside_since(connection, made_of) if made_of else {}
            upsert(connection, RESULTS, (to_row(former_sources.pointing(r, aside)) for r in new))
            checked = [
                {
                    "of": r.team,
                    "in": r.sprint.id,
                    "by": r.target,
                    "as": r.version,
                    "at": r.checked_at,
                }
                for r in same
            ]
            if checked:
                connection.execute(statements.CHECK, checked)
            gone = [{"of": r.team, "in": r.sprint.id, "by": r.target} for r in withdrawn]
            if gone:
                connection.execute(statements.WITHDRAW, gone)

    def first_evaluations(self) -> dict[str, datetime]:
        """When each team was judged first, by its id."""
        with self._database.reading() as connection:
            found = connection.execute(select(FIRST_EVALUATIONS)).all()
        return {row.team: row.at for row in found}

    def take_back(self, now: datetime) -> None:
        """Delete what was judged of sprints that begin after `now`: by a clock that ran ahead."""
        with self._database.writing() as connection:
            connection.execute(statements.TAKE_BACK_SPRINTS, {"later": now})

    def keep_first_evaluation(self, team: str, at: datetime) -> None:
        """Remember when a team was judged first, in place of what was known of it."""
        with self._database.writing() as connection:
            upsert(connection, FIRST_EVALUATIONS, [{"team": team, "at": at}])

    def of_team_since(self, team: str, since: datetime) -> list[Result]:
        """A team's results, in their newest versions, of sprints that began since then."""
        return self.find(team=team, sprint_from=since)

    def find(
        self,
        *,
        team: str | None = None,
        target: str | None = None,
        sprint_from: datetime | None = None,
        sprint_to: datetime | None = None,
        sprint: str | None = None,
        every_version: bool = False,
        brief: bool = False,
    ) -> list[Result]:
        """The newest version of each result, in order of team, sprint start, target.

        A sprint belongs if it starts in `sprint_from` <= start < `sprint_to`; what is None does
        not narrow the choice. `every_version` gives the older ones too, in order; `brief` leaves
        evidence, left-out items, sources and notes empty, which is quicker.
        """
        c = RESULTS.c
        query = select(*(c[name] for name in (BRIEF if brief else WHOLE)))
        if sprint is not None:
            query = query.where(c.sprint_id == sprint)
        if team is not None:
            query = query.where(c.team == team)
        if target is not None:
            query = query.where(c.target == target)
        if sprint_from is not None:
            query = query.where(c.sprint_start >= sprint_from)
        if sprint_to is not None:
            query = query.where(c.sprint_start < sprint_to)
        if not every_version:
            query = query.where(~statements.has_newer_version())
        with self._database.reading() as connection:
            found = [to_result(row) for row in connection.execute(query)]
        # Not ORDER BY: databases disagree on how text is sorted.
        return sorted(found, key=lambda r: (*place(r), r.version))

    def page(
        self,
        *,
        teams: Collection[str] | None = None,
        target: str | None = None,
        statuses: Collection[Status] = (),
        sprint_from: datetime | None = None,
        sprint_to: datetime | None = None,
        state: State | None = None,
        changed_since: datetime | None = None,
        after: Place | None = None,
        newest: bool = False,
        evidence: bool = True,
        limit: int,
    ) -> list[Result]:
        """As `find`, but at most `limit` of them: those that come after the place `after`.

        The `newest` sprint comes first where that is wanted, those of one start by team. Changed is
        what says something else since then. Without `evidence` that and the left-out items are
        empty, which is quicker.
        """
        c = RESULTS.c
        query = select(*_columns(evidence=evidence)).where(~statements.has_newer_version())
        if teams is not None:
            query = query.where(c.team.in_(teams))
        if target is not None:
            query = query.where(c.target == target)
        if statuses:
            query = query.where(c.status.in_([status.value for status in statuses]))
        if sprint_from is not None:
            query = query.where(c.sprint_start >= sprint_from)
        if sprint_to is not None:
            query = query.where(c.sprint_start < sprint_to)
        if state is not None:
            query = query.where(c.state == state.value)
        if changed_since is not None:
            query = query.where(c.evaluated_at >= changed_since)
        with self._database.reading() as connection:
            # Databases disagree on how text is sorted; by code points they do not.
            by = "C" if connection.dialect.name == "postgresql" else "BINARY"
            order = [
                c.team.collate(by),
                c.sprint_start,
                c.sprint_id.collate(by),
                c.target.collate(by),
            ]
            if after is not None:
                values = [literal(v, column.type) for v, column in zip(after, order, strict=True)]
                query = query.where(_after(order, values, newest=newest))
            if newest:
                order = [c.sprint_start.desc(), order[0], *order[2:]]
            rows = connection.execute(query.order_by(*order).limit(limit))
            return [to_result(row) for row in rows]

    def shown(
        self, now: datetime, *, teams: Collection[str] | None = None, brief: bool = True
    ) -> list[Result]:
        """Each team's last finished, just closed and current sprint at `now`, in order."""
        if teams is None and brief:
            return self._shown.get(
                now,
                lambda: self._find_shown(now, None, brief=True),
                lambda found: next_moment(found, now),
            )
        return self._find_shown(now, teams, brief=brief)

    def _find_shown(
        self, now: datetime, teams: Collection[str] | None, *, brief: bool
    ) -> list[Result]:
        query = statements.shown(BRIEF if brief else WHOLE, some=teams is not None)
        given = {"now": now} | ({} if teams is None else {"teams": list(teams)})
        with self._database.reading() as connection:
            found = [to_result(row) for row in connection.execute(query, given)]
        return sorted(found, key=place)

    def recent(self, team: str, now: datetime, finished: int) -> list[Result]:
        """A team's last so many finished sprints and all later ones: every version, in brief."""
        which = {"of": team, "now": now, "skipped": finished - 1}
        with self._database.reading() as connection:
            rows = connection.execute(statements.recent(), which)
            found = [to_result(row) for row in rows]
        return sorted(found, key=lambda r: (*place(r), r.version))

    def past_statuses(self, now: datetime) -> list[PastStatus]:
        """Each team's statuses in its last six finished sprints, in order of start."""
        return self._past.get(
            now, lambda: self._find_past(now, LAST), lambda _: next_moment(self.shown(now), now)
        )

    def _find_past(self, now: datetime, finished: int) -> list[PastStatus]:
        which = {"now": now, "skipped": finished - 1}
        with self._database.reading() as connection:
            rows = connection.execute(statements.past(), which).all()
        newest = {(team, start, target): status for team, start, target, status in rows}
        return [PastStatus(*of, Status(status)) for of, status in newest.items()]

    def summaries(
        self,
        *,
        shown_at: datetime | None = None,
        teams: Collection[str] | None = None,
        sprint_from: datetime | None = None,
        sprint_to: datetime | None = None,
    ) -> list[ResultSummary]:
        """Results in summary, in order, chosen as `find` does and, at an instant, as `shown`.

        For many, that is a tenth of `find`'s work.
        """
        c, given = RESULTS.c, {}
        if shown_at is not None:
            query, given = statements.shown(SUMMARY, some=False), {"now": shown_at}
        else:
            query = select(*(c[name] for name in SUMMARY)).where(~statements.has_newer_version())
        if teams is not None:
            query = query.where(c.team.in_(teams))
        if sprint_from is not None:
            query = query.where(c.sprint_start >= sprint_from)
        if sprint_to is not None:
            query = query.where(c.sprint_start < sprint_to)
        with self._database.reading() as connection:
            rows = connection.execute(query, given).all()
        return sorted(
            ResultSummary(team, start, sprint, target, Status(status), State(state), *others)
            for team, start, sprint, target, status, state, *others in rows
        )

    def no_data_reasons(self, now: datetime) -> dict[tuple[str, str, str], tuple[Reason, ...]]:
        """Why there is no data for those that `shown` gives, by team, sprint id and target.

        Each reason comes once; there is none where all was read, and too few say nothing.
        """
        columns = ("team", "sprint_id", "target", "gaps")
        query = statements.shown(columns, some=False)
        query = query.where(RESULTS.c.status == Status.NO_DATA.value)
        with self._database.reading() as connection:
            rows = connection.execute(query, {"now": now}).all()
        return {
            (team, sprint, target): tuple(sorted({Reason(gap["reason"]) for gap in gaps}))
            for team, sprint, target, gaps in rows
        }

    def sprints(
        self, *, teams: Collection[str] | None = None, end_from: datetime | None = None
    ) -> list[tuple[str, Sprint, datetime]]:
        """Each team's sprints that end at `end_from` or later, and when they were judged last.

        Each as it was last judged, without its notes, in order of end and team.
        """
        names = [name for name in SPRINT if name != "notes"]
        columns = [RESULTS.c[f"sprint_{name}"] for name in names]
        checked, judged = func.max(RESULTS.c.checked_at), func.max(RESULTS.c.evaluated_at)
        query = select(RESULTS.c.team, judged, *columns).group_by(RESULTS.c.team, *columns)
        if teams is not None:
            query = query.where(RESULTS.c.team.in_(teams))
        if end_from is not None:
            query = query.where(RESULTS.c.sprint_end >= end_from)
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(checked)).all()
        found: dict[tuple[str, str], tuple[str, Sprint, datetime]] = {}
        for team, at, *values in rows:  # a board may move an end: the later one holds
            sprint = Sprint(**dict(zip(names, values, strict=True)))
            found[team, sprint.id] = (team, sprint, at)
        return sorted(found.values(), key=lambda each: (each[1].end, each[0], each[1].id))

    def sprint_moments(self, after: datetime, until: datetime) -> list[datetime]:
        """When sprints end and settle, in `after` < moment <= `until`, in order, each once."""
        found: set[datetime] = set()
        with self._database.reading() as connection:
            for column in (RESULTS.c.sprint_end, RESULTS.c.sprint_settled_at):
                query = select(column).where(column > after, column <= until).distinct()
                found.update(connection.execute(query).scalars())
        return sorted(found)


def _columns(*, evidence: bool) -> list[ColumnElement[Any]]:
    """The columns WHOLE, without the largest where `evidence` is not wanted."""
    large = () if evidence else ("evidence", "left_out")
    return [null().label(name) if name in large else RESULTS.c[name] for name in WHOLE]


def _after(
    order: Sequence[ColumnElement[Any]], values: Sequence[ColumnElement[Any]], *, newest: bool
) -> ColumnElement[bool]:
    if not newest:
        return tuple_(*order) > tuple_(*values)
    team, start, *others = zip(order, values, strict=True)
    same = [team, *others]
    later = tuple_(*(column for column, _ in same)) > tuple_(*(value for _, value in same))
    return or_(start[0] < start[1], and_(start[0] == start[1], later))
