"""The tables. None has a column for a person, a title or a text that people wrote.

Facts and coverage have natural keys, so that a job may be run twice. Facts refer to the coverage
of their source: a fact that no complete read vouches for cannot be stored.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKeyConstraint, Index, MetaData, UniqueConstraint, false, text
from sqlmodel import Field, SQLModel

from store.types import UtcDateTime


class TableRow(SQLModel):
    """The base of every table; constraints have stable names, so that migrations can find them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        }
    )


def _empty() -> Any:
    """A text that rows of before do not have."""
    return Field(default="", sa_column_kwargs={"server_default": text("''")})


class CoverageRow(TableRow, table=True):
    """One source: its last complete read with the bookmark it left, and its newest attempt."""

    __tablename__ = "coverage"

    source: str = Field(primary_key=True)
    fingerprint: str
    bookmark: str
    since: datetime | None = Field(sa_type=UtcDateTime)
    read_started: datetime | None = Field(sa_type=UtcDateTime)
    read_finished: datetime | None = Field(sa_type=UtcDateTime)
    attempt_started: datetime | None = Field(sa_type=UtcDateTime)
    attempt_finished: datetime | None = Field(sa_type=UtcDateTime)
    reason: str | None
    detail: str
    items: int
    requests: int
    unread_in_a_row: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    number: str = _empty()
    created: datetime | None = Field(sa_type=UtcDateTime)
    older_paths: list[str] | None = Field(sa_type=JSON(none_as_null=True))
    gone_folders: list[Any] | None = Field(sa_type=JSON(none_as_null=True))
    remedy: str = _empty()


class CommitRow(TableRow, table=True):
    """A commit; `parents` and `paths` are lists of strings."""

    __tablename__ = "commits"

    source: str = Field(primary_key=True, foreign_key="coverage.source")
    sha: str = Field(primary_key=True)
    parents: list[str] = Field(sa_type=JSON)
    committed_at: datetime = Field(sa_type=UtcDateTime)
    pull_request: int | None
    bot: bool
    revert: bool
    paths: list[str] = Field(sa_type=JSON)
    written_at: datetime | None = Field(sa_type=UtcDateTime)
    rewrites: str = _empty()


class TicketKeyRow(TableRow, table=True):
    """The key of a ticket that a merged pull request of a commit names; of its text no more."""

    __tablename__ = "ticket_keys"

    source: str = Field(primary_key=True, foreign_key="coverage.source")
    sha: str = Field(primary_key=True)
    key: str = Field(primary_key=True)


class ClosedIssueRow(TableRow, table=True):
    """An issue with a label that is kept, which a merged pull request of a commit closes."""

    __tablename__ = "closed_issues"

    source: str = Field(primary_key=True, foreign_key="coverage.source")
    sha: str = Field(primary_key=True)
    pull_request: int = Field(primary_key=True)
    repository: str = Field(primary_key=True)
    number: int = Field(primary_key=True)
    labels: list[str] = Field(sa_type=JSON)
    created: datetime = Field(sa_type=UtcDateTime)
    started: datetime = Field(sa_type=UtcDateTime)
    declined: bool


class StoryRow(TableRow, table=True):
    """What a team wrote of a sprint for others to read: the one text of people that is kept."""

    __tablename__ = "stories"

    source: str = Field(primary_key=True, foreign_key="coverage.source")
    sprint_id: str = Field(primary_key=True)
    oid: str
    text: str
    target: str
    cut: bool


class EventRow(TableRow, table=True):
    """A production event; its key includes the sha, so that a moved tag adds one."""

    __tablename__ = "events"

    source: str = Field(primary_key=True, foreign_key="coverage.source")
    kind: str = Field(primary_key=True)
    ident: str = Field(primary_key=True)
    sha: str = Field(primary_key=True)
    dated_by: str = Field(primary_key=True)
    name: str
    at: datetime | None = Field(sa_type=UtcDateTime)
    url: str
    place: str = _empty()
    merged_at: datetime | None = Field(sa_type=UtcDateTime)
    not_before: datetime | None = Field(sa_type=UtcDateTime)
    seen_by: datetime | None = Field(sa_type=UtcDateTime)


class TicketRow(TableRow, table=True):
    """A ticket; `changes` is a list of [at, from id, to id, from category, to category, to name].

    Rows from before names were kept lack the last. `label_changes` is a list of [at, label,
    whether it came], and `links` one of [id, type, whether outward, key, issue id, category of
    status], and what was read of the other ticket: [when it was made, labels]. Rows from before
    they were kept have neither.
    """

    __tablename__ = "tickets"

    source: str = Field(primary_key=True, foreign_key="coverage.source")
    issue_id: str = Field(primary_key=True)
    key: str
    project: str
    type: str
    sub_task: bool
    labels: list[str] = Field(sa_type=JSON)
    created: datetime = Field(sa_type=UtcDateTime)
    updated: datetime = Field(sa_type=UtcDateTime)
    status_id: str
    status_category: str
    resolution: str | None
    changes: list[list[str]] = Field(sa_type=JSON)
    status: str = _empty()
    resolved_at: datetime | None = Field(sa_type=UtcDateTime)
    here_since: datetime | None = Field(sa_type=UtcDateTime)
    came_from: str = _empty()
    gone: str = _empty()
    gone_after: datetime | None = Field(sa_type=UtcDateTime)
    gone_by: datetime | None = Field(sa_type=UtcDateTime)
    listed_done: datetime | None = Field(sa_type=UtcDateTime)
    epic: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    due: date | None
    label_changes: list[list[Any]] | None = Field(sa_type=JSON(none_as_null=True))
    links: list[list[Any]] | None = Field(sa_type=JSON(none_as_null=True))
    planned: bool = Field(default=False, sa_column_kwargs={"server_default": false()})


class SprintRow(TableRow, table=True):
    """A board's sprint."""

    __tablename__ = "sprints"

    source: str = Field(primary_key=True, foreign_key="coverage.source")
    sprint_id: int = Field(primary_key=True)
    name: str
    state: str
    start: datetime | None = Field(sa_type=UtcDateTime)
    planned_end: datetime | None = Field(sa_type=UtcDateTime)
    completed: datetime | None = Field(sa_type=UtcDateTime)
    origin_board: int | None


class OtherEvidenceRow(TableRow, table=True):
    """A name that the configuration lacks, although it brought out what those it has did not."""

    __tablename__ = "other_evidence"

    source: str = Field(primary_key=True, foreign_key="coverage.source")
    kind: str = Field(primary_key=True)
    name: str = Field(primary_key=True)
    example: str
    first_at: datetime = Field(sa_type=UtcDateTime)
    first_known: bool
    newest_at: datetime = Field(sa_type=UtcDateTime)
    sha: str
    url: str


class ReachRow(TableRow, table=True):
    """Derived: the event at which a commit reached production, by the key of the delivery.

    Can be rebuilt from the facts.
    """

    __tablename__ = "reach"

    source: str = Field(primary_key=True)
    delivery: str = Field(primary_key=True)
    sha: str = Field(primary_key=True)
    kind: str
    ident: str
    event_sha: str
    dated_by: str

    __table_args__ = (
        ForeignKeyConstraint(
            ["source", "kind", "ident", "event_sha", "dated_by"],
            ["events.source", "events.kind", "events.ident", "events.sha", "events.dated_by"],
        ),
    )


class ReachBasisRow(TableRow, table=True):
    """What a source's reach was computed from: a fingerprint, and the read that came last."""

    __tablename__ = "reach_basis"

    source: str = Field(primary_key=True)
    fingerprint: str
    read_finished: datetime | None = Field(sa_type=UtcDateTime)


class ShippedTicketRow(TableRow, table=True):
    """Derived: when a change that names a team's ticket first reached production, and the event.

    Can be worked out anew from the facts.
    """

    __tablename__ = "shipped_tickets"

    team: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    at: datetime = Field(sa_type=UtcDateTime)
    url: str


class PlanRow(TableRow, table=True):
    """A snapshot of the plan as JSON text; the newest is in force."""

    __tablename__ = "plans"

    id: int | None = Field(default=None, primary_key=True)
    saved_at: datetime = Field(sa_type=UtcDateTime)
    snapshot: str


class ResultRow(TableRow, table=True):
    """One version of a result. Lists hold what `evaluator.model.results` holds, field by field."""

    __tablename__ = "results"

    team: str = Field(primary_key=True)
    sprint_id: str = Field(primary_key=True)
    target: str = Field(primary_key=True)
    version: int = Field(primary_key=True)
    sprint_name: str
    sprint_start: datetime = Field(sa_type=UtcDateTime)
    sprint_end: datetime = Field(sa_type=UtcDateTime)
    sprint_first_day: date
    sprint_settled_at: datetime = Field(sa_type=UtcDateTime)
    sprint_gap_end: datetime | None = Field(sa_type=UtcDateTime)
    sprint_notes: list[str] = Field(sa_type=JSON)
    target_version: date | None
    status: str
    state: str
    value: int | None
    minimum: int | None
    unit: str
    coverage: float
    reason: str
    cause: str
    evidence: list[dict[str, Any]] = Field(sa_type=JSON)
    left_out: list[dict[str, Any]] = Field(sa_type=JSON)
    gaps: list[dict[str, Any]] = Field(sa_type=JSON)
    sources: list[str] = Field(sa_type=JSON)
    notes: list[str] = Field(sa_type=JSON)
    evaluated_at: datetime = Field(sa_type=UtcDateTime)
    checked_at: datetime = Field(sa_type=UtcDateTime)
    basis: dict[str, Any] | None = Field(sa_type=JSON(none_as_null=True))

    __table_args__ = (
        # Which sprints are shown is asked for every page, and found in this index alone.
        Index(None, "team", "sprint_start", "sprint_end", "sprint_settled_at"),
        Index(None, "target", "sprint_start"),
        Index(None, "sprint_start"),
    )


class FirstEvaluationRow(TableRow, table=True):
    """When a team was judged first: from then on it is being set up, for some weeks."""

    __tablename__ = "first_evaluations"

    team: str = Field(primary_key=True)
    at: datetime = Field(sa_type=UtcDateTime)


class RunRow(TableRow, table=True):
    """A run, unique by job and slot, with the lease of the process that does it."""

    __tablename__ = "runs"

    id: int | None = Field(default=None, primary_key=True)
    job: str
    slot: str
    asked_by: str
    due_at: datetime = Field(sa_type=UtcDateTime)
    state: str
    team: str | None
    since: date | None
    outcome: str | None
    detail: str
    holder: str
    lease_until: datetime | None = Field(sa_type=UtcDateTime)
    attempts: int
    started_at: datetime | None = Field(sa_type=UtcDateTime)
    finished_at: datetime | None = Field(sa_type=UtcDateTime)
    total: int

    __table_args__ = (
        UniqueConstraint("job", "slot"),
        Index(None, "state", "due_at"),
    )


class RunStepRow(TableRow, table=True):
    """One step of a run that is done: a source or a team."""

    __tablename__ = "run_steps"

    run_id: int = Field(primary_key=True, foreign_key="runs.id")
    step: str = Field(primary_key=True)
    finished_at: datetime = Field(sa_type=UtcDateTime)
    reason: str | None


class TallyRow(TableRow, table=True):
    """Counts that only grow, for Prometheus; written in the transaction of what they count."""

    __tablename__ = "tallies"

    tally: str = Field(primary_key=True)
    source: str = Field(primary_key=True)
    label: str = Field(primary_key=True)
    value: float


class TokenRow(TableRow, table=True):
    """An API token of a program: the SHA-256 of its secret, never the secret."""

    __tablename__ = "tokens"

    id: str = Field(primary_key=True)
    label: str
    digest: str
    scopes: list[str] = Field(sa_type=JSON)
    created_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    revoked_at: datetime | None = Field(sa_type=UtcDateTime)

    __table_args__ = (UniqueConstraint("digest"),)


class AuditRow(TableRow, table=True):
    """One write: what, when, with which token. Lines never change, and are forgotten with age."""

    __tablename__ = "audit"

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(sa_type=UtcDateTime)
    by: str
    action: str
    about: str
    outcome: str
    request_id: str


TABLES = TableRow.metadata.tables
COVERAGE = TABLES["coverage"]
COMMITS = TABLES["commits"]
TICKET_KEYS = TABLES["ticket_keys"]
CLOSED_ISSUES = TABLES["closed_issues"]
STORIES = TABLES["stories"]
EVENTS = TABLES["events"]
TICKETS = TABLES["tickets"]
SPRINTS = TABLES["sprints"]
OTHER_EVIDENCE = TABLES["other_evidence"]
REACH = TABLES["reach"]
REACH_BASIS = TABLES["reach_basis"]
SHIPPED_TICKETS = TABLES["shipped_tickets"]
PLANS = TABLES["plans"]
RESULTS = TABLES["results"]
FIRST_EVALUATIONS = TABLES["first_evaluations"]
RUNS = TABLES["runs"]
RUN_STEPS = TABLES["run_steps"]
TALLIES = TABLES["tallies"]
TOKENS = TABLES["tokens"]
AUDIT = TABLES["audit"]
