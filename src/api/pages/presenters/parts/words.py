"""Words: days, times and lists as people read them (British plain English)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo

from evaluator.model.results import Sprint
from evaluator.wording import day_words, instant_words, last_day, span_words, time_words


@dataclass(frozen=True, slots=True)
class When:
    """A day or an instant: `iso` for machines, `words` for people."""

    iso: str
    words: str


def day(at: date) -> When:
    """Return a day such as "3 November 2021"."""
    return When(at.isoformat(), day_words(at))


def weekday(at: date) -> When:
    """Return a day with its weekday, "Wednesday 3 November 2021"."""
    return When(at.isoformat(), f"{at:%A} {day_words(at)}")


def moment(at: datetime, zone: tzinfo) -> When:
    """Return an instant, "9:10am on 8 November 2021"."""
    iso = at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return When(iso, instant_words(at, zone))


def near(at: datetime, zone: tzinfo, now: datetime) -> When:
    """Return an instant as `moment` does, without its day where that is the one of `now`."""
    found = moment(at, zone)
    if at.astimezone(zone).date() != now.astimezone(zone).date():
        return found
    return When(found.iso, time_words(at, zone))


def from_then(at: datetime, zone: tzinfo) -> str:
    """Return from when on, "at 9:10am on 8 November 2021"; at midnight the day alone."""
    local = at.astimezone(zone)
    if (local.hour, local.minute) == (0, 0):
        return f"on {weekday(local.date()).words}"
    return f"at {moment(at, zone).words}"


def sprint_days(sprint: Sprint, zone: tzinfo) -> str:
    """Return the days of a sprint, "20 October to 3 November 2021"."""
    return span_words(sprint.first_day, last_day(sprint.end, zone))


def sprint_title(sprint: Sprint, zone: tzinfo) -> str:
    """Return "sprint Heron 21, 20 October to 3 November 2021", the days once where they are it.

    With "until 10am" where the next sprint may begin on the same day.
    """
    days, end = sprint_days(sprint, zone), time_words(sprint.end, zone)
    until = "" if end == "midnight" else f" until {end}"
    name = "" if sprint.name == days else f"{sprint.name}, "
    return f"sprint {name}{days}{until}"


def count(number: int, singular: str, plural: str = "") -> str:
    """Return a number with its noun, "1 team" or "1,200 teams"."""
    return f"{number:,} {singular if number == 1 else plural or f'{singular}s'}"


def listed(names: Sequence[str]) -> str:
    """Return "A", "A and B" or "A, B and C"."""
    if len(names) <= 1:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def some(names: Sequence[str], most: int = 5) -> str:
    """Return "A, B and 3 more": at most so many names, and how many there are beside them."""
    if len(names) <= most + 1:
        return listed(names)
    return listed([*names[:most], f"{len(names) - most:,} more"])


def lower_first(text: str) -> str:
    """Return `text` as it stands within a sentence."""
    return f"{text[:1].lower()}{text[1:]}"


def upper_first(text: str) -> str:
    """Return `text` as it begins a sentence or a heading."""
    return f"{text[:1].upper()}{text[1:]}"


def sentence(text: str) -> str:
    """Return `text` with a capital letter and a full stop."""
    said = upper_first(text)
    return said if said.endswith((".", "?", "!")) or not said else f"{said}."
