"""Names that the configuration lacks, although they brought something out."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add the table, empty until a repository is read again."""
    op.create_table(
        "other_evidence",
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("example", sa.String(), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("first_known", sa.Boolean(), nullable=False),
        sa.Column("newest_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sha", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["source"], ["coverage.source"], name="fk_other_evidence_coverage"),
        sa.PrimaryKeyConstraint("source", "kind", "name", name="pk_other_evidence"),
    )
