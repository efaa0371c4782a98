"""Suggestions as YAML to paste into teams.yaml, and the same as data."""

from collections.abc import Iterable, Iterator
from typing import Any
from zoneinfo import ZoneInfo

import yaml
from rich.console import Console
from rich.text import Text

from collector.github.detection.candidates import Candidate, DetectedEvidence
from collector.github.evidence.registry import evidence_kind
from evaluator.model.evidence import Production
from evaluator.model.serialization import utc_text
from evaluator.wording import day_words, instant_words

_INDENT = " " * 6  # as below `repositories:` of a team
_SHA = 7
_ENVIRONMENTS = 12
_PATTERNS = ("tags", "at", "not_production")


class _Pattern(str):
    """A text that is written in quotes even where it could do without, for whoever edits it."""

    __slots__ = ()


class _Dumper(yaml.SafeDumper):
    """Writes YAML."""


_Dumper.add_representer(
    _Pattern, lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", text, style="'")
)


def print_suggestions(
    repositories: Iterable[DetectedEvidence], zone: ZoneInfo, console: Console
) -> None:
    """Print a stanza for each repository, then as comments what it would count and what else is."""
    for detected in repositories:
        lines = [
            *_stanza(detected),
            *(f"# {line}".rstrip() for line in _comments(detected, zone)),
            "",
        ]
        for line in lines:
            console.print(Text(f"{_INDENT}{line}".rstrip()), soft_wrap=True)


def suggestions_data(repositories: Iterable[DetectedEvidence]) -> list[dict[str, Any]]:
    """Return the same as plain data for JSON."""
    return [
        {
            "repository": detected.repository,
            "renamed_to": detected.renamed_to or None,
            "archived": detected.archived,
            "default_branch": detected.default_branch or None,
            "environments": list(detected.environments),
            "stanza": {"name": _name(detected), **_entry(detected.best.production)},
            "candidates": [_candidate_data(candidate) for candidate in detected.candidates],
            "notes": list(detected.notes),
        }
        for detected in repositories
    ]


def _candidate_data(candidate: Candidate) -> dict[str, Any]:
    return {
        **_entry(candidate.production),
        "seen": candidate.count,
        "in_use": candidate.in_use,
        "notes": list(candidate.notes),
        "events": [
            {"label": e.name, "sha": e.sha, "url": e.url, "at": utc_text(e.at)}
            for e in candidate.events
        ],
    }


def _stanza(detected: DetectedEvidence) -> list[str]:
    production = detected.best.production
    branch = [f"  branch: {_quoted(production.branch)}"] if production.branch else []
    return [f"- name: {_name(detected)}", *branch, f"  production: {_text(production)}"]


def _comments(detected: DetectedEvidence, zone: ZoneInfo) -> Iterator[str]:
    best = detected.best
    if detected.renamed_to:
        yield f"{detected.repository} is called {detected.renamed_to} today."
    if detected.archived:
        yield "It is archived: nothing new reaches production from it."
    if not detected.default_branch:
        yield "It is empty: nothing was ever committed to it."
    if best.events:
        urls = {event.url for event in best.events}
        shared = f", at {best.events[0].url}" if len(urls) == 1 else ""
        yield f"{_seen(best)} would count; the newest {len(best.events)}{shared}:"
        for event in best.events:
            at = instant_words(event.at, zone) if event.at else ""
            url = "" if shared else event.url
            yield f"  {at}  {_line(event.name)}  {event.sha[:_SHA]}  {url}".rstrip()
    yield from map(_line, best.notes)
    others = [candidate for candidate in detected.candidates if candidate is not best]
    if others:
        yield "In its place, if that is not what your production is:"
    for other in others:
        branch = f"branch: {_quoted(other.production.branch)}, " if other.production.branch else ""
        stanza = f"{branch}production: {_text(other.production)}"
        yield f"  {stanza}  {_about(other, detected, zone)}".rstrip()
        yield from (f"    {_line(note)}" for note in other.notes)
    if detected.environments:
        shown = ", ".join(map(_line, detected.environments[:_ENVIRONMENTS]))
        more = len(detected.environments) - _ENVIRONMENTS
        yield f"Environments seen: {shown}{f' and {more} more' if more > 0 else ''}"
    yield from map(_line, detected.notes)
    if detected.unread:
        yield f"Not looked at: {detected.unread}"


def _about(candidate: Candidate, detected: DetectedEvidence, zone: ZoneInfo) -> str:
    at = candidate.events[0].at if candidate.events else None
    if at is None:
        return "# not looked at; --all does" if detected.default_branch else ""
    rest = "" if candidate.in_use else ", long before what is newest there"
    return f"# {_seen(candidate)}, the newest on {day_words(at.astimezone(zone).date())}{rest}"


def _seen(candidate: Candidate) -> str:
    return f"{candidate.count} of the {evidence_kind(candidate.production).events} looked at"


def _name(detected: DetectedEvidence) -> str:
    return detected.renamed_to or detected.repository


def _entry(production: Production) -> dict[str, Any]:
    """The keys of the repository's entry in teams.yaml that say what production is."""
    branch = {"branch": production.branch} if production.branch else {}
    return {**branch, "production": _keys(production)}


def _keys(production: Production) -> dict[str, Any]:
    """The keys of `production:` in teams.yaml."""
    keys = {
        "environments": list(production.environments),
        "tags": production.pattern,
        "at": production.at,
        "workflow": "".join(production.workflows),
        "before_merge": production.before_merge,
        "not_production": list(production.not_production),
    }
    given = {key: value for key, value in keys.items() if value}
    return {"evidence": production.evidence.value, **given}


def _text(production: Production) -> str:
    keys = {
        key: _as_pattern(value) if key in _PATTERNS else value
        for key, value in _keys(production).items()
    }
    return _yaml(keys)


def _as_pattern(value: str | list[str]) -> _Pattern | list[_Pattern]:
    return _Pattern(value) if isinstance(value, str) else list(map(_Pattern, value))


def _quoted(text: str) -> str:
    return _yaml(_Pattern(text))


def _yaml(value: Any) -> str:
    text: str = yaml.dump(
        value,
        Dumper=_Dumper,
        default_flow_style=True,
        sort_keys=False,
        allow_unicode=True,
        width=float("inf"),
    )
    return text.strip()


def _line(name: str) -> str:
    return " ".join(name.split())
