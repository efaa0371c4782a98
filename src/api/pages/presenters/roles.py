"""Roles: what each answers for, and what is not its responsibility, in one table."""

from collections.abc import Sequence

from api.pages.presenters.parts.tables import Cell, Table, heads
from evaluator.model.product import Role


def roles_table(roles: Sequence[Role]) -> Table:
    """Return one row for each role."""
    rows = [
        (
            Cell(role.name),
            Cell(_joined(role.answers_for)),
            Cell(_joined(role.helps_with)),
            Cell(_joined(role.not_responsible_for)),
        )
        for role in roles
    ]
    return Table(
        "Roles, and what is not their responsibility",
        heads("Role", "Answers for", "Is asked about, or told of", "Is not responsible for"),
        tuple(rows),
    )


def _joined(items: Sequence[str]) -> str:
    return "; ".join(items) if items else "Nothing written"
