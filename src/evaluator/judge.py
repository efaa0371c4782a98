"""The decision: where one team stands against one target in one sprint."""

from dataclasses import dataclass

from evaluator import sentences
from evaluator.excused import excused
from evaluator.measures import Measure
from evaluator.measures.context import MeasureContext
from evaluator.model.results import Measurement, State, Status

_ENDS = frozenset({Status.MET, Status.NOT_MET, Status.EXCUSED, Status.NOT_APPLICABLE})


@dataclass(frozen=True, slots=True)
class Verdict:
    """A status, the sentence that gives its reason, and whether it is final."""

    status: Status
    reason: str
    state: State


def judge(
    context: MeasureContext, target: str, minimum: int | None, measure: Measure, found: Measurement
) -> Verdict:
    """Return where the team stands against the target with this id; the first rule decides.

    Units: `minimum` and `found.value` both count `measure.unit`; `minimum` is None where no
    agreed version was in force on the sprint's first local day.
    Errors: none; what is not known is a status.
    """
    status, reason = _decide(context, target, minimum, measure, found)
    # What was read whole and says nothing stays like that.
    lasts = status in _ENDS or (status is Status.NO_DATA and _says_nothing(found))
    final = context.now >= context.window.settled_at and lasts
    return Verdict(status, reason, State.FINAL if final else State.PROVISIONAL)


def _decide(
    context: MeasureContext, target: str, minimum: int | None, measure: Measure, found: Measurement
) -> tuple[Status, str]:
    team, sprint, plan = context.team, context.window, context.plan
    declared = dict(team.not_applicable).get(target)
    if declared is not None or minimum is None:
        return Status.NOT_APPLICABLE, declared or sentences.no_version(sprint)
    if found.value is not None and found.value >= minimum:
        return Status.MET, sentences.counted(found.value, minimum, measure)
    if context.now < sprint.settled_at:
        return Status.IN_PROGRESS, sentences.so_far(context, minimum, measure, found)
    if (why := excused(team.id, sprint, plan)) is not None:
        return Status.EXCUSED, sentences.excused(why)
    if found.value is None or found.gaps or found.silent:
        return Status.NO_DATA, sentences.no_data(team, found)  # silence is not a zero
    return Status.NOT_MET, sentences.counted(found.value, minimum, measure)


def _says_nothing(found: Measurement) -> bool:
    return bool(found.silent) and found.value is not None and not found.gaps
