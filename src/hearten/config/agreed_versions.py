"""What was agreed stays agreed: a version that has been in force is not quietly edited."""

from collections.abc import Iterator
from datetime import date

from evaluator.model import plan
from evaluator.model.plan import Plan, VersionStatus
from hearten.config.faults import Fault
from hearten.config.targets import TargetEntry, TargetsFile, VersionEntry

_REMEDY = "put it back, or write a `correction_reason`, which is shown with the target"


def edits_of_the_past(file: TargetsFile, previous: Plan, today: date) -> list[Fault]:
    """Return every change to what judged periods before `today`, a local day, without a reason.

    `previous` is the plan stored last. Ending a version today or later is no such change, nor is a
    target that is new altogether.
    """
    found: list[Fault] = []
    written = {target.id: target for target in file.targets}
    for old in previous.targets:
        target = written.get(old.id)
        if target is not None:
            found += _of_target(target, old, today)
        elif file.ids is not None and any(_was_in_force(v, today) for v in old.versions):
            found.append(
                file.fault(
                    f"{old.id} was agreed and has been in force",
                    "targets",
                    remedy="put it back, and end it with `effective_to`",
                )
            )
    return found


def _of_target(target: TargetEntry, old: plan.Target, today: date) -> Iterator[Fault]:
    if not target.sound("versions", "measure"):
        return
    written = {version.effective_from for version in target.versions}
    known = {v.effective_from: v for v in old.versions}
    for agreed in old.versions:
        if agreed.effective_from not in written and _was_in_force(agreed, today):
            yield target.fault(
                f"the version of {agreed.effective_from} was agreed and has been in force",
                "versions",
                remedy="put it back, or keep it as `status: retired` with a `correction_reason`",
            )
    for version in target.versions:
        before = known.get(version.effective_from)
        if _changes_the_past(version, before, today, measured=target.measure != old.measure):
            what = "was agreed and has been in force" if _agreed(before) else "would judge the past"
            yield version.fault(what, "effective_from", remedy=_REMEDY)


def _changes_the_past(
    version: VersionEntry, before: plan.TargetVersion | None, today: date, *, measured: bool
) -> bool:
    """Whether the version, as written now, judges past periods otherwise, and does not say why."""
    if version.effective_from >= today or not _sound(version):
        return False
    if version.correction_reason and version.correction_reason != _reason(before):
        return False
    now_agreed = version.status == "agreed"
    if before is None or before.status is not VersionStatus.AGREED:
        return now_agreed
    return (
        measured
        or not now_agreed
        or version.minimum != before.minimum
        or _past_end(version.effective_to, today) != _past_end(before.effective_to, today)
    )


def _past_end(day: date | None, today: date) -> date | None:
    """Return the last day of a version where it is past; an end to come changes nothing past."""
    return day if day is not None and day < today else None


def _was_in_force(version: plan.TargetVersion, today: date) -> bool:
    return version.status is VersionStatus.AGREED and version.effective_from < today


def _agreed(version: plan.TargetVersion | None) -> bool:
    return version is not None and version.status is VersionStatus.AGREED


def _reason(version: plan.TargetVersion | None) -> str:
    return version.correction_reason if version else ""


def _sound(version: VersionEntry) -> bool:
    return version.sound("effective_from", "effective_to", "minimum", "status")
