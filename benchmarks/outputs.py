"""Proves that a change of the insides changed no output: all are written before and after it.

    python benchmarks/outputs.py write FOLDER [--tree CHECKOUT]
    python benchmarks/outputs.py compare BEFORE AFTER

hearten is taken from outside, over the demonstration's world, at an instant at which time stands
still: what the command line prints, the service answers and the database holds becomes a file each
in FOLDER. Of a checkout it knows the commands, `hearten.clock` and the sandbox.
"""

import argparse
import difflib
import json
import re
import socket
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

AT = datetime(2025, 6, 11, 9, 30, tzinfo=UTC)
LATER = AT + timedelta(minutes=65)
# The addresses in outputs, wherever the two are served.
WORLD, SERVICE = "http://127.0.0.1:8001", "http://127.0.0.1:8000"
ROOT = Path(__file__).parents[1]

# What is another text in each run over the same tree.
CHANCE = (
    (r"127\.0\.0\.1:\d{5}\b", "127.0.0.1:PORT"),  # a free port; WORLD and SERVICE have four digits
    (r'"holder": "[^"]+', '"holder": "HOLDER'),  # of a run: machine, process and chance
    (r"Z [0-9a-f]{8}\b", "Z CHANCE"),  # ends the slot of a run that was typed
    (r"Z:[0-9a-f]{12}\b", "Z:CHANCE"),  # and of one that the API was asked for
    (r"x-request-id: [0-9a-f]{32}\b", "x-request-id: CHANCE"),  # where the request had none
    (r", request [0-9a-f]{32}\b", ", request CHANCE"),  # the same in the log
    (r'"secret": "hearten_[^"]+', '"secret": "SECRET'),  # of a token that the API was asked for
    (r" in \d+\.\d+ ms\b", " in TIME ms"),  # how long a request took
    (r"server process \[\d+\]", "server process [PROCESS]"),
    (r", \d+\.\d GiB free", ", SPACE free"),  # on the disk
    # Threads ask GitHub, and what is kept is what the last one that ended had been told.
    (r"github_rate_limit_remaining [\d.]+", "github_rate_limit_remaining NUMBER"),
    (r'("github_requests_left",\n.*\n.*\n "value": )[\d.]+', r"\1NUMBER"),
    # One of a Jira site's sources asks what concerns all of them: the one whose thread is first.
    (r"(jira:jira:\w+: \d+ new, )\d+ requests?\b", r"\1NUMBER requests"),
    (r'("source": "jira:[^"]+",(?:\n .*){1,12}?\n "requests": )\d+', r"\1NUMBER"),
    # In the log: a logger is called after its module, and modules are what is moved.
    (r"(?m)^(\d{4}-\S+Z [A-Z]+) [\w.]+: ", r"\1 LOGGER: "),
)
PATTERNS = [(re.compile(pattern), shown) for pattern, shown in CHANCE]
HASH = re.compile(r"(?m)^etag: .*")  # of a body that chance is in


@dataclass
class Steady:
    """Makes of each text what is the same in each run; `hidden` are those without a pattern."""

    hidden: dict[str, str] = field(default_factory=dict)

    def __call__(self, text: str) -> str:
        """Return the text without what is chance."""
        found = text
        for chance, shown in self.hidden.items():
            found = found.replace(chance, shown)
        for pattern, shown in PATTERNS:
            found = pattern.sub(shown, found)
        return found if found == text else HASH.sub("etag: HASH", found)


@dataclass(frozen=True, slots=True)
class Checkout:
    """The code whose outputs are written, and the folder that it works in."""

    tree: Path
    place: Path
    port: int

    @contextmanager
    def started(self, module: str, *arguments: object) -> Iterator[subprocess.Popen[str]]:
        """One of our modules as a process, ended with the block. Its messages are in a file."""
        with self.messages(module, *arguments).open("w", encoding="utf-8") as messages:
            process = subprocess.Popen(
                [sys.executable, "-P", "-m", f"benchmarks.{module}", *map(str, arguments)],
                cwd=self.place,
                env=self._environment(),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=messages,
                text=True,
            )
        with process:
            try:
                yield process
            finally:
                process.terminate()

    def run(self, module: str, *arguments: object) -> None:
        """Run one to its end. Errors: SystemExit where it fails."""
        with self.started(module, *arguments) as process:
            self.end(process)

    def end(self, process: subprocess.Popen[str]) -> None:
        """Wait for the end of one. Errors: SystemExit with what was told, where it failed."""
        if process.wait():
            told = sorted(self.place.glob("*.log"))
            raise SystemExit("\n".join(log.read_text(encoding="utf-8")[-3000:] for log in told))

    def messages(self, module: str, *arguments: object) -> Path:
        """Where a process writes what it has to say."""
        return self.place / f"{module}-{arguments[0]}.log"

    def _environment(self) -> dict[str, str]:
        """All of it, so that nothing of the machine shows."""
        return {
            "PYTHONPATH": f"{self.tree / 'src'}:{ROOT}",
            "PYTHONUTF8": "1",
            "TERM": "dumb",
            "COLUMNS": "100",
            "HEARTEN_CONFIG": "config",
            "HEARTEN_DATABASE_URL": "sqlite:///hearten.sqlite3",
            "HEARTEN_GITHUB_URL": WORLD,
            "HEARTEN_GITHUB_TOKEN": "made-up",
            "HEARTEN_JIRA_URL": f"{WORLD}/jira/jira",
            "HEARTEN_JIRA_EMAIL": "someone@example.org",
            "HEARTEN_JIRA_TOKEN": "made-up",
            "HEARTEN_PUBLIC_URL": SERVICE,
            "HEARTEN_PORT": str(self.port),
            "HEARTEN_RATE_LIMIT": "1000000",
            "HEARTEN_LEASE": "3",  # seconds; twelve times in each the schedule looks what is due
            "DEMO_DC_TOKEN": "made-up",
        }


def write(folder: Path, tree: Path) -> None:
    """Write every output of the code in `tree`."""
    with tempfile.TemporaryDirectory() as made:
        place, steady = Path(made), Steady({made: "PLACE"})
        (place / "demo").mkdir()
        checkout, raw = Checkout(tree, place, _free_port()), place / "outputs"
        with checkout.started("frozen", "world", AT, place / "demo") as world:
            port, _, file = _said(world).partition(" ")
            if not Path(file).is_relative_to(tree):
                raise SystemExit(f"{file} would be run, which is not in {tree}.")
            checkout.run("typed", "first", AT, port, raw)
            _dump(place, folder / "2-first" / "database", steady)
            _said(world, LATER.isoformat())
            _serve(checkout, port, raw, steady)
            _dump(place, folder / "3-later" / "database", steady)
        for path in raw.rglob("*.txt"):
            _write(folder / path.relative_to(raw), steady(path.read_text(encoding="utf-8")))


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def _said(process: subprocess.Popen[str], line: str = "") -> str:
    """What a process says next, after a line that it is sent."""
    assert process.stdin
    assert process.stdout
    if line:
        process.stdin.write(f"{line}\n")
        process.stdin.flush()
    answer = process.stdout.readline()
    if not answer:
        raise SystemExit("The demonstration's world is not served.")
    return answer.strip()


def _serve(checkout: Checkout, port: str, raw: Path, steady: Steady) -> None:
    """Let the schedule read and judge what is new; then ask the service and type, at once."""
    (typed,) = raw.glob("2-first/token_create_*.txt")
    (token,) = re.findall(r"(?m)^hearten_\S+$", typed.read_text(encoding="utf-8"))
    steady.hidden[token] = "SECRET"
    asking = (checkout.port, LATER, token, raw / "3-later" / "service")
    with checkout.started("frozen", "serve", LATER, port):
        checkout.run("asked", "wait", *asking)
        with checkout.started("typed", "later", LATER, port, raw) as typing:
            checkout.run("asked", "read", *asking)
            checkout.end(typing)
        checkout.run("asked", "write", *asking)
    log = checkout.messages("frozen", "serve").read_text(encoding="utf-8")
    # Each line once and in order of the alphabet: threads read, and it is asked until it rests.
    lines = sorted(set(steady(log).splitlines()))
    (raw / "3-later" / "service.log.txt").write_text("\n".join(lines), encoding="utf-8")


def _dump(place: Path, folder: Path, steady: Steady) -> None:
    """Write the database's schema, and every table's rows by primary key."""
    with closing(sqlite3.connect(place / "hearten.sqlite3")) as database:
        for identity, digest, label in database.execute("SELECT id, digest, label FROM tokens"):
            steady.hidden |= {identity: f"ID OF {label}", digest: f"DIGEST OF {label}"}
        made = list(database.execute("SELECT type, name, sql FROM sqlite_master ORDER BY 1, 2"))
        _write(
            folder / "schema.txt", "\n".join(f"{kind} {name}: {sql}" for kind, name, sql in made)
        )
        database.row_factory = sqlite3.Row
        for table in (name for kind, name, _ in made if kind == "table"):
            key = database.execute(
                "SELECT name FROM pragma_table_info(?) WHERE pk ORDER BY pk", [table]
            )
            names = [column["name"] for column in key]
            rows = sorted(
                (dict(row) for row in database.execute(f'SELECT * FROM "{table}"')),
                key=partial(_place_in_order, names, steady),
            )
            shown = "\n".join(json.dumps(row, indent=1, ensure_ascii=False) for row in rows)
            _write(folder / f"{table}.txt", steady(shown))


def _place_in_order(names: list[str], steady: Steady, row: dict[str, Any]) -> list[Any]:
    """By what is the same in each run: a token's id is not."""
    values = (row[name] for name in names)
    return [steady(value) if isinstance(value, str) else value for value in values]


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def compare(before: Path, after: Path) -> bool:
    """Print where outputs differ, and how many there are; return whether all are the same."""
    names = sorted({p.relative_to(f) for f in (before, after) for p in f.rglob("*.txt")})
    lines = differ = 0
    for name in names:
        old, new = _lines(before / name), _lines(after / name)
        lines += len(old)
        if old != new:
            differ += 1
            shown = difflib.unified_diff(old, new, str(before / name), str(after / name))
            sys.stdout.writelines(shown)
    print(f"{len(names)} outputs, {lines} lines: {differ or 'none'} differ")
    return not differ


def _lines(path: Path) -> list[str]:
    """A file's lines, none where it is not there."""
    if not path.exists():
        return []
    return [f"{line}\n" for line in path.read_text(encoding="utf-8").split("\n")]


def main() -> None:
    """Write, or compare."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    jobs = parser.add_subparsers(dest="job", required=True)
    writing = jobs.add_parser("write", help="write every output into FOLDER")
    writing.add_argument("folder", type=Path, metavar="FOLDER", help="not there yet, or empty")
    writing.add_argument("--tree", type=Path, default=ROOT, help="of this checkout, not of ours")
    comparing = jobs.add_parser("compare", help="print where two such folders differ")
    comparing.add_argument("before", type=Path, metavar="BEFORE")
    comparing.add_argument("after", type=Path, metavar="AFTER")
    asked = parser.parse_args()
    if asked.job == "compare":
        if missing := [f for f in (asked.before, asked.after) if not f.is_dir()]:
            parser.error(f"{missing[0]} is no folder.")
        raise SystemExit(0 if compare(asked.before, asked.after) else 1)
    if asked.folder.exists() and any(asked.folder.iterdir()):
        parser.error(f"{asked.folder} is not empty.")
    write(asked.folder, asked.tree.resolve())


if __name__ == "__main__":
    main()
