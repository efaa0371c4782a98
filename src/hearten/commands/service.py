"""The commands that run until they are stopped: `hearten serve`, `schedule` and `worker`."""

from hearten.service import run_schedule, run_worker, serve_all
from hearten.settings import read_settings


def serve() -> None:
    """Serve the API, the metrics and the pages, and run the schedule."""
    serve_all(read_settings())


def schedule() -> None:
    """Collect every hour, evaluate as sprints end and are confirmed; any number may run."""
    run_schedule(read_settings())


def worker() -> None:
    """Read sources for whichever process holds a run; needs HEARTEN_QUEUE=on and PostgreSQL."""
    run_worker(read_settings())
