"""Which part of a JQL filter drops tickets once they are Done, by its text alone."""

import re

_VALUE = r"""(?:"[^"]*"|'[^']*'|[^\s()]+)"""
_UNRESOLVED = r"""["']?(?:unresolved|empty|null)["']?"""
_DONE = r"""["']?(?:done|complete)["']?"""
_RULES = [
    re.compile(rule, re.IGNORECASE)
    for rule in (
        rf"\bresolution\s*(?:=|\bis\b|\bin\b\s*\()\s*{_UNRESOLVED}\s*\)?",
        r"\b(?:resolved|resolutiondate)\s+is\s+(?:empty|null)\b",
        rf"\bstatuscategory\s*(?:!=|<>|\bnot\s+in\b\s*\()\s*{_DONE}\s*\)?",
        rf"\bstatuscategory\s*=\s*(?!{_DONE}){_VALUE}",
        r"\bstatuscategory\s+in\s*\((?![^)]*\b(?:done|complete)\b)[^)]*\)",
        rf"\bstatus\s*(?:!=|=)\s*{_VALUE}",
        r"\bstatus\s+(?:not\s+)?in\s*\([^)]*\)",
    )
]
_OPEN_SPRINTS = re.compile(r"(?:\bsprint\s*(?:=|\bin\b)\s*)?\bopensprints\s*\(\s*\)", re.IGNORECASE)

_QUOTED = re.compile(r""" "[^"]*" | '[^']*' """, re.VERBOSE)
_DATE_FIELD = r"(?:updated|created|resolution)date|updated|created|resolved"
_SPAN = r"-\s*\d+\s*[a-z]?(?:\s+\d+\s*[a-z])*"
_BACK = rf"""(?:{_SPAN}|["']{_SPAN}["'])"""  # from now, such as -30d or "-4w 2d"
_FUNCTION = r"(?:(?:start|end)of(?:day|week|month|year)|now|currentlogin|lastlogin)\s*\([^)]*\)"
_MOVING = rf"(?:{_FUNCTION}|{_BACK})"
_WINDOW = re.compile(
    rf"""["']?\b(?:{_DATE_FIELD})\b["']?\s*>?=?(?<=[>=])\s*{_MOVING}"""
    rf"""|\bchanged\b(?:(?!\band\b|\bor\b).)*?\b(?:after|on|during)\s*\(?\s*{_MOVING}"""
    r"""(?:\s*,[^,()]*(?:\([^)]*\))?\s*\))?""",
    re.IGNORECASE,
)
_DATE_OR_FIELD = re.compile(rf"(?:{_DATE_FIELD}|{_SPAN})", re.IGNORECASE)


def drops_done(jql: str) -> str:
    """Return the part of the filter that may keep out what is Done, empty where there is none."""
    found = (rule.search(jql) for rule in _RULES)
    return next((part[0].strip() for part in found if part), "")


def drops_with_sprint(jql: str) -> str:
    """Return the part that keeps out what is Done once its sprint is closed, else nothing."""
    found = _OPEN_SPRINTS.search(jql)
    return found[0].strip() if found else ""


def drops_with_time(jql: str) -> str:
    """Return the part that keeps out what was done once its date is too long ago, else nothing."""
    found = _WINDOW.search(_QUOTED.sub(_hidden_text, jql))
    return jql[found.start() : found.end()].strip() if found else ""


def _hidden_text(quoted: re.Match[str]) -> str:
    """Return a quoted text as long as it is: one that is neither a date nor a field is masked."""
    text = quoted[0]
    return text if _DATE_OR_FIELD.fullmatch(text[1:-1].strip()) else f"'{'_' * (len(text) - 2)}'"
