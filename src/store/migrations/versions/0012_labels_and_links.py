"""When labels came to a ticket and went, the day by which it is due, and its links."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Add the columns. They are empty until each ticket is read once more, by the next read."""
    op.add_column("tickets", sa.Column("due", sa.Date(), nullable=True))
    for name in ("label_changes", "links"):
        op.add_column(
            "tickets",
            sa.Column(name, sa.JSON(none_as_null=True), nullable=True),
        )
