"""What is wrong in the configuration, with the place to mend it."""

from collections.abc import Iterable
from dataclasses import dataclass

from hearten.errors import CommandError


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing to mend. `line` counts from 1; `message` says what is wrong and what to write.

    No message repeats a value that could be a secret put in the wrong place.
    """

    file: str
    line: int
    key: str
    message: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}"
        return f"{place}: {self.key}: {self.message}" if self.key else f"{place}: {self.message}"


class ConfigError(CommandError):
    """The configuration cannot be used. `faults` holds everything that is wrong, by file and line.

    As text: one line for each fault.
    """

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(sorted(set(faults)))
        super().__init__("\n".join(map(str, self.faults)))
