"""Tables of a library, made once in a schema of their own. PostgreSQL only."""

from sqlalchemy import text

from store.database import Database
from store.errors import StoreError

_LOCK_KEY = 0x71756575  # any number, the same in every process


class LibrarySchema:
    """The schemas of libraries beside our own tables. Each method is one transaction.

    Errors: every method raises StoreError where the database does not answer.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def make(self, name: str, statements: str) -> None:
        """Make the schema `name` with what `statements` make in it, unless it is there.

        Several processes may try at once. Errors: StoreError where the database is no PostgreSQL.
        """
        with self._database.writing() as connection:
            if connection.dialect.name != "postgresql":
                raise StoreError("The queue needs PostgreSQL; set HEARTEN_DATABASE_URL.")
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK_KEY})
            there = text("SELECT 1 FROM pg_namespace WHERE nspname = :name")
            if connection.execute(there, {"name": name}).first() is None:
                connection.exec_driver_sql(f'CREATE SCHEMA "{name}"')
                connection.exec_driver_sql(f'SET LOCAL search_path TO "{name}"')
                connection.exec_driver_sql(statements.replace("%", "%%"))

    def analyse(self, schema: str, table: str) -> None:
        """Let PostgreSQL look at what a table holds now, so that it picks the right index."""
        with self._database.writing() as connection:
            connection.exec_driver_sql(f'ANALYZE "{schema}"."{table}"')
