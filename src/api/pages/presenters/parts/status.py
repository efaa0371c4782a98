"""A status as a tag: words first, the same colour everywhere, never red; stretch warns never."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from api.pages.presenters.parts import words
from evaluator.model.results import Result, ResultSummary, Status

_COLOURS = {
    Status.MET: "green",
    Status.NOT_MET: "orange",
    Status.IN_PROGRESS: "blue",
    Status.NO_DATA: "grey",
    Status.EXCUSED: "purple",
    Status.NOT_APPLICABLE: "white",
}


@dataclass(frozen=True, slots=True)
class StatusTag:
    """Words, and a colour of the NHS.UK tag component, which adds nothing to them."""

    text: str
    colour: str


_TAGS = {status: StatusTag(status.words, colour) for status, colour in _COLOURS.items()}
_CALM = StatusTag(Status.NOT_MET.words, "white")


def tag(status: Status, *, stretch: bool) -> StatusTag:
    """Return the tag of a status. One of a stretch target warns nobody."""
    return _CALM if stretch and status is Status.NOT_MET else _TAGS[status]


def value_words(result: Result | ResultSummary) -> str:
    """Return the value beside its minimum, "3 of at least 1"; empty where nothing was read."""
    if result.value is None or result.minimum is None:
        return ""
    return f"{result.value:,} of at least {result.minimum:,}"


def status_words(result: Result | ResultSummary) -> str:
    """Return the status with its value, "Met, 3 of at least 1"."""
    value = value_words(result)
    if result.status in {Status.NO_DATA, Status.NOT_APPLICABLE} or not value:
        return result.status.words
    return f"{result.status.words}, {value}"


def outcome(
    results: Sequence[Result], titles: Mapping[str, str], *, stretch: int, settled: bool
) -> str:
    """Return how many of each status there are, "2 targets met and 1 not met (Tickets done)".

    Every result is in it once, under its own status: what is missing is not among what is not met.
    Targets that were not met, and those without data, are named: `titles` has their names by id.
    How many results of stretch targets there are beside them is said, as they are not counted.
    """
    return f"{_counted(results, titles, settled=settled)}{_beside(stretch)}"


def _beside(stretch: int) -> str:
    if not stretch:
        return ""
    left_out = "the stretch target" if stretch == 1 else words.count(stretch, "stretch target")
    return f", not counting {left_out}"


def _counted(results: Sequence[Result], titles: Mapping[str, str], *, settled: bool) -> str:
    found = [result.status for result in results]
    if not found:
        return "nothing was asked"
    parts: list[str] = []
    for status in (s for s in Status if s in found):
        number = found.count(status)
        targets = f"{number:,}" if parts else words.count(number, "target")
        these = words.listed([titles[r.target] for r in results if r.status is status])
        match status:
            case Status.NO_DATA:
                parts.append(f"no data for {targets} ({these})")
            case Status.NOT_MET:
                parts.append(f"{targets} not met ({these})")
            case Status.MET if not settled or Status.IN_PROGRESS in found:
                parts.append(f"{targets} met already")
            case _:
                parts.append(f"{targets} {status.words.lower()}")
    return words.listed(parts)
