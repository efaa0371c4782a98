"""How every command answers: messages to people, JSON to programs, and the exit code."""

import json
import sys
import unicodedata
from collections.abc import Iterator
from enum import StrEnum
from typing import Any

import typer
from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment

UNREAD, WRONG_USE, STOPPED = 1, 2, 130
_NEVER_WRAPPED = 10_000  # columns


class _Printable(Console):
    """A console of which nothing but its own styles steers a terminal."""

    def render(
        self, renderable: RenderableType, options: ConsoleOptions | None = None
    ) -> Iterator[Segment]:
        """Yield what is printed, without control characters but tabs and line ends."""
        for segment in super().render(renderable, options):
            if segment.control or segment.text.isprintable():
                yield segment
            else:
                yield segment._replace(text=_without_controls(segment.text))


def _without_controls(text: str) -> str:
    return "".join(c for c in text if c in "\t\n" or unicodedata.category(c) != "Cc")


def plain_console(*, stderr: bool = False) -> Console:
    """Return a console that prints names as they are: no `[markup]`, no `:emoji:`.

    Characters that a terminal would obey, as an ESC within a name, it leaves out.

    To what is no terminal it prints each row of a table as one line, for `grep` and its like.
    """
    console = _Printable(stderr=stderr, markup=False, emoji=False)
    if not console.is_terminal:
        console.width = _NEVER_WRAPPED
    return console


MESSAGES = plain_console(stderr=True)


class Format(StrEnum):
    """How a table may be printed instead."""

    TABLE = "table"
    JSON = "json"


def say(text: str) -> None:
    """Print a message for people to standard error."""
    MESSAGES.print(text, markup=False, highlight=False, soft_wrap=True)


def print_json(data: Any) -> None:
    """Print data to standard output."""
    json.dump(data, sys.stdout, indent=2, ensure_ascii=False)
    sys.stdout.write("\n")


def end_with(*, right: bool, unread: bool) -> None:
    """End the command with the code that says how it went; go on where all is well."""
    if not right:
        raise typer.Exit(WRONG_USE)
    if unread:
        raise typer.Exit(UNREAD)
