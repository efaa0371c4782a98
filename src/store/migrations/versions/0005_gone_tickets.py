"""Tickets that left their source: how, and between when."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add columns that are empty until a ticket is missed."""
    op.add_column(
        "tickets", sa.Column("gone", sa.String(), nullable=False, server_default=sa.text("''"))
    )
    for name in ("gone_after", "gone_by"):
        op.add_column("tickets", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
