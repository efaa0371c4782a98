"""What earlier versions kept of labels is taken away, but for what is named."""

import importlib.util
from dataclasses import replace
from pathlib import Path
from types import ModuleType

from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Engine, update

from evaluator.model.facts import Reading
from evaluator.model.ticket_labels import KINDS, named
from store import migrate
from store.store import Store
from store.tables import TICKETS
from tests.store.examples import TICKET, TICKETS_READ

_KEPT_THEN = ("retro-action", *sorted(set().union(*KINDS.values())))
WRITTEN = [
    [],
    ["tech-debt"],
    ["Ask-Perpetua-Quillfeather", "Retro-Action", "bug"],
    ["Perpetua's"],
    ["TECH_DEBT", "tech_debt", "zebra"],
]


def migration(name: str) -> ModuleType:
    """Return the migration whose file ends with `name`, whatever its number."""
    (file,) = Path(migrate.__file__).with_name("migrations").glob(f"versions/*_{name}.py")
    spec = importlib.util.spec_from_file_location(name, file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_labels_that_are_not_named_are_gone_after_the_upgrade(
    store: Store, engine: Engine, database_url: str
) -> None:
    tickets = [replace(TICKET, issue_id=str(n), key=f"HER-{n}") for n in range(len(WRITTEN))]
    store.facts.keep(Reading(TICKETS_READ, tickets=tuple(tickets)))
    with engine.begin() as connection:
        for number, labels in enumerate(WRITTEN):
            one = TICKETS.c.issue_id == str(number)
            connection.execute(update(TICKETS).where(one).values(labels=labels))

    with engine.begin() as connection, Operations.context(MigrationContext.configure(connection)):
        migration("named_labels").upgrade()
    found = {each.issue_id: each.labels for each in store.facts.tickets([TICKET.source])}
    store.close()
    engine.dispose()

    assert found == {str(n): named(labels, _KEPT_THEN) for n, labels in enumerate(WRITTEN)}
    if database_url.startswith("sqlite"):
        file = Path(database_url.removeprefix("sqlite:///"))
        assert b"Perpetua" not in file.read_bytes()
