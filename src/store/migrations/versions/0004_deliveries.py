"""Reach by delivery: entries of one repository may ship apart. And what older commits touch."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make the derived table anew, empty: the next evaluation fills it."""
    op.execute("DELETE FROM reach_basis")
    op.drop_table("reach")
    op.create_table(
        "reach",
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("delivery", sa.String(), nullable=False),
        sa.Column("sha", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("ident", sa.String(), nullable=False),
        sa.Column("event_sha", sa.String(), nullable=False),
        sa.Column("dated_by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["source", "kind", "ident", "event_sha", "dated_by"],
            ["events.source", "events.kind", "events.ident", "events.sha", "events.dated_by"],
            name=op.f("fk_reach_events"),
        ),
        sa.PrimaryKeyConstraint("source", "delivery", "sha", name=op.f("pk_reach")),
    )
    op.add_column("coverage", sa.Column("older_paths", sa.JSON(), nullable=True))
