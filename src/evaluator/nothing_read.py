"""Nothing read yet: of such a team nobody knows anything, and it counts among no teams."""

from collections.abc import Collection, Iterable, Mapping
from typing import Protocol

from evaluator.model.facts import Coverage


class _Counted(Protocol):
    """A result, whole or at a glance."""

    @property
    def value(self) -> int | None: ...


def nothing_read(
    sources: Collection[str], coverage: Mapping[str, Coverage], results: Iterable[_Counted]
) -> bool:
    """Return whether none of a team's sources was ever read whole, and nothing was ever counted.

    `results` are the team's. A team without sources is another thing: it is not set up.
    """
    if not sources or any(s in coverage and coverage[s].read_started for s in sources):
        return False
    return all(result.value is None for result in results)
