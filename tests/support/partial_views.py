"""Strategies: what can be seen of a whole world, when some of it is not shown, or was not read.

A *loss* takes away from what is known of one source, as GitHub, Jira or a day on which nothing was
read do, and leaves the trace that the collector makes of it. It must be one that leaves a trace:
of what no read and no number could ever tell, nothing can be promised. To add a kind, write a loss
and put it into `OF_CODE`, `OF_TICKETS`, `OF_FILTERS` or `OF_BOARDS`; it gets its source with the
reads that were complete. Losses of a repository come before it is read, those of tickets after.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import chain

from hypothesis import strategies as st

from evaluator.model.facts import Commit, Coverage, Evidence, ProductionEvent, Reason, Ticket
from evaluator.model.plan import RepositorySource, Source, TicketSource
from tests.evaluator.builders import DONE
from tests.support import names_used_again, unseen_code, unseen_tickets
from tests.support.known import EVER, NOW, Known, World, sprints_at, ticket_at
from tests.support.whole_worlds import moments

Loss = Callable[[st.DrawFn, Known], Known]


@st.composite
def views(draw: st.DrawFn, world: World) -> list[Known]:
    """Return what can be seen of the world's sources, after some losses."""
    return [draw(_partial(known)) for known in world.known]


@st.composite
def views_by(draw: st.DrawFn, world: World, loss: Loss) -> list[Known]:
    """Return what can be seen of a world that was read to its end, after one loss where it can."""
    reads = draw(st.lists(moments(minute=41), min_size=2, max_size=2, unique=True))
    known = [replace(one, reads=(*sorted(reads), NOW)) for one in world.known]
    return [_seen(draw, one, [loss] if loss in _losses(one.source) else []) for one in known]


@st.composite
def _partial(draw: st.DrawFn, known: Known) -> Known:
    """Return a source after some losses, as far as it was read; at times, all is seen of it."""
    if draw(st.sampled_from([False, False, False, True])):
        return known
    earlier = draw(st.sampled_from([2, 1, 0]))
    reads = draw(st.lists(moments(minute=41), min_size=earlier, max_size=earlier, unique=True))
    reads = sorted([*reads, *draw(st.sampled_from([(NOW,), (NOW,), (NOW,), ()]))])
    since = draw(st.sampled_from([EVER, EVER, None])) or draw(moments(minute=0))
    known = replace(known, reads=tuple(reads), since=min([since, *reads]))
    if not reads:
        return _attempted(draw, Known(known.source))
    losses = _losses(known.source)
    places = [draw(st.integers(-1, len(losses) - 1)) for _ in range(2)]
    drawn = [losses[place] for place in sorted({*places}) if place >= 0]  # what cuts comes first
    return _attempted(draw, _seen(draw, known, drawn))


def _seen(draw: st.DrawFn, known: Known, losses: Iterable[Loss]) -> Known:
    """Return a source as its reads saw it, after the losses."""
    sprints = tuple(sprints_at(known.reads[-1], known.sprints))
    known = _tickets_read(replace(known, sprints=sprints))
    for loss in losses:
        known = loss(draw, known)
    return _events_read(known)


def _losses(source: Source) -> Sequence[Loss]:
    if isinstance(source, RepositorySource):
        return OF_CODE[source.stanzas[0].evidence]
    if isinstance(source, TicketSource):
        return (*OF_TICKETS, *OF_FILTERS) if source.jql else OF_TICKETS
    return OF_BOARDS


def _attempted(draw: st.DrawFn, known: Known) -> Known:
    """Return how the newest attempt went: it closed, it did not, or what was read is void."""
    why = draw(st.sampled_from([None, None, None, None, Reason.NO_ACCESS, Reason.SOURCE_DOWN]))
    void = draw(st.sampled_from([False] * 9 + [True]))
    complete = next(iter(known.coverage), Coverage(known.source.id))
    attempt = replace(complete, reason=why)
    return replace(known, attempt=(replace(attempt, fingerprint="another") if void else attempt,))


def _events_read(known: Known) -> Known:
    """Return the events that the reads saw, from `since` and the newest before it on."""
    events = [e for e in known.events if unseen_code.seen_by(e) <= known.reads[-1]]
    production = known.source.stanzas[0] if isinstance(known.source, RepositorySource) else None
    before = [e for e in events if unseen_code.seen_by(e) < known.since]
    counted = [e for e in before if production and production.admits(e)]
    seed = max(counted, key=unseen_code.seen_by, default=None)
    kept = [e for e in events if e is seed or e not in before]
    return replace(known, events=tuple(kept), commits=_commits_read(known, kept, seed))


def _commits_read(
    known: Known, events: Iterable[ProductionEvent], seed: ProductionEvent | None
) -> tuple[Commit, ...]:
    """Return what the events brought, and nothing behind the commit of the seed."""
    old = known.behind([seed.sha]) - {seed.sha} if seed else set[str]()
    wanted = known.behind(event.sha for event in events) - old
    return tuple(commit for commit in known.commits if commit.sha in wanted)


def _tickets_read(known: Known) -> Known:
    """Return the tickets that a read listed, open or touched since, as the last one saw them."""

    def listed(then: Ticket) -> bool:
        return then.status_category is not DONE or then.updated >= known.since

    found: list[Ticket] = []
    for one in known.tickets:
        seen = [then for read in known.reads if (then := ticket_at(read, one))]
        found += seen[-1:] if any(map(listed, seen)) else []
    return replace(known, tickets=tuple(found))


_ANOTHER = (names_used_again.repository, unseen_code.made_anew)
_OF_NAMES = (*_ANOTHER, unseen_code.renamed, unseen_code.began_late)
OF_CODE: Mapping[Evidence, Sequence[Loss]] = {
    Evidence.MERGE: (*_ANOTHER, unseen_code.began_late, unseen_code.shown_earlier),
    Evidence.DEPLOYMENT: (
        *_OF_NAMES,
        unseen_code.stood_elsewhere,
        unseen_code.lost_commits,
    ),
    Evidence.RELEASE: (*_OF_NAMES, unseen_code.shown_earlier, unseen_code.lost_commits),
    Evidence.TAG: (
        *_OF_NAMES,
        unseen_code.shown_earlier,
        unseen_code.dated_ahead,
        unseen_code.lost_commits,
    ),
    Evidence.WORKFLOW: (*_OF_NAMES, unseen_code.without_date, unseen_code.lost_commits),
}
OF_TICKETS: Sequence[Loss] = (
    names_used_again.project,
    unseen_tickets.imported,
    unseen_tickets.vanished,
    unseen_tickets.hidden_at_once,
    unseen_tickets.hidden,
    unseen_tickets.finished_elsewhere,
    unseen_tickets.deleted_status,
    unseen_tickets.lost_moves,
)
OF_FILTERS: Sequence[Loss] = (unseen_tickets.without_done,)
OF_BOARDS: Sequence[Loss] = (names_used_again.board,)
LOSSES = tuple(dict.fromkeys([*chain(*OF_CODE.values()), *OF_TICKETS, *OF_FILTERS, *OF_BOARDS]))
