"""What is wrong in the configuration, where, and the remedy."""

from collections.abc import Iterable
from dataclasses import dataclass

from hearten.errors import CommandError


def joined(what: str, remedy: str) -> str:
    """Return what is wrong and its remedy, if there is one, as one sentence without a full stop."""
    return f"{what}; {remedy}" if remedy else what


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One fault. `line` counts from 1; `what` is wrong, and the `remedy`, where there is one.

    The two are parts of a sentence, which never repeats a value that could be a secret put in the
    wrong place.
    """

    file: str
    line: int
    key: str
    what: str
    remedy: str = ""

    @property
    def message(self) -> str:
        """What is wrong and what to write, in one sentence."""
        return joined(self.what, self.remedy)

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}"
        return f"{place}: {self.key}: {self.message}" if self.key else f"{place}: {self.message}"


class InvalidValueError(ValueError):
    """A value cannot be used: `what` is wrong with it, and the `remedy`, as in a `Fault`."""

    def __init__(self, what: str, remedy: str = "") -> None:
        super().__init__(joined(what, remedy))
        self.what = what
        self.remedy = remedy


class ConfigError(CommandError):
    """The configuration cannot be used. `faults` holds everything that is wrong, by file and line.

    As text: one line for each fault.
    """

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(sorted(set(faults)))
        super().__init__("\n".join(map(str, self.faults)))
