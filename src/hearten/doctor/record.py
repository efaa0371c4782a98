"""The clock, the database, and how new what is kept in it is."""

import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from evaluator.model.facts import Coverage
from evaluator.wording import amount, difference_words
from hearten.doctor.findings import OPERATOR, CheckedSection, Finding, names, section
from store.errors import StoreError
from store.store import Store

_SAME_TIME = timedelta(seconds=60)
_STALE = timedelta(days=2)
_LITTLE = 100 * 1024 * 1024  # bytes
_GIB = 1024**3


def look_at_clock(ahead: timedelta | None, zone: ZoneInfo) -> CheckedSection:
    """Return what is found of the clock; `ahead` is how far it is ahead of GitHub's."""
    days = f"days begin in {zone.key}"
    if ahead is None:
        return section("Clock", ["not compared with GitHub's", days], [])
    said = f"{difference_words(ahead)} {'behind' if ahead < timedelta() else 'ahead of'} GitHub's"
    if abs(ahead) <= _SAME_TIME:
        return section("Clock", [said, days], [])
    remedy = "Let the machine take its time from a time server (NTP)."
    what = f"This machine's clock is {said}."
    return section("Clock", [days], [Finding("clock", what, OPERATOR, remedy)])


def _free_space(file: Path) -> int:
    return shutil.disk_usage(file.absolute().parent).free


def look_at_database(
    store: Store | StoreError | Path,
    sources: Iterable[str],
    *,
    now: datetime,
    free_space: Callable[[Path], int] = _free_space,
) -> CheckedSection:
    """Return what is found of the database, of why it could not be opened, or of its place.

    `free_space` says how many bytes are free on the disk of a file.
    """
    if isinstance(store, Path):
        return _not_there_yet(store)
    try:
        if isinstance(store, StoreError):
            raise store
        health = store.health()
        coverage = store.facts.coverage()
    except StoreError as error:
        remedy = error.remedy or (
            "Correct HEARTEN_DATABASE_URL, or see that the database can be written."
        )
        found = [Finding("HEARTEN_DATABASE_URL", error.what, OPERATOR, remedy)]
        return section("Database", ["nothing can be kept"], found)
    said = [f"{health.engine}, at the newest version"]
    findings: list[Finding] = []
    if health.file:
        free = free_space(health.file)
        said.append(f"{free / _GIB:.1f} GiB free")
        findings += _little_space(health.file, free)
        findings += _open_to_others(health.file, health.open_to_others)
    fresh, stale = _fresh_and_stale(sources, coverage, now)
    asked = len(fresh) + len(stale)
    said.append(
        f"{len(fresh)} of {amount(asked, 'sources')} completely read within 2 days"
        if asked
        else "nothing is collected yet"
    )
    findings += _not_fresh(stale)
    return section("Database", said, findings)


def _not_there_yet(file: Path) -> CheckedSection:
    """What is found where the first `hearten collect` would make an SQLite file."""
    folder = next(each for each in file.parents if each.exists())
    if folder.is_dir() and os.access(folder, os.W_OK | os.X_OK):
        said = f"SQLite, not there yet: the first `hearten collect` makes {file}"
        return section("Database", [said], [])
    what = f"There is none yet, and none can be made at {file}: {folder} cannot be written."
    remedy = (
        "Give the user that runs hearten write access to that folder, or name another place in "
        "HEARTEN_DATABASE_URL."
    )
    found = Finding("HEARTEN_DATABASE_URL", what, OPERATOR, remedy)
    return section("Database", ["nothing can be kept"], [found])


def _little_space(file: Path, free: int) -> Iterator[Finding]:
    if free < _LITTLE:
        what = f"There are only {amount(free // 1024**2, 'megabytes')} of space left beside it."
        remedy = "Make space on that disk, or move the database to another one."
        yield Finding(file.name, what, OPERATOR, remedy)


def _open_to_others(file: Path, found: Sequence[Path]) -> Iterator[Finding]:
    if found:
        which = names([each.name for each in found])
        what = f"Any user of this machine may read or write {which}."
        remedy = (
            f"Run `chmod o-rwx {file.absolute()}*`. hearten gives no rights to others by itself."
        )
        yield Finding(file.name, what, OPERATOR, remedy)


def _fresh_and_stale(
    sources: Iterable[str], coverage: Mapping[str, Coverage], now: datetime
) -> tuple[list[str], list[str]]:
    """The sources that were asked before, by whether their last whole read is new."""
    asked = [source for source in sources if source in coverage]
    reads = {source: coverage[source].read_started for source in asked}
    fresh = [source for source, at in reads.items() if at is not None and now - at <= _STALE]
    return fresh, sorted(set(asked) - set(fresh))


def _not_fresh(sources: list[str]) -> Iterator[Finding]:
    if sources:
        were = "was" if len(sources) == 1 else "were"
        what = f"{amount(len(sources), 'sources')} {were} not completely read within 2 days: "
        remedy = "Run `hearten collect`; `hearten status` says what is missing of each."
        yield Finding("collect", f"{what}{names(sources)}.", OPERATOR, remedy)
