"""Stories: what teams wrote of their sprints, as their files say now, and never what they said."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager

from sqlalchemy import ColumnElement, Connection, and_, delete, exists, select, update

from evaluator.model.facts import StoriesRead, Story
from store.database import Database
from store.tables import COVERAGE, STORIES
from store.upsert import Row, upsert


class StoryStore:
    """The stories. Each method is one transaction.

    Errors: every method raises StoreError where the database does not answer.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, sources: Collection[str], sprint_id: str | None = None) -> list[Story]:
        """The stories of some repositories, of one sprint or all, in order of sprint id."""
        query = select(STORIES).where(STORIES.c.source.in_(sources))
        if sprint_id is not None:
            query = query.where(STORIES.c.sprint_id == sprint_id)
        with self._database.reading() as connection:
            rows = connection.execute(query).mappings().all()
        return sorted(
            (Story(**row) for row in rows), key=lambda story: (story.sprint_id, story.source)
        )

    def forget_others(self, sources: Collection[str]) -> None:
        """Delete the stories of all repositories but these; one that comes back is read anew."""
        others = STORIES.c.source.not_in(sources)
        with self._database.reading() as connection:
            if not connection.execute(select(exists().where(others))).scalar_one():
                return
        with self._database.writing() as connection:
            without = COVERAGE.c.source.in_(select(STORIES.c.source).where(others))
            connection.execute(update(COVERAGE).where(without).values(bookmark=""))
            _forget(connection, others)


def keep(connection: Connection, source: str, read: StoriesRead) -> None:
    """Keep what a repository has now, in the caller's transaction."""
    _forget(connection, and_(STORIES.c.source == source, STORIES.c.sprint_id.not_in(read.there)))
    with _leaving_nothing(connection):
        upsert(connection, STORIES, map(_row, read.new))


def forget(connection: Connection, source: str) -> None:
    """Delete a repository's stories, in the caller's transaction."""
    _forget(connection, STORIES.c.source == source)


def _forget(connection: Connection, which: ColumnElement[bool]) -> None:
    with _leaving_nothing(connection):
        connection.execute(delete(STORIES).where(which))


@contextmanager
def _leaving_nothing(connection: Connection) -> Iterator[None]:
    """Have SQLite overwrite what is deleted meanwhile: it may be a text that was taken back."""
    sqlite = connection.dialect.name == "sqlite"
    if sqlite:
        connection.exec_driver_sql("PRAGMA secure_delete = ON")
    yield
    if sqlite:
        connection.exec_driver_sql("PRAGMA secure_delete = OFF")


def _row(story: Story) -> Row:
    return {column.name: getattr(story, column.name) for column in STORIES.columns}
