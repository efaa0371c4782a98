"""Results, sprints and standings as data for JSON: the published shape, with what REST adds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

from evaluator.model.plan import Plan, Team
from evaluator.model.results import Result, Sprint
from evaluator.model.serialization import published, published_sprint, utc_text
from evaluator.team_standing import SprintResults, TeamStanding, remedy, source_ids
from evaluator.wording import last_day

Data = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Presenter:
    """Puts what is stored into words, days and links; `public_url` begins the links."""

    plan: Plan
    public_url: str = ""

    def result(self, result: Result) -> Data:
        """A result whole."""
        data = published(result)
        target = next((t for t in self.plan.targets if t.id == result.target), None)
        data["target"] |= {
            "title": target.title if target else None,
            "stretch": bool(target and target.stretch),
        }
        data["sprint"] = self.sprint(result.sprint)
        data["status_text"] = result.status.words
        for shown, item in zip(data["evidence"], result.evidence, strict=True):
            shown["local_date"] = self.day(item.at)
        for shown, left in zip(data["left_out"], result.left_out, strict=True):
            shown["local_date"] = self.day(left.at) if left.at else None
        for shown, gap in zip(data["gaps"], result.gaps, strict=True):
            shown["action"] = remedy(gap)
        data["evidence_url"] = self.url("teams", result.team, *_place(result))
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
        return published_sprint(sprint) | {
            "first_day": self.day(sprint.start),
            "last_day": last_day(sprint.end, self.plan.zone).isoformat(),
        }

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
        }

    def standing(self, standing: TeamStanding) -> Data:
        """Where a team stands."""
        return {
            "team": self.team(standing.team),
            "last_finished": self._shown(standing.last_finished),
            "just_closed": self._shown(standing.just_closed),
            "current": self._shown(standing.current),
            "streaks": [
                {"target": target, "length": streak.length, "paused": streak.paused}
                for target, streak in standing.streaks
            ],
            "data_as_of": utc_text(standing.data_as_of),
            "gaps": [
                {"source": gap.source, "reason": gap.reason.value, "action": gap.detail}
                for gap in standing.gaps
            ],
            "time_zone": self.plan.time_zone,
        }

    def sprint_line(self, found: SprintResults) -> Data:
        """A sprint with the statuses of its results."""
        return self.sprint(found.sprint) | {
            "statuses": [
                {
                    "target": result.target,
                    "status": result.status.value,
                    "status_text": result.status.words,
                    "state": result.state.value,
                    "evidence_url": self.url("teams", result.team, *_place(result)),
                }
                for result in found.results
            ]
        }

    def day(self, at: datetime) -> str:
        """The local day of an instant."""
        return at.astimezone(self.plan.zone).date().isoformat()

    def url(self, *parts: str) -> str:
        """The address of something below /api/v1."""
        return "/".join((f"{self.public_url}/api/v1", *(quote(part, safe="") for part in parts)))

    def page(self, *parts: str) -> str:
        """The address of a page for people."""
        return "/".join((self.public_url, *(quote(part, safe="") for part in parts)))

    def _shown(self, found: SprintResults | None) -> Data | None:
        if found is None:
            return None
        return {
            "sprint": self.sprint(found.sprint),
            "results": [self.result(result) for result in found.results],
        }


def _place(result: Result) -> tuple[str, ...]:
    return ("sprints", result.sprint.id, "results", result.target)
