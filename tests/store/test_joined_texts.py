"""What a result has apart in memory stands in the database as one text, as it always did."""

from dataclasses import replace

import pytest
from sqlalchemy import Engine, select

from evaluator.model.facts import Reason
from evaluator.model.results import CorrectionNote, Gap, GapKind
from store.store import Store
from store.tables import RESULTS
from tests.store.examples import RESULT

NOTE = "Read again on 24 March 2026: 0 changes, 2 fewer than counted. "
LOWERED = CorrectionNote("24 March 2026", "0 changes, 2 fewer than counted")


def test_the_status_and_the_corrections_stand_in_the_texts(store: Store, engine: Engine) -> None:
    corrected = replace(RESULT, corrections=(LOWERED,))

    store.results.save([corrected])

    with engine.connect() as connection:
        row = connection.execute(select(RESULTS)).mappings().one()
    assert row["reason"] == "Met: 2 changes reached production. The target is at least 1."
    assert row["notes"] == [
        "A deployment was withdrawn.",
        f"{NOTE}A final result is never lowered.",
    ]
    assert store.results.find() == [corrected]


@pytest.mark.parametrize(
    ("gap", "detail"),
    [
        pytest.param(
            Gap("jira:jira:HER", Reason.NO_ACCESS, "Ask an owner."), "Ask an owner.", id="unread"
        ),
        pytest.param(
            Gap("jira:jira:HER", Reason.NOTHING_MATCHED, "it finds no ticket", GapKind.NO_TICKET),
            "it finds no ticket",
            id="no ticket",
        ),
        *(
            pytest.param(
                Gap("github:a/b", Reason.NOT_FOUND, f"{kind}HER-1", kind),
                f"{kind.value}HER-1",
                id=kind.name,
            )
            for kind in (GapKind.LOST_COMMIT, GapKind.LOST_STATUS, GapKind.LOST_MOVE)
        ),
    ],
)
def test_the_kind_of_a_gap_is_told_by_its_detail(
    store: Store, engine: Engine, gap: Gap, detail: str
) -> None:
    lacking = replace(RESULT, gaps=(gap,))

    store.results.save([lacking])

    with engine.connect() as connection:
        (row,) = connection.execute(select(RESULTS.c.gaps)).scalars()
    assert row == [{"source": gap.source, "reason": gap.reason.value, "detail": detail}]
    assert store.results.find() == [lacking]


def test_a_text_that_was_written_otherwise_comes_back_as_it_is(
    store: Store, engine: Engine
) -> None:
    store.results.save([RESULT])
    with engine.begin() as connection:
        connection.execute(
            RESULTS.update().values(reason="Nothing to say.", notes=["Read again on Monday"])
        )

    (found,) = store.results.find()

    assert (found.reason, found.all_notes) == ("Nothing to say.", ("Read again on Monday",))
