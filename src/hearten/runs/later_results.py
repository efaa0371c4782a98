"""Results of a clock that ran ahead: what nobody can know yet is taken back."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, tzinfo

from evaluator.model.results import Result
from evaluator.wording import day_of
from store.store import Store

Place = tuple[str, str]  # sprint id, target


def kept_results(
    store: Store, team: str, clock: Callable[[], datetime]
) -> tuple[dict[Place, Result], datetime | None]:
    """Return a team's newest results that were found by now, and after when others were found.

    Those are to be deleted when the team was judged again, also final ones: an earlier version of
    them holds again. None where there are no others. What another run found meanwhile is no such.
    """
    found = store.results.find(team=team)
    latest = clock()
    if all(result.evaluated_at <= latest for result in found):
        return _by_place(found), None
    found = store.results.find(team=team, every_version=True)
    latest = clock()
    return _by_place([r for r in found if r.evaluated_at <= latest]), latest


def checked_by_now(result: Result, now: datetime, latest: datetime, zone: tzinfo) -> Result:
    """Return a result as it was checked at `now`, where a clock that ran ahead only checked it.

    What that noted beside a final result on its day is left out.
    """
    if result.checked_at <= latest:
        return result
    day = day_of(result.checked_at, zone)
    return replace(
        result,
        checked_at=max(now, result.evaluated_at),
        corrections=tuple(note for note in result.corrections if note.day != day),
    )


def only_lowered(
    previous: Mapping[Place, Result], kept: Mapping[Place, Result], judged: Iterable[Result]
) -> list[Result]:
    """Return what was not judged again, and was checked by a clock that ran ahead."""
    again = {(row.sprint.id, row.target) for row in judged}
    return [
        result
        for place, result in previous.items()
        if place not in again and result.checked_at != kept[place].checked_at
    ]


def _by_place(results: list[Result]) -> dict[Place, Result]:
    return {(result.sprint.id, result.target): result for result in results}
