"""Facts and results to keep, each complete, so that a column that is forgotten shows."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime

from evaluator.model.facts import (
    BoardSprint,
    ClosedIssue,
    Commit,
    Coverage,
    Evidence,
    OtherEvidence,
    ProductionEvent,
    Reason,
    StatusCategory,
    StatusChange,
    Ticket,
)
from evaluator.model.results import (
    EvidenceItem,
    Gap,
    LeftOut,
    Result,
    Sprint,
    State,
    Status,
)
from store.store import Store


def at(day: int, hour: int = 9) -> datetime:
    return datetime(2026, 3, day, hour, tzinfo=UTC)


SOURCE = "github:nhsuk/booking-web"
READ = Coverage(
    SOURCE,
    fingerprint="f1",
    since=at(1),
    read_started=at(10),
    read_finished=at(10, 10),
    attempt_started=at(10),
    attempt_finished=at(10, 10),
    requests=2,
)
COMMIT = Commit(
    "nhsuk/booking-web",
    "c2",
    parents=("c1", "c0"),
    committed_at=at(2),
    pull_request=7,
    bot=True,
    revert=True,
    paths=frozenset({"services/heron/", "docs/"}),
    written_at=at(1),
    rewrites="a2",
    ticket_keys=("HER-41", "HER-42"),
    closes=(
        ClosedIssue("nhsuk/booking-web", 12, 7, ("retro-action",), at(1), at(2)),
        ClosedIssue("nhsuk/ideas", 3, 7, ("user-feedback",), at(1), at(2), declined=True),
    ),
)
RELEASE = ProductionEvent(
    "nhsuk/booking-web", Evidence.RELEASE, "9", "c2", "v1.0", at(4), "https://example.test/v1.0"
)
OTHER = OtherEvidence(
    "nhsuk/booking-web",
    Evidence.RELEASE,
    "release-#",
    "release-1.1",
    first_at=at(6),
    first_known=True,
    newest_at=at(8),
    sha="c2",
    url="https://example.test/release-1.1",
)
UNDATED_TAG = ProductionEvent(
    "nhsuk/booking-web", Evidence.TAG, "production", "c2", "production", None, "", "%Y-%m-%d"
)

TICKETS_READ = replace(READ, source="jira:jira:HER")
TICKET = Ticket(
    "jira:jira:HER",
    "10042",
    "HER-42",
    "HER",
    "Story",
    sub_task=False,
    labels=("tech-debt",),
    created=at(1),
    updated=at(6),
    status_id="3",
    status_category=StatusCategory.DONE,
    resolution="Won’t Do",
    changes=(
        StatusChange(at(5), "1", "2", StatusCategory.TO_DO, StatusCategory.IN_PROGRESS),
        StatusChange(at(6), "2", "3", StatusCategory.IN_PROGRESS, StatusCategory.DONE),
    ),
    listed_done=at(6),
    epic=True,
)

BOARD_READ = replace(READ, source="board:jira:42")
BOARD_SPRINT = BoardSprint("board:jira:42", 8, "Sprint 8", "active", at(3), at(17), None)

UNREAD = Coverage(
    SOURCE,
    fingerprint="f2",
    since=at(2),
    attempt_started=at(11),
    attempt_finished=at(11, 10),
    reason=Reason.RATE_LIMITED,
    what="GitHub's limit is used up.",
    remedy="Try again after 12:00.",
    requests=9,
)

RESULT = Result(
    team="heron",
    sprint=Sprint(
        "jira-8", "Sprint 8", at(3), at(17), date(2026, 3, 3), at(20), at(18), ("closed late",)
    ),
    target="reached-production",
    target_version=date(2021, 10, 1),
    status=Status.MET,
    value=2,
    minimum=1,
    unit="changes",
    coverage=0.5,
    reason="2 changes reached production. The target is at least 1.",
    evidence=(EvidenceItem("pull request", "#7", "https://example.test/7", at(4), ("revert",)),),
    left_out=(
        LeftOut("c4", "merge commit"),
        LeftOut("c3", "a bot’s", "https://example.test/c3", at(5)),
    ),
    gaps=(Gap("github:nhsuk/booking-api", Reason.NO_ACCESS, "403"),),
    sources=("github:nhsuk/booking-api", SOURCE),
    state=State.FINAL,
    evaluated_at=at(21),
    checked_at=at(22),
    version=1,
    cause="",
    notes=("A deployment was withdrawn.",),
)


def keep_reach(
    store: Store, reached: Mapping[str, ProductionEvent], *, source: str = SOURCE
) -> None:
    """Keep what is reached as one delivery, computed under "f1" from the last complete read."""
    last_read = store.reach.last_read(source)
    store.reach.save(source, "f1", {"as one": reached}, read_finished=last_read)
