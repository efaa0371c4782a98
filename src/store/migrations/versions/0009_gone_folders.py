"""Configured folders that a repository has no more."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Add the column, which is null until somebody looks."""
    op.add_column("coverage", sa.Column("gone_folders", sa.JSON(), nullable=True))
