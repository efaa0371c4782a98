"""The measures: each a pure function that counts one kind of thing in one window."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from evaluator.completeness import gap
from evaluator.measures.changes_in_production import changes_in_production
from evaluator.measures.commits_in_production import commits_in_production
from evaluator.measures.context import Counted, MeasureContext
from evaluator.measures.feedback_acted_on import feedback_acted_on
from evaluator.measures.retro_actions_done import retro_actions_done
from evaluator.measures.tickets_done import tickets_done
from evaluator.model.facts import Reason
from evaluator.model.plan import Source
from evaluator.model.results import EvidenceItem, Gap, GapKind, LeftOut, Measurement
from evaluator.taken_names import notes, unproven


@dataclass(frozen=True, slots=True)
class Item:
    """What people call one kind of evidence, before its label: "Pull request #12".

    `of_repository` where two repositories may each have one of the same label.
    """

    called: str
    of_repository: bool = False


@dataclass(frozen=True, slots=True)
class Measure:
    """One thing to count, with all words for it.

    "3 `unit` `happened`", counted in `asks`; all plurals in -s. "2 of 5 teams `at_least_one`".
    `items` are the kinds of evidence that `count` finds.
    """

    unit: str
    happened: str
    at_least_one: str
    asks: str
    items: Mapping[str, Item]
    count: Callable[[MeasureContext], Counted]

    def found(self, context: MeasureContext) -> Measurement:
        """Return what counts and what does not, in order of time and label, and what is missing.

        `value` is None where no source of the measure was ever completely read, or where nothing
        in any matches what counts: that is not zero. The team's board is one of the sources,
        because the window depends on it.
        """
        counted = self.count(context)
        if not counted.sources:
            nothing = Gap("", Reason.NOT_SET_UP, f"this team has no {self.asks} set up")
            return Measurement(value=None, unit=self.unit, gaps=(nothing,))
        known = context.known
        sources = {source.id: source for source in (*counted.sources, *_board(context))}
        there = [sources[key] for key in sorted(sources) if key not in counted.not_made]
        gaps: list[Gap | None] = [
            gap(s, context.team, context.window, known, context.now) for s in there
        ]
        told = {one.source for one in gaps if one is not None}
        gaps += [one for one in counted.nothing_matched if one.source not in told]
        mute = {g.source for g in gaps if g is not None and _says_nothing(g)}
        read = not counted.nothing_matched and any(
            s.id in known.reads and s.id not in mute for s in counted.sources
        )
        about = there, context.window, known.taken, context.plan.zone
        return Measurement(
            value=len(counted.evidence) if read else None,
            unit=self.unit,
            evidence=tuple(sorted(counted.evidence, key=_item_order)),
            left_out=tuple(sorted(counted.left_out, key=_left_out_order)),
            gaps=tuple(one for one in gaps if one is not None),
            sources=tuple(sorted(sources)),
            undecided=tuple(counted.undecided) if read else (),
            unproven=(*counted.unproven, *unproven(*about)) if read else (),
            notes=(*counted.notes, *notes(*about)),
            silent=counted.silent,
            late_notes=tuple(counted.late_notes),
        )


def _says_nothing(gap: Gap) -> bool:
    """Whether no name in the source shows anything under the plan."""
    return gap.reason is Reason.NOTHING_MATCHED or gap.kind is GapKind.NO_PATTERN


def _board(context: MeasureContext) -> list[Source]:
    board = context.team.board_on(context.window.first_day)
    return [] if board is None else [board]


def _item_order(item: EvidenceItem) -> tuple[datetime, str, str]:
    return item.at, item.label, item.url


def _left_out_order(item: LeftOut) -> tuple[bool, float, str, str, str]:
    """Order by time; what has none comes last."""
    return (
        item.at is None,
        item.at.timestamp() if item.at else 0,
        item.label,
        item.url,
        item.reason,
    )


_COMMIT = Item("Commit", of_repository=True)
MEASURES = {
    "changes_in_production": Measure(
        unit="changes",
        happened="reached production",
        at_least_one="had at least one change reach production",
        asks="repositories",
        items={"pull_request": Item("Pull request", of_repository=True), "commit": _COMMIT},
        count=changes_in_production,
    ),
    "commits_in_production": Measure(
        unit="commits",
        happened="reached production",
        at_least_one="had at least one commit reach production",
        asks="repositories",
        items={"commit": _COMMIT},
        count=commits_in_production,
    ),
    "feedback_acted_on": Measure(
        unit="feedback items",
        happened="acted on",
        at_least_one="acted on at least one feedback item",
        asks="repositories and Jira projects",
        items={"feedback": Item("Ticket")},
        count=feedback_acted_on,
    ),
    "retro_actions_done": Measure(
        unit="retro actions",
        happened="completed",
        at_least_one="completed at least one retro action",
        asks="Jira projects",
        items={"retro_action": Item("Retro action")},
        count=retro_actions_done,
    ),
    "tickets_done": Measure(
        unit="tickets",
        happened="moved to Done",
        at_least_one="moved at least one ticket to Done",
        asks="Jira projects",
        items={"ticket": Item("Ticket")},
        count=tickets_done,
    ),
}
# A result keeps its evidence where its target counts by another measure now.
ITEMS = {kind: item for measure in MEASURES.values() for kind, item in measure.items.items()}
