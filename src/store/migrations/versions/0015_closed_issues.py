"""Issues of GitHub with a label that is kept, which merged pull requests close."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Add the table. What was read before has none: nothing is known of it."""
    op.create_table(
        "closed_issues",
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("sha", sa.String(), nullable=False),
        sa.Column("pull_request", sa.Integer(), nullable=False),
        sa.Column("repository", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("labels", sa.JSON(), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started", sa.DateTime(timezone=True), nullable=False),
        sa.Column("declined", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint(
            "source", "sha", "pull_request", "repository", "number", name="pk_closed_issues"
        ),
        sa.ForeignKeyConstraint(["source"], ["coverage.source"], name="fk_closed_issues_coverage"),
    )
