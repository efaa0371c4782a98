"""Tables of a library, made once in a schema of their own. PostgreSQL only."""

from sqlalchemy import text

from store.database import Database
from store.errors import StoreError

_LOCK_KEY = 0x71756575  # any number, the same in every process


def make_schema(database: Database, name: str, statements: str) -> None:
    """Make the schema `name` with what `statements` make in it, unless it is there.

    Several processes may try at once. Errors: StoreError where the database is no PostgreSQL.
    """
    with database.writing() as connection:
        if connection.dialect.name != "postgresql":
            raise StoreError("The queue needs PostgreSQL; set HEARTEN_DATABASE_URL.")
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK_KEY})
        there = text("SELECT 1 FROM pg_namespace WHERE nspname = :name")
        if connection.execute(there, {"name": name}).first() is None:
            connection.exec_driver_sql(f'CREATE SCHEMA "{name}"')
            connection.exec_driver_sql(f'SET LOCAL search_path TO "{name}"')
            connection.exec_driver_sql(statements.replace("%", "%%"))


def analyse(database: Database, schema: str, table: str) -> None:
    """Let PostgreSQL look at what a table holds now, so that it picks the right index."""
    with database.writing() as connection:
        connection.exec_driver_sql(f'ANALYZE "{schema}"."{table}"')
