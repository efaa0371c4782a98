"""Whether there is a database yet, found out before SQLAlchemy is loaded where that can be."""

import re
from pathlib import Path

_PLAIN_FILE = "sqlite:///([^?%]+)"


def missing_file(url: str) -> Path | None:
    """Return the SQLite file that opening `url` would make, None where there is nothing to make.

    Errors: StoreError where `url` names no database that can be used.
    """
    plain = re.fullmatch(_PLAIN_FILE, url)
    if plain and plain[1] != ":memory:":
        file = Path(plain[1])
        return None if file.exists() else file.absolute()
    return _missing_file(url)


def _missing_file(url: str) -> Path | None:
    """As `missing_file`, with all that an address may hold."""
    from store.database import address_of  # noqa: PLC0415 - slow to import

    address = address_of(url)
    if address.drivername != "sqlite" or "uri" in address.query:
        return None
    file = Path(address.database or "")
    return None if file.exists() else file.absolute()
