"""JQL for the tickets of a source: its scope, bounded in time, in order of key."""

import re
from datetime import UTC, datetime, timedelta

# Jira reads a time in the zone of the token's owner, which it tells nobody. Zones reach from
# UTC-12 to UTC+14, and a search may lag behind a change.
MARGIN = timedelta(hours=26)

_QUOTED_OR_ORDER = re.compile(
    r""" "(?:\\.|[^"\\])*" | '(?:\\.|[^'\\])*' | (?P<order>\border\s+by\b) """,
    re.IGNORECASE | re.VERBOSE,
)


def updated_since(scope: str, moment: datetime, *, or_open: bool = False) -> str:
    """Return the JQL for tickets of `scope` updated at or after `moment`, in order of key.

    With `or_open`, those that are open are found too, however old: in the same request.
    The bound lies 26 hours earlier than `moment`: whoever asks also compares the dates it gets.
    """
    bound = moment.astimezone(UTC) - MARGIN
    wanted = f'updated >= "{bound:%Y-%m-%d %H:%M}"'
    if or_open:
        wanted = f"({wanted} OR statusCategory != Done)"
    return f"({_without_order(scope)}) AND {wanted} ORDER BY key ASC"


def planned_next(scope: str) -> str:
    """Return the JQL for what of `scope` is in a sprint that has not begun, in order of key."""
    return f"({_without_order(scope)}) AND sprint in futureSprints() ORDER BY key ASC"


def _without_order(scope: str) -> str:
    for found in _QUOTED_OR_ORDER.finditer(scope):
        if found["order"]:
            return scope[: found.start()].strip()
    return scope.strip()
