"""Every command by its name: in which module it is, and its help in one line.

A module is imported when its command is called, so that no command waits for what another needs.
"""

from functools import cache
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperCommand
from typer.main import get_command, get_group

# In the order of `hearten --help`. A test holds each line against what the command itself says.
COMMANDS = {
    "init": ("config:init", "Write commented example files into the configuration folder."),
    "collect": ("collect:collect", "Read what is new in GitHub and Jira."),
    "evaluate": ("evaluate:evaluate", "Judge every team's sprints by what was read."),
    "reconsider": (
        "reconsider:reconsider",
        "Judge final results again by the configuration of now, also where it finds less.",
    ),
    "backup": (
        "backup:backup",
        "Write a whole copy of the SQLite database to FILE; hearten may run meanwhile.",
    ),
    "copy": (
        "copy:copy",
        "Copy the whole record into the empty database at URL, and compare every row.",
    ),
    "status": (
        "results:status",
        "Show where each team stands, A to Z, and what is missing.",
    ),
    "results": (
        "results:results",
        "Print stored results: every sprint, unless told otherwise.",
    ),
    "explain": (
        "results:explain",
        "Print one stored result with everything that explains it.",
    ),
    "config": ("config:app", "Check the configuration, or print its schema."),
    "token": ("token:app", "Make, list and revoke the API tokens of programs."),
    "export": ("export:app", "Write the record for other programs."),
    "serve": (
        "service:serve",
        "Serve the API, the metrics and the pages, and run the schedule.",
    ),
    "schedule": (
        "service:schedule",
        "Collect every hour, evaluate as sprints end and are confirmed; any number may run.",
    ),
    "worker": (
        "service:worker",
        "Read sources for whichever process holds a run; needs HEARTEN_QUEUE=on and PostgreSQL.",
    ),
    "runs": ("runs:runs", "Print the newest runs: what asked for them, and how they ended."),
    "doctor": (
        "doctor:doctor",
        (
            "Look at settings, tokens, repositories, boards, clock and database; "
            "changes nothing there."
        ),
    ),
    "suggest": (
        "suggest:suggest",
        "Print how repositories may show production, as YAML to paste below `repositories:`.",
    ),
    "demo": (
        "demo:demo",
        "Collect, evaluate and show a small made-up organisation, and serve it; needs no network.",
    ),
}


class LazyCommand(TyperCommand):
    """A command by its name and its line of help, which imports its module when it is called.

    Where the context has an `obj`, that is called once the module is imported.
    """

    def make_context(
        self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any
    ) -> Any:
        """Return the context of the command itself, which is then invoked."""
        command = load(str(self.name))
        if parent is not None and parent.obj is not None:
            parent.obj()
        return command.make_context(info_name, args, parent, **extra)


def lazy_commands() -> dict[str, LazyCommand]:
    """Return every command, none of them loaded."""
    return {name: LazyCommand(name, help=line) for name, (_, line) in COMMANDS.items()}


@cache
def load(name: str) -> Any:
    """Return the command itself, or the group of commands, with its arguments and options."""
    module, _, attribute = COMMANDS[name][0].partition(":")
    found = getattr(import_module(f"hearten.commands.{module}"), attribute)
    if isinstance(found, typer.Typer):
        group = get_group(found)
        group.name = name
        return group
    alone = typer.Typer(add_completion=False)
    alone.command(name)(found)
    return get_command(alone)
