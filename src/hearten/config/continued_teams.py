"""`continues` in `teams.yaml`: whether another team's past can be this one's."""

from collections.abc import Iterator, Sequence

from hearten.config.faults import Fault
from hearten.config.teams import TeamEntry


def faults_of_lineage(teams: Sequence[TeamEntry]) -> Iterator[Fault]:
    """Yield where a team continues itself, on whatever way, or one that goes on beside it."""
    known = {team.id: team for team in teams if team.sound("id")}
    for team in teams:
        if not team.sound("id", "continues", "active_from"):
            continue
        if team.id in _reached(team, known):
            remedy = "keep it in the newer team alone"
            yield team.fault("leads back to the team itself", "continues", remedy=remedy)
            continue
        for ident in team.continues:
            old = known.get(ident)
            if old is not None and old.sound("active_to") and _beside(old, team):
                remedy = (
                    "give that team `active_to`; where this one split off, give it the "
                    "`active_from` of that day"
                )
                yield team.fault(f"{ident} is a team at {old.place}", "continues", remedy=remedy)


def _reached(team: TeamEntry, known: dict[str, TeamEntry]) -> set[str]:
    found: set[str] = set()
    waiting = [*team.continues]
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting += known[one].continues if one in known else []
    return found


def _beside(old: TeamEntry, team: TeamEntry) -> bool:
    """Whether both are there at once, and not because one split off on a day."""
    return old.active_to is None and team.active_from is None
