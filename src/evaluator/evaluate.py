"""Evaluation: one team's results, for every sprint that can be judged and every target."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from evaluator import sentences
from evaluator.corrections import next_version
from evaluator.excused import excused
from evaluator.final_sprints import beside_the_past
from evaluator.found_again import again, judged
from evaluator.laid_windows import laid_beside
from evaluator.measures.context import LOOK_BACK, MeasureContext
from evaluator.model.facts import Facts
from evaluator.model.plan import BoardSource, Cadence, Closed, FormerSprints, Plan, Target, Team
from evaluator.model.results import Result, Sprint, Status
from evaluator.sprints import open_sprints, while_closed, with_the_next
from evaluator.taken_names import of_a_former_source
from evaluator.team_facts import TeamFacts, sources_of, team_facts

_LONG_SPRINT = 31  # days, of a board
SETTING_UP = timedelta(days=28)  # from a team's first evaluation


def evaluate_team(
    team: Team,
    plan: Plan,
    facts: Facts,
    now: datetime,
    previous: Mapping[tuple[str, str], Result],
    *,
    former: Sequence[FormerSprints] = (),
    past: Sequence[Sprint] = (),
    closed: Sequence[Closed] = (),
    first_evaluated: datetime | None = None,
    known: TeamFacts | None = None,
) -> list[Result]:
    """Return the row that holds of each sprint and target, in order of sprint and of the targets.

    `previous` holds the newest stored result by (sprint id, target id), and `former` where the
    team's sprints came from before, in order; `past` are sprints that were judged for good when
    the team had another id, and are judged no more. Nor is what ended while the team was `closed`,
    unless it was judged for good. Judged is every sprint that anything was read of; where nothing
    was ever read, the last finished one and the current one. Only targets whose period is the
    sprint are judged. A row that was judged at a later `now` is left out. What was final and was
    made of a source whose name means another one by now stays as it is.
    `first_evaluated` is when the team was judged first: for 28 days it is being set up. `known` is
    what `team_facts` says of `facts`, where somebody asked it already.
    Same inputs, same rows.
    """
    plan = around(team, plan)
    known = known or team_facts(team, plan, facts)
    targets = [target for target in plan.targets if target.period == "sprint"]
    earlier, sprints = _sprints(
        team,
        plan,
        facts,
        known,
        now,
        previous=list(previous.values()),
        former=former,
        past=past,
        closed=closed,
    )
    rows: list[Result | None] = []
    for place, sprint in enumerate(sprints, start=len(earlier)):
        before = tuple([*earlier, *sprints][max(0, place - LOOK_BACK) : place])
        context = MeasureContext(team, sprint, plan, known, now, before)
        rows += [
            _row(context, target, previous.get((sprint.id, target.id)), first_evaluated)
            for target in targets
        ]
    return [row for row in rows if row is not None]


def around(team: Team, plan: Plan) -> Plan:
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
    closed: Sequence[Closed],
) -> tuple[list[Sprint], list[Sprint]]:
    """Return the windows just before all that are judged, and those that are; in order."""
    since = [
        read_back_to
        for source in sources_of(team, plan)
        if not isinstance(source, BoardSource)
        and source.id in known.coverage
        and (read_back_to := known.coverage[source.id].since) is not None
    ]
    earliest = min(since, default=None)
    every = with_the_next(
        team,
        plan,
        facts.sprints,
        earliest=earliest - _looked_back(team) if earliest else None,
        now=now,
        former=former,
        known=previous,
    )
    earlier = [sprint for sprint in every if earliest and sprint.end <= earliest]
    sprints = every[len(earlier) :]
    bound = {result.sprint.id for result in previous if result.bound}
    sprints = [
        each
        for each in laid_beside(past, sprints, plan)
        if each not in past and (each.id in bound or not while_closed(each, closed, plan))
    ]
    if not since:
        finished = [sprint for sprint in sprints if sprint.end <= now]
        sprints = finished[-1:] + sprints[len(finished) :]
    going_on = open_sprints(facts.sprints) & {each.id for each in sprints if now < each.end}
    judged = beside_the_past(sprints, previous, plan, going_on=going_on)
    begun = [sprint for sprint in judged if sprint.start <= now]
    return [each for each in earlier if begun and each.end <= begun[0].start], begun


def _looked_back(team: Team) -> timedelta:
    """How long the sprints last at most that measures look at before the first one judged."""
    cadences = [c.calendar for c in team.calendars if isinstance(c.calendar, Cadence)]
    longest = max((cadence.length_days for cadence in cadences), default=0)
    return timedelta(days=LOOK_BACK * max(longest, _LONG_SPRINT))


def _row(
    context: MeasureContext, target: Target, before: Result | None, first_evaluated: datetime | None
) -> Result | None:
    """Return the row that holds of one sprint and target, None where a later one does."""
    zone = context.plan.zone
    if before is None or not before.bound:
        return next_version(before, judged(context, target, *_asked(context, target)), zone)
    if of_a_former_source(before):
        return next_version(before, _excused_at_most(context, before), zone)
    finding = again(context, target, before, setting_up=_is_set_up(context, first_evaluated))
    return next_version(before, finding.fresh, zone, finding.about)


def _asked(context: MeasureContext, target: Target) -> tuple[date | None, int | None]:
    """Return the version of the target that is in force in the window, and what it asks."""
    version = target.version_on(context.window.first_day)
    return (version.effective_from, version.minimum) if version else (None, None)


def _is_set_up(context: MeasureContext, first_evaluated: datetime | None) -> bool:
    """Whether the team is still being set up, and the window is older than its first evaluation."""
    if first_evaluated is None or context.window.end > first_evaluated:
        return False
    return context.now < first_evaluated + SETTING_UP


def _excused_at_most(context: MeasureContext, before: Result) -> Result:
    """Return the result itself, as what it was made of is asked no more; it may be excused yet."""
    result = replace(before, evaluated_at=context.now, checked_at=context.now)
    why = excused(context.team.id, context.window, context.plan)
    if why is None or before.status is not Status.NOT_MET:
        return result
    return replace(result, status=Status.EXCUSED, reason=sentences.excused(why))
