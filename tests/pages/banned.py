"""Words that hurt, or that compare: found as people would read them."""

import re

_BANNED = (
    "fail(s|ed|ing|ure|ures)?",
    "performance management",
    "appraisals?",
    "under-?perform\\w*",
    "poor(ly)?",
    "bad(ly)?",
    "offenders?",
    "worst",
    "best team",
    "top",
    "bottom",
    "rank(s|ed|ing|ings)?",
    "leagues?",
    "leader-?boards?",
    "scor(e|es|ed|ing)",
    "grad(e|es|ed|ing)",
    "non-?complian\\w+",
    "complian(ce|t)",
    "comply",
    "violat\\w+",
    "breach\\w*",
    "surveillance",
    "subordinates?",
    "resources?",
    "head-?count",
    "utili[sz]ation",
    "productivity",
    "velocity",
    "deadlines?",
    "overdue",
    "escalat\\w+",
    "warnings?",
    "red flags?",
    "punish\\w*",
    "disciplinary",
    "white-?list\\w*",
    "black-?list\\w*",
    "mttr",
    "masters?",
    "slaves?",
    "percent",
    r"\w+n't",
)
# Words that people would not say: the plain one stands beside each.
_NOT_PLAIN = {
    "mend(s|ed|ing)?": "fix",
    "whom it asks|asked of:": "who needs to act",
    "read whole": "complete",
    r"settles?\b(?! it)": "confirmed on",
    "(?<!there )is no (repository|project|board)": "is not a",
}
_PLAIN = re.compile(rf"\b({'|'.join(_NOT_PLAIN)})", re.IGNORECASE)
_PATTERN = re.compile(rf"\b({'|'.join(_BANNED)})\b", re.IGNORECASE)
_ALLOWED = ("deployment failed", "failed deployment recovery time", "change fail rate")


def banned_in(text: str) -> set[str]:
    """Return the words in `text` that are not to be said; the resolution Won't Do is Jira's."""
    for allowed in (*_ALLOWED, "Won't Do", "Won't Fix"):
        text = text.replace(allowed, "")
    return {found.group(0).casefold() for found in _PATTERN.finditer(text)}


def not_plain_in(text: str) -> set[str]:
    """Return the words in `text` for which there is a plainer one."""
    return {found.group(0).casefold() for found in _PLAIN.finditer(text)}
