"""Slots: the instants at which something is due, worked out from the schedule and never from now.

Two machines that work them out get the same ones, so that a slot names a run.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from apscheduler.triggers.cron import CronTrigger

_EVERY_HOUR = "*"
_FIELDS = ("second", "minute", "hour", "day", "month", "day_of_week")
_A_MOMENT = timedelta(microseconds=1)
_LOOK_BACK = (timedelta(hours=2), timedelta(days=2), timedelta(days=62), timedelta(days=800))


class Cron:
    """The slots of a cron expression: minute, hour, day, month, weekday; or seconds before them.

    It is read in `zone`. A slot that falls into the hour which is skipped in spring is due as long
    after the change as it would have been; of an hour that comes twice in autumn the first counts,
    unless the expression says every hour. Weekdays are written as names.
    Errors: ValueError with a sentence where the expression is none.
    """

    def __init__(self, expression: str, zone: ZoneInfo) -> None:
        fields = expression.split()
        if len(fields) == len(_FIELDS) - 1:
            fields = ["0", *fields]
        if len(fields) != len(_FIELDS):
            raise ValueError("must have five fields: minute, hour, day, month, weekday")
        if any(sign.isdigit() for sign in fields[-1]):  # 0 is Sunday to some, Monday to others
            raise ValueError("must have weekdays as names, for example mon-fri")
        try:
            self._trigger = CronTrigger(**dict(zip(_FIELDS, fields, strict=True)), timezone=zone)
        except (ValueError, TypeError) as error:
            raise ValueError(f"cannot be read as a cron expression: {error}") from None
        self._every_hour = fields[2] == _EVERY_HOUR
        self._zone = zone

    def following(self, at: datetime) -> datetime | None:
        """The first slot after `at`, in UTC; None where there is none any more."""
        return next(self._after(at), None)

    def latest(self, now: datetime) -> datetime | None:
        """The last slot at or before `now`, in UTC; None where there was none for two years."""
        for span in _LOOK_BACK:
            found = None
            for slot in self._after(now - span):
                if slot > now:
                    break
                found = slot
            if found is not None:
                return found
        return None

    def _after(self, at: datetime) -> Iterator[datetime]:
        while True:
            local = (at + _A_MOMENT).astimezone(self._zone)
            slot = self._trigger.get_next_fire_time(None, local)
            if slot is None:
                return
            at = slot.astimezone(UTC)
            if self._every_hour or not at.astimezone(self._zone).fold:
                yield at


def slot_text(at: datetime) -> str:
    """Return a slot as it is stored: ISO 8601 in UTC."""
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
