"""What a result has apart in memory and the database as one text. No other place takes it apart.

The columns are older than the fields. Once a migration gives each field a column of its own, this
file has nothing left to do.
"""

import re
from collections.abc import Iterable
from typing import Any

from evaluator.model.facts import Reason
from evaluator.model.results import CorrectionNote, Gap, GapKind, Status

_CORRECTIONS = (
    re.compile(r"Read again on ([^:]+): (.+)\. A final result is never lowered\."),
    re.compile(
        r"The configuration changed by ([^:]+): (.+)\. "
        r"A final result keeps the one of its day\. To judge again: (.+)"
    ),
)


def to_reason(sentence: str, status: Status) -> str:
    """The reason in a stored sentence, which has the status before it."""
    return sentence.removeprefix(f"{status.words}: ")


def to_notes(stored: Iterable[str]) -> tuple[tuple[str, ...], tuple[CorrectionNote, ...]]:
    """The notes on the sprint and the corrections, which are stored as one list."""
    notes: list[str] = []
    corrections: list[CorrectionNote] = []
    for note in stored:
        if found := next(filter(None, (text.fullmatch(note) for text in _CORRECTIONS)), None):
            corrections.append(CorrectionNote(*found.groups()))
        else:
            notes.append(note)
    return tuple(notes), tuple(corrections)


def from_gap(gap: Gap) -> dict[str, str]:
    """A gap as it is stored: its kind can be told by its detail."""
    return {"source": gap.source, "reason": gap.reason.value, "detail": gap.detail}


def to_gap(stored: dict[str, Any]) -> Gap:
    """The gap of what was stored."""
    detail = str(stored["detail"])
    own = (kind for kind in GapKind if kind and detail.startswith(kind))
    reason = Reason(stored["reason"])
    return Gap(str(stored["source"]), reason, detail, next(own, GapKind.UNREAD))
