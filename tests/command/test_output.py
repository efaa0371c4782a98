"""What commands print to people."""

import pytest
from rich.table import Table
from rich.text import Text

from hearten.console.output import plain_console


@pytest.mark.parametrize("name", ["a\x1b[2Kb", "a\x07b", "a\x9b2Kb", "a\x7fb", "a\x08b"])
def test_nothing_in_a_name_steers_a_terminal(capsys: pytest.CaptureFixture[str], name: str) -> None:
    table = Table("Team", box=None)
    table.add_row(name)
    table.add_row(Text(name, style="bold"))
    console = plain_console()

    console.print(table, Text(name), name)

    said = capsys.readouterr().out
    assert [c for c in said if not c.isprintable() and c != "\n"] == []
    assert said.count("b") >= 4
