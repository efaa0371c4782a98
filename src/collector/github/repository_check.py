"""What `hearten doctor` sees of one repository."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RepositoryCheck:
    """A repository that the token can read. `now_named` is as GitHub names it today.

    `default_branch` is empty where the repository is. `has_branch` says whether the production
    branch is there; `matched` whether one of its newest deployments, releases, tags or runs counts
    as production. `workflows` are the files that are there where the configured one is not.

    Where no run counts: `branches` are others on which the configured workflows succeeded, the
    newest first, in `runs_elsewhere` runs; `callers` are the workflows that called one of them on
    the production branch, and `succeeded` all that succeeded there. Where both `branches` and
    `callers` are known, it is the caller that succeeded on those.

    All this is by the first of the repository's stanzas; `further` says it by each other one.
    """

    repository: str
    now_named: str
    archived: bool
    default_branch: str
    has_branch: bool
    matched: bool
    workflows: tuple[str, ...] | None = None
    branches: tuple[str, ...] = ()
    runs_elsewhere: int = 0
    callers: tuple[str, ...] = ()
    succeeded: tuple[str, ...] = ()
    further: tuple["RepositoryCheck", ...] = ()

    @property
    def by_stanza(self) -> tuple["RepositoryCheck", ...]:
        """What is seen of the repository by each stanza, in order."""
        return (self, *self.further)
