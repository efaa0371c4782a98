r"""Configured patterns: regular expressions for whole names, matched without backtracking.

Python's own engine may take years over one name. RE2 takes time that grows with the name's length
alone, and has no look-around and no back-references. A pattern means what it means to Python: what
`\d`, `\w` and `\s` match of Unicode is written out for RE2. Only `\b` knows ASCII alone.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

LONGEST_NAME = 1000  # characters: more than any name on GitHub or Jira has
LONGEST_PATTERN = 1000
_KEPT = 1024  # patterns: more than any organisation has
_SPACES = r"\t-\r\x1c- \x{85}\p{Z}"
_PUNCTUATION = r"\p{Pd}\p{Ps}\p{Pe}\p{Pi}\p{Pf}\p{Po}"
_JOINING = r"\x{203f}\x{2040}\x{2054}\x{fe33}\x{fe34}\x{fe4d}-\x{fe4f}\x{ff3f}"  # all but `_`
_CONTROLS = r"\x00-\x08\x0e-\x1b\x{7f}-\x{84}\x{86}-\x{9f}\p{Cf}\p{Co}"
_IN_CLASS = {  # what Python's shorthands mean, as parts of a class
    "d": r"\p{Nd}",
    "D": r"\P{Nd}",
    "w": r"\p{L}\p{N}_",
    "W": rf"\p{{M}}\p{{S}}\p{{Z}}\p{{C}}{_PUNCTUATION}{_JOINING}",
    "s": _SPACES,
    "S": rf"\p{{L}}\p{{M}}\p{{N}}\p{{P}}\p{{S}}{_CONTROLS}",
}
_ALONE = {
    **{letter: f"[{part}]" for letter, part in _IN_CLASS.items()},
    "W": f"[^{_IN_CLASS['w']}]",
    "S": f"[^{_SPACES}]",
    "Z": r"\z",
}
_TOKEN = re.compile(
    r"(?P<escape>\\.)|(?P<begin>\[\^?\]?)|(?P<end>\])|(?P<least>\{,(?=\d*\}))|.", re.DOTALL
)


class PatternError(ValueError):
    """A pattern cannot be used.

    `valid` is whether it is a regular expression, and only asks for what RE2 does not do.
    """

    def __init__(self, what: str, *, valid: bool) -> None:
        super().__init__(what)
        self.valid = valid


def check(pattern: str) -> None:
    """Do nothing where names can be matched with the pattern. Errors: PatternError."""
    if len(pattern) > LONGEST_PATTERN:
        raise PatternError(f"has more than {LONGEST_PATTERN} characters", valid=False)
    try:
        re.compile(pattern)
    except RecursionError:
        raise PatternError("has too many brackets in each other", valid=False) from None
    except (re.error, OverflowError) as error:
        raise PatternError(str(error), valid=False) from None
    _compiled(pattern, any_case=False)


def usable(pattern: str) -> bool:
    """Whether names can be matched with the pattern."""
    return _matcher(pattern, any_case=False) is not None


def refused(text: str) -> bool:
    """Whether what may also be a name is a regular expression that RE2 does not do.

    Python takes a name such as `c++` for one too.
    """
    try:
        check(text)
    except PatternError as error:
        return error.valid and any(sign in text for sign in ("(?", "\\", "{"))
    return False


def fits(pattern: str, name: str, *, any_case: bool = False) -> bool:
    """Whether the whole of `name` is as the pattern has it: never where one cannot be used."""
    if len(name) > LONGEST_NAME:
        return False
    matcher = _matcher(pattern, any_case=any_case)
    return matcher is not None and matcher.fullmatch(_whole(name)) is not None


def first_match(pattern: str, name: str, start: int = 0) -> tuple[int, int] | None:
    """Return where the pattern first fits a part of `name` from `start` on, None for nowhere.

    Errors: PatternError.
    """
    found = _compiled(pattern, any_case=False).search(_whole(name), start)
    span: tuple[int, int] | None = found and found.span()
    return span


@lru_cache(maxsize=_KEPT)
def _matcher(pattern: str, *, any_case: bool) -> Any:
    try:
        check(pattern)
        return _compiled(pattern, any_case=any_case)
    except PatternError:
        return None


@lru_cache(maxsize=_KEPT)
def _compiled(pattern: str, *, any_case: bool) -> Any:  # that has no types
    import re2  # noqa: PLC0415 - few commands match names

    options: Any = re2.Options()
    options.log_errors = False
    options.never_capture = True
    options.case_sensitive = not any_case
    try:
        return re2.compile("".join(_as_re2(pattern)), options)
    except (re2.error, UnicodeEncodeError) as error:
        said = error.args[0] if isinstance(error, re2.error) else b"half a character"
        raise PatternError(said.decode(errors="replace"), valid=True) from None


def _whole(name: str) -> str:
    """Return the name with a question mark for each half of a character: RE2 takes none."""
    return name if name.isascii() else name.encode(errors="replace").decode()


def _as_re2(pattern: str) -> Iterator[str]:
    """Yield the parts of the pattern, each as RE2 writes what it means to Python."""
    in_class = False
    for token in _TOKEN.finditer(pattern):
        text = token.group()
        match token.lastgroup:
            case "escape":
                yield (_IN_CLASS if in_class else _ALONE).get(text[1], text)
            case "begin" if in_class:  # Python knows no classes such as `[:alpha:]`
                yield text.replace("[", r"\[", 1)
                in_class = not text.endswith("]")
            case "begin":
                yield text
                in_class = True
            case "end":
                yield text
                in_class = False
            case "least" if not in_class:
                yield "{0,"
            case _:
                yield text
