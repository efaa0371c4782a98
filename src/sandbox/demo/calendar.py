"""When things happen in the demonstration: thirteen fortnights up to now, and steps in order."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
ANCHOR = date(2024, 1, 1)  # a Monday on which a sprint began
SPRINT_DAYS = 14
SPRINTS = 13
CLOSURE = 4  # the sprint in which nearly everybody is away
RATCHET = 7  # the first sprint under the higher target
_LONGEST_STEP = timedelta(hours=1)
_WORKING_DAYS = (1, 2, 3, 4, 7, 8, 9, 10, 11)


@dataclass(frozen=True, slots=True)
class Calendar:
    """The sprints 0 to 12, the last of which holds `now`; earlier ones have negative numbers."""

    now: datetime

    @property
    def today(self) -> date:
        """The local day."""
        return self.now.astimezone(LONDON).date()

    def monday(self, sprint: int) -> date:
        """Return the first local day of a sprint."""
        current = (self.today - ANCHOR).days // SPRINT_DAYS
        return ANCHOR + timedelta(days=SPRINT_DAYS * (current - SPRINTS + 1 + sprint))

    def at(self, sprint: int, day: int = 0, hour: int = 10, minute: int = 0) -> datetime:
        """Return the instant of a local time on the `day`th day (from 0) of a sprint."""
        local = datetime.combine(
            self.monday(sprint) + timedelta(days=day), time(hour, minute), LONDON
        )
        return local.astimezone(UTC)

    def spread(self, sprint: int, count: int) -> Iterator[datetime]:
        """Yield `count` instants in working hours, spread over a sprint."""
        for index in range(count):
            day = _WORKING_DAYS[index * len(_WORKING_DAYS) // count]
            yield self.at(sprint, day, 10 + (5 * index + sprint) % 7, (17 * index + 5) % 60)


@dataclass(slots=True)
class Script:
    """Steps at instants, played in order of time: a branch has only one head at a time."""

    calendar: Calendar
    _steps: list[tuple[datetime, Callable[[datetime], object]]] = field(default_factory=list)

    def on(self, at: datetime, step: Callable[[datetime], object]) -> None:
        """Do `step` at that instant; of equal instants, in the order given."""
        self._steps.append((at, step))

    def play(self) -> None:
        """Do every step that is over and done with."""
        for at, step in sorted(self._steps, key=lambda pair: pair[0]):
            if at <= self.calendar.now - _LONGEST_STEP:
                step(at)
