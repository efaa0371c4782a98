"""What Jira may not show of tickets, with the trace that is left of it: see `partial_views`."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from hypothesis import strategies as st

from evaluator.model.facts import Gone, StatusChange, Ticket
from tests.evaluator.builders import DOING, DONE, UNKNOWN
from tests.support.known import Known, became_done, ticket_at
from tests.support.whole_worlds import moments


def imported(draw: st.DrawFn, known: Known) -> Known:
    """What was touched since a day was made anew on it; no other ticket is shown."""
    day = draw(moments(minute=0))
    return replace(
        known,
        tickets=tuple(
            replace(
                one,
                created=max(one.created, day),
                changes=tuple(change for change in one.changes if change.at >= day),
            )
            for one in known.tickets
            if one.updated >= day
        ),
    )


def hidden(_draw: st.DrawFn, known: Known) -> Known:
    """The project may be seen, and no ticket of it."""
    return replace(known, tickets=())


def vanished(draw: st.DrawFn, known: Known) -> Known:
    """Open tickets leave the list between two reads: deleted or dropped, or moved while open."""

    def left(one: Ticket) -> Ticket:
        place = draw(st.integers(0, len(known.reads) - 1))
        if place == 0:
            return one
        last, seen = known.reads[place - 1 : place + 1]
        then = ticket_at(last, one)
        if then is None or then.status_category is DONE or became_done(one, after=seen):
            return one
        ways = [Gone.UNSEEN] if became_done(one, after=last) else [Gone.UNSEEN, Gone.MOVED]
        return replace(then, gone=draw(st.sampled_from(ways)), gone_after=last, gone_by=seen)

    return replace(known, tickets=tuple(map(left, known.tickets)))


def hidden_at_once(draw: st.DrawFn, known: Known) -> Known:
    """All open tickets are hidden between two reads, and go on unseen."""
    if len(known.reads) == 1:
        return known
    place = draw(st.integers(1, len(known.reads) - 1))
    last, seen = known.reads[place - 1 : place + 1]

    def left(one: Ticket) -> Ticket:
        then = ticket_at(last, one)
        if then is None or then.status_category is DONE:
            return one
        return replace(then, gone=Gone.HIDDEN, gone_after=last, gone_by=seen)

    return replace(known, tickets=tuple(map(left, known.tickets)))


def finished_elsewhere(_draw: st.DrawFn, known: Known) -> Known:
    """Jira has the status in which work is finished in the category In progress."""

    def meant(change: StatusChange) -> StatusChange:
        before, after = (
            DOING if category is DONE else category
            for category in (change.from_category, change.to_category)
        )
        return replace(change, from_category=before, to_category=after)

    return _each_ticket(known, lambda one: [meant(change) for change in one.changes])


def without_done(_draw: st.DrawFn, known: Known) -> Known:
    """The filter drops what is Done; what was listed before stays as it was then."""
    shown: list[Ticket] = []
    for one in known.tickets:
        listed = [then for read in known.reads if (then := ticket_at(read, one))]
        shown += [then for then in listed if then.status_category is not DONE][-1:]
    return replace(known, tickets=tuple(shown))


def deleted_status(draw: st.DrawFn, known: Known) -> Known:
    """Jira knows no more which category some statuses were in."""

    def forgotten(one: Ticket) -> Sequence[StatusChange]:
        place = draw(st.integers(-1, len(one.changes) - 1))
        changes = list(one.changes)
        for change in changes[place : place + 1]:
            changes[place] = replace(change, to_category=UNKNOWN)
        for change in changes[place + 1 : place + 2] if place >= 0 else ():
            changes[place + 1] = replace(change, from_category=UNKNOWN)
        return changes

    return _each_ticket(known, forgotten)


def lost_moves(draw: st.DrawFn, known: Known) -> Known:
    """The change log lacks moves of some days, so that those beside them do not fit together."""

    def lost(one: Ticket) -> Ticket:
        first = draw(st.integers(0, len(one.changes)))
        end = draw(st.integers(first, len(one.changes)))
        before, after = one.changes[:first], one.changes[end:]
        status = after[0].from_category if after else one.status_category
        fits = not before or before[-1].to_category is status
        return one if fits else replace(one, changes=(*before, *after))

    return replace(known, tickets=tuple(map(lost, known.tickets)))


def _each_ticket(known: Known, changed: Callable[[Ticket], Sequence[StatusChange]]) -> Known:
    """Return the source with other changes of its tickets, whose status is that of the last."""
    found: list[Ticket] = []
    for one in known.tickets:
        changes = tuple(changed(one))
        category = changes[-1].to_category if changes else one.status_category
        found.append(
            replace(one, changes=changes, status_category=category, status_id=category.value)
        )
    return replace(known, tickets=tuple(found))
