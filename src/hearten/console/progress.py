"""Progress of a job: a bar on a terminal, one line for each step elsewhere."""

from types import TracebackType
from typing import TYPE_CHECKING, Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn

if TYPE_CHECKING:
    from rich.status import Status


class ProgressBar:
    """Shows how much of a job is done; use it as a context manager."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._bar: Progress | None = None  # at most one at a time: two would write over each other
        self._task = TaskID(0)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop()

    def begin(self, total: int, what: str) -> None:
        """`total` steps of `what` lie ahead."""
        self._stop()
        if not self._console.is_terminal:
            return
        columns = (
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
        )
        self._bar = Progress(*columns, console=self._console, transient=True)
        self._task = self._bar.add_task(what, total=total)
        self._bar.start()

    def step(self, name: str, said: str) -> None:
        """One step is done; `said` is how it went."""
        if self._bar:
            self._bar.update(self._task, advance=1, description=name)
        else:
            self._console.print(f"{name}: {said}", markup=False, highlight=False, soft_wrap=True)

    def _stop(self) -> None:
        if self._bar:
            self._bar.stop()
            self._bar = None


class Waiting:
    """Shows what is waited for: on a terminal until it is there, elsewhere in a line."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._shown: Status | None = None

    def begin(self, what: str) -> None:
        """What is done from now on, such as "Looking at GitHub"."""
        if self._console.is_terminal:
            self._shown = self._console.status(f"{what} …")
            self._shown.start()
        else:
            self._console.print(f"{what} …", markup=False, highlight=False, soft_wrap=True)

    def end(self) -> None:
        """Take away what is shown, if anything is."""
        if self._shown:
            self._shown.stop()
            self._shown = None
