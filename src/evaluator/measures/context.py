"""What a measure is asked, and what it answers."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from evaluator.model.plan import Plan, Source, Team
from evaluator.model.results import EvidenceItem, Gap, LeftOut, Sprint
from evaluator.team_facts import TeamFacts

LOOK_BACK = 3  # sprints before the one that is judged


@dataclass(frozen=True, slots=True)
class MeasureContext:
    """One team, one window, under one plan, by what is known at `now`.

    `before` are the team's windows before it, in order: the last LOOK_BACK of them.
    """

    team: Team
    window: Sprint
    plan: Plan
    known: TeamFacts
    now: datetime
    before: tuple[Sprint, ...] = ()

    @property
    def inside(self) -> tuple[datetime, datetime]:
        """What has passed of the window, start <= t < end."""
        return self.window.start, min(self.window.end, self._seen_until)

    @property
    def between_sprints(self) -> tuple[datetime, datetime]:
        """What has passed of the time between the window's end and the next sprint's start."""
        return self.window.end, min(self.window.gap_end or self.now, self._seen_until)

    @property
    def _seen_until(self) -> datetime:
        """Until when the window is known to last.

        After its board was read the next sprint may have begun: what falls there counts for neither
        before the board is read again.
        """
        board = self.team.board_on(self.window.first_day)
        if board is not None and self.window.gap_end is None:
            read = self.known.reads.get(board.id)
            return min(self.now, read.started) if read else self.now
        return self.now

    @property
    def newest(self) -> bool:
        """Whether no later sprint has begun."""
        return self.window.gap_end is None or self.now < self.window.gap_end


@dataclass(frozen=True, slots=True)
class Counted:
    """The sources asked, read or not; each thing that counts; each that does not, and why.

    `undecided`: one for each thing of which nobody can tell whether it counts. `unproven`: why what
    was not seen does not prove that there was nothing; each is a gap where too little counts.
    `not_made` are ids of those sources that were not there yet, so that nothing of them is missing.
    `nothing_matched` are the gaps of a measure of which nothing was ever seen. `silent` is why too
    few say nothing although all was read. `notes` are for whoever reads the result, `late_notes`
    tell of what came after the window had settled.
    """

    sources: Sequence[Source]
    evidence: Sequence[EvidenceItem]
    left_out: Sequence[LeftOut]
    undecided: Sequence[Gap] = ()
    unproven: Sequence[Gap] = ()
    not_made: Collection[str] = ()
    notes: Sequence[str] = ()
    nothing_matched: Sequence[Gap] = ()
    silent: str = ""
    late_notes: Sequence[str] = ()
