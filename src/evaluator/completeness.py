"""Completeness: whether a source was read for the whole of a window, and if not, why."""

from datetime import datetime

from evaluator.model.evidence import event_label
from evaluator.model.facts import Coverage, Reason
from evaluator.model.plan import BoardSource, RepositorySource, Source, Team, TicketSource
from evaluator.model.results import Gap, GapKind, Sprint
from evaluator.team_facts import CompleteRead, TeamFacts, deliveries_of
from evaluator.ticket_witness import never_done


def gap(source: Source, team: Team, window: Sprint, known: TeamFacts, now: datetime) -> Gap | None:
    """Return why the source was not completely read for the window, or None where it was.

    A window that has ended needs a read that started at or after its end. While it is still
    open no read can be complete: then a gap only says that the newest attempt did not close.
    """
    if pattern := _unusable_pattern(source, team, window):
        detail = f"{GapKind.NO_PATTERN}{pattern}"
        return Gap(source.id, Reason.NOT_SET_UP, detail, GapKind.NO_PATTERN)
    coverage = known.coverage.get(source.id, Coverage(source.id))
    read = known.reads.get(source.id)
    if read is None:
        changed = coverage.since is not None
        return _newest_attempt(
            coverage,
            "the configuration changed; the next run reads it again" if changed else "not read yet",
        )
    if why := _in_facts(source, team, window, known, now):
        return why
    # A board lists its sprints back to its first one, however far back the reading of others goes.
    if not isinstance(source, BoardSource) and read.since > window.start:
        return Gap(source.id, Reason.HISTORY_BEFORE_START)
    if _late(coverage, read, window, now):
        return _newest_attempt(coverage, "not read since the sprint ended")
    return None


def lost_gap(kind: GapKind, source: Source, label: str) -> Gap:
    """Return the gap that says what the service lost, or does not show, of `label`."""
    return Gap(source.id, Reason.NOT_FOUND, f"{kind}{label}", kind)


def _unusable_pattern(source: Source, team: Team, window: Sprint) -> str:
    """Return the pattern of the team's entry with which no name can be matched, empty for none."""
    match source:
        case BoardSource():
            return team.unusable_names(source)
        case RepositorySource():
            ways = deliveries_of(team, source.repository, window.first_day)
            return next((s.unusable for way in ways for s in way.stanzas if s.unusable), "")
        case _:
            return ""


def _newest_attempt(coverage: Coverage, otherwise: str) -> Gap:
    if coverage.reason is not None:
        return Gap(coverage.source, coverage.reason, coverage.detail)
    return Gap(coverage.source, Reason.STALE, otherwise)


def _in_facts(
    source: Source, team: Team, window: Sprint, known: TeamFacts, now: datetime
) -> Gap | None:
    match source:
        case RepositorySource():
            return _in_history(source, team, window, known, now)
        # Jira answers with an empty list also where the account may see none of what is there.
        case TicketSource() if source.id not in known.first_done:
            return never_done(source, any_ticket=source.id not in known.without_tickets)
        case _:
            return None


def _in_history(
    source: RepositorySource, team: Team, window: Sprint, known: TeamFacts, now: datetime
) -> Gap | None:
    histories = [
        known.histories[source.repository, delivery.key]
        for delivery in deliveries_of(team, source.repository, window.first_day)
    ]
    if all(history.first is None for history in histories):
        return Gap(source.id, Reason.NOTHING_MATCHED)
    for history in histories:
        if lost := history.lost.between(window.start, min(window.end, now)):
            return lost_gap(GapKind.LOST_COMMIT, source, event_label(lost[0][1]))
    return None


def _late(coverage: Coverage, read: CompleteRead, window: Sprint, now: datetime) -> bool:
    if now < window.end:
        return coverage.reason is not None
    return read.started < window.end
