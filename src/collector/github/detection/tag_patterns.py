"""Guesses, from names alone, which environments are production and which tags belong together."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from collector.github.evidence.tag_times import time_in_name
from evaluator.model.evidence import Production
from evaluator.model.facts import Evidence
from evaluator.model.production_names import (
    ELSEWHERE,
    PRODUCTION,
    looks_like_elsewhere,
    looks_like_production,
)

_PACKAGES = re.compile(
    r"(?<![a-z])((test)?pypi|npm(js)?|nuget|rubygems|maven([-_ ]central)?|sonatype|packagist"
    r"|crates([._-]?io)?|hackage|cocoapods|docker[-_ ]?hub|ghcr([._-]?io)?)(?![a-z])",
    re.IGNORECASE,
)
_SITES = re.compile(r"(github|gh)-pages|read-?the-?docs|(?<![a-z])docs?(?![a-z])", re.IGNORECASE)
_AGENT = re.compile("copilot", re.IGNORECASE)
_DEPLOYING = re.compile(r"deploy|release", re.IGNORECASE)
# What stands for production in a tag's name, with what divides it from the rest.
_HEAD = re.compile(rf".*?({PRODUCTION.pattern})[^-_./\d]*[-_./]?(v(?=\d|$))?", re.IGNORECASE)
_VERSION_WORD = re.compile(r"(?<![a-z])(v|ver|version|rel|releases?)[-_./]?$", re.IGNORECASE)
_IN_A_NUMBER = re.compile(r"\d[.+]?$")
_ANY_NUMBERS = r"\d+([._+-]\d+)*"
_NUMBERS = (  # the first that fits all of a family and nothing else of the repository
    r"\d+(\.\d+)*",
    r"\d+(\.\d+)+",
    r"\d+(\.\d+){2,}",
    _ANY_NUMBERS,
    r"\d+(\.\d+)+([._+-]\d+)*",
)
_OF_A_PRODUCT = re.compile(r"\d{1,3}[-_](?=\d+\.\d|\d{4}-\d{2}-\d{2})")
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
_WHOLE_VERSION = 3  # numbers in it
_SCATTERED = 3  # so many styles of one tag each are one style

# What stands before the varying part of a tag, and that: a date's format, or a pattern.
_Style = tuple[str, str]


@dataclass(frozen=True, slots=True)
class TagFamily:
    """Tags of one style: `pattern` matches their whole names, `at` is the date's format in them.

    `but_for` are patterns of other tags that it would match too.
    """

    pattern: str
    at: str
    names: tuple[str, ...]
    but_for: tuple[str, ...] = ()

    def production(self, evidence: Evidence) -> Production:
        """Return what counts such tags; only tags themselves are dated by their names."""
        at = self.at if evidence is Evidence.TAG else ""
        return Production(evidence, pattern=self.pattern, at=at, not_production=self.but_for)


def looks_like_production_of_a_service(environment: str) -> bool:
    """Whether an environment is named as production, and not as where a library is published."""
    return looks_like_production(environment) and not not_of_a_service(environment)


def not_of_a_service(environment: str) -> str:
    """Return what an environment is that is no production of a service; empty for others."""
    if _PACKAGES.search(environment):
        return (
            f"`{environment}` is where packages are published: no production of a service. "
            "For a library, list it in `environments`."
        )
    if _SITES.search(environment):
        return f"`{environment}` is a site that shows pages, most often of documentation."
    if _AGENT.fullmatch(environment):
        return f"`{environment}` is where a coding agent works: no production."
    return ""


def looks_like_deploying(name: str) -> bool:
    """Whether a workflow is named as one that brings something to production."""
    if looks_like_elsewhere(name):
        return False
    return looks_like_production(name) or _DEPLOYING.search(name) is not None


def families(names: Iterable[str]) -> list[TagFamily]:
    """Return the families that look like versions or production: those named so first, then larger.

    Names that belong to none (`dev-12`, `v2.0-rc1`, `nightly`) are left out, and so is a tag that
    only moves with the newest version (`v1` beside `v1.2.3`). A pattern matches its family whole,
    and as far as can be none of the other `names`.
    """
    every = list(dict.fromkeys(names))
    members: dict[_Style, list[str]] = {}
    for name in every:
        if style := _style(name):
            members.setdefault(style, []).append(name)
    _join_by_head(members)
    for style in [style for style in members if style[1] == _ANY_NUMBERS]:
        _join_what_fits(style, members)
    found = [_family(style, them, every) for style, them in members.items()]
    return sorted(found, key=lambda f: (not looks_like_production(f.names[0]), -len(f.names)))


def _style(name: str) -> _Style | None:
    """Return the style of a tag, None where it looks like neither a version nor production."""
    version, (date, form) = _version(name), _date(name)
    if form and (version is None or date <= version):
        start = name[:date]
        dotted = re.search(r"\d\.\d", start)  # a build of a version that has its day in its name
        stage = looks_like_elsewhere(start) or ELSEWHERE.search(name[date:])
        return None if dotted or stage else (start, form)
    if version is not None:
        start = name[:version]
        sure = "." in name[version:] or _VERSION_WORD.search(start) or looks_like_production(start)
        return (start, _ANY_NUMBERS) if sure and not looks_like_elsewhere(start) else None
    return _by_head(name)


def _by_head(name: str) -> _Style | None:
    """Return the style of a tag that is named as production and has no number, or no sure one."""
    before_digits = re.split(r"\d", name, maxsplit=1)[0]
    head = _HEAD.match(name) if looks_like_production(before_digits) else None
    if head is None or looks_like_elsewhere(before_digits):
        return None
    return head.group(), ".*" if name != head.group() else ""


def _version(name: str) -> int | None:
    """Return where the version begins that the name ends with: digits of a product are none."""
    starts = [at for at in _digits(name) if re.fullmatch(_ANY_NUMBERS, name[at:])]
    for at in starts:
        if not name[:at] or not name[at - 1].isalpha() or _is_a_word(name[:at]):
            product = _OF_A_PRODUCT.match(name, at) if at else None
            return product.end() if product else at
    return next((at for at in starts if "." in name[at:]), None)


def _is_a_word(start: str) -> bool:
    """Whether what comes before a number is a word for a version, or for production."""
    named = looks_like_production(start) and _HEAD.fullmatch(start)
    return bool(named or _VERSION_WORD.search(start))


def _date(name: str) -> tuple[int, str]:
    """Return where a date begins in the name, and its format; the format is empty where none is."""
    for start in _digits(name):
        for form, pattern in _DATES.items():
            date = re.match(pattern, name[start:])
            at = time_in_name(date.group(), form, _UTC) if date else None
            if at and at.year in _YEARS and at == time_in_name(name, form, _UTC):
                return start, form
    return 0, ""


def _digits(name: str) -> Iterator[int]:
    """Yield where numbers begin that are not the rest of one."""
    for digits in re.finditer(r"\d+", name):
        if not _IN_A_NUMBER.search(name, 0, digits.start()):
            yield digits.start()


def _join_by_head(members: dict[_Style, list[str]]) -> None:
    """Join the numbered tags of a head of production whose others have no common style."""
    numbered = [style for style in members if style[1] == _ANY_NUMBERS]
    heads: dict[str, list[_Style]] = {}
    for style in numbered:
        if looks_like_production(style[0]) and (found := _HEAD.match(style[0])):
            heads.setdefault(found.group(), []).append(style)
    for head, styles in heads.items():
        scattered = len(styles) >= _SCATTERED and all(len(members[s]) == 1 for s in styles)
        if scattered or (head, ".*") in members:
            joined = members.setdefault((head, ".*"), [])
            joined += [name for style in styles for name in members.pop(style)]


def _join_what_fits(style: _Style, members: dict[_Style, list[str]]) -> None:
    """Join the styles whose tags the pattern of a style of versions matches too."""
    if style not in members:
        return
    start, numbers = style[0], _narrowest(style[0], members[style], ())
    for other in [each for each in members if each != style and each[1] not in {"", ".*"}]:
        if _fits(numbers, start, members[other], any):
            members[style] += members.pop(other)


def _family(style: _Style, names: Sequence[str], every: Iterable[str]) -> TagFamily:
    start, kind = style
    own = _without_moving(start, names) if kind == _ANY_NUMBERS else list(names)
    others = [name for name in every if name not in own]
    known = re.sub(r"([\\.^$*+?{}\[\]|()])", r"\\\1", start)
    if kind == _ANY_NUMBERS:
        return TagFamily(known + _narrowest(start, own, others), "", tuple(own))
    if kind not in _DATES:
        but_for = _but_for(known, others) if kind else ()
        return TagFamily(known + kind, "", tuple(own), but_for)
    date = _DATES[kind].removesuffix(r"(?!\d)")
    if all(re.fullmatch(re.escape(start) + date, name) for name in own):
        return TagFamily(known + date, kind, tuple(own))
    return TagFamily(f"{known}{date}.*", kind, tuple(own), _but_for(known + date, others))


def _narrowest(start: str, names: Iterable[str], others: Iterable[str]) -> str:
    """Return the first pattern for numbers that fits all `names`, and none of the `others`."""
    fitting = [each for each in _NUMBERS if _fits(each, start, names, all)]
    alone = (each for each in fitting if not _fits(each, start, others, any))
    return next(alone, fitting[0])


def _fits(
    pattern: str, start: str, names: Iterable[str], how: Callable[[Iterable[bool]], bool]
) -> bool:
    return how(re.fullmatch(re.escape(start) + pattern, name) is not None for name in names)


def _without_moving(start: str, names: Sequence[str]) -> list[str]:
    """Return the names but those that move with the newest version, as `v1` beside `v1.2.3`."""
    numbers = {name: name.removeprefix(start).split(".") for name in names}
    whole = [parts for parts in numbers.values() if len(parts) >= _WHOLE_VERSION]
    moving = {
        name
        for name, parts in numbers.items()
        if len(parts) < _WHOLE_VERSION and any(each[: len(parts)] == parts for each in whole)
    }
    unmoved = [parts for name, parts in numbers.items() if name not in moving]
    if any(len(numbers[name]) == 1 for name in moving) and unmoved == whole:
        return [name for name in names if name not in moving]
    return list(names)


def _but_for(known: str, others: Iterable[str]) -> tuple[str, ...]:
    """Return patterns for the other tags that `.*` behind a pattern would match."""
    matched = [rest.group(1) for name in others if (rest := re.fullmatch(f"{known}(.*)", name))]
    words = sorted({word.group() for rest in matched if (word := ELSEWHERE.search(rest))})
    dates = [
        date.removesuffix(r"(?!\d)")
        for date in _DATES.values()
        if any(re.match(date, rest) for rest in matched)
    ]
    return tuple(f"{known}{banned}.*" for banned in (*dates, *(f".*{word}" for word in words)))
