"""Databases for tests: what has to do with the engine runs on both, anything else on SQLite alone.

`@on_both_engines` above a test (or as `pytestmark`) gives its `database_url`, `store` or
`organisation` on each engine; `tests/store` asks for both throughout.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql
from sqlalchemy.engine import make_url

ENGINES = ("sqlite", "postgresql")
on_both_engines = pytest.mark.parametrize("database_url", ENGINES, indirect=True)


@contextmanager
def empty_database(request: pytest.FixtureRequest, engine: str, folder: Path) -> Iterator[str]:
    """The URL of a database with nothing in it: a file in `folder`, or on the tests' server."""
    if engine == "sqlite":
        yield f"sqlite:///{folder}/hearten.db"
        return
    server, tables = map(request.getfixturevalue, ("postgresql_server", "postgresql_tables"))
    with fresh_database(server, tables) as url:
        yield url


@contextmanager
def fresh_database(server: str, template: str = "template1") -> Iterator[str]:
    """The URL of a new database on a PostgreSQL server, with what is in `template`."""
    name = f"hearten_test_{uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                sql.Identifier(name), sql.Identifier(template)
            )
        )
        url = make_url(server).set(drivername="postgresql", database=name)
        yield url.render_as_string(hide_password=False)
        admin.execute(
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
        )
