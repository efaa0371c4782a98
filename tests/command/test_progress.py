"""Progress on a terminal: one bar at a time, and nothing of it left in the answer."""

import io

from rich.console import Console

from hearten.console.progress import ProgressBar, Waiting


def test_a_second_job_takes_the_place_of_the_first_ones_bar() -> None:
    out = io.StringIO()
    console = Console(file=out, force_terminal=True, width=80)

    with ProgressBar(console) as bar:
        bar.begin(2, "sources")
        bar.step("github:acme/shop", "1 new")
        bar.begin(1, "teams")
        bar.step("heron", "3 results")
    console.print("the answer")

    after_the_last_erasure = out.getvalue().rsplit("\x1b[2K", 1)[-1]
    assert after_the_last_erasure.endswith("the answer\n")
    assert "sources" not in after_the_last_erasure


def test_elsewhere_each_step_is_a_line() -> None:
    out = io.StringIO()

    with ProgressBar(Console(file=out)) as bar:
        bar.begin(1, "sources")
        bar.step("github:acme/shop", "1 new, 2 requests")

    assert out.getvalue() == "github:acme/shop: 1 new, 2 requests\n"


def test_what_is_waited_for_is_shown_on_a_terminal_until_it_is_there() -> None:
    out = io.StringIO()
    console = Console(file=out, force_terminal=True, width=80)
    waiting = Waiting(console)

    waiting.begin("Looking at GitHub")
    waiting.end()
    console.print("the answer")

    assert "Looking at GitHub …" in out.getvalue()
    assert "Looking" not in out.getvalue().rsplit("\x1b[2K", 1)[-1]
