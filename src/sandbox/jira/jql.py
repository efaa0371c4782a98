"""The little JQL that the sandbox understands: conditions joined by AND and OR, and an order."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sandbox.jira.records import JiraIssue
from sandbox.jira.site import Site

_TOKEN = re.compile(
    r"""\s*(?:(?P<quoted>"[^"]*"|'[^']*')|(?P<sign>>=|!=|=|\(|\))|(?P<word>[^\s=<>!()"']+))"""
)
_ORDER = re.compile(r"(?is)\s*\border\s+by\s+(created|key|updated)(?:\s+(asc|desc))?\s*$")
_DATES = ("%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M", "%Y-%m-%d", "%Y/%m/%d")
Condition = Callable[[JiraIssue], bool]


class JqlError(Exception):
    """JQL that Jira would refuse, or that the sandbox does not understand."""


@dataclass(slots=True)
class _JqlReader:
    """Reads conditions from left to right."""

    site: Site
    tokens: list[str]

    def either(self) -> Condition:
        """Return the condition up to a closing bracket or the end; AND binds closer than OR."""
        parts = [self._all()]
        while self._at("or"):
            parts.append(self._all())
        return lambda issue: any(holds(issue) for holds in parts)

    def _all(self) -> Condition:
        parts = [self._one()]
        while self._at("and"):
            parts.append(self._one())
        return lambda issue: all(holds(issue) for holds in parts)

    def _one(self) -> Condition:
        field = self._take().casefold()
        if field == "(":
            inside = self.either()
            if self._take() != ")":
                raise JqlError("Error in the JQL Query: a bracket is not closed.")
            return inside
        sign = self._take().casefold()
        if sign == "in":
            return self._in(field)
        return _condition(self.site, field, sign, self._take().strip("\"'"))

    def _in(self, field: str) -> Condition:
        """Return the condition on a list in brackets, or on what a function of Jira's finds."""
        if self._at("futuresprints"):
            if field != "sprint" or (self._take(), self._take()) != ("(", ")"):
                raise JqlError("Error in the JQL Query: futureSprints() is of the field 'sprint'.")
            return lambda issue: issue.planned
        if self._take() != "(":
            raise JqlError("Error in the JQL Query: a list was expected after 'in'.")
        values: list[str] = []
        while (token := self._take()) != ")":
            values += [value for value in token.strip("\"'").split(",") if value]
        parts = [_condition(self.site, field, "=", value) for value in values]
        return lambda issue: any(holds(issue) for holds in parts)

    def _at(self, word: str) -> bool:
        if self.tokens and self.tokens[0].casefold() == word:
            self.tokens.pop(0)
            return True
        return False

    def _take(self) -> str:
        if not self.tokens:
            raise JqlError("Error in the JQL Query: it ends too early.")
        return self.tokens.pop(0)


def search(site: Site, jql: str) -> list[JiraIssue]:
    """Return the issues that `jql` finds, in its order (newest first where it names none).

    Errors: JqlError where the site would refuse it, as an unbounded one on Cloud.
    """
    order = _ORDER.search(jql)
    tokens = _tokens(jql[: order.start()] if order else jql)
    if not tokens:
        if site.cloud:
            raise JqlError(
                "Unbounded JQL queries are not allowed here. Please add a search restriction to "
                "your query."
            )
        wanted: Condition = _everything
    else:
        reader = _JqlReader(site, tokens)
        wanted = reader.either()
        if reader.tokens:
            raise JqlError(f"Error in the JQL Query: '{reader.tokens[0]}' was not expected.")
    found = [
        issue
        for issue in site.issues.values()
        if issue.project.readable and not issue.archived and wanted(issue)
    ]
    field, direction = (order[1].casefold(), order[2]) if order else ("created", "desc")
    return sorted(
        found,
        key=lambda issue: _place(issue, field),
        reverse=(direction or "asc").casefold() == "desc",
    )


def _everything(_: JiraIssue) -> bool:
    return True


_FIXED: dict[tuple[str, str, str], Condition] = {
    ("statuscategory", "!=", "done"): lambda issue: issue.status.category != "done",
    ("statuscategory", "=", "done"): lambda issue: issue.status.category == "done",
    ("resolution", "=", "unresolved"): lambda issue: not issue.resolution,
}


def _condition(site: Site, field: str, sign: str, value: str) -> Condition:
    if fixed := _FIXED.get((field, sign, value.casefold())):
        return fixed
    if (field, sign) == ("updated", ">="):
        since = _date(site, value)
        return lambda issue: issue.updated >= since
    if sign != "=" or field not in _EQUALS:
        raise JqlError(f"The sandbox does not understand '{field} {sign} {value}'.")
    return _EQUALS[field](site, value)


def _of_project(site: Site, value: str) -> Condition:
    wanted = value.casefold()
    if not any(
        project.readable and wanted in (project.key.casefold(), project.name.casefold())
        for project in site.projects.values()
    ):
        raise JqlError(f"The value '{value}' does not exist for the field 'project'.")
    return lambda i: wanted in (i.project.key.casefold(), i.project.name.casefold())


def _of_id(site: Site, value: str) -> Condition:
    if site.find(value) is None:
        raise JqlError(f"An issue with key '{value}' does not exist for field 'id'.")
    return lambda issue: issue.ident == value


_EQUALS: dict[str, Callable[[Site, str], Condition]] = {
    "project": _of_project,
    "id": _of_id,
    "labels": lambda _, value: lambda issue: value in issue.labels,
    "component": lambda _, value: lambda issue: value in issue.components,
}


def _tokens(text: str) -> list[str]:
    tokens, place = [], 0
    text = text.strip()
    while place < len(text):
        match = _TOKEN.match(text, place)
        if match is None:
            raise JqlError(f"Error in the JQL Query: '{text[place]}' was not expected.")
        tokens.append(match[0].strip())
        place = match.end()
    return tokens


def _date(site: Site, value: str) -> datetime:
    for pattern in _DATES:
        try:
            return datetime.strptime(value, pattern).replace(tzinfo=site.zone)
        except ValueError:
            continue
    raise JqlError(
        f"Date value '{value}' for field 'updated' is invalid. Valid formats include: "
        "'yyyy/MM/dd HH:mm', 'yyyy-MM-dd HH:mm', 'yyyy/MM/dd', 'yyyy-MM-dd'."
    )


def _place(issue: JiraIssue, field: str) -> tuple[object, ...]:
    number = int(issue.key.rpartition("-")[2])
    key = (issue.project.key, number)
    match field:
        case "created":
            return (issue.created, *key)
        case "updated":
            return (issue.updated, *key)
        case _:
            return key
