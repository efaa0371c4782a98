"""Runs: one piece of work, asked for once by its job and slot, and done once."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Job(StrEnum):
    """What a run does."""

    COLLECT = "collect"
    EVALUATE = "evaluate"


class RunState(StrEnum):
    """How far a run has come."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"


class Outcome(StrEnum):
    """How a run ended. UNREAD: some sources could not be read; what could be is kept."""

    DONE = "done"
    UNREAD = "unread"
    STOPPED = "stopped"  # by its process's end, or by the database; a later run does the work
    DEFECT = "defect"  # an error in hearten; the detail says which


@dataclass(frozen=True, slots=True)
class Run:
    """A run of `job` for `slot`; the two together are unique.

    `slot` comes from the schedule (ISO 8601 UTC), never from the moment of running; a run that
    somebody asked for has a slot of its own. `asked_by` is "schedule" (its hour), "sprint" (one
    ended or settled), "command" or "api".
    It may begin at `due_at`. While it is RUNNING, `holder` is the process that does it, until
    `lease_until` unless renewed. `steps` of `total` are done, counted in sources or teams.
    """

    id: int
    job: Job
    slot: str
    asked_by: str
    due_at: datetime
    state: RunState
    team: str | None = None
    since: date | None = None
    outcome: Outcome | None = None
    detail: str = ""
    holder: str = ""
    lease_until: datetime | None = None
    attempts: int = 0
    started_at: datetime | None = None
    finished_at: datetime | None = None
    total: int = 0
    steps: int = 0

    @property
    def so_far(self) -> str:
        """How far it came, such as "after 3 of 12 sources; what was read is kept"."""
        if not self.steps:
            return "before anything was kept"
        what, done = ("sources", "read") if self.job is Job.COLLECT else ("teams", "judged")
        return f"after {self.steps:,} of {self.total:,} {what}; what was {done} is kept"


@dataclass(frozen=True, slots=True)
class Counter:
    """A count that only ever grows: how often `label` was seen of `name`, of one source or none."""

    name: str
    source: str
    label: str
    value: float
