"""What may be wrong with the environment: faults that say what to set, and never a value."""

from collections.abc import Iterable
from dataclasses import dataclass

from pydantic_core import ErrorDetails

from hearten.config.faults import InvalidValueError
from hearten.errors import CommandError

PREFIX = "HEARTEN_"


@dataclass(frozen=True, slots=True)
class SettingsFault:
    """What is wrong with the environment, in parts of a sentence that hold no value.

    `variables` are those that it is about. `what` follows the name of the first of them, or the
    `subject`, where that is something else. The `remedy` may be empty; `between` stands before it.
    """

    variables: tuple[str, ...]
    what: str
    remedy: str = ""
    subject: str = ""
    between: str = "; "

    def __str__(self) -> str:
        found = f"{self.subject or self.variables[0]} {self.what}"
        return f"{found}{self.between}{self.remedy}." if self.remedy else f"{found}."


class SettingsError(CommandError):
    """The environment cannot be used. As text: one line for each of the `faults`."""

    def __init__(self, faults: Iterable[SettingsFault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(map(str, self.faults)))


class InvalidTogetherError(ValueError):
    """Settings that are right each for itself do not go together."""

    def __init__(self, faults: list[SettingsFault]) -> None:
        super().__init__("settings do not go together")
        self.faults = faults


def variable_of(field: str) -> str:
    """Return the environment variable of a field of the settings."""
    return PREFIX + field.upper()


def fault_of(variable: str, error: ValueError) -> SettingsFault:
    """Return the fault that an error about the value of `variable` is."""
    if isinstance(error, InvalidValueError):
        return SettingsFault((variable,), error.what, error.remedy)
    return SettingsFault((variable,), str(error))


def faults_of(problem: ErrorDetails) -> list[SettingsFault]:
    """Return the faults that one of the problems is which pydantic found."""
    error = problem.get("ctx", {}).get("error")
    if isinstance(error, InvalidTogetherError):
        return error.faults
    variable = variable_of(str(problem["loc"][0]))
    if isinstance(error, ValueError):
        return [fault_of(variable, error)]
    return [SettingsFault((variable,), f"must be {_what_must_be(problem)}")]


def _what_must_be(problem: ErrorDetails) -> str:
    match problem["type"]:
        case "int_parsing":
            return "a whole number"
        case "float_parsing":
            return "a number"
        case "bool_parsing":
            return "on or off"
        case _:
            return problem["msg"].replace("'", "").removeprefix("Input should be ")
