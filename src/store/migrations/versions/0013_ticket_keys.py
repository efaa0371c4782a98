"""Keys of tickets that pull requests name, since when these are in production, and stories."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Add all three. What was read before has no keys: nothing is known of it."""
    op.create_table(
        "ticket_keys",
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("sha", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("source", "sha", "key", name="pk_ticket_keys"),
        sa.ForeignKeyConstraint(["source"], ["coverage.source"], name="fk_ticket_keys_coverage"),
    )
    op.create_table(
        "shipped_tickets",
        sa.Column("team", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("team", "key", name="pk_shipped_tickets"),
    )
    op.create_table(
        "stories",
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("sprint_id", sa.String(), nullable=False),
        sa.Column("oid", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("target", sa.String(), nullable=False),
        sa.Column("cut", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("source", "sprint_id", name="pk_stories"),
        sa.ForeignKeyConstraint(["source"], ["coverage.source"], name="fk_stories_coverage"),
    )
