"""What a person can do about what a database says, by the driver's own words."""

_WAIT = "Another program holds it: let that end, or stop it, and run hearten again."
_ROOM = "Make room on its disk; what was kept before is whole."
_ACCESS = "Give the user that runs hearten write access to it (SQLite: to the file and its folder)."
DAMAGED = (
    "Put a copy of it back; without one, name a new file and collect again. "
    "If a copy says so too, report it: then it is a defect in hearten."
)
_REMEDIES = (
    ("is locked", _WAIT),
    ("lock timeout", _WAIT),
    ("statement timeout", "It takes too long: see what else its server does, and try again."),
    ("readonly", _ACCESS),
    ("read-only", _ACCESS),
    ("permission denied", _ACCESS),
    ("unable to open", _ACCESS),
    ("is full", _ROOM),
    ("no space left", _ROOM),
    ("disk i/o", f"{_ROOM} If there is room, have the disk looked at."),
    ("malformed", "Put a copy of it back; without one, name a new file and collect again."),
    ("could not decode", DAMAGED),
    ("unsupported file format", DAMAGED),
    ("not a database", "Name another file in HEARTEN_DATABASE_URL."),
    ("no such table", "Something removed its tables: put a copy of it back."),
    ("already exists", "It holds another program's tables: make an empty database, and name that."),
    ("is silent", "It says nothing: see to its server, and to the network on the way."),
    ("timeout expired", "It says nothing: see to its server, and to the network on the way."),
    ("too many", "Close some of its connections, or let it have more."),
    ("password", "Correct the user and password in HEARTEN_DATABASE_URL."),
    ("does not exist", "Have it made, or correct HEARTEN_DATABASE_URL."),
)


def remedy(said: str) -> str:
    """Return a sentence that says what to do about `said`, which a driver said."""
    words = said.lower()
    found = (sentence for part, sentence in _REMEDIES if part in words)
    return next(found, "See that it runs, and that HEARTEN_DATABASE_URL names it.")
