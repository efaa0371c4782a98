"""What a complete read of a repository leaves behind, so that the next one asks for less."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

_STANZAS = "stanzas"  # of a mark: one for each, where there are several
LATE = timedelta(days=35)  # a deployment may be approved, or a run repeated, this much later


@dataclass(frozen=True, slots=True)
class RepositoryBookmark:
    """What a complete read leaves behind for the next one.

    `mark` is what the answer to "anything new?" is compared with, and what must be asked again.
    """

    read_at: datetime
    listed_at: datetime  # when its releases or tags were last read to the end
    mark: dict[str, Any]

    def of_stanza(self, place: int, *, of: int) -> "RepositoryBookmark":
        """Return what was left behind for one of `of` stanzas, by its place."""
        if of == 1:
            return self
        return replace(self, mark=self.mark[_STANZAS][place])

    @staticmethod
    def joined(marks: Sequence[dict[str, Any]]) -> dict[str, Any]:
        """Return one mark for those of all stanzas, in order."""
        return marks[0] if len(marks) == 1 else {_STANZAS: list(marks)}

    def text(self) -> str:
        """Return the bookmark as it is stored."""
        times = [at.isoformat() for at in (self.read_at, self.listed_at)]
        return json.dumps({"times": times, "mark": self.mark})

    @classmethod
    def of(cls, text: str) -> "RepositoryBookmark":
        """Return the bookmark that `text` holds."""
        stored = json.loads(text)
        read_at, listed_at = map(datetime.fromisoformat, stored["times"])
        return cls(read_at, listed_at, stored["mark"])

    def unfinished(self, key: str, now: datetime) -> tuple[str, ...]:
        """Return what `key` of the mark holds by instant, as far as it is younger than 35 days."""
        instants = self.mark.get(key, {})
        return tuple(
            ident for ident, at in instants.items() if now - datetime.fromisoformat(at) < LATE
        )

    def unmerged(self, now: datetime) -> tuple[str, ...]:
        """Return the commits, under 35 days old, that shipped before their pull request merged."""
        return self.unfinished("unmerged", now)

    @property
    def unlinked(self) -> tuple[str, ...]:
        """The commits that were so young when read that GitHub may yet link a pull request."""
        return tuple(self.mark.get("unlinked", ()))

    def head_of(self, branch: str) -> str:
        """Return the head that the production branch had, empty where it was another `branch`."""
        name, head = self.mark.get("production_branch", ("", ""))
        return str(head) if name == branch else ""

    @property
    def gone(self) -> tuple[str, ...]:
        """The commits that GitHub did not have, although something led to them."""
        return tuple(self.mark.get("gone", ()))
