"""The sandbox's world: GitHub repositories and Jira sites, built in a few lines."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count

from sandbox.github.records import TokenAccess
from sandbox.github.repository import SandboxRepository
from sandbox.jira.site import Site


@dataclass(slots=True)
class World:
    """Everything that the loopback servers answer from. `now` is an aware UTC instant.

    It may be built on while it is being served: the next answer knows of it.
    """

    now: datetime
    repositories: dict[str, SandboxRepository] = field(default_factory=dict)
    sites: dict[str, Site] = field(default_factory=dict)
    ids: Iterator[int] = field(default_factory=lambda: count(7001))

    def repository(
        self,
        name: str,
        *,
        access: TokenAccess = TokenAccess.OPEN,
        former_names: tuple[str, ...] = (),
        default_branch: str = "main",
    ) -> SandboxRepository:
        """Add a repository called `owner/name`, empty so far."""
        self.repositories[name] = repository = SandboxRepository(
            name, self.ids, access=access, former_names=former_names, default_branch=default_branch
        )
        return repository

    def another_repository(self, name: str, *, former: str) -> SandboxRepository:
        """Add another repository under a name that is taken; what had it is `former` by now."""
        before = self.repositories.pop(name)
        before.hashed_as, before.name = name, former
        self.repositories[former] = before
        repository = self.repository(name)
        repository.hashed_as = f"{name}, the {repository.ident}th"
        return repository

    def site(
        self, name: str = "jira", *, cloud: bool = True, time_zone: str = "Europe/London"
    ) -> Site:
        """Add a Jira site: Cloud, or Data Center."""
        self.sites[name] = site = Site(name, cloud, time_zone)
        return site

    def find_repository(
        self, name: str, *, follow_renames: bool = True
    ) -> SandboxRepository | None:
        """Return the repository of that name, in any spelling, or None where it is missing."""
        wanted = name.casefold()
        for repository in self.repositories.values():
            names = [repository.name, *(repository.former_names if follow_renames else ())]
            if wanted in (known.casefold() for known in names):
                return None if repository.access is TokenAccess.MISSING else repository
        return None
