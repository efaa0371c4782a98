"""A team that closed and is open again: what ended while nobody was there is not judged."""

from dataclasses import replace
from datetime import date

import pytest

from evaluator.evaluate import evaluate_team
from evaluator.model.plan import Closed
from evaluator.model.results import Result, State, Status
from tests.evaluator.builders import PLAN, TARGETS, TEAM, at, commit, deployed, shipped

NOW = at("2026-05-06")
FACTS = shipped([commit("c0", made="2026-01-01")], [deployed("D0", "c0", "2026-02-20")])
ALL = ["2026-03-03", "2026-03-17", "2026-03-31", "2026-04-14", "2026-04-28"]
LAST = date(2026, 3, 8)


def judged(closed: Closed, *previous: Result) -> list[str]:
    plan = replace(PLAN, targets=TARGETS[:1])
    before = {(row.sprint.id, row.target): row for row in previous}
    rows = evaluate_team(TEAM, plan, FACTS, NOW, before, closed=(closed,))
    return [row.sprint.id for row in rows if row.sprint.id >= ALL[0]]


@pytest.mark.parametrize(
    ("closed", "found"),
    [
        pytest.param(
            Closed(LAST, at("2026-03-08"), at("2026-04-29")), [ALL[0], ALL[4]], id="open again"
        ),
        pytest.param(
            Closed(LAST, at("2026-03-20"), at("2026-04-20")),
            [ALL[0], *ALL[3:]],
            id="what ran when it was seen counts",
        ),
        pytest.param(
            Closed(LAST, at("2026-03-31"), at("2026-04-29")),
            [*ALL[:2], ALL[4]],
            id="what had ended when it was told stays",
        ),
        pytest.param(
            Closed(date(2025, 3, 8), at("2026-04-29 09:00"), at("2026-04-29 10:00")),
            ALL,
            id="a mistake of an hour",
        ),
        pytest.param(
            Closed(LAST, at("2026-03-08"), at("2026-05-05"), date(2026, 4, 14)),
            [ALL[0], *ALL[3:]],
            id="from a written day on",
        ),
    ],
)
def test_what_ended_while_a_team_was_closed_is_not_judged(closed: Closed, found: list[str]) -> None:
    assert judged(closed) == found


def test_what_was_judged_for_good_is_judged_on() -> None:
    plan = replace(PLAN, targets=TARGETS[:1])
    rows = evaluate_team(TEAM, plan, FACTS, at("2026-04-20"), {})
    (final,) = (row for row in rows if row.sprint.id == ALL[1])

    assert (final.status, final.state) == (Status.NOT_MET, State.FINAL)
    assert judged(Closed(LAST, at("2026-03-08"), at("2026-04-29")), final) == [
        ALL[0],
        ALL[1],
        ALL[4],
    ]
