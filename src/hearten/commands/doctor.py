"""`hearten doctor`: what keeps hearten from reading and judging, each with what to do."""

from typing import Annotated

import typer

from hearten.clock import now
from hearten.console.findings import print_section
from hearten.console.output import MESSAGES, Format, end_with, plain_console, print_json
from hearten.console.progress import Waiting
from hearten.doctor.checkup import checkup
from hearten.settings import read_settings_in_part

_out = plain_console()


def doctor(output: Annotated[Format, typer.Option("--format")] = Format.TABLE) -> None:
    """Look at settings, tokens, repositories, boards, clock and database; changes nothing there."""
    sections = []
    waiting = Waiting(MESSAGES)
    try:
        for section in checkup(read_settings_in_part(), clock=now, begin=waiting.begin):
            waiting.end()
            sections.append(section)
            if output is Format.TABLE:
                print_section(section, _out)
    finally:
        waiting.end()
    if output is Format.JSON:
        print_json([section.data() for section in sections])
    end_with(
        right=not any(section.wrong_use for section in sections),
        unread=any(section.findings for section in sections),
    )
