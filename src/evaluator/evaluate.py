"""Evaluation: one team's results, for every sprint that can be judged and every target."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from evaluator import sentences
from evaluator.corrections import next_version
from evaluator.excused import excused
from evaluator.final_sprints import beside_the_past
from evaluator.judge import judge
from evaluator.laid_windows import laid_beside
from evaluator.measures import MEASURES
from evaluator.measures.context import MeasureContext
from evaluator.model.facts import Facts
from evaluator.model.plan import BoardSource, FormerSprints, Plan, Target, Team
from evaluator.model.results import Result, Sprint, Status
from evaluator.sprints import open_sprints, with_the_next
from evaluator.taken_names import of_a_former_source
from evaluator.team_facts import TeamFacts, sources_of, team_facts
from evaluator.witness import proven_formerly


def evaluate_team(
    team: Team,
    plan: Plan,
    facts: Facts,
    now: datetime,
    previous: Mapping[tuple[str, str], Result],
    *,
    former: Sequence[FormerSprints] = (),
    past: Sequence[Sprint] = (),
) -> list[Result]:
    """Return the row that holds of each sprint and target, in order of sprint and of the targets.

    `previous` holds the newest stored result by (sprint id, target id), and `former` where the
    team's sprints came from before, in order; `past` are sprints that were judged for good when
    the team had another id, and are judged no more. Judged is every sprint that anything was read
    of; where nothing was ever read, the last finished one and the current one. Only targets whose
    period is the sprint are judged. A row that was judged at a later `now` is left out. What was
    final and was made of a source whose name means another one by now stays as it is. Same inputs,
    same rows.
    """
    plan = _around(team, plan)
    known = team_facts(team, plan, facts)
    targets = [target for target in plan.targets if target.period == "sprint"]
    rows = [
        next_version(
            before,
            _found(context, target, before),
            plan.zone,
            proven=proven_formerly(plan.sources, sprint, known),
        )
        for sprint in _sprints(
            team,
            plan,
            facts,
            known,
            now,
            previous=list(previous.values()),
            former=former,
            past=past,
        )
        for target in targets
        for before in [previous.get((sprint.id, target.id))]
        for context in [MeasureContext(team, sprint, plan, known, now)]
    ]
    return [row for row in rows if row is not None]


def _around(team: Team, plan: Plan) -> Plan:
    """Return what of the plan bears on the team, so that one of many costs no more than one."""
    names = {entry.repository for entry in team.repositories}
    return replace(
        plan,
        teams=tuple(
            other
            for other in plan.teams
            if any(entry.repository in names for entry in other.repositories)
        ),
        sources=tuple(source for source in plan.sources if source.repository in names),
        excuses=tuple(excuse for excuse in plan.excuses if excuse.team == team.id),
    )


def _sprints(
    team: Team,
    plan: Plan,
    facts: Facts,
    known: TeamFacts,
    now: datetime,
    *,
    previous: Sequence[Result],
    former: Sequence[FormerSprints],
    past: Sequence[Sprint],
) -> list[Sprint]:
    since = [
        read_back_to
        for source in sources_of(team, plan)
        if not isinstance(source, BoardSource)
        and source.id in known.coverage
        and (read_back_to := known.coverage[source.id].since) is not None
    ]
    sprints = with_the_next(
        team,
        plan,
        facts.sprints,
        earliest=min(since, default=None),
        now=now,
        former=former,
        known=previous,
    )
    sprints = [each for each in laid_beside(past, sprints, plan) if each not in past]
    if not since:
        finished = [sprint for sprint in sprints if sprint.end <= now]
        sprints = finished[-1:] + sprints[len(finished) :]
    going_on = open_sprints(facts.sprints) & {each.id for each in sprints if now < each.end}
    judged = beside_the_past(sprints, previous, plan, going_on=going_on)
    return [sprint for sprint in judged if sprint.start <= now]


def _found(context: MeasureContext, target: Target, before: Result | None) -> Result:
    """Return what is found now, or the result itself where what it was made of is asked no more.

    An excuse may still be added to that.
    """
    if before is None or not of_a_former_source(before):
        return _fresh(context, target, before)
    again = replace(before, evaluated_at=context.now, checked_at=context.now)
    why = excused(context.team.id, context.window, context.plan)
    if why is None or before.status is not Status.NOT_MET:
        return again
    return replace(again, status=Status.EXCUSED, reason=sentences.excused(why))


def _fresh(context: MeasureContext, target: Target, before: Result | None) -> Result:
    """Return what is found now; what was final once keeps its target's version and its sources."""
    version = target.version_on(context.window.first_day)
    effective_from = version.effective_from if version else None
    minimum = version.minimum if version else None
    if before is not None and before.bound:
        context = replace(context, team=_restricted(context.team, before.sources))
        effective_from, minimum = before.target_version, before.minimum
    measure = MEASURES[target.measure]
    found = measure.found(context).against(minimum)
    verdict = judge(context, target.id, minimum, measure, found)
    return Result(
        team=context.team.id,
        sprint=context.window,
        target=target.id,
        target_version=effective_from,
        status=verdict.status,
        value=found.value,
        minimum=minimum,
        unit=found.unit,
        coverage=found.coverage,
        reason=verdict.reason,
        evidence=found.evidence,
        left_out=found.left_out,
        gaps=found.gaps,
        sources=found.sources,
        state=verdict.state,
        evaluated_at=context.now,
        checked_at=context.now,
        notes=(*context.window.notes, *found.notes),
    )


def _restricted(team: Team, sources: tuple[str, ...]) -> Team:
    """Return the team with only those of its repositories and projects that `sources` names."""
    return replace(
        team,
        repositories=tuple(entry for entry in team.repositories if entry.source_id in sources),
        jira=tuple(entry for entry in team.jira if entry.tickets.id in sources),
    )
