"""The lists of events that one read of a repository asks for, each under an alias of its own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from collector.github.evidence.base import BranchRead, ListedEvents

FEED = "feed"
_NODES_AT_ONCE = 200
_AT_ONCE = 10  # lists in one question: more of them would be more nodes than GitHub allows


@dataclass(frozen=True, slots=True)
class EventLists:
    """Lists asked for together with the commits: none, or one for each stanza that has one."""

    lists: Sequence[ListedEvents]

    @property
    def dated(self) -> Mapping[str, datetime]:
        """The committer dates of events' commits."""
        return {sha: at for each in self.lists for sha, at in each.dated.items()}

    def ask_for_less(self, at_once: int) -> None:
        """Ask for so many rows in a page from now on."""
        for each in self.lists:
            each.at_once = at_once

    def selections(self, branch: BranchRead) -> dict[str, str]:
        """Return what to ask next of the repository, by alias."""
        asked = {
            alias: selection
            for alias, each in self._by_alias().items()
            if (selection := each.selection(branch))
        }
        return dict(list(asked.items())[:_AT_ONCE])

    def asides(self) -> dict[str, str]:
        """Return what is asked once beside the lists, by alias: the same for each of a kind."""
        return {alias: text for each in self.lists for alias, text in each.asides().items()}

    def by_id(self) -> dict[str, str]:
        """Return what to ask next of single nodes, by alias; the rest is asked in turn."""
        asked = {
            f"{prefix}{alias}": text
            for prefix, each in self._by_prefix().items()
            for alias, text in each.by_id().items()
        }
        return dict(list(asked.items())[:_NODES_AT_ONCE])

    def take(self, answer: Mapping[str, Any], asked: Mapping[str, str]) -> None:
        """Take the answers to those of `selections` that were `asked`."""
        for alias, each in self._by_alias().items():
            if alias in asked:
                each.take(answer[alias])

    def take_asides(self, answer: Mapping[str, Any], asked: Mapping[str, str]) -> None:
        """Take the answers to those of `asides` that were `asked`."""
        for each in self.lists:
            for alias in asked.keys() & each.asides().keys():
                each.take_aside(alias, answer[alias])

    def take_by_id(self, nodes: Mapping[str, Any]) -> None:
        """Take the answers to `by_id`."""
        for prefix, each in self._by_prefix().items():
            for alias, node in nodes.items():
                if alias.startswith(prefix):
                    each.take_by_id(alias.removeprefix(prefix), node)

    def _by_alias(self) -> dict[str, ListedEvents]:
        if len(self.lists) == 1:
            return {FEED: self.lists[0]}
        return {f"{FEED}{place}": each for place, each in enumerate(self.lists)}

    def _by_prefix(self) -> dict[str, ListedEvents]:
        if len(self.lists) == 1:
            return {"": self.lists[0]}
        return {f"of{place}_": each for place, each in enumerate(self.lists)}
