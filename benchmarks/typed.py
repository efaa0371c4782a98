"""Types every command of hearten; what each prints becomes a file in a folder.

    python -m benchmarks.typed first|later AT PORT FOLDER

`outputs.py` starts it, in an empty folder for the first time, with the demonstration's world at
PORT and its configuration in `demo`, and again once there is more to be seen.
"""

import json
import os
import re
import shlex
import shutil
import sys
import tempfile
from contextlib import redirect_stdout, suppress
from dataclasses import dataclass
from datetime import datetime
from io import StringIO
from pathlib import Path
from typing import IO, Any

import github  # noqa: F401 - as the next: most commands need it, and it takes long to import
import jira  # noqa: F401

from benchmarks.frozen import freeze, lead_to_the_world, run

_CONFIG = Path("config")
_IN_THREADS = ("collect", "demo", "suggest")  # they tell of a step as soon as a thread has done it
_UNSETTLED = "2025-06-03T10:30:00+00:00"  # a sprint had ended a day before
# What `config check` is to find fault with: a file, what stands in it, and what is put there.
_FAULTS = (
    ("hearten.yaml", "time_zone: Europe/London", "time_zone: Europe/Londinium\nbots_: 1"),
    ("teams.yaml", "evidence: workflow", "evidence: workflows"),
    ("teams.yaml", "id: wren", "id: heron"),
    ("teams.yaml", "board: 42", "board: forty-two"),
    ("teams.yaml", "- name: Heron", "- name: ["),
    ("targets.yaml", "minimum: 1", "minimum: 4"),
    ("targets.yaml", "measure: tickets_done", "measure: nonsense"),
    ("excused.yaml", "team: knot", "team: nobody"),
)


@dataclass(frozen=True, slots=True)
class Shell:
    """Runs commands, and keeps what each prints in `folder`."""

    folder: Path

    def __call__(self, *command: str) -> str:
        """Return what one prints to standard output."""
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as messages:
            code = _forked(command, out, messages)
            said = _read(out)
            lines = _read(messages).splitlines()
        if command[0] in _IN_THREADS:
            lines.sort()
        name = "_".join(command).replace("/", "-")[:100]
        while (file := self.folder / f"{name}.txt").exists():
            name += "+"
        file.parent.mkdir(parents=True, exist_ok=True)
        shown = (f"$ hearten {shlex.join(command)}", f"exit code {code}", "", said)
        file.write_text("\n".join((*shown, "on standard error:", *lines, "")), encoding="utf-8")
        return said

    def each(self, *commands: str) -> None:
        """Run some, written as they are typed."""
        for command in commands:
            self(*shlex.split(command))


def _forked(command: tuple[str, ...], out: IO[bytes], messages: IO[bytes]) -> int:
    """Run one in a process of its own, which need not import it all again; return its exit code."""
    child = os.fork()
    if child == 0:
        with open(os.devnull) as nothing:  # noqa: PTH123 - no path of ours
            for number, file in enumerate((nothing.fileno(), out.fileno(), messages.fileno())):
                os.dup2(file, number)
        try:
            run(*command)
        except SystemExit as end:  # at once: to take down all that was imported takes long
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(int(end.code or 0))
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status)


def _read(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode()


def first(folder: Path) -> None:
    """What is said where nothing is there yet; then collect and judge what there is."""
    shell = Shell(folder / "1-nothing")
    _help(shell)
    shell.each("--version", "nonsense", "status", "results", "explain heron last tickets-done")
    shell.each("runs", "token list", "config check", "doctor", "collect", "evaluate", "worker")
    shell.each("export openmetrics", "init", "init", "config check", "doctor", "config schema")
    shell.each("config schema teams.yaml", "config schema nonsense", "suggest", "suggest nonsense")
    for example in _CONFIG.iterdir():
        shutil.move(example, shell.folder / f"{example.name}.txt")
    shutil.copytree("demo", _CONFIG, dirs_exist_ok=True)
    shell = Shell(folder / "2-first")
    shell.each("config check", "doctor", "collect", "runs", "status")
    shell.each(f"evaluate --as-of {_UNSETTLED}", "status", "evaluate", "status", "results")
    shell.each("collect --team heron", "collect --team nobody", "evaluate --team heron", "runs")
    shell.each("token create --label outputs --scope read --scope run --scope admin")


def _help(shell: Shell, *group: str) -> None:
    """Ask a command for its help, and those within it."""
    _, _, listed = shell(*group, "--help").partition("─ Commands ─")
    for name in re.findall(r"(?m)^│ ([a-z]+) ", listed):
        _help(shell, *group, name)


def later(folder: Path) -> None:
    """What is said of a full record, of what is not in it, and of faults."""
    shell = Shell(folder / "3-later" / "commands")
    told = ("status", "runs", "doctor")
    shell.each(*told, *(f"{command} --format json" for command in told), "results --format csv")
    shell.each("status --team heron", "status --team nobody", "results", "results --team nobody")
    shell.each("results --target tickets-done --from 2025-03-01 --to 2025-04-30", "results --to no")
    shell.each("runs --job evaluate --limit 2", "token list", "config check")
    shell.each("export openmetrics --from 2025-04-01 --to 2025-04-30", "export openmetrics")
    shell.each("backup copy.sqlite3", "backup copy.sqlite3", "token revoke nonsense")
    shell.each("token create --label 'A B' --scope read", "explain heron nothing tickets-done")
    shell.each("explain heron current reached-production")
    for result in _one_of_each(json.loads(shell("results", "--format", "json"))):
        shell("explain", result["team"], result["sprint"]["id"], result["target"]["id"])
    teams = (_CONFIG / "teams.yaml").read_text(encoding="utf-8")
    names = sorted(set(re.findall(r"name: (\S+/\S+)", teams)))
    for options in ((), ("--all",), ("--format", "json")):
        shell("suggest", *options, *names)
    shell.each("suggest --organisation example-health", f"suggest {names[0]}")
    _find_fault(shell)
    shell.each("demo --once", "demo --stop")


def _one_of_each(results: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the last of each target, status and state, and of those that were corrected."""
    found = {(r["target"]["id"], r["status"], r["state"], bool(r["cause"])): r for r in results}
    return list(found.values())


def _find_fault(shell: Shell) -> None:
    for file, right, wrong in _FAULTS:
        path = _CONFIG / file
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace(right, wrong, 1), encoding="utf-8")
        shell("config", "check")
        path.write_text(text, encoding="utf-8")


def main(when: str, at: str, port: str, folder: str) -> None:
    """Type them, while time stands still."""
    freeze(datetime.fromisoformat(at))
    lead_to_the_world(int(port))
    with suppress(SystemExit), redirect_stdout(StringIO()):
        run("--version")  # imports it
    (first if when == "first" else later)(Path(folder))


if __name__ == "__main__":
    main(*sys.argv[1:])
