"""Which results are asked for: the filters of results, exports and the calendar."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Query

from api.dependencies import PlanDep
from api.rest.parameters import NAME, Day, Name, window
from api.rest.responses import not_found, target_of, team_of
from evaluator.lineage import former_ids
from evaluator.model.plan import Plan
from evaluator.model.results import Result, Status
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

    def page(self, store: Store, after: Place | None, limit: int) -> list[Result]:
        """At most `limit` results that come after a place; 404 where what is named is unknown.

        What was judged stays, also of a team or target that is configured no longer.
        """
        found = store.results.page(
            teams=self.teams,
            target=self.target,
            statuses=self.statuses,
            sprint_from=self.begin,
            sprint_to=self.end,
            after=after,
            limit=limit,
        )
        if not found and after is None:
            for team in self.named:
                if not store.results.page(teams=[team], limit=1):
                    team_of(self.plan, team)
            if self.target is not None and not store.results.page(target=self.target, limit=1):
                target_of(self.plan, self.target)
        return found


def _filters(
    *,
    plan: PlanDep,
    team: TeamsQuery = [],  # noqa: B006 - FastAPI copies it
    group: GroupQuery = None,
    target: Annotated[
        str | None,
        Query(
            description="Only this target, by its id.",
            examples=["reached-production"],
            min_length=1,
            max_length=100,
            pattern=NAME,
        ),
    ] = None,
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
) -> Filters:
    begin, end = window(plan, first, last)
    teams = teams_asked(plan, team, group)
    return Filters(
        plan,
        tuple(team),
        None if teams is None else frozenset(teams),
        target,
        tuple(status),
        begin,
        end,
    )


FiltersDep = Annotated[Filters, Depends(_filters)]
