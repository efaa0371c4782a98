"""Keys of tickets in what people call a pull request: of the text nothing else is kept."""

import re
from collections.abc import Collection
from dataclasses import dataclass

# `HER-42` as a whole word, in a title or a branch's name such as `feature_her-42-dates`.
_KEY = re.compile(r"(?<![A-Za-z0-9])([A-Za-z][A-Za-z0-9_]*)-([1-9][0-9]{0,8})(?![A-Za-z0-9])")


@dataclass(frozen=True, slots=True)
class TicketKeys:
    """Finds keys of tickets of `projects`, which are keys of Jira projects in capitals."""

    projects: Collection[str] = frozenset()

    def named_in(self, *texts: str) -> set[str]:
        """Return the keys that the texts name, in capitals, in whatever case they stand there."""
        if not self.projects:
            return set()
        return {
            f"{project}-{number}"
            for text in texts
            for word, number in _KEY.findall(text)
            if (project := self._project(word.upper()))
        }

    def _project(self, word: str) -> str:
        """Return the project that `word` means, alone or after an underscore; empty for none."""
        while word not in self.projects:
            _, parted, word = word.partition("_")
            if not parted:
                return ""
        return word
