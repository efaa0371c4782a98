"""Results: where a team stood against a target in one period, with everything that explains it."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from evaluator.model.facts import Reason


class Status(StrEnum):
    """The six statuses. Missing is NO_DATA and never NOT_MET."""

    MET = "met"
    NOT_MET = "not_met"
    IN_PROGRESS = "in_progress"
    NO_DATA = "no_data"
    EXCUSED = "excused"
    NOT_APPLICABLE = "not_applicable"

    @property
    def words(self) -> str:
        """The status as people read it."""
        return self.value.replace("_", " ").capitalize()


class State(StrEnum):
    """PROVISIONAL results may change freely; FINAL ones get a new version, with a cause."""

    PROVISIONAL = "provisional"
    FINAL = "final"


@dataclass(frozen=True, slots=True)
class Sprint:
    """A window of one team, start <= t < end. `gap_end` is where what falls between sprints ends.

    `end` may lie in the future and then is what is planned. `gap_end` equals `end` where the next
    sprint follows at once, and is None where none has started yet. `settled_at` is `end` plus the
    settling days. `notes` say what is unusual ("closed 4 days late").
    """

    id: str
    name: str
    start: datetime
    end: datetime
    first_day: date
    settled_at: datetime
    gap_end: datetime | None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EvidenceStep:
    """One step of how something counted came about: what happened, its label, a link, a time."""

    what: str
    label: str
    url: str
    at: datetime


@dataclass(frozen=True, slots=True)
class EvidenceItem:
    """Something counted: a kind, a label such as `#123`, `HER-42` or a tag's name, a link, a time.

    `flags` are "revert" and "shared". `steps` say how it came about, in order, where that counts.
    """

    kind: str
    label: str
    url: str
    at: datetime
    flags: tuple[str, ...] = ()
    steps: tuple[EvidenceStep, ...] = ()


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Something seen and not counted, and why; `url` and `at` where it is one thing."""

    label: str
    reason: str
    url: str = ""
    at: datetime | None = None


class GapKind(StrEnum):
    """What evaluation itself found missing; the detail of such a gap begins with the value.

    UNREAD is what a source could not give: its detail is what reading it said.
    """

    UNREAD = ""
    NO_TICKET = "it finds no ticket"
    BEFORE_FIRST_EVENT = "nothing shows production before "
    UNSURE_DAY = "GitHub does not show the day of "
    EMPTY_PROJECT = "Jira shows no ticket of it"
    NEVER_DONE = "no ticket of it was ever in the category Done"
    BEFORE_FIRST_DONE = "nothing shows a ticket of it that was Done before "
    LOST_COMMIT = "GitHub no longer has the commit of "
    LOST_STATUS = "Jira no longer knows a status of "
    LOST_MOVE = "Jira does not show the move to Done of "
    MERGED_LATER = "its pull request was merged only after the "
    NEVER_MATCHED = "nothing ever matched "
    NO_STANZA = "nothing in teams.yaml says what was production on "
    UNTOUCHED = "nothing that reached production touches "
    BEFORE_FIRST_TOUCH = "nothing that touches its folders reached production before "
    LEFT_UNSEEN = "it no longer shows a ticket that was open"
    HIDDEN = "it no longer shows most tickets that were open, since "
    ANOTHER_NAME = "production seems to be "
    RUNS_ELSEWHERE = "its workflow succeeds only elsewhere, on "
    RUNS_ON_MERGE = "its workflow runs only for pull requests, once they are merged, as for "
    FOLDER_GONE = "its folder is gone: "
    NAME_OF_ANOTHER = "its name meant another one before "
    UNPLACED = "GitHub no longer shows the branch, nor any pull request, of the "
    NO_PATTERN = "no name can be matched with the pattern "
    UNNAMED = "no ticket has a resolution that its `leave_out` names, and it may mean that of "
    UNFINISHED = "nobody told GitHub how it ended, the "
    UNSEEN_START = "Jira does not show when work began on "
    NO_LABEL = "no ticket of it ever had the label "
    NO_ISSUE = "no change of it in production is known to close an issue with the label "


@dataclass(frozen=True, slots=True)
class Gap:
    """A source that was not completely read for the period, and why."""

    source: str
    reason: Reason
    detail: str = ""
    kind: GapKind = GapKind.UNREAD

    @property
    def no_witness(self) -> bool:
        """Whether the source was read, and nothing shows that a zero in it is one."""
        return self.reason is Reason.NOTHING_MATCHED or self.kind not in _UNREADABLE


_UNREADABLE = frozenset(
    {
        GapKind.UNREAD,
        GapKind.LOST_COMMIT,
        GapKind.LOST_STATUS,
        GapKind.LOST_MOVE,
        GapKind.UNSEEN_START,
        GapKind.NO_PATTERN,
        GapKind.UNNAMED,
    }
)


@dataclass(frozen=True, slots=True)
class CorrectionNote:
    """What would change a final result and does not: on which local day, in words, and what.

    `command` judges it again where it is the configuration that changed; else it is empty, and less
    was found.
    """

    day: str
    found: str
    command: str = ""

    def __str__(self) -> str:
        if self.command:
            return (
                f"The configuration changed by {self.day}: {self.found}. "
                f"A final result keeps the one of its day. To judge again: {self.command}"
            )
        return f"Read again on {self.day}: {self.found}. A final result is never lowered."


@dataclass(frozen=True, slots=True)
class Basis:
    """By which configuration a result is counted, and what another one since says otherwise.

    `counted_by` are ids of sources, each with the fingerprint of what counts in it; empty where it
    was judged before they were kept. `reconfigured` are the sources of which another one held when
    it was judged. Of what was read first under that, `brought` does not count, and `dropped` does.
    """

    counted_by: tuple[tuple[str, str], ...] = ()
    reconfigured: tuple[str, ...] = ()
    brought: tuple[EvidenceItem, ...] = ()
    dropped: tuple[EvidenceItem, ...] = ()


@dataclass(frozen=True, slots=True)
class Measurement:
    """What one measure found in one window: `value` is None where nothing at all was read."""

    value: int | None
    unit: str
    evidence: tuple[EvidenceItem, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    gaps: tuple[Gap, ...] = ()
    sources: tuple[str, ...] = ()  # every source that the measure asks, read or not
    undecided: tuple[Gap, ...] = ()  # one for each thing of which nobody can tell whether it counts
    unproven: tuple[Gap, ...] = ()  # why what was not seen does not prove that there was nothing
    notes: tuple[str, ...] = ()
    silent: str = ""  # why too few say nothing, although all was read
    late_notes: tuple[str, ...] = ()  # on what came after the window had settled

    def against(self, minimum: int | None) -> "Measurement":
        """Return what was found, with what decides about `minimum` among the gaps.

        Where too little was found, that is all that is unproven; and the undecided things, where
        so many could still make up the number.
        """
        if self.value is None or minimum is None or self.value >= minimum:
            return self
        near = minimum <= self.value + len(self.undecided)
        deciding = (*self.gaps, *self.unproven, *(self.undecided if near else ()))
        first = {gap.source: gap for gap in reversed(deciding)}
        return replace(self, gaps=tuple(first[source] for source in sorted(first)))

    @property
    def coverage(self) -> float:
        """The share of sources that were completely read for the whole window, 0 to 1."""
        if not self.sources:
            return 0.0
        return 1 - len({gap.source for gap in self.gaps}) / len(self.sources)


@dataclass(frozen=True, slots=True)
class Result:
    """One team, one sprint, one target. `target_version` is the version's `effective_from`.

    `reason` says why the status is what it is, and `sentence` has the status before it.
    `coverage` runs from 0 to 1. `evaluated_at` is the `now` at which this content was first
    found, `checked_at` the newest `now` at which it was found again. `version` counts from 1;
    `cause` says why a final result has a newer version. `notes` say what is unusual about the
    sprint, `corrections` what would have lowered a final result, and `all_notes` both. `basis` is
    kept with it and not shown.
    """

    team: str
    sprint: Sprint
    target: str
    target_version: date | None
    status: Status
    value: int | None
    minimum: int | None
    unit: str
    coverage: float
    reason: str
    evidence: tuple[EvidenceItem, ...]
    left_out: tuple[LeftOut, ...]
    gaps: tuple[Gap, ...]
    sources: tuple[str, ...]
    state: State
    evaluated_at: datetime
    checked_at: datetime
    version: int = 1
    cause: str = ""
    notes: tuple[str, ...] = ()
    corrections: tuple[CorrectionNote, ...] = ()
    basis: Basis = field(default=Basis(), compare=False)

    @property
    def sentence(self) -> str:
        """The status and its reason, as people read them."""
        return f"{self.status.words}: {self.reason}"

    @property
    def bound(self) -> bool:
        """Whether its window, minimum and sources stay: it is final, or an earlier version was."""
        return self.state is State.FINAL or self.version > 1

    @property
    def all_notes(self) -> tuple[str, ...]:
        """The notes and the corrections, as people read them."""
        return (*self.notes, *map(str, self.corrections))


class ResultSummary(NamedTuple):
    """A result at a glance, as metrics show it; in order of team, sprint start, sprint, target."""

    team: str
    start: datetime
    sprint_id: str
    target: str
    status: Status
    state: State
    value: int | None
    minimum: int | None
    sprint_name: str
    end: datetime
    settled_at: datetime


class PastStatus(NamedTuple):
    """The newest status of a result whose sprint has settled."""

    team: str
    start: datetime
    target: str
    status: Status
