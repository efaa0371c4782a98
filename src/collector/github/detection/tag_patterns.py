"""Guesses, from names alone, which environments are production and which tags belong together."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from collector.github.evidence.tag_times import time_in_name
from evaluator.model.production_names import (
    PRODUCTION,
    looks_like_elsewhere,
    looks_like_production,
)

_DEPLOYING = re.compile(r"deploy|release", re.IGNORECASE)
# What stands for production in a tag's name, with what divides it from the rest.
_HEAD = re.compile(rf".*?({PRODUCTION.pattern})[^-_./\d]*[-_./]?(v(?=\d))?", re.IGNORECASE)
_VERSION_WORD = re.compile(r"(?<![a-z])(v|ver|version|rel|releases?)[-_./]?$", re.IGNORECASE)
_PLAIN_NUMBERS = r"\d+(\.\d+)*"
_ANY_NUMBERS = r"\d+([._+-]\d+)*"
_DATES = {  # strptime formats of the date with which the rest of a name may begin
    "%Y-%m-%d": r"\d{4}-\d{2}-\d{2}",
    "%Y_%m_%d": r"\d{4}_\d{2}_\d{2}",
    "%Y/%m/%d": r"\d{4}/\d{2}/\d{2}",
    "%Y.%m.%d": r"\d{4}\.\d{2}\.\d{2}",
    "%Y%m%d%H%M%S": r"\d{14}(?!\d)",
    "%Y%m%d%H%M": r"\d{12}(?!\d)",
    "%Y%m%d": r"\d{8}(?!\d)",
}
_YEARS = range(2000, 2100)
_UTC = ZoneInfo("UTC")


@dataclass(frozen=True, slots=True)
class TagFamily:
    """Tags of one style: `pattern` matches their whole names, `at` is the date's format in them."""

    pattern: str
    at: str
    names: tuple[str, ...]


def looks_like_deploying(name: str) -> bool:
    """Whether a workflow is named as one that brings something to production."""
    if looks_like_elsewhere(name):
        return False
    return looks_like_production(name) or _DEPLOYING.search(name) is not None


def families(names: Iterable[str]) -> list[TagFamily]:
    """Return the families that look like versions or production: those named so first, then larger.

    Names that belong to none (`dev-12`, `v2.0-rc1`, `nightly`) are left out.
    """
    members: dict[tuple[str, str], list[str]] = {}
    for name in names:
        if key := _style(name):
            members.setdefault(key, []).append(name)
    found = [_family(key, tuple(them)) for key, them in members.items()]
    return sorted(found, key=lambda f: (not looks_like_production(f.names[0]), -len(f.names)))


def _style(name: str) -> tuple[str, str] | None:
    """What stands before the varying part, and the style of that: a date's format or a pattern."""
    before_digits = re.split(r"\d", name, maxsplit=1)[0]
    if looks_like_elsewhere(before_digits):
        return None
    head = _HEAD.match(name) if looks_like_production(before_digits) else None
    start = head.group() if head else before_digits
    rest = name.removeprefix(start)
    for form, pattern in _DATES.items():
        date = re.match(pattern, rest)
        at = time_in_name(date.group(), form, _UTC) if date else None
        if at and at.year in _YEARS:
            return start, form
    if re.fullmatch(_ANY_NUMBERS, rest):
        version = head or "." in rest or _VERSION_WORD.search(start)
        return (start, _ANY_NUMBERS) if version else None
    if head:
        return start, ".*" if rest else ""
    return None


def _family(style: tuple[str, str], names: tuple[str, ...]) -> TagFamily:
    start, kind = style
    known = re.sub(r"([\\.^$*+?{}\[\]|()])", r"\\\1", start)
    if kind in _DATES:
        date = _DATES[kind].removesuffix(r"(?!\d)")
        more = "" if all(re.fullmatch(re.escape(start) + date, n) for n in names) else ".*"
        return TagFamily(f"{known}{date}{more}", kind, names)
    if kind == _ANY_NUMBERS and all(
        re.fullmatch(_PLAIN_NUMBERS, name.removeprefix(start)) for name in names
    ):
        kind = _PLAIN_NUMBERS
    return TagFamily(known + kind, "", names)
