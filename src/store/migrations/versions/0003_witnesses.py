"""Bounds of facts in time: numbers of sources, places of events, how tickets came and went."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_TEXTS = {
    "coverage": ("number",),
    "events": ("place",),
    "tickets": ("status", "came_from"),
}
_INSTANTS = {
    "coverage": ("created",),
    "events": ("merged_at", "not_before", "seen_by"),
    "tickets": ("resolved_at", "here_since"),
}


def upgrade() -> None:
    """Add columns that are empty until a source is read again."""
    for table, names in _TEXTS.items():
        for name in names:
            op.add_column(
                table, sa.Column(name, sa.String(), nullable=False, server_default=sa.text("''"))
            )
    for table, names in _INSTANTS.items():
        for name in names:
            op.add_column(table, sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    op.add_column("sprints", sa.Column("origin_board", sa.Integer(), nullable=True))
