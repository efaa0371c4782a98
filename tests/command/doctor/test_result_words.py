"""Every reason for missing data has words: what is found, who must act, and what to do."""

from dataclasses import replace
from datetime import date

import pytest

from evaluator.model.delivery import Delivery
from evaluator.model.evidence import Production
from evaluator.model.facts import Coverage, Evidence, Reason
from evaluator.model.plan import BoardSource, RepositorySource, Source, TicketSource
from evaluator.model.results import Gap, GapKind
from hearten.doctor.result_words import Missing, name_of, words, written

SHOP = RepositorySource(
    "acme/shop", (Delivery((Production(Evidence.TAG, pattern="v.*", branch="live"),)),)
)
SOURCES = [SHOP, TicketSource("jira", "HER"), BoardSource("jira", 42), None]
DAY = date(2026, 10, 5)


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("reason", Reason)
@pytest.mark.parametrize("kind", GapKind)
def test_a_gap_is_said_in_whole_sentences(
    kind: GapKind, reason: Reason, source: Source | None
) -> None:
    detail = f"{kind} x" if kind else "It did not answer. Ask again."
    gap = Gap(source.id if source else "", reason, detail, kind)

    said = words(Missing(gap, source, DAY, SHOP.stanzas))

    assert all(text[0].isupper() or text[0] == "`" for text in (said.what, said.remedy))
    assert said.what.endswith(".")
    assert said.remedy.endswith(".")
    assert said.who


UNREAD = Coverage(
    SHOP.id,
    reason=Reason.NOT_FOUND,
    what='Jira refused `fixVersion = "Release 1. Spring"`.',
    remedy="Correct it in teams.yaml. Then try again.",
)


@pytest.mark.parametrize(
    ("read", "said"),
    [
        pytest.param(UNREAD, (UNREAD.what, UNREAD.remedy), id="as fields"),
        pytest.param(
            replace(UNREAD, what=UNREAD.detail, remedy=""),
            (UNREAD.detail, "The next `hearten collect` tries again."),
            id="as one text, kept before",
        ),
        pytest.param(
            replace(UNREAD, what="It did not answer."),
            (UNREAD.detail, "The next `hearten collect` tries again."),
            id="another attempt since",
        ),
        pytest.param(None, (UNREAD.detail, "The next `hearten collect` tries again."), id="none"),
    ],
)
def test_what_a_source_said_is_never_cut_apart(
    read: Coverage | None, said: tuple[str, str]
) -> None:
    gap = Gap(SHOP.id, Reason.NOT_FOUND, UNREAD.detail)

    words_of_it = words(Missing(gap, SHOP, DAY, read=read))

    assert (words_of_it.what, words_of_it.remedy) == said


def test_what_was_read_too_late_is_read_from_the_first_day_of_the_sprint() -> None:
    gap = Gap(SHOP.id, Reason.HISTORY_BEFORE_START)

    said = words(Missing(gap, SHOP, DAY))

    assert said.remedy == "Run `hearten collect --since 2026-10-05`."


@pytest.mark.parametrize(
    ("kind", "reason", "remedy"),
    [
        (GapKind.NAME_OF_ANOTHER, Reason.HISTORY_BEFORE_START, "See that it is the one meant"),
        (GapKind.ANOTHER_NAME, Reason.EVIDENCE_CHANGED, "List it under `production`"),
        (GapKind.FOLDER_GONE, Reason.EVIDENCE_CHANGED, "Write its new name beside it"),
        (GapKind.RUNS_ELSEWHERE, Reason.EVIDENCE_CHANGED, "Write that `branch` beside"),
        (GapKind.RUNS_ON_MERGE, Reason.EVIDENCE_CHANGED, "If they ship, list `{evidence: merge"),
        (GapKind.NEVER_MATCHED, Reason.NOTHING_MATCHED, "Correct that in its `production`"),
    ],
)
def test_what_a_kind_of_gap_is_for_is_never_told_by_its_reason(
    kind: GapKind, reason: Reason, remedy: str
) -> None:
    gap = Gap(SHOP.id, reason, f"{kind}tags Release 1. Spring", kind)

    said = words(Missing(gap, SHOP, DAY))

    assert said.what.casefold() == f"{kind}tags release 1. spring.".casefold()
    assert said.remedy.startswith(remedy)


def test_what_never_matched_is_said_as_it_is_written_with_what_the_record_has() -> None:
    gap = Gap(SHOP.id, Reason.NOTHING_MATCHED)

    said = words(Missing(gap, SHOP, DAY, SHOP.stanzas, names=("main",)))

    assert said.what == "Nothing in it ever matched `tags: v.*` on `branch: live`."
    assert said.remedy.startswith("The record has `main`. `hearten suggest acme/shop` prints")


def test_what_matched_and_does_not_count_is_called_by_its_kind_where_that_is_one() -> None:
    merged = Production()
    gap = Gap(SHOP.id, Reason.NOTHING_MATCHED)

    one = words(Missing(gap, SHOP, DAY, SHOP.stanzas, left_out=2)).what
    two = words(Missing(gap, SHOP, DAY, (*SHOP.stanzas, merged), left_out=2)).what

    assert (one.split(" matched")[0], two.split(" matched")[0]) == ("2 tags", "2 events")


@pytest.mark.parametrize(
    ("source", "name"),
    [
        (SHOP, "acme/shop"),
        (TicketSource("jira", "HER"), "project HER"),
        (TicketSource("jira", jql="labels = a"), "JQL `labels = a`"),
        (BoardSource("jira", 42), "board 42"),
    ],
)
def test_a_source_has_a_name(source: Source, name: str) -> None:
    assert name_of(source) == name


def test_merges_are_written_as_their_evidence() -> None:
    assert written(Production()) == "evidence merge"
