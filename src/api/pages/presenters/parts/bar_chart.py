"""A bar chart of values against their minimum: the same data as the table of the last sprints."""

from collections.abc import Sequence
from dataclasses import dataclass

from api.pages.presenters.parts import links
from evaluator.model.plan import Plan, Target
from evaluator.model.results import Result, Status
from evaluator.wording import last_day

_WIDTH, _HIGH, _FLOOR = 96, 110, 148  # of a column, of the highest bar, where bars stand
_BAR = 44
_LETTERS, _LINE = 9, 18  # of what fits above a bar on a narrow screen; of text on text
_NOT_ASKED = {Status.EXCUSED, Status.NOT_APPLICABLE}
_NO_VALUE = {Status.NO_DATA, *_NOT_ASKED}


@dataclass(frozen=True, slots=True)
class ChartBar:
    """One sprint: a bar with its value above and its last day below, and the line to reach.

    `label` is the value in lines of text, each with where it stands, and the word where the target
    was not met. `href` leads to the sprint, `said` is the same in words.
    """

    href: str
    said: str

    left: int
    middle: int
    right: int
    top: int
    height: int
    width: int
    value: str
    label: tuple[tuple[int, str], ...]
    day: str
    month: str
    line: int | None


@dataclass(frozen=True, slots=True)
class BarChart:
    """One target over some sprints. `ident` makes the ids of its title and description."""

    ident: str
    title: str
    description: str
    width: int
    floor: int
    bars: tuple[ChartBar, ...]


def bar_chart(
    target: Target, results: Sequence[Result | None], plan: Plan, places: int
) -> BarChart | None:
    """Return the picture of `results` in order of time; None where there is nothing to draw.

    It has room for so many `places`, the last of them the newest: all pictures have one size.
    """
    found = [result for result in results if result is not None]
    if not any(_drawn(result) for result in found):
        return None
    highest = max(max(result.value or 0, result.minimum or 0) for result in found) or 1
    first = places - len(found)
    bars = tuple(_bar(first + n, result, highest, plan) for n, result in enumerate(found))
    return BarChart(
        ident=f"picture-{target.id}",
        title=f"{target.title}: the last sprints, each with the line to reach",
        description=f"{'; '.join(bar.said for bar in bars)}.",
        width=places * _WIDTH,
        floor=_FLOOR,
        bars=bars,
    )


def _drawn(result: Result) -> bool:
    return result.value is not None and result.status not in _NO_VALUE


def _minimum(result: Result) -> int | None:
    return None if result.status in _NOT_ASKED else result.minimum


def _asked(result: Result) -> str:
    if result.status is Status.EXCUSED:
        return "little expected"
    minimum = _minimum(result)
    return "nothing asked" if minimum is None else f"at least {minimum}"


def _bar(place: int, result: Result, highest: int, plan: Plan) -> ChartBar:
    drawn = _drawn(result)
    height = round((result.value or 0) / highest * _HIGH) if drawn else 0
    minimum = _minimum(result)
    line = None if minimum is None else _FLOOR - round(minimum / highest * _HIGH)
    value = f"{result.value:,}" if drawn else result.status.words
    day = last_day(result.sprint.end, plan.zone)
    return ChartBar(
        href=links.sprint(result.team, result.sprint.id),
        said=f"sprint to {day.day} {day:%B}: {value}, {_asked(result)}",
        left=place * _WIDTH + 4,
        middle=place * _WIDTH + _WIDTH // 2,
        right=(place + 1) * _WIDTH - 4,
        top=_FLOOR - height,
        height=height,
        width=_BAR,
        value=value,
        label=_label(_lines(value, result.status), _FLOOR - height, line),
        day=str(day.day),
        month=f"{day:%B}",
        line=line,
    )


def _lines(value: str, status: Status) -> list[str]:
    if status is Status.NOT_MET:
        return [status.words, value]
    return value.split() if len(value) > _LETTERS else [value]


def _label(said: Sequence[str], top: int, line: int | None) -> tuple[tuple[int, str], ...]:
    """The value above the bar, and above the line to reach where that would cross it."""
    foot = top - 5
    if line is not None and foot - _LINE * len(said) <= line <= top:
        foot = line - 5
    above = reversed(range(len(said)))
    return tuple((foot - _LINE * n, text) for n, text in zip(above, said, strict=True))
