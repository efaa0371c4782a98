"""The month holds: what is asked anew was open for comments before it was agreed."""

from collections.abc import Iterator
from datetime import date

from evaluator.model import plan
from evaluator.model.plan import Plan, VersionStatus
from evaluator.wording import day_words
from hearten.config.faults import Fault
from hearten.config.targets import TargetEntry, TargetsFile, VersionEntry

_NEEDED = {
    "proposed_on": "write the day on which it was proposed",
    "consultation_closes": "write the last day for comments",
    "rationale": "write why it is asked",
}


def months_not_held(file: TargetsFile, previous: Plan | None, today: date) -> list[Fault]:
    """Return what each agreed version lacks that is not its target's first, at `today`.

    That it closes early enough after its proposal is a version's own. What `previous`, the plan
    stored last, had in force already without its month stays: nothing that judged is taken back.
    """
    kept = {target.id: target for target in previous.targets} if previous else {}
    found: list[Fault] = []
    for target in file.targets:
        before = (
            {v.effective_from: v for v in kept[target.id].versions} if target.id in kept else {}
        )
        for version in _later_ones(target):
            if not _in_force_before(version, before.get(version.effective_from), today):
                found += _lacks(version, today)
    return found


def _later_ones(target: TargetEntry) -> list[VersionEntry]:
    """Return the agreed versions but the first, whatever the first one's status."""
    dated = [v for v in target.versions if v.sound("effective_from", "status")]
    first = min((v.effective_from for v in dated), default=date.max)
    return [v for v in dated if v.status == "agreed" and v.effective_from > first]


def _in_force_before(version: VersionEntry, before: plan.TargetVersion | None, today: date) -> bool:
    return (
        before is not None
        and before.status is VersionStatus.AGREED
        and before.effective_from <= today
        and before.minimum == version.minimum
        and all(getattr(before, key) in (None, "", getattr(version, key)) for key in _NEEDED)
    )


def _lacks(version: VersionEntry, today: date) -> Iterator[Fault]:
    for key, remedy in _NEEDED.items():
        if not getattr(version, key) and version.sound(key):
            what = f"an agreed version that is not the target's first needs {key}"
            yield version.fault(what, key, remedy=remedy)
    closes = version.consultation_closes
    if closes is None or not version.sound("consultation_closes"):
        return
    if version.effective_from <= closes:
        yield version.fault(
            f"{day_words(version.effective_from)} is not after its consultation",
            "effective_from",
            remedy=f"write a day after {day_words(closes)}",
        )
    if today < closes:
        yield version.fault(
            f"closes on {day_words(closes)}",
            "consultation_closes",
            remedy="leave it proposed until then",
        )
