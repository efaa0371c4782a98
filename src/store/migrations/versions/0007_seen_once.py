"""What a read showed once and a later one does not: rewritten commits, and reopened tickets."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Add the columns. Of commits they are empty: nothing read before is taken for rewritten."""
    op.add_column("commits", sa.Column("written_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "commits", sa.Column("rewrites", sa.String(), nullable=False, server_default=sa.text("''"))
    )
    op.add_column("tickets", sa.Column("listed_done", sa.DateTime(timezone=True), nullable=True))
    op.execute(
        "UPDATE tickets SET listed_done = updated WHERE status_category = 'done' AND gone = ''"
    )
