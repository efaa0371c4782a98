"""The context of a page: request, store, plan and moment, and how it is answered."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Annotated, Any

from fastapi import Depends, HTTPException, Request
from fastapi.responses import HTMLResponse

from api.dependencies import service_of
from api.pages.presenters.result import Viewpoint
from api.pages.presenters.stories import StoryView, stories_beside
from api.pages.rendering import render
from evaluator.model.facts import Coverage
from evaluator.model.plan import Plan, Team
from store.store import Store


@dataclass(frozen=True)
class PageContext:
    """One request for a page, and the moment."""

    request: Request
    store: Store
    public_url: str
    now: datetime

    @cached_property
    def plan(self) -> Plan:
        """The plan in force, read once; an empty one where nothing was read yet."""
        return self.store.plans.newest() or Plan(teams=(), targets=())

    @property
    def today(self) -> date:
        """The local day."""
        return self.now.astimezone(self.plan.zone).date()

    def page(self, template: str, **said: Any) -> HTMLResponse:
        """Return the page that `template` makes of `said`."""
        return render(
            self.request,
            self.plan,
            self.now,
            template,
            nothing_read=not self.store.facts.anything_read(),
            **said,
        )

    def team(self, team_id: str) -> Team:
        """Return a team of the plan; 404 where there is none of this id."""
        for team in self.plan.teams:
            if team.id == team_id:
                return team
        raise HTTPException(404, f"There is no team {team_id}. All teams are on the first page.")

    def stories(
        self, team: Team, sprint_id: str, coverage: Mapping[str, Coverage] | None = None
    ) -> tuple[StoryView, ...]:
        """Return what the team wrote of a sprint.

        Of repositories that were never read whole, by `coverage`, there are none.
        """
        sources = {entry.source_id for entry in team.repositories}
        if coverage is not None:
            sources = {s for s in sources if s in coverage and coverage[s].read_started}
        if not sources:
            return ()
        return stories_beside(
            team, self.plan, self.store.stories.find(sources, sprint_id), sprint_id
        )

    def at(self, team_name: str) -> Viewpoint:
        """Return what views of a team's results need."""
        return Viewpoint(self.plan, team_name, self.public_url)


async def _visit(request: Request) -> PageContext:
    """Put it together at once: each dependency of a dependency takes as long as a small query.

    404 for an address with NUL, which nothing is called, and which PostgreSQL does not take.
    """
    if "\0" in request.scope["path"]:
        raise HTTPException(404, "There is nothing of this name.")
    service = service_of(request)
    return PageContext(request, service.store, service.public_url, service.clock())


PageContextDep = Annotated[PageContext, Depends(_visit)]
