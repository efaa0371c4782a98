"""In `teams.yaml`: where a team's sprints come from, and from which day on something else."""

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from evaluator.model.plan import Cadence
from hearten.config.base_model import Entry
from hearten.config.faults import Fault, InvalidValueError
from hearten.config.field_types import Day, Text, regular_expression
from hearten.config.messages import meant

_DAY = timedelta(days=1)
_ORIGINS = ("board", "cadence")


def _sprint_names(pattern: str) -> str:
    return regular_expression(pattern, "'Heron .*'")


def _origin(value: object) -> object:
    """Return board, cadence or a day; whatever else was written is one fault and not two."""
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise InvalidValueError(
                f"{value} does not exist", "write board, cadence, or a day as 2026-01-31"
            ) from None
    if value in _ORIGINS or (isinstance(value, date) and not isinstance(value, datetime)):
        return value
    raise InvalidValueError(meant(str(value), _ORIGINS, "must be one of"), "")


class SprintsEntry(Entry):
    """Where a team's sprints come from."""

    origin: Annotated[Literal["board", "cadence"] | date, BeforeValidator(_origin)] = Field(
        alias="from",
        description="board: the sprints of the team's Jira board. cadence: equal lengths. In a "
        "list also a day: the first on which the entry holds, a cadence where it has length_days.",
        examples=["board"],
    )
    names: Annotated[Text, AfterValidator(_sprint_names)] = Field(
        "",
        description="For board: a regular expression for the whole names of the team's sprints, "
        "where several teams' run beside each other on one board.",
        examples=["Heron .*"],
    )
    first_day: Day | None = Field(
        None, description="For cadence: the first day of any one sprint, such as 2024-01-01."
    )
    length_days: int | None = Field(
        None, ge=1, le=90, description="For cadence: days from one sprint's start to the next."
    )
    last: Day | None = Field(
        None,
        alias="to",
        description="In a list: the last day; a sprint that runs on it ends as it would have.",
    )

    @property
    def of_cadence(self) -> bool:
        """Whether the sprints are of equal lengths, and not a board's."""
        if isinstance(self.origin, date):
            return self.written("first_day") or self.written("length_days")
        return self.origin == "cadence"

    @property
    def cadence(self) -> Cadence | None:
        """The cadence, None where it is not told whole."""
        first_day = self.first_day or (self.origin if isinstance(self.origin, date) else None)
        if first_day is None or self.length_days is None:
            return None
        return Cadence(first_day, self.length_days)

    def begins(self, before: "SprintsEntry") -> date | None:
        """The day on which it takes the place of the entry before, None where it tells none."""
        if isinstance(self.origin, date):
            return self.origin
        if before.last is not None:
            return _day_after(before.last)
        return self.first_day if self.of_cadence else None

    def faults(self) -> Iterator[Fault]:
        """Yield the keys that a cadence lacks, and those that a board does not have."""
        if not self.sound("from"):
            return
        examples = {"first_day": "2024-01-01", "length_days": "14"}
        for key, example in examples.items():
            told = self.written(key) or (key == "first_day" and isinstance(self.origin, date))
            if self.of_cadence and not told:
                remedy = f"write `{key}: {example}`"
                yield self.fault(f"a cadence needs {key}", key, remedy=remedy)
            if not self.of_cadence and self.written(key):
                remedy = "remove it, or write `from: cadence`"
                yield self.fault("belongs to a cadence", key, remedy=remedy)
        if self.of_cadence and self.written("names"):
            remedy = "remove it, or write `from: board`"
            yield self.fault("belongs to a board", "names", remedy=remedy)


def _day_after(day: date) -> date:
    return day + _DAY if day < date.max else day


def faults_between(entries: Sequence[SprintsEntry]) -> Iterator[Fault]:
    """Yield where entries of a list do not follow each other, day by day."""
    if len(entries) == 1 and (entry := entries[0]).sound("from", "to"):
        remedy = "write `board` or `cadence`; a day belongs into a list, after what held before"
        if isinstance(entry.origin, date):
            yield entry.fault("is a day", "from", remedy=remedy)
        if entry.last is not None:
            remedy = "write what holds from the next day on as a second entry"
            yield entry.fault("leaves the days after it without sprints", "to", remedy=remedy)
    begun: date | None = None
    for before, entry in pairwise(entries):
        if not (before.sound("from", "to", "first_day") and entry.sound("from", "first_day")):
            return
        day = entry.begins(before)
        if day is None:
            remedy = f"write `to` in the entry at {before.place}"
            yield entry.fault("does not say from which day on it holds", "from", remedy=remedy)
            return
        if before.last is not None and day != _day_after(before.last):
            what = f"{day} is not the day after `to` of the entry at {before.place}"
            yield entry.fault(what, "from", remedy=f"write {_day_after(before.last)}")
        elif begun is not None and day <= begun:
            what = f"{day} is not after the first day of the entry at {before.place}"
            yield entry.fault(what, "from", remedy="write the entries in order of their days")
        begun = day
    if len(entries) > 1 and entries[-1].sound("to") and entries[-1].last is not None:
        remedy = "remove it: the last entry of the list has no end"
        yield entries[-1].fault("leaves the days after it without sprints", "to", remedy=remedy)
