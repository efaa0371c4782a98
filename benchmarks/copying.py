"""How long a copy of the record takes beside writing the same rows plainly: 100 teams' facts.

    PYTHONPATH=src python -m benchmarks.copying [URL]

URL is that of an empty PostgreSQL database, whose tables are left empty; without it, only SQLite
is copied into. A copy also reads every row from the source, and once more from both to compare.
"""

import argparse
import resource
import tempfile
import time

from sqlalchemy import create_engine, delete, select
from sqlalchemy.engine import make_url

from benchmarks.made_up import keep_everything, plan
from benchmarks.quiet import Quiet
from store.copying import copy_record
from store.store import Store
from store.tables import TableRow

TABLES = TableRow.metadata.sorted_tables


def main() -> None:
    """Make the record up; for each target write its rows plainly, then copy it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("url", nargs="?")
    parser.add_argument("--teams", type=int, default=100)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        source = f"sqlite:///{folder}/source.db"
        with Store.open(source) as store:
            keep_everything(plan(given.teams), store)
        before = _memory()
        copies = [_copied(source, f"sqlite:///{folder}/copy.db")]
        if given.url:
            copies.append(_copied(source, given.url))
            _empty(given.url)
        print(f"memory: {(_memory() - before) / 1024:.0f} MiB more for copying")
        plain = [_written(source, f"sqlite:///{folder}/plain.db")]
        if given.url:
            plain.append(_written(source, given.url))
            _empty(given.url)
    for engine, copied, written in zip(("SQLite", "PostgreSQL"), copies, plain, strict=False):
        ratio = copied / written
        print(f"{engine}: copied in {copied:.2f} s, written in {written:.2f} s: {ratio:.2f} times")


def _copied(source: str, target: str) -> float:
    Store.open(target).close()  # its tables are made, as for what is written plainly
    begin = time.perf_counter()
    copied = copy_record(source, target, Quiet())
    seconds = time.perf_counter() - begin
    print(f"{copied.rows:,} rows of {copied.tables} tables")
    return seconds


def _written(source: str, target: str) -> float:
    """Return how long SQLAlchemy's own executemany takes for the rows, read before."""
    with create_engine(source).begin() as connection:
        rows = {
            table: [dict(row) for row in connection.execute(select(table)).mappings()]
            for table in TABLES
        }
    Store.open(target).close()
    with create_engine(_driven(target)).connect() as connection:
        begin = time.perf_counter()
        with connection.begin():
            for table in TABLES:
                if rows[table]:
                    connection.execute(table.insert(), rows[table])
        return time.perf_counter() - begin


def _empty(url: str) -> None:
    with create_engine(_driven(url)).begin() as connection:
        for table in reversed(TABLES):
            connection.execute(delete(table))


def _driven(url: str) -> str:
    address = make_url(url)
    if address.drivername == "postgresql":
        address = address.set(drivername="postgresql+psycopg")
    return address.render_as_string(hide_password=False)


def _memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


if __name__ == "__main__":
    main()
