"""What is left of a source whose name means another one by now: see `partial_views`.

What the former one did by the read that shows it is set aside; some of that was the new one's too.
"""

from dataclasses import replace
from datetime import datetime

from hypothesis import strategies as st

from evaluator.model.facts import Coverage, Ticket
from tests.support.known import Known, became_done


def repository(draw: st.DrawFn, known: Known) -> Known:
    """Another repository has the name since a read."""
    known, seen = _set_aside(draw, known)
    if seen is None:
        return known
    its_own = tuple(e for e in known.events if e.at is None or e.at > seen or draw(st.booleans()))
    return replace(known, events=its_own, created=seen)


def project(draw: st.DrawFn, known: Known) -> Known:
    """Another Jira project has the key since a read; what the former one did later is not ours."""
    known, seen = _set_aside(draw, known)

    def stays(one: Ticket) -> bool:
        return seen is None or bool(became_done(one, after=seen)) or draw(st.booleans())

    return replace(known, tickets=tuple(filter(stays, known.tickets)))


def board(draw: st.DrawFn, known: Known) -> Known:
    """Another board has the number since a read."""
    known, seen = _set_aside(draw, known)
    its_own = [
        sprint
        for sprint in known.sprints
        if seen is None or sprint.start is None or sprint.start > seen or draw(st.booleans())
    ]
    return replace(known, sprints=tuple(its_own))


def _set_aside(draw: st.DrawFn, known: Known) -> tuple[Known, datetime | None]:
    """Return the source as it was read since a read showed that it is another one, and when."""
    if len(known.reads) == 1:
        return known, None
    place = draw(st.integers(1, len(known.reads) - 1))
    last, seen = known.reads[place - 1 : place + 1]
    former = Coverage(f"{known.source.id}#7", read_started=last, attempt_started=seen)
    return replace(known, reads=known.reads[place:], former=(former,)), seen
