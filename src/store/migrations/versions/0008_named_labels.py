"""Labels of tickets that nothing is worked out from are kept no more: they are texts of people."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

_NAMED = {
    "retro-action",
    "feature",
    "bug",
    "operability",
    "tech-debt",
    "tech_debt",
    "techdebt",
    "technical-debt",
}
_TICKETS = sa.table(
    "tickets",
    sa.column("source", sa.String),
    sa.column("issue_id", sa.String),
    sa.column("labels", sa.JSON),
)


def upgrade() -> None:
    """Take away every other label, on SQLite from its file too."""
    connection = op.get_bind()
    sqlite = connection.dialect.name == "sqlite"
    if sqlite:
        connection.exec_driver_sql("PRAGMA secure_delete = ON")
    changed = [
        {"of_source": source, "of_issue": issue_id, "kept": kept}
        for source, issue_id, labels in connection.execute(sa.select(_TICKETS)).all()
        if (kept := sorted(_NAMED & {label.casefold() for label in labels})) != labels
    ]
    if changed:
        connection.execute(
            sa.update(_TICKETS)
            .where(_TICKETS.c.source == sa.bindparam("of_source"))
            .where(_TICKETS.c.issue_id == sa.bindparam("of_issue"))
            .values(labels=sa.bindparam("kept")),
            changed,
        )
    if sqlite:  # what is deleted day by day was never more than what is kept
        connection.exec_driver_sql("PRAGMA secure_delete = OFF")
