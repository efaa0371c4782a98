"""Results as rows, and rows as results.

Rows are read by place, in the order of BRIEF, WHOLE or SUMMARY: by name costs as much as the query.
"""

from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any, TypeVar

from pydantic import TypeAdapter

from evaluator.model.results import Basis, EvidenceItem, LeftOut, Result, Sprint, State, Status
from evaluator.model.web_addresses import web_address
from store.joined_texts import from_gap, to_gap, to_notes, to_reason
from store.upsert import Row

_EVIDENCE = TypeAdapter(tuple[EvidenceItem, ...])
_LEFT_OUT = TypeAdapter(tuple[LeftOut, ...])
_BASIS = TypeAdapter(Basis)
_NONE = Basis()
_Item = TypeVar("_Item", EvidenceItem, LeftOut)
_LISTS = ("evidence", "left_out", "sources", "notes")  # what explains a result: most of its bytes
_PLAIN = [
    f.name
    for f in fields(Result)
    if f.name not in {"sprint", "gaps", "corrections", "basis", *_LISTS}
]
SPRINT = [field.name for field in fields(Sprint)]
BRIEF = (*_PLAIN, "gaps", *(f"sprint_{name}" for name in SPRINT))
WHOLE = (*BRIEF, *_LISTS, "basis")
SUMMARY = (
    *("team", "sprint_start", "sprint_id", "target", "status", "state", "value", "minimum"),
    *("sprint_name", "sprint_end", "sprint_settled_at"),
)


def to_row(result: Result) -> Row:
    """The row of a result."""
    plain = {name: getattr(result, name) for name in (*_PLAIN, *_LISTS)}
    sprint = {f"sprint_{name}": getattr(result.sprint, name) for name in SPRINT}
    words = {"status": result.status.value, "state": result.state.value}
    joined = {
        "reason": result.sentence,
        "gaps": list(map(from_gap, result.gaps)),
        "notes": result.all_notes,
        "basis": _BASIS.dump_python(result.basis, mode="json") if result.basis != _NONE else None,
    }
    return plain | sprint | words | joined


def to_result(row: Sequence[Any]) -> Result:
    """The result of a row with the columns BRIEF or WHOLE."""
    values = dict(zip(_PLAIN, row, strict=False))
    gaps, *of_sprint = row[len(_PLAIN) : len(BRIEF)]
    sprint = dict(zip(SPRINT, of_sprint, strict=True))
    sprint["notes"] = tuple(sprint["notes"])
    evidence, left_out, sources, stored_notes, basis = row[len(BRIEF) :] or ((), (), (), (), None)
    notes, corrections = to_notes(stored_notes)
    status, state = Status(values["status"]), State(values["state"])
    values |= {"status": status, "state": state, "reason": to_reason(values["reason"], status)}
    return Result(
        sprint=Sprint(**sprint),
        evidence=tuple(map(_linked, _EVIDENCE.validate_python(evidence))) if evidence else (),
        left_out=tuple(map(_linked, _LEFT_OUT.validate_python(left_out))) if left_out else (),
        gaps=tuple(map(to_gap, gaps)),
        sources=tuple(sources),
        notes=notes,
        corrections=corrections,
        basis=_BASIS.validate_python(basis) if basis else _NONE,
        **values,
    )


def _linked(item: _Item) -> _Item:
    """The item, without an address that an earlier version kept and that is none of a web page."""
    return item if web_address(item.url) == item.url else replace(item, url="")
