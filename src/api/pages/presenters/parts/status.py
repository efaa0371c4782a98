"""A status as a tag: words first, the same colour everywhere, never red; stretch warns never."""

from collections.abc import Sequence
from dataclasses import dataclass

from api.pages.presenters.parts import words
from evaluator.model.results import Result, Status

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


def tag(status: Status, *, stretch: bool) -> StatusTag:
    """Return the tag of a status. One of a stretch target warns nobody."""
    calm = stretch and status is Status.NOT_MET
    return StatusTag(status.words, "white" if calm else _COLOURS[status])


def value_words(result: Result) -> str:
    """Return the value beside its minimum, "3 of at least 1"; empty where nothing was read."""
    if result.value is None or result.minimum is None:
        return ""
    return f"{result.value:,} of at least {result.minimum:,}"


def status_words(result: Result) -> str:
    """Return the status with its value, "Met, 3 of at least 1"."""
    value = value_words(result)
    if result.status in {Status.NO_DATA, Status.NOT_APPLICABLE} or not value:
        return result.status.words
    return f"{result.status.words}, {value}"


def outcome(results: Sequence[Result], *, stretch: int, settled: bool) -> str:
    """Return how many of each status there are, "2 targets met and no data for 1".

    Every result is in it once, under its own status: what is missing is not among what is not met.
    How many results of stretch targets there are beside them is said, as they are not counted.
    """
    return f"{_counted(results, settled=settled)}{_beside(stretch)}"


def _beside(stretch: int) -> str:
    if not stretch:
        return ""
    left_out = "the stretch target" if stretch == 1 else words.count(stretch, "stretch target")
    return f", not counting {left_out}"


def _counted(results: Sequence[Result], *, settled: bool) -> str:
    found = [result.status for result in results]
    if not found:
        return "nothing was asked"
    parts: list[str] = []
    for status in (s for s in Status if s in found):
        number = found.count(status)
        targets = f"{number:,}" if parts else words.count(number, "target")
        match status:
            case Status.NO_DATA:
                parts.append(f"no data for {targets}")
            case Status.MET if not settled or Status.IN_PROGRESS in found:
                parts.append(f"{targets} met already")
            case _:
                parts.append(f"{targets} {status.words.lower()}")
    return words.listed(parts)
