"""What GitHub's answers have in common: pages, and what contradicts itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from collector.errors import SourceUnavailableError
from collector.json_fields import pick, pick_nullable
from evaluator.model.facts import Reason

PAGE = 100
SHRUNK = "changed, while it was being read, a list"  # a row may have moved to a page read before


@dataclass(slots=True)
class PagedConnection:
    """A connection read page by page: its nodes, whether there are more, and from where."""

    about: str
    nodes: list[Mapping[str, Any]] = field(default_factory=list)
    cursor: str | None = None
    more: bool = True
    total: int = 0
    _seen: set[str | None] = field(default_factory=lambda: {None})

    def take(self, page: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        """Add a page and return its nodes; refuse a page that was seen, and a wrong total.

        A list may grow meanwhile; where it shrinks, a row may be lost between two pages.
        """
        nodes = pick(page, "nodes", list)
        self.nodes += nodes
        before, self.total = self.total, pick(page, "totalCount", int)
        if self.total < before:
            raise inconsistent(self.about, SHRUNK)
        self.more = pick(page, "pageInfo.hasNextPage", bool)
        self.cursor = pick_nullable(page, "pageInfo.endCursor", str)
        if self.more and (self.cursor in self._seen or len(self.nodes) >= self.total):
            raise inconsistent(self.about, "repeats a page")
        if not self.more and len(self.nodes) < self.total:
            raise inconsistent(self.about, "says that there is more than it gave")
        self._seen.add(self.cursor)
        return nodes

    def arguments(self, first: int = PAGE) -> str:
        """Return the paging arguments of the next page."""
        return f"first: {first}" + (f', after: "{self.cursor}"' if self.cursor else "")


def inconsistent(about: str, what: str) -> SourceUnavailableError:
    """Return the error for answers that contradict each other, so that something may be lost."""
    return SourceUnavailableError(
        Reason.SOURCE_DOWN, f"GitHub {what} of {about}.", "The next run reads it again."
    )
