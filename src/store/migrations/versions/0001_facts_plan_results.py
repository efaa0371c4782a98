"""Facts with their coverage, the plan, and results."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables of the first version."""
    _facts()
    _reach()
    _plan_and_results()


def _facts() -> None:
    op.create_table(
        "coverage",
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("bookmark", sa.String(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("read_started", sa.DateTime(timezone=True), nullable=True),
        sa.Column("read_finished", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempt_started", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempt_finished", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("detail", sa.String(), nullable=False),
        sa.Column("items", sa.Integer(), nullable=False),
        sa.Column("requests", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("source", name="pk_coverage"),
    )
    op.create_table(
        "commits",
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("sha", sa.String(), nullable=False),
        sa.Column("parents", sa.JSON(), nullable=False),
        sa.Column("committed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("pull_request", sa.Integer(), nullable=True),
        sa.Column("bot", sa.Boolean(), nullable=False),
        sa.Column("revert", sa.Boolean(), nullable=False),
        sa.Column("paths", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["source"], ["coverage.source"], name="fk_commits_coverage"),
        sa.PrimaryKeyConstraint("source", "sha", name="pk_commits"),
    )
    op.create_table(
        "events",
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("ident", sa.String(), nullable=False),
        sa.Column("sha", sa.String(), nullable=False),
        sa.Column("dated_by", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("url", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["source"], ["coverage.source"], name="fk_events_coverage"),
        sa.PrimaryKeyConstraint("source", "kind", "ident", "sha", "dated_by", name="pk_events"),
    )
    op.create_table(
        "tickets",
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("issue_id", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("project", sa.String(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("sub_task", sa.Boolean(), nullable=False),
        sa.Column("labels", sa.JSON(), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status_id", sa.String(), nullable=False),
        sa.Column("status_category", sa.String(), nullable=False),
        sa.Column("resolution", sa.String(), nullable=True),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["source"], ["coverage.source"], name="fk_tickets_coverage"),
        sa.PrimaryKeyConstraint("source", "issue_id", name="pk_tickets"),
    )
    op.create_table(
        "sprints",
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("sprint_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("start", sa.DateTime(timezone=True), nullable=True),
        sa.Column("planned_end", sa.DateTime(timezone=True), nullable=True),
        sa.Column("completed", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["source"], ["coverage.source"], name="fk_sprints_coverage"),
        sa.PrimaryKeyConstraint("source", "sprint_id", name="pk_sprints"),
    )


def _reach() -> None:
    op.create_table(
        "reach",
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("sha", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("ident", sa.String(), nullable=False),
        sa.Column("event_sha", sa.String(), nullable=False),
        sa.Column("dated_by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["source", "kind", "ident", "event_sha", "dated_by"],
            ["events.source", "events.kind", "events.ident", "events.sha", "events.dated_by"],
            name="fk_reach_events",
        ),
        sa.PrimaryKeyConstraint("source", "sha", name="pk_reach"),
    )
    op.create_table(
        "reach_basis",
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("read_finished", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("source", name="pk_reach_basis"),
    )


def _plan_and_results() -> None:
    op.create_table(
        "plans",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("snapshot", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_plans"),
    )
    op.create_table(
        "results",
        sa.Column("team", sa.String(), nullable=False),
        sa.Column("sprint_id", sa.String(), nullable=False),
        sa.Column("target", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sprint_name", sa.String(), nullable=False),
        sa.Column("sprint_start", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sprint_end", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sprint_first_day", sa.Date(), nullable=False),
        sa.Column("sprint_settled_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sprint_gap_end", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sprint_notes", sa.JSON(), nullable=False),
        sa.Column("target_version", sa.Date(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=True),
        sa.Column("minimum", sa.Integer(), nullable=True),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("coverage", sa.Float(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("left_out", sa.JSON(), nullable=False),
        sa.Column("gaps", sa.JSON(), nullable=False),
        sa.Column("sources", sa.JSON(), nullable=False),
        sa.Column("notes", sa.JSON(), nullable=False),
        sa.Column("evaluated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("team", "sprint_id", "target", "version", name="pk_results"),
    )
    op.create_index("ix_results_team_sprint_start", "results", ["team", "sprint_start"])
    op.create_index("ix_results_target_sprint_start", "results", ["target", "sprint_start"])
    op.create_index("ix_results_sprint_start", "results", ["sprint_start"])
