"""The measures: each a pure function that counts one kind of thing in one window."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from evaluator.completeness import gap
from evaluator.measures.changes_in_production import changes_in_production
from evaluator.measures.commits_in_production import commits_in_production
from evaluator.measures.context import Answer, Question
from evaluator.measures.tickets_done import tickets_done
from evaluator.model.facts import Reason
from evaluator.model.plan import BoardSource, Source
from evaluator.model.results import EvidenceItem, Found, Gap, LeftOut


@dataclass(frozen=True, slots=True)
class Measure:
    """One thing to count. In words: "3 `unit` `happened`", counted in `asks`; all plurals in -s."""

    unit: str
    happened: str
    asks: str
    answer: Callable[[Question], Answer]

    def found(self, question: Question) -> Found:
        """Return what counts and what does not, in order of time and label, and what is missing.

        `value` is None where no source of the measure was ever completely read, or where nothing
        in any matches what counts: that is not zero. The team's board is one of the sources,
        because the window depends on it.
        """
        answer = self.answer(question)
        if not answer.sources:
            nothing = Gap("", Reason.NOT_SET_UP, f"this team has no {self.asks} set up")
            return Found(value=None, unit=self.unit, gaps=(nothing,))
        known = question.known
        sources = {source.id: source for source in (*answer.sources, *_board(question))}
        gaps = [gap(sources[key], question.window, known, question.now) for key in sorted(sources)]
        mute = {g.source for g in gaps if g is not None and g.reason is Reason.NOTHING_MATCHED}
        read = any(s.id in known.reads and s.id not in mute for s in answer.sources)
        return Found(
            value=len(answer.evidence) if read else None,
            unit=self.unit,
            evidence=tuple(sorted(answer.evidence, key=_item_order)),
            left_out=tuple(sorted(answer.left_out, key=_left_out_order)),
            gaps=tuple(one for one in gaps if one is not None),
            sources=tuple(sorted(sources)),
            doubts=tuple(answer.doubts) if read else (),
        )


def _board(question: Question) -> list[Source]:
    board = question.team.sprints
    return [board] if isinstance(board, BoardSource) else []


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


MEASURES = {
    "changes_in_production": Measure(
        "changes", "reached production", "repositories", changes_in_production
    ),
    "commits_in_production": Measure(
        "commits", "reached production", "repositories", commits_in_production
    ),
    "tickets_done": Measure("tickets", "moved to Done", "Jira projects", tickets_done),
}
