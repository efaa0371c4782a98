"""The chain from what was deployed over feedback that was heard to work that was taken up."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from evaluator.completeness import gap
from evaluator.measures import production
from evaluator.measures.context import LOOK_BACK, MeasureContext
from evaluator.model.evidence import event_label
from evaluator.model.facts import ProductionEvent
from evaluator.model.results import EvidenceItem, EvidenceStep, Gap, LeftOut, Sprint
from evaluator.witness import unproven
from evaluator.wording import short_day

_NOT_DEPLOYED = (
    "nothing of the team reached production in the three sprints before, when it was heard"
)
_AT_ONCE = "heard and taken up in the sprint of the deployment that it follows"
_SAID = {"done": "Done on"}


@dataclass(frozen=True, slots=True)
class Heard:
    """Feedback: when it was heard, and what says so; `at` is None where nobody may read that."""

    at: datetime | None
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Work:
    """Work that was taken up in the window, and the feedback that it answers.

    `why_not` is empty where it counts. `follows` are the steps before: what reached production last
    before it was heard, and that. `begun` says where people see that it was taken up, if not at
    `url`.
    """

    label: str
    url: str
    at: datetime
    heard: tuple[Heard, ...]
    why_not: str = ""
    follows: tuple[EvidenceStep, ...] = ()
    doubt: Gap | None = None
    begun: tuple[str, str] = ("", "")  # label and address

    def left_out(self) -> LeftOut:
        """Return the work as what does not count."""
        return LeftOut(self.label, self.why_not, self.url, self.at)

    @property
    def unplaced(self) -> bool:
        """Whether it is left out only because nothing was deployed before."""
        return self.why_not in {_NOT_DEPLOYED, _AT_ONCE}

    def as_evidence(self, context: MeasureContext, ends: Iterable[EvidenceStep]) -> EvidenceItem:
        """Return the chain, which `ends` so."""
        zone = context.plan.zone
        steps = (*self.follows, self._started(), *ends)
        chain = ", ".join(f"{_SAID.get(s.what, s.what)} {short_day(s.at, zone)}" for s in steps)
        return EvidenceItem("feedback", f"{self.label}: {chain}", self.url, self.at, steps=steps)

    def _started(self) -> EvidenceStep:
        label, url = self.begun if any(self.begun) else (self.label, self.url)
        return EvidenceStep("started", label, url, self.at)


def after_what(context: MeasureContext, work: Work) -> Work:
    """Return the work with what was deployed before its feedback was heard, or why not."""
    known = [(each.at, each) for each in work.heard if each.at is not None]
    events = _events(context, _first_window(context).start)
    for heard_at, told in sorted(known, key=lambda each: (each[0], each[1].label)):
        before = [(at, event) for at, event in events if at <= heard_at]
        if before:
            at, event = before[-1]
            deployed = EvidenceStep("deployed", event_label(event), event.url, at)
            heard = EvidenceStep("heard", told.label, told.url, heard_at)
            return replace(work, follows=(deployed, heard))
    late = any(at >= context.window.start for at, _ in known)
    return replace(work, why_not=_AT_ONCE if late and _deployed_inside(context) else _NOT_DEPLOYED)


def unseen_deployments(context: MeasureContext) -> Iterator[Gap]:
    """Yield why nobody can tell that nothing reached production before."""
    first = _first_window(context)
    span = replace(context.window, start=first.start, first_day=first.first_day)
    for source in production.sources(context):
        found = gap(source, context.team, span, context.known, context.now)
        if found is not None:
            yield found
    yield from unproven(production.parts(context), span, context.known, context.plan.zone)


def _deployed_inside(context: MeasureContext) -> bool:
    return any(part.history.events.between(*context.inside) for part in production.parts(context))


def _first_window(context: MeasureContext) -> Sprint:
    """Return the earliest of the three sprints before, else the window itself."""
    return (*context.before[-LOOK_BACK:], context.window)[0]


def _events(context: MeasureContext, since: datetime) -> Sequence[tuple[datetime, ProductionEvent]]:
    """Return what reached production in the three sprints before the window, in order."""
    found = [
        entry
        for part in production.parts(context)
        for entry in part.history.events.between(since, context.window.start)
    ]
    return sorted(found, key=lambda entry: (entry[0], entry[1].name, entry[1].sha))
