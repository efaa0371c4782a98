"""Lineage: the teams whose past is another one's, because it was renamed, merged or split."""

from collections import Counter
from collections.abc import Iterable

from evaluator.model.plan import Plan, Team
from evaluator.model.results import Result, Sprint, Status


def former_ids(team: str, plan: Plan) -> tuple[str, ...]:
    """Return the ids of the teams whose past is that of the team of this id, each once."""
    continues = plan.continues
    found = {team: None}
    waiting = [*continues.get(team, ())]
    while waiting:
        one = waiting.pop(0)
        if one not in found:
            found[one] = None
            waiting += continues.get(one, ())
    return tuple(found)[1:]


def line_of(team: Team, plan: Plan) -> tuple[str, ...]:
    """Return the team's id, then the first one that it continues, and so on, each once."""
    if not team.continues:
        return (team.id,)
    continues = plan.continues | {team.id: team.continues}
    found = [team.id]
    while (before := continues.get(found[-1], ())) and before[0] not in found:
        found.append(before[0])
    return tuple(found)


def names_of(team: Team, plan: Plan) -> tuple[str, ...]:
    """Return the team's id, then those that it had before, as far as it was only renamed.

    It was where it continues one team that is there no more, and is the only one that does.
    """
    if not team.continues:
        return (team.id,)
    continues = plan.continues | {team.id: team.continues}
    there = {each.id for each in plan.teams}
    heirs = Counter(ident for ids in continues.values() for ident in ids)
    found = [team.id]
    while len(before := continues.get(found[-1], ())) == 1:
        if before[0] in found or before[0] in there or heirs[before[0]] > 1:
            break
        found.append(before[0])
    return tuple(found)


def taken_over(judged: Iterable[Result], plan: Plan, past: Iterable[Result]) -> list[Result]:
    """Return the results, none of them ever final, that a gone team has of what is judged anew."""
    there = {each.id for each in plan.teams}
    starts = {result.sprint.start for result in judged}
    return [
        each
        for each in past
        if each.sprint.start in starts and not each.bound and each.team not in there
    ]


def with_the_past(own: Iterable[Result], past: Iterable[Result]) -> list[Result]:
    """Return a team's results with those of sprints that its former teams had, in order of start.

    What they have of a sprint that it was judged in itself is not its past.
    """
    own = list(own)
    starts = {result.sprint.start for result in own}
    found = [*own, *(each for each in past if each.sprint.start not in starts)]
    return sorted(found, key=lambda each: each.sprint.start)


def judged_as_former(team: Team, plan: Plan, past: Iterable[Result]) -> list[Sprint]:
    """Return the sprints that were judged for good under ids that are no team's any more.

    `past` are the results of those whose past is the team's. Sprints of a former team that is
    still configured are told apart by active days.
    """
    there = {each.id for each in plan.teams} | {team.id}
    found = {
        r.sprint.id: r.sprint
        for r in past
        if r.bound and r.status is not Status.NOT_APPLICABLE and r.team not in there
    }
    return sorted(found.values(), key=lambda sprint: sprint.start)
