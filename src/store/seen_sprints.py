"""What holds of teams from when it was first seen, as snapshots of the plan tell it in order."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from pydantic import TypeAdapter

from evaluator.model.days import ALWAYS, Days
from evaluator.model.plan import (
    BoardSource,
    Cadence,
    Calendars,
    Closed,
    DatedSprints,
    FormerSprints,
)

_SPRINTS: TypeAdapter[Cadence | BoardSource] = TypeAdapter(Cadence | BoardSource)
_LATER: TypeAdapter[Calendars] = TypeAdapter(Calendars)


class SeenSprints:
    """What was seen so far of each team's sprints, and of its first and last day.

    A snapshot never changes: each is read once.
    """

    def __init__(self) -> None:
        self.newest = 0  # the number of the newest snapshot that was read
        self._teams: dict[str, list[tuple[datetime, Calendars]]] = {}
        self._active: dict[str, tuple[Days, datetime]] = {}
        self._closed: dict[str, tuple[Closed, ...]] = {}

    def add(self, number: int, saved_at: datetime, snapshot: str) -> None:
        """Take the next snapshot into account."""
        self.newest = number
        for team in json.loads(snapshot)["teams"]:
            if calendars := _calendars(team):
                seen = self._teams.setdefault(team["id"], [])
                if not seen or seen[-1][1] != calendars:
                    seen.append((saved_at, calendars))
            self._note_active(team["id"], _active(team), saved_at)

    def _note_active(self, team: str, days: Days, saved_at: datetime) -> None:
        """Take in that a team is open again; a first day that was written for it says from when."""
        before, since = self._active.get(team, (ALWAYS, saved_at))
        if days == before:
            return
        self._active[team] = days, saved_at
        if before.last is None or (days.last is not None and days.last <= before.last):
            return
        again = days.first if days.first != before.first else None
        closed = Closed(before.last, since, saved_at, again)
        self._closed[team] = (*self._closed.get(team, ()), closed)

    def closed(self, now: datetime) -> dict[str, tuple[Closed, ...]]:
        """Return, by team id, when a team that is open again was closed, until `now` at most."""
        return {
            team: tuple(replace(each, until=min(each.until, now)) for each in closed)
            for team, closed in self._closed.items()
        }

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


def _active(team: dict[str, Any]) -> Days:
    """Return the first and last day of a team by a snapshot, of an earlier version too."""
    days = team.get("active")
    return Days(*(_day(days[each]) for each in ("first", "last"))) if days else ALWAYS


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
