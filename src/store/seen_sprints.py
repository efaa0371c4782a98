"""Where teams' sprints came from, as the snapshots of the plan tell it one after the other."""

import json
from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from pydantic import TypeAdapter

from evaluator.model.plan import BoardSource, Cadence, Calendars, DatedSprints, FormerSprints

_SPRINTS: TypeAdapter[Cadence | BoardSource] = TypeAdapter(Cadence | BoardSource)
_LATER: TypeAdapter[Calendars] = TypeAdapter(Calendars)


class SeenSprints:
    """What was seen of each team's sprints so far. A snapshot never changes: each is read once."""

    def __init__(self) -> None:
        self.newest = 0  # the number of the newest snapshot that was read
        self._teams: dict[str, list[tuple[datetime, Calendars]]] = {}

    def add(self, number: int, saved_at: datetime, snapshot: str) -> None:
        """Take the next snapshot into account."""
        self.newest = number
        for team in json.loads(snapshot)["teams"]:
            if calendars := _calendars(team):
                seen = self._teams.setdefault(team["id"], [])
                if not seen or seen[-1][1] != calendars:
                    seen.append((saved_at, calendars))

    def former(
        self, now: datetime, continues: Mapping[str, str] = MappingProxyType({})
    ) -> dict[str, tuple[FormerSprints, ...]]:
        """Return, by team id, all that a team's sprints came from but the newest, in order.

        Of a clock that ran ahead no time is later than the next one's, or than `now`. A team goes
        on where the one of the id that it `continues` was.
        """
        found: dict[str, tuple[FormerSprints, ...]] = {}
        for team, own in self._teams.items():
            before = self._teams.get(continues.get(team, ""), [])
            seen = [*(each for each in before if each[0] < own[0][0]), *own]
            if len(seen) > len(own) and seen[-len(own) - 1][1] == own[0][1]:
                del seen[-len(own)]
            former: list[FormerSprints] = []
            until = now
            for (_, calendars), (next_seen, _) in zip(seen[-2::-1], seen[:0:-1], strict=True):
                until = min(until, next_seen)
                former.append(FormerSprints(until, calendars))
            if former:
                found[team] = tuple(reversed(former))
        return found


def _calendars(team: dict[str, Any]) -> Calendars:
    """Return where the sprints of a team come from by a snapshot, of an earlier version too."""
    if team["sprints"] is None:
        return ()
    first = _SPRINTS.validate_python(team["sprints"])
    later = _LATER.validate_python(team.get("later_sprints", ()))
    return (DatedSprints(first, names=team.get("sprint_names", "")), *later)
