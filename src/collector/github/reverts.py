"""Whether a commit takes something back, by the first line of its message."""

import re

_TICKET_KEY = re.compile(r"[\[(]?[A-Z][A-Z0-9_]+-\d+[\])]?\s*[:\-–]?\s*")
_QUOTING = re.compile(r"(revert|reapply)\s+[\"“'‘]\s*", re.IGNORECASE)
_CONVENTIONAL = re.compile(r"revert(\([^)]*\))?!?:\s*", re.IGNORECASE)
_POINTING = re.compile(
    r"reverts?\s+(?:(?:commits?|pr|prs|pull request|mr)\s+)?"
    r"(?:[0-9a-f]{7,40}\b|(?:[\w.-]+/[\w.-]+)?#\d+)",
    re.IGNORECASE,
)


def takes_back(headline: str) -> bool:
    """Return whether `headline` says that the commit is a revert.

    A revert of a revert brings work back and is none, however deep they are nested; git writes it
    as `Reapply "…"`. A ticket's key may stand before it. "Revert" as an ordinary verb ("Revert to
    the old layout") is none.
    """
    turns, rest = 0, headline.strip()
    while True:
        rest = rest[found.end() :] if (found := _TICKET_KEY.match(rest)) else rest
        if found := _QUOTING.match(rest):
            turns += 1 if found[1].casefold() == "revert" else 2
        elif found := _CONVENTIONAL.match(rest):
            turns += 1
        else:
            return (turns + bool(_POINTING.match(rest))) % 2 == 1
        rest = rest[found.end() :]
