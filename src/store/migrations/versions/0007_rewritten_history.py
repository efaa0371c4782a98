"""When a commit was first made, and which one it was before its branch was pushed with force."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Add the columns, empty: nothing that was read before is taken for rewritten."""
    op.add_column("commits", sa.Column("written_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "commits", sa.Column("rewrites", sa.String(), nullable=False, server_default=sa.text("''"))
    )
