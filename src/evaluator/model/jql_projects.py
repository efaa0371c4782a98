"""The Jira projects that a JQL names: only where it says them plainly, by their keys."""

import re
from collections.abc import Iterator

_KEY = r"""(?P<quote>["']?)(?P<key>[A-Za-z][A-Za-z0-9_]+)(?P=quote)"""
_ONE = re.compile(rf"\bproject\s*=\s*{_KEY}(?=[\s()]|$)", re.IGNORECASE)
_SEVERAL = re.compile(r"\bproject\s+in\s*\(([^()]*)\)", re.IGNORECASE)
_LISTED = re.compile(_KEY)


def projects_of(jql: str) -> Iterator[str]:
    """Yield the keys, in capitals, of `project = HER` and of each in `project in (HER, WRE)`.

    What it takes away (`project != HER`, `not in`) and names or numbers of projects are left out.
    """
    for found in _ONE.finditer(jql):
        yield found["key"].upper()
    for several in _SEVERAL.finditer(jql):
        for one in several[1].split(","):
            if found_one := _LISTED.fullmatch(one.strip()):
                yield found_one["key"].upper()
