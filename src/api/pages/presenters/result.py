"""One result, whole: what it means, what counted, what was left out, and how to query it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from urllib.parse import urlsplit

from api.pages.presenters.parts import links, missing_sources, words
from api.pages.presenters.parts.list_items import ListItem
from api.pages.presenters.parts.status import StatusTag, tag
from api.pages.presenters.parts.tables import Cell, Table, heads
from evaluator.final_sprints import notes_on_sources
from evaluator.gap_remedies import gap_remedy
from evaluator.measures import ITEMS
from evaluator.model.days import Days
from evaluator.model.facts import Evidence, ProductionEvent
from evaluator.model.plan import Plan, Target
from evaluator.model.results import EvidenceItem, EvidenceStep, LeftOut, Result, State, Status
from evaluator.team_standing import set_up_id
from evaluator.wording import last_day

_MEANS = {
    Status.MET: "The target was reached. More than the minimum adds nothing.",
    Status.NOT_MET: "Everything was read, and less than the minimum was found. "
    "It is something to talk about, not a judgement.",
    Status.IN_PROGRESS: "The sprint is not confirmed yet, so nothing is decided.",
    Status.NO_DATA: "We could not read enough to say. It is never counted as Not met.",
    Status.EXCUSED: "Little was expected of this sprint, so it is not counted.",
    Status.NOT_APPLICABLE: "This target does not ask anything of this team in this sprint.",
}
_LACKS = {Status.MET, Status.NO_DATA, Status.IN_PROGRESS}  # to others a gap makes no difference
CAVEAT = "These numbers are clues to talk about. Most of a team's work does not show in them."


@dataclass(frozen=True, slots=True)
class ResultView:
    """One result. `more` and `left_out_more` say how many items are not shown here.

    `notes` are of the result alone: those of its sprint stand once on a page, beside the sprint.
    """

    target: str
    title: str
    stretch: bool
    href: str
    target_href: str
    tag: StatusTag
    sentence: str
    means: str
    means_href: str
    counted: tuple[ListItem, ...]
    more: str
    left_out: tuple[ListItem, ...]
    left_out_more: str
    missing: tuple[missing_sources.MissingSource, ...]
    notes: tuple[str, ...]
    query_href: str
    query_hidden: str
    checked: words.When
    state: str


@dataclass(frozen=True, slots=True)
class Viewpoint:
    """What every view of a result needs beside it."""

    plan: Plan
    team_name: str
    public_url: str
    in_production: Mapping[str, date] = field(default_factory=dict)  # since when, by ticket's key


def target_of(plan: Plan, target_id: str) -> Target:
    """Return a target of the plan; a nameless one where it is no longer there."""
    known = {target.id: target for target in plan.targets}
    return known.get(target_id) or Target(target_id, target_id, "", "", ())


def target_title(target: Target) -> str:
    """Return a target's title, marked where nobody is expected to reach it."""
    return f"{target.title} (stretch)" if target.stretch else target.title


Brought = Mapping[tuple[str, datetime], str]  # by repository in lower case and instant
_NOTHING: Brought = {}
# What is said of a ticket that is in production, by the kind of evidence that it is.
OF_TICKETS = {"ticket": "Done, and ", "retro_action": "Done, and ", "feedback": ""}


def brought_by(events: Iterable[ProductionEvent]) -> Brought:
    """Return in words what brought something to production, where it is one thing alone."""
    found: dict[tuple[str, datetime], set[str]] = {}
    for event in events:
        if event.at and event.kind is not Evidence.MERGE:
            said = f"brought by {event.kind.value} {event.name}".strip()
            found.setdefault((event.repository.casefold(), event.at), set()).add(said)
    return {place: said.pop() for place, said in found.items() if len(said) == 1}


def result_view(
    result: Result, at: Viewpoint, *, most: int | None = None, brought: Brought = _NOTHING
) -> ResultView:
    """Return one result with at most `most` items of each list; None shows all."""
    target = target_of(at.plan, result.target)
    counted = [_counted(item, at, brought) for item in result.evidence[:most]]
    left_out = [_left_out(item, at) for item in result.left_out[:most]]
    named = {result.team: at.team_name}
    return ResultView(
        target=target.id,
        title=target.title,
        stretch=target.stretch,
        href=links.result(result),
        target_href=links.target(result.target),
        tag=tag(result.status, stretch=target.stretch),
        sentence=words.sentence(result.reason),
        means=_means(result),
        means_href=links.word(result.status.value.replace("_", "-")),
        counted=tuple(counted),
        more=_more(len(result.evidence) - len(counted), "counted"),
        left_out=tuple(left_out),
        left_out_more=_more(len(result.left_out) - len(left_out), "left out"),
        missing=tuple(
            missing_sources.remedy_for(
                gap,
                gap.source or set_up_id(result.team),
                (at.team_name,),
                gap_remedy(gap).text,
                named,
            )
            for gap in (result.gaps if result.status in _LACKS else ())
        ),
        notes=tuple(
            words.sentence(note)
            for note in (*_agreed(result, at.plan), *result.all_notes, *_sources(result, at))
            if note not in result.sprint.notes
        ),
        query_href=links.query(at.plan, result, at.team_name, target.title, at.public_url),
        query_hidden=f"{target.title}, Team {at.team_name}, {result.sprint.name}",
        checked=words.moment(result.checked_at, at.plan.zone),
        state=_state(result),
    )


def _agreed(result: Result, plan: Plan) -> tuple[str, ...]:
    """What the entries of `excused.yaml` say of an excused sprint: words for everybody to read."""
    if result.status is not Status.EXCUSED:
        return ()
    first, last = result.sprint.first_day, last_day(result.sprint.end, plan.zone)
    return tuple(
        f"What was agreed: {each.note}"
        for each in plan.excuses
        if each.team == result.team and each.note and _falls_in(each.days, first, last)
    )


def _falls_in(days: Days, first: date, last: date) -> bool:
    return (days.first or first) <= last and first <= (days.last or last)


def _sources(result: Result, at: Viewpoint) -> tuple[str, ...]:
    team = next((each for each in at.plan.teams if each.id == result.team), None)
    return notes_on_sources(result, team) if team else ()


def _means(result: Result) -> str:
    if result.status is Status.MET and result.gaps:
        return f"What could be read was already enough. {_MEANS[Status.MET]}"
    return _MEANS[result.status]


def versions_table(versions: Sequence[Result], at: Viewpoint) -> Table | None:
    """Return what changed and why, the newest first; None where nothing ever did."""
    if len(versions) <= 1:
        return None
    rows = [
        (
            Cell(f"Version {each.version}"),
            Cell(tag=tag(each.status, stretch=target_of(at.plan, each.target).stretch)),
            Cell(words.sentence(each.reason)),
            Cell(each.cause or "The first result."),
            Cell(when=words.moment(each.evaluated_at, at.plan.zone)),
        )
        for each in reversed(versions)
    ]
    return Table(
        "What changed, and why",
        heads("Version", "Status", "What it said", "Why", "Worked out"),
        tuple(rows),
    )


def _state(result: Result) -> str:
    if result.state is State.FINAL:
        return "This result is final. It can only ever be raised, with its cause."
    if result.status is Status.NO_DATA:
        return "This result is worked out again as soon as what is missing can be read."
    return "This result may still change until the sprint is confirmed."


def _counted(item: EvidenceItem, at: Viewpoint, brought: Brought) -> ListItem:
    """The item with its repository, as two may each have a #12, and what brought it."""
    kind, by = ITEMS[item.kind], ""
    name, href = f"{kind.called} {item.label}", at.plan.link(item.url)
    if href and kind.of_repository:
        repository = "/".join(urlsplit(href).path.split("/")[1:3])
        name = f"{name} of {repository}"
        by = brought.get((repository.casefold(), item.at), "")
    when = words.moment(item.at, at.plan.zone)
    note = ", ".join(filter(None, (*item.flags, by, *_in_production(item, at))))
    steps = tuple(_step(step, at) for step in item.steps)
    return ListItem(name, href, when, note, steps=steps)


def _step(step: EvidenceStep, at: Viewpoint) -> ListItem:
    text = f"{words.upper_first(step.what)}: {step.label}"
    when = words.moment(step.at, at.plan.zone)
    return ListItem(text, at.plan.link(step.url), when)


def _in_production(item: EvidenceItem, at: Viewpoint) -> tuple[str, ...]:
    key = item.label.partition(":")[0]
    done = OF_TICKETS.get(item.kind)
    since = at.in_production.get(key) if done is not None else None
    return (f"{done}in production since {words.day(since).words}",) if since else ()


def _left_out(item: LeftOut, at: Viewpoint) -> ListItem:
    when = words.moment(item.at, at.plan.zone) if item.at else None
    return ListItem(item.label, at.plan.link(item.url), when, item.reason)


def _more(number: int, kind: str) -> str:
    if number <= 0:
        return ""
    return f"{number:,} more {kind}: see the whole result"
