"""SQLite's files: from the moment they are made, nobody but their owner may read them."""

import os
from contextlib import suppress
from pathlib import Path
from stat import S_IROTH, S_IWOTH
from urllib.parse import unquote

from sqlalchemy import URL

_BESIDE = ("", "-wal", "-shm", "-journal")  # what SQLite has beside the file; it takes its rights


def make_private(address: URL) -> None:
    """Make SQLite's file, empty, where it is not there yet; leave one that is there as it is."""
    file = file_of(address)
    # What keeps it from being made, SQLite says in its own words. One that is there is not opened:
    # closing it again would take away the locks that this process has on it.
    with suppress(OSError):
        if file is not None:
            os.close(os.open(file.resolve(), os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def file_of(address: URL) -> Path | None:
    """Return the file that opening `address` writes, None where it writes none."""
    if address.drivername != "sqlite" or not address.database:
        return None
    if "uri" not in address.query:
        return Path(address.database)
    if address.query.get("mode", "rwc") != "rwc":
        return None
    return Path(unquote(address.database.removeprefix("file:")))


def open_to_others(file: Path) -> list[Path]:
    """Return which of SQLite's files any user of this machine may read or write."""
    found = []
    for each in (file.with_name(f"{file.name}{end}") for end in _BESIDE):
        with suppress(OSError):
            if each.stat().st_mode & (S_IROTH | S_IWOTH):
                found.append(each)
    return found
