"""Whether a ticket is an epic, and what to do about an unread source apart from what happened."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Add the columns. No ticket read before is known as an epic; its next read says so.

    What is kept of an unread source has its remedy at its end, until its next read.
    """
    op.add_column(
        "coverage", sa.Column("remedy", sa.String(), nullable=False, server_default=sa.text("''"))
    )
    op.add_column(
        "tickets", sa.Column("epic", sa.Boolean(), nullable=False, server_default=sa.false())
    )
