"""Results to correct and to count."""

from dataclasses import replace
from datetime import date
from typing import Any

from evaluator.model.results import EvidenceItem, Result, State, Status
from tests.evaluator.builders import SPRINT_A, WEB, at


def a_result(
    status: Status, value: int | None, *, read: str = "2026-03-20", **known: Any
) -> Result:
    """Return a final result of sprint A with `value` pieces of evidence, found on day `read`."""
    items = tuple(
        EvidenceItem("pull_request", f"#{n}", f"https://github.example/{n}", at("2026-03-05"))
        for n in range(value or 0)
    )
    result = Result(
        team="heron",
        sprint=SPRINT_A,
        target="reached-production",
        target_version=date(2021, 10, 1),
        status=status,
        value=value,
        minimum=1,
        unit="changes",
        coverage=1.0,
        reason="as found.",
        evidence=items,
        left_out=(),
        gaps=(),
        sources=(WEB.id,),
        state=State.FINAL,
        evaluated_at=at(read),
        checked_at=at(read),
    )
    return replace(result, **known)
