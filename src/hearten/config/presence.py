"""Which configuration files are there: none that held something goes missing quietly."""

import difflib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from evaluator.model.plan import Plan
from hearten.config.bank_holidays import FIRST_YEAR, bank_holidays
from hearten.config.base_model import Entry
from hearten.config.faults import Fault
from hearten.config.yaml_source import read

# What says of a file, in so many words, that it holds nothing any more.
HOLDS_NOTHING = {
    "hearten.yaml": "`product: {name: hearten}`",
    "excused.yaml": "`excused: []`",
    "roles.yaml": "`roles: []`",
    "time_allocation.yaml": "`time_allocation: []`",
}
_ENDINGS = {".yaml", ".yml"}
_ALIKE = 0.8  # as difflib counts: one wrong letter of five, or two of ten
_OF_THE_ORGANISATION = (
    "time_zone",
    "settle_days",
    "product_name",
    "product",
    "closures",
    "dates",
)


@dataclass(frozen=True, slots=True)
class MisspeltFile:
    """A file that nothing reads, and the file that is `meant`."""

    path: Path
    meant: str

    @property
    def fault(self) -> Fault:
        """What is wrong, and the right name."""
        beside = self.path.with_name(self.meant)
        twice = beside.exists() and not beside.samefile(self.path)
        remedy = (
            f"put what it holds into {self.meant}, and move it out of this folder"
            if twice
            else f"rename it to {self.meant}"
        )
        return Fault(str(self.path), 1, "", "is not read", remedy)


def misspelt(folder: Path, files: Mapping[str, type[Entry]]) -> list[MisspeltFile]:
    """Return the files of the folder whose names are almost those of `files`, in order of name.

    What has another file's name and keys of its own is some other program's.
    """
    try:
        there = sorted(path for path in folder.iterdir() if path.is_file())
    except OSError:  # it is said of each file that is needed
        return []
    found = (_misspelt(path, files) for path in there if path.name not in files)
    return [each for each in found if each]


def _misspelt(path: Path, files: Mapping[str, type[Entry]]) -> MisspeltFile | None:
    stem, ending = path.stem.casefold(), path.suffix.casefold()
    if ending not in _ENDINGS:
        return None
    meant = _most_like(stem, files)
    if not meant or (stem != Path(meant).stem and _another_programs(path, files[meant])):
        return None
    return MisspeltFile(path, meant)


def _most_like(stem: str, files: Collection[str]) -> str:
    names = {Path(file).stem: file for file in files}
    close = difflib.get_close_matches(stem, names, n=1, cutoff=_ALIKE)
    return names[close[0]] if close else ""


def _another_programs(path: Path, model: type[Entry]) -> bool:
    content = read(path, str(path), [])
    return bool(content) and model.known_keys().keys().isdisjoint(content or ())


def held_something(previous: Plan | None) -> frozenset[str]:
    """Return the names of the files that held something when `previous` was read, None being never.

    Of one that an earlier version kept it is told by what differs from the defaults; not of the
    guides, whose examples come with hearten.
    """
    if previous is None:
        return frozenset()
    if previous.files is not None:
        return frozenset(previous.files)
    return frozenset(_by_what_differs(previous))


def _by_what_differs(previous: Plan) -> Iterator[str]:
    if previous.excuses:
        yield "excused.yaml"
    default = Plan((), ())
    told = (
        *(getattr(previous, key) != getattr(default, key) for key in _OF_THE_ORGANISATION),
        any(source.bots or source.agents_count for source in previous.sources),
        len(previous.jira_html) > 1,
    )
    if any(told) or _first_holidays(previous.bank_holidays) != _first_holidays(
        bank_holidays("england-and-wales", date(FIRST_YEAR, 1, 1))
    ):
        yield "hearten.yaml"


def _first_holidays(holidays: Iterable[tuple[date, str]]) -> set[date]:
    return {day for day, _ in holidays if day.year == FIRST_YEAR}  # nobody changes them any more


def gone(path: Path) -> Fault:
    """Return that a file, which is to hold something, is empty or not there any more."""
    if path.exists():
        what, remedy = "is empty", "put back what it held"
    else:
        what, remedy = "was there, and is gone", "put it back"
    instead = HOLDS_NOTHING.get(path.name)
    return Fault(
        str(path), 1, "", what, f"{remedy}, or write {instead} in it" if instead else remedy
    )
