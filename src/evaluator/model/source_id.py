"""The id of a source, as the store and results write it."""

from dataclasses import dataclass, replace
from enum import StrEnum


class SourceKind(StrEnum):
    """What a source is. TEAM stands for a team's set-up, where something is missing in that."""

    REPOSITORY = "github"
    TICKETS = "jira"
    BOARD = "board"
    TEAM = "team"


_FORMER = "#"
_OF_A_SITE = (SourceKind.TICKETS, SourceKind.BOARD)


@dataclass(frozen=True, slots=True)
class SourceId:
    """A source's id, in its parts. Everywhere else it is a text that nobody takes apart.

    `site` is that of Jira, empty of others. `name` is owner/name of a repository, the key of a
    Jira project or the digest of a JQL filter, the number of a board, or the id of a team.
    `former` is empty, or the number of what had that name before it came to mean another one.
    """

    kind: SourceKind
    site: str
    name: str
    former: str = ""

    @classmethod
    def parse(cls, text: str) -> "SourceId":
        """Return the id that `text` is. Errors: ValueError, where it is none."""
        kind, _, rest = text.partition(":")
        site, _, name = rest.partition(":") if kind in _OF_A_SITE else ("", "", rest)
        name, _, former = name.partition(_FORMER)  # that no name has in it
        return cls(SourceKind(kind), site, name, former)

    @property
    def present(self) -> str:
        """The id of what has the name now."""
        return str(replace(self, former=""))

    @property
    def filter(self) -> bool:
        """Whether it is a JQL filter's, whose name means nothing to people."""
        return self.kind is SourceKind.TICKETS and not self.name.isupper()

    def __str__(self) -> str:
        """The id as it is stored and published."""
        site = f"{self.site}:" if self.kind in _OF_A_SITE else ""
        former = f"{_FORMER}{self.former}" if self.former else ""
        return f"{self.kind}:{site}{self.name}{former}"
