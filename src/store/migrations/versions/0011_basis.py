"""By which configuration a result was found, and when each team was judged first."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Add both. Of results the column is empty: the next evaluation fills it in."""
    op.add_column("results", sa.Column("basis", sa.JSON(none_as_null=True), nullable=True))
    op.create_table(
        "first_evaluations",
        sa.Column("team", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("team", name="pk_first_evaluations"),
    )
    op.execute(
        "INSERT INTO first_evaluations SELECT team, MIN(evaluated_at) FROM results GROUP BY team"
    )
