"""Keys of tickets that pull requests name, and when changes with them reached production."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0011"


def upgrade() -> None:
    """Add both. What was read before has none: nothing is known of it."""
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
