"""What must agree between teams, and between the files."""

from collections.abc import Collection, Hashable, Iterator
from itertools import combinations

from hearten.config.continued_teams import faults_of_lineage
from hearten.config.faults import Fault
from hearten.config.field_types import overlap
from hearten.config.messages import meant
from hearten.config.repositories import RepositoryEntry
from hearten.config.teams import JiraEntry, TeamEntry


def faults_between(
    teams: list[TeamEntry], sites: Collection[str] | None, target_ids: Collection[str] | None
) -> list[Fault]:
    """Return what does not agree; `sites` and `target_ids` are None where they are not known."""
    found = [*_same_id(teams), *faults_of_lineage(teams), *_repositories_told_apart(teams)]
    for team in teams:
        found += _held_twice(team)
        found += _unknown_sites(team, sites) if sites is not None else []
        found += _unknown_targets(team, target_ids) if target_ids is not None else []
    return found


def _same_id(teams: list[TeamEntry]) -> Iterator[Fault]:
    first: dict[str, TeamEntry] = {}
    for team in teams:
        if team.sound("id") and first.setdefault(team.id, team) is not team:
            place = first[team.id].place
            what = f"two teams have this id, the other at {place}"
            yield team.fault(what, "id", remedy="rename one")


def _repositories_told_apart(teams: list[TeamEntry]) -> Iterator[Fault]:
    """Yield where two mentions of one repository differ in what must be one thing."""
    seen: dict[str, dict[Hashable, RepositoryEntry]] = {}
    for repository in (mention for team in teams for mention in team.repositories):
        if not repository.sound("name", "production", "branch"):
            continue
        others = seen.setdefault(repository.name.casefold(), {})  # of those alike, the first
        fault = next(filter(None, (_apart(repository, other) for other in others.values())), None)
        others.setdefault(_compared(repository), repository)
        if fault:
            yield fault


def _compared(repository: RepositoryEntry) -> Hashable:
    """Return all of a mention that `_apart` looks at."""
    if not repository.all_sound:
        return repository.name
    kinds = tuple((stanza.evidence, stanza.days) for stanza in repository.delivery.stanzas)
    return repository.name, repository.branch, repository.days, kinds


def _apart(repository: RepositoryEntry, other: RepositoryEntry) -> Fault | None:
    if other.name != repository.name:
        what = f"is {other.name} at {other.place}"
        return repository.fault(what, "name", remedy="spell it one way")
    if not (other.all_sound and repository.all_sound):
        return None
    if other.branch != repository.branch:
        return repository.fault(
            f"is not the same as at {other.place}",
            "branch",
            remedy="a repository has one production branch: write the same `branch` in both places",
        )
    if _of_two_kinds_at_once(repository, other):
        return repository.fault(
            f"is not the same kind as at {other.place} on days that they share",
            "production",
            remedy="write the same `evidence` in both places; each may have names of its own",
        )
    return None


def _of_two_kinds_at_once(one: RepositoryEntry, other: RepositoryEntry) -> bool:
    shared = one.days.shared_with(other.days)
    return shared is not None and any(
        mine.evidence is not theirs.evidence
        and (both := mine.days.shared_with(theirs.days)) is not None
        and overlap(both, shared)
        for mine in one.delivery.stanzas
        for theirs in other.delivery.stanzas
    )


_TWICE = "is listed twice for the same days, also at"


def _held_twice(team: TeamEntry) -> Iterator[Fault]:
    for one, other in combinations(team.repositories, 2):
        sound = all(r.sound("name", "from", "to") for r in (one, other))
        same = sound and one.name == other.name and overlap(one.days, other.days)
        if same and not _ship_apart(one, other):
            remedy = "put all paths into one of them"
            yield other.fault(f"{_TWICE} {one.place}", "name", remedy=remedy)
    for first, second in combinations(team.jira, 2):
        if _same_tickets(first, second) and overlap(first.days, second.days):
            yield second.fault(
                f"{_TWICE} {first.place}",
                "project" if second.project else "jql",
                remedy="remove one, or part their days",
            )


def _ship_apart(one: RepositoryEntry, other: RepositoryEntry) -> bool:
    """Whether both have paths, and names of their own as far as can be told."""
    if not (one.paths and other.paths):
        return False
    return not (one.all_sound and other.all_sound) or one.delivery.key != other.delivery.key


def _same_tickets(one: JiraEntry, other: JiraEntry) -> bool:
    sound = all(jira.sound("project", "jql", "site", "from", "to") for jira in (one, other))
    return sound and one.tickets == other.tickets and bool(one.project or one.jql)


def _unknown_sites(team: TeamEntry, sites: Collection[str]) -> Iterator[Fault]:
    for jira in team.jira:
        if jira.site not in sites and jira.sound("site"):
            hint = meant(jira.site, sites, "the sites are")
            yield jira.fault(
                f"no Jira site is called {jira.site}",
                "site",
                remedy="set HEARTEN_JIRA_URL for the one called jira, or add it to jira_sites in "
                f"hearten.yaml; {hint}",
            )


def _unknown_targets(team: TeamEntry, target_ids: Collection[str]) -> Iterator[Fault]:
    for target in team.not_applicable:
        if target not in target_ids:
            hint = meant(target, target_ids, "the targets are")
            what = f"no target is called {target}"
            yield team.fault(what, "not_applicable", target, remedy=hint)
