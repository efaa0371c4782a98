"""Results, sprints and standings as data for JSON: the published shape, with what REST adds."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from evaluator.model.plan import Plan, Team
from evaluator.model.results import Result, Sprint
from evaluator.model.serialization import published_period, utc_text
from evaluator.standing_data import Data, result_data, sprint_data, standing_data
from evaluator.team_standing import SprintResults, TeamStanding, source_ids


@dataclass(frozen=True, slots=True)
class Presenter:
    """Puts what is stored into words, days and links; `public_url` begins the links."""

    plan: Plan
    public_url: str = ""

    def result(self, result: Result) -> Data:
        """A result whole."""
        data = result_data(result, self.plan)
        data["evidence_url"] = self.url("teams", result.team, *_place(result))
        data["page_url"] = self.page(*_page_of(result))
        return data

    def explained(self, versions: Sequence[Result]) -> Data:
        """The last of `versions`, with what the earlier ones said."""
        data = self.result(versions[-1])
        data["earlier_versions"] = [
            {
                "version": earlier.version,
                "status": earlier.status.value,
                "status_text": earlier.status.words,
                "value": earlier.value,
                "reason": earlier.sentence,
                "cause": earlier.cause or None,
                "evaluated_at": utc_text(earlier.evaluated_at),
            }
            for earlier in versions[:-1]
        ]
        data["time_zone"] = self.plan.time_zone
        return data

    def sprint(self, sprint: Sprint) -> Data:
        """A sprint with its local days."""
        return sprint_data(sprint, self.plan)

    def team(self, team: Team) -> Data:
        """A team as it is configured."""
        return {
            "id": team.id,
            "name": team.name,
            "group": team.group or None,
            "active_from": team.active.first,
            "active_to": team.active.last,
            "sources": source_ids(team),
            "not_applicable": dict(team.not_applicable),
            "status_url": self.url("teams", team.id, "status"),
            "page_url": self.page("teams", team.id),
        }

    def standing(self, standing: TeamStanding) -> Data:
        """Where a team stands."""
        found = standing_data(standing, self.plan, self.result)
        return {"team": self.team(standing.team), **found}

    def sprint_line(self, found: SprintResults) -> Data:
        """A sprint with the statuses of its results."""
        team = found.results[0].team
        return self.sprint(found.sprint) | {
            "page_url": self.page("teams", team, "sprints", found.sprint.id),
            "statuses": [
                {
                    "target": result.target,
                    "status": result.status.value,
                    "status_text": result.status.words,
                    "state": result.state.value,
                    "evidence_url": self.url("teams", result.team, *_place(result)),
                    "page_url": self.page(*_page_of(result)),
                }
                for result in found.results
            ],
        }

    def brief(self, standing: TeamStanding, period: str, targets: Collection[str]) -> Data:
        """Where a team stands in a line: its results of one period, without what explains them."""
        team = standing.team
        found = standing.current if period == "current" else standing.last_finished
        shown = [r for r in found.results if r.target in targets] if found else []
        without = [] if found or not standing.unreadable else standing.without_sprint
        return {
            "team": team.id,
            "name": team.name,
            "group": team.group or None,
            "page_url": self.page("teams", team.id),
            "sprint": self.sprint(found.sprint) if found else None,
            "results": [
                *(self._line(result) for result in shown),
                *(
                    {"target": target, "status": status.value, "status_text": status.words}
                    | {"value": None, "minimum": None, "period": None, "page_url": None}
                    for target, status in without
                    if target in targets
                ),
            ],
            "reason": _why_none(standing, found),
        }

    def _line(self, result: Result) -> Data:
        return {
            "target": result.target,
            "status": result.status.value,
            "status_text": result.status.words,
            "value": result.value,
            "minimum": result.minimum,
            "period": published_period(result.sprint),
            "page_url": self.page(*_page_of(result)),
        }

    def url(self, *parts: str) -> str:
        """The address of something below /api/v1."""
        return "/".join((f"{self.public_url}/api/v1", *(quote(part, safe="") for part in parts)))

    def page(self, *parts: str) -> str:
        """The address of a page for people."""
        return "/".join((self.public_url, *(quote(part, safe="") for part in parts)))


def _why_none(standing: TeamStanding, found: SprintResults | None) -> str | None:
    """Why a team has no sprint to show, in words; None where it has one."""
    if found is not None:
        return None
    if standing.nothing_read:
        return "Nothing was read yet."
    if standing.unreadable is not None:
        return standing.unreadable.detail
    return "There is no such sprint yet."


def _place(result: Result) -> tuple[str, ...]:
    return ("sprints", result.sprint.id, "results", result.target)


def _page_of(result: Result) -> tuple[str, ...]:
    return ("teams", result.team, "sprints", result.sprint.id, result.target)
