"""What is wrong with a key or a value, and what to write, in a sentence that repeats no value."""

import difflib
import re
from collections.abc import Iterable, Mapping

from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

_WRONG_VALUE = {
    "string_type": "must be text; put it in quotes",
    "string_too_short": "must not be empty; write a value, or remove the line",
    "too_short": "must not be empty; write a value, or remove the line",
    "int_type": "must be a whole number; write it in digits alone, without quotes",
    "bool_type": "must be true or false; write one of them, without quotes",
    "list_type": "must be a list; write it as [one, two]",
    "dict_type": "must hold keys; write them as `key: value`, indented",
    "model_type": "must hold keys; write them as `key: value`, indented",
    "greater_than_equal": "must be at least {ge}; write a larger number",
    "less_than_equal": "must be at most {le}; write a smaller number",
    "value_error": "{error}",
}


def sentence(problem: ErrorDetails, keys: Mapping[str, FieldInfo]) -> str:
    """Return what pydantic found, in our words; `keys` are those that may be written there."""
    key = str(problem["loc"][0])
    match problem["type"]:
        case "extra_forbidden":
            return "is not a key here; " + meant(key, keys, "the keys are")
        case "missing":
            example = example_of(keys[key])
            return "is missing; write " + (f"`{key}: {example}`" if example else "it as a list")
        case "string_type" if isinstance(problem["input"], list | dict):
            return "must be text, not a list or keys; write it on one line"
        case "literal_error":
            known = re.findall("'([^']*)'", problem["ctx"]["expected"])
            return meant(str(problem["input"]), known, "must be one of")
        case kind:
            return _WRONG_VALUE.get(kind, problem["msg"]).format_map(problem.get("ctx", {}))


def meant(word: str, known: Iterable[str], otherwise: str) -> str:
    """Return a question with the known word most like `word`, else `otherwise` and all of them."""
    words = sorted(known)
    close = difflib.get_close_matches(word, words, n=1)
    return f"did you mean {close[0]}?" if close else f"{otherwise} {', '.join(words) or 'none yet'}"


def example_of(field: FieldInfo) -> object:
    """Return the first example of a key, None where it has none."""
    return (field.examples or [None])[0]
