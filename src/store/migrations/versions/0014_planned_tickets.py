"""Whether a ticket is in a sprint that has not begun."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Add the column. No ticket is known as planned until one of its source changes."""
    op.add_column(
        "tickets", sa.Column("planned", sa.Boolean(), nullable=False, server_default=sa.false())
    )
