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


def drops_done(jql: str) -> str:
    """Return the part of the filter that may keep out what is Done, empty where there is none."""
    found = (rule.search(jql) for rule in _RULES)
    return next((part[0].strip() for part in found if part), "")


def drops_with_sprint(jql: str) -> str:
    """Return the part that keeps out what is Done once its sprint is closed, else nothing."""
    found = _OPEN_SPRINTS.search(jql)
    return found[0].strip() if found else ""
