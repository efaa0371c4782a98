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
        sign, value = self._take(), self._take().strip("\"'")
        return _condition(self.site, field, sign, value)

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
    found = [issue for issue in site.issues.values() if issue.project.readable and wanted(issue)]
    field, direction = (order[1].casefold(), order[2]) if order else ("created", "desc")
    return sorted(
        found,
        key=lambda issue: _place(issue, field),
        reverse=(direction or "asc").casefold() == "desc",
    )


def _everything(_: JiraIssue) -> bool:
    return True


def _condition(site: Site, field: str, sign: str, value: str) -> Condition:
    if (field, sign) == ("updated", ">="):
        since = _date(site, value)
        return lambda issue: issue.updated >= since
    if sign == "=" and field == "project":
        wanted = value.casefold()
        if not any(
            project.readable and wanted in (project.key.casefold(), project.name.casefold())
            for project in site.projects.values()
        ):
            raise JqlError(f"The value '{value}' does not exist for the field 'project'.")
        return lambda i: wanted in (i.project.key.casefold(), i.project.name.casefold())
    if sign == "=" and field == "labels":
        return lambda issue: value in issue.labels
    if sign == "=" and field == "component":
        return lambda issue: value in issue.components
    if (field, sign, value.casefold()) == ("statuscategory", "!=", "done"):
        return lambda issue: issue.status.category != "done"
    raise JqlError(f"The sandbox does not understand '{field} {sign} {value}'.")


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
