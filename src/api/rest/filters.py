"""Which results are asked for: the filters of results, exports and the calendar."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Annotated

from fastapi import Depends, Query
from pydantic import AwareDatetime

from api.dependencies import PlanDep
from api.rest.parameters import NAME, Day, Name, TeamPath, window
from api.rest.responses import not_found, target_of, team_of
from evaluator.lineage import former_ids
from evaluator.model.plan import Plan
from evaluator.model.results import Result, State, Status
from store.results import Place
from store.store import Store

_MOST_TEAMS = 100

TeamsQuery = Annotated[
    list[Name],
    Query(
        alias="team",
        description="Only these teams, by id; may be given several times.",
        examples=[["heron"]],
        max_length=_MOST_TEAMS,
    ),
]
GroupQuery = Annotated[
    str | None,
    Query(description="Only teams of this group.", max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$"),
]

TargetQuery = Annotated[
    str | None,
    Query(
        description="Only this target, by its id.",
        examples=["reached-production"],
        min_length=1,
        max_length=100,
        pattern=NAME,
    ),
]


def teams_asked(plan: Plan, teams: Sequence[str], group: str | None) -> set[str] | None:
    """The ids of the teams that are meant, former ones too, None for all.

    404 where the group is unknown.
    """
    if group is None:
        return _with_former(plan, teams) or None
    members = {team.id for team in plan.teams if team.group == group}
    if not members:
        raise not_found(f"There is no group `{group}`. GET /api/v1/teams says each team's.")
    return _with_former(plan, members & set(teams) if teams else members)


def _with_former(plan: Plan, teams: Iterable[str]) -> set[str]:
    return {one for team in teams for one in (team, *former_ids(team, plan))}


@dataclass(frozen=True, slots=True)
class Filters:
    """Results of `teams` (None: all) whose sprint starts in `begin` <= start < `end`."""

    plan: Plan
    named: tuple[str, ...]
    teams: frozenset[str] | None
    target: str | None
    statuses: tuple[Status, ...]
    begin: datetime | None
    end: datetime | None
    state: State | None = None
    changed_since: datetime | None = None

    def page(
        self,
        store: Store,
        after: Place | None,
        limit: int,
        *,
        newest: bool = False,
        evidence: bool = True,
    ) -> list[Result]:
        """At most `limit` results that come after a place; 404 where what is named is unknown.

        What was judged stays, also of a team or target that is configured no longer. `newest` and
        `evidence` are as the store has them.
        """
        found = store.results.page(
            teams=self.teams,
            target=self.target,
            statuses=self.statuses,
            sprint_from=self.begin,
            sprint_to=self.end,
            state=self.state,
            changed_since=self.changed_since,
            after=after,
            newest=newest,
            evidence=evidence,
            limit=limit,
        )
        if not found and after is None:
            for team in self.named:
                if not store.results.page(teams=[team], limit=1):
                    team_of(self.plan, team)
            if self.target is not None and not store.results.page(target=self.target, limit=1):
                target_of(self.plan, self.target)
        return found


def _of_all(
    *,
    plan: PlanDep,
    target: TargetQuery = None,
    status: Annotated[
        list[Status],
        Query(description="Only these statuses; may be given several times.", max_length=20),
    ] = [],  # noqa: B006 - FastAPI copies it
    first: Annotated[
        Day | None,
        Query(alias="from", description="Only sprints that start on this local day or later."),
    ] = None,
    last: Annotated[
        Day | None,
        Query(alias="to", description="Only sprints that start on this local day or earlier."),
    ] = None,
    state: Annotated[
        State | None, Query(description="Only final results, or only provisional ones.")
    ] = None,
    changed_since: Annotated[
        AwareDatetime | None,
        Query(
            description="Only what says something new since this instant, by `evaluated_at`.",
            examples=["2026-03-30T07:00:00Z"],
        ),
    ] = None,
) -> Filters:
    begin, end = window(plan, first, last)
    since = None if changed_since is None else _in_reach(changed_since)
    return Filters(plan, (), None, target, tuple(status), begin, end, state, since)


_OfAllDep = Annotated[Filters, Depends(_of_all)]


def _filters(
    found: _OfAllDep,
    team: TeamsQuery = [],  # noqa: B006 - FastAPI copies it
    group: GroupQuery = None,
) -> Filters:
    teams = teams_asked(found.plan, team, group)
    return replace(found, named=tuple(team), teams=None if teams is None else frozenset(teams))


def _of_team(found: _OfAllDep, team: TeamPath) -> Filters:
    return replace(found, named=(team,), teams=frozenset(_with_former(found.plan, [team])))


FiltersDep = Annotated[Filters, Depends(_filters)]
TeamFiltersDep = Annotated[Filters, Depends(_of_team)]


def _in_reach(at: datetime) -> datetime:
    """The instant in UTC; one that lies beyond what a database takes is the nearest that does."""
    first, last = (datetime(year, 1, 1, tzinfo=UTC) for year in (1970, 3000))
    return max(first, min(at, last)).astimezone(UTC)
