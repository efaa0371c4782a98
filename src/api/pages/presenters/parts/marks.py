"""Small marks of the last sprints: a shape for each status, and its words for who sees none."""

from collections.abc import Iterable, Sequence
from functools import lru_cache

from markupsafe import Markup

from evaluator.model.results import Status

_STEP, _SIZE = 18, 16  # units from one mark to the next, and of one
_SHAPES = {
    Status.MET: "met",
    Status.NOT_MET: "not-met",
    Status.NO_DATA: "no-data",
    Status.EXCUSED: "other",
    Status.NOT_APPLICABLE: "other",
    Status.IN_PROGRESS: "other",
}
_NEEDS_A_LOOK = (Status.NOT_MET, Status.NO_DATA, Status.IN_PROGRESS, Status.EXCUSED, Status.MET)
LEGEND = (
    ("met", "Met"),
    ("not-met", "Not met"),
    ("no-data", "No data"),
    ("other", "Excused, or nothing asked"),
)


def of_sprint(statuses: Iterable[Status]) -> Status:
    """Return what one mark says of all targets of a sprint: what needs a look comes first."""
    found = set(statuses)
    return next((each for each in _NEEDS_A_LOOK if each in found), Status.NOT_APPLICABLE)


def shape(name: str, place: int = 0) -> str:
    """Return the mark of this shape, as SVG, at its place in a row."""
    return f'<use href="#mark-{name}" x="{place * _STEP}"/>'


def marks(statuses: Sequence[Status]) -> Markup:
    """Return one mark for each status, in their order, with the same in words."""
    return _drawn(tuple(statuses))


@lru_cache(maxsize=512)  # most teams' sprints go alike
def _drawn(statuses: tuple[Status, ...]) -> Markup:
    if not statuses:
        return Markup("None finished yet")
    drawn = "".join(shape(_SHAPES[each], place) for place, each in enumerate(statuses))
    said = ", ".join(each.words for each in statuses)
    width = len(statuses) * _STEP
    return Markup(  # noqa: S704 - made of nothing but our own words
        f'<svg class="hearten-marks" viewBox="0 0 {width} {_SIZE}" width="{width}" '
        f'height="{_SIZE}" aria-hidden="true" focusable="false">{drawn}</svg>'
        f'<span class="nhsuk-u-visually-hidden">{said}</span>'
    )
