"""What is wrong with a key or a value, and what to write, in words that repeat no value."""

import difflib
import re
from collections.abc import Iterable, Mapping

from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from hearten.config.faults import InvalidValueError

_EMPTY = ("must not be empty", "write a value, or remove the line")
_NO_KEYS = ("must hold keys", "write them as `key: value`, indented")
_WRONG_VALUE = {
    "string_type": ("must be text", "put it in quotes"),
    "string_too_short": _EMPTY,
    "too_short": _EMPTY,
    "int_type": ("must be a whole number", "write it in digits alone, without quotes"),
    "bool_type": ("must be true or false", "write one of them, without quotes"),
    "list_type": ("must be a list", "write it as [one, two]"),
    "dict_type": _NO_KEYS,
    "model_type": _NO_KEYS,
    "greater_than_equal": ("must be at least {ge}", "write a larger number"),
    "less_than_equal": ("must be at most {le}", "write a smaller number"),
    "value_error": ("{error}", ""),
}


def what_and_remedy(problem: ErrorDetails, keys: Mapping[str, FieldInfo]) -> tuple[str, str]:
    """Return what pydantic found and what to write, in our words; the remedy may be empty.

    `keys` are those that may be written there.
    """
    key, given = str(problem["loc"][0]), problem.get("ctx", {})
    match problem["type"], given.get("error"):
        case "extra_forbidden", _:
            return "is not a key here", meant(key, keys, "the keys are")
        case "missing", _:
            example = example_of(keys[key])
            return "is missing", f"write `{key}: {example}`" if example else "write it as a list"
        case "string_type", _ if isinstance(problem["input"], list | dict):
            return "must be text, not a list or keys", "write it on one line"
        case "literal_error", _:
            known = re.findall("'([^']*)'", given["expected"])
            return meant(str(problem["input"]), known, "must be one of"), ""
        case _, InvalidValueError(what=what, remedy=remedy):
            return what, remedy
        case kind, _:
            what, remedy = _WRONG_VALUE.get(kind, (problem["msg"], ""))
            return what.format_map(given), remedy


def meant(word: str, known: Iterable[str], otherwise: str) -> str:
    """Return a question with the known word most like `word`, else `otherwise` and all of them."""
    words = sorted(known)
    close = difflib.get_close_matches(word, words, n=1)
    return f"did you mean {close[0]}?" if close else f"{otherwise} {', '.join(words) or 'none yet'}"


def example_of(field: FieldInfo) -> object:
    """Return the first example of a key, None where it has none."""
    return (field.examples or [None])[0]
