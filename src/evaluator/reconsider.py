"""Reconsidering: final results judged again by the configuration of now, also where it is less."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from evaluator.configured_since import same_items
from evaluator.evaluate import around
from evaluator.found_again import judged
from evaluator.measures.context import MeasureContext
from evaluator.model.facts import Facts
from evaluator.model.plan import Plan, Team
from evaluator.model.results import Result, State, Status
from evaluator.taken_names import of_a_former_source
from evaluator.team_facts import team_facts
from evaluator.wording import day_of


@dataclass(frozen=True, slots=True)
class Reconsidered:
    """A final result, and the version that takes its place."""

    before: Result
    after: Result


@dataclass(frozen=True, slots=True)
class Reconsideration:
    """What changes, what was found the same, and what cannot be judged by what is read."""

    changed: Sequence[Reconsidered] = ()
    same: int = 0
    unread: int = 0


def reconsider(
    team: Team,
    plan: Plan,
    facts: Facts,
    now: datetime,
    previous: Iterable[Result],
    *,
    since: datetime,
    reason: str,
) -> Reconsideration:
    """Judge the team's final results again that were judged at `since` or later; change nothing.

    Each keeps its window, its target's version and its minimum, and is judged by all that counts
    for the team now. What differs is a new version; its cause has the day and the `reason`. What
    was not read whole by the configuration of now stays as it is.
    """
    plan = around(team, plan)
    known = team_facts(team, plan, facts)
    targets = {target.id: target for target in plan.targets}
    cause = f"Reconsidered on {day_of(now, plan.zone)}: {reason}"
    changed: list[Reconsidered] = []
    same = unread = 0
    for before in previous:
        target = targets.get(before.target)
        if before.evaluated_at < since or target is None or not _is_open_to_it(before):
            continue
        context = MeasureContext(team, before.sprint, plan, known, now)
        fresh = judged(context, target, before.target_version, before.minimum)
        if _finds_the_same(before, fresh):
            same += 1
        elif _is_unread(fresh):
            unread += 1
        else:
            after = replace(
                fresh,
                version=before.version + 1,
                cause=cause,
                corrections=tuple(note for note in before.corrections if not note.command),
            )
            changed.append(Reconsidered(before, after))
    return Reconsideration(changed, same, unread)


def _is_open_to_it(result: Result) -> bool:
    return result.state is State.FINAL and not of_a_former_source(result)


def _is_unread(fresh: Result) -> bool:
    """Whether what was found cannot stand in place of a final result."""
    if fresh.status is Status.NOT_APPLICABLE:
        return False
    if fresh.status is Status.NO_DATA:
        return not all(gap.no_witness for gap in fresh.gaps)
    return fresh.state is not State.FINAL or any(not gap.no_witness for gap in fresh.gaps)


def _finds_the_same(before: Result, fresh: Result) -> bool:
    same = (before.status, before.value) == (fresh.status, fresh.value)
    return same and same_items(before.evidence, fresh.evidence)
