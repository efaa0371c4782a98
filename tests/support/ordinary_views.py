"""Strategies: what is seen beside production in an ordinary world, and is no loss at all."""

from dataclasses import replace

from hypothesis import strategies as st

from evaluator.model.facts import Coverage, Evidence, Gone, OtherEvidence, Ticket
from evaluator.model.plan import RepositorySource
from tests.evaluator.builders import DONE
from tests.support.known import EVER, NOW, Known, World

_NEVER_PRODUCTION = (
    "staging",
    "pr-12",
    "review-cart",
    "github-pages",
    "pre-production",
    "w1.2-rc1",
)
_SEVERAL = ("search-index", "reports")  # of two that are new, neither is taken for production's


@st.composite
def ordinary_views(draw: st.DrawFn, world: World) -> list[Known]:
    """Return the whole world with other names, tickets that moved away, and names used before."""
    return [draw(_beside(known)) for known in world.known]


@st.composite
def _beside(draw: st.DrawFn, known: Known) -> Known:
    if draw(st.booleans()):
        former = Coverage(f"{known.source.id}#7", read_started=EVER, attempt_started=EVER)
        known = replace(known, former=(former,))
    if isinstance(known.source, RepositorySource):
        return replace(known, others=tuple(draw(_others(known, known.source))))
    return replace(known, tickets=tuple(_moved_away(draw, one) for one in known.tickets))


@st.composite
def _others(draw: st.DrawFn, known: Known, source: RepositorySource) -> list[OtherEvidence]:
    """Return names that brought the newest commit since the last match, or others before it."""
    kind = source.stanzas[0].evidence
    if kind is Evidence.MERGE:
        kind = Evidence.DEPLOYMENT
    last = max((e.at for e in known.events if e.at), default=EVER)
    later = OtherEvidence(
        source.repository,
        kind,
        name="",
        example="",
        first_at=last,
        first_known=True,
        newest_at=NOW,
        sha="only there",
        url="",
    )
    found = [replace(later, name=name, example=name) for name in draw(_some(_NEVER_PRODUCTION))]
    if draw(st.booleans()):
        found += [replace(later, name=name, example=name) for name in _SEVERAL]
    if draw(st.booleans()):
        begin = replace(later, first_at=EVER - (NOW - EVER))
        found.append(replace(begin, name="production-eu", example="production-eu"))
    if draw(st.booleans()) and known.events:
        name = "deploy-production"
        found.append(replace(later, name=name, example=name, sha=known.events[0].sha))
    return found


def _some(names: tuple[str, ...]) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(names), max_size=3, unique=True)


def _moved_away(draw: st.DrawFn, one: Ticket) -> Ticket:
    """Return a ticket that stayed open, as one that answers in another project by now."""
    if one.status_category is DONE or draw(st.booleans()):
        return one
    return replace(one, gone=Gone.MOVED, gone_after=one.updated, gone_by=NOW)
