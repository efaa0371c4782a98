"""What GitHub may not show of code, with the trace that is left of it: see `partial_views`."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import strategies as st

from evaluator.model.facts import Evidence, OtherEvidence, Place, ProductionEvent
from evaluator.model.production_names import style_of
from tests.support.known import EVER, NOW, Known
from tests.support.whole_worlds import moments, spans

_MINUTE = timedelta(minutes=1)
_ASKED_TO_THE_END = ("eks", "release-1.2", "cd.yml")  # else nobody can say that it is new


_OTHER_NAMES = {  # what production is called since, some at once in two regions
    Evidence.DEPLOYMENT: (("production-eu",), ("production-eu", "production-us"), ("eks",)),
    Evidence.RELEASE: (("release-1.2",),),
    Evidence.TAG: (("release-1.2",),),
    Evidence.WORKFLOW: (("deploy-production.yaml",), ("cd.yml",)),
}


def renamed(draw: st.DrawFn, known: Known) -> Known:
    """What is evidence since an instant has another name, which is seen beside those configured."""
    day = draw(moments(minute=0))
    listed = [e for e in known.events if _at(e) < day]
    moved = [e for e in known.events if day <= _at(e) <= known.reads[-1]]
    old = known.behind(event.sha for event in listed)
    if not moved:
        return replace(known, events=tuple(listed))
    names = draw(st.sampled_from(_OTHER_NAMES[moved[0].kind]))
    by_name: dict[str, list[ProductionEvent]] = {}
    for event in moved:
        by_name.setdefault(draw(st.sampled_from(names)), []).append(event)
    others = [_other(draw, name, same, old) for name, same in sorted(by_name.items())]
    return replace(known, events=tuple(listed), others=tuple(filter(None, others)))


def _other(
    draw: st.DrawFn, name: str, events: Sequence[ProductionEvent], old: Collection[str]
) -> OtherEvidence | None:
    """Return a name by its newest events, None where they brought nothing that is not `old`."""
    newest = max((e for e in events if e.sha not in old), key=_at, default=None)
    if newest is None:
        return None
    most = len(events) if name in _ASKED_TO_THE_END else draw(st.integers(1, len(events)))
    first = min(_at(newest), *sorted(map(_at, events))[-most:])
    return OtherEvidence(
        repository=newest.repository,
        kind=newest.kind,
        name=style_of(name),
        example=name,
        first_at=first,
        first_known=first == min(map(_at, events)),
        newest_at=_at(newest),
        sha=newest.sha,
        url="",
    )


def began_late(draw: st.DrawFn, known: Known) -> Known:
    """What was evidence before a day had another name, or is kept no more."""
    day = draw(moments(minute=0))
    return replace(known, events=tuple(e for e in known.events if _at(e) >= day))


def made_anew(draw: st.DrawFn, known: Known) -> Known:
    """Another repository has the name since a day; of the former one nothing is known."""
    day = draw(moments(minute=0))
    former = {commit.sha for commit in known.commits if commit.committed_at < day}
    return replace(
        known,
        commits=tuple(c for c in known.commits if c.sha not in former),
        events=tuple(e for e in known.events if _at(e) >= day and e.sha not in former),
        created=None,
    )


def shown_earlier(draw: st.DrawFn, known: Known) -> Known:
    """Events carry an earlier time than is true: a complete read did not show them yet."""
    events: list[ProductionEvent] = []
    for event in known.events:
        floor = max((read for read in known.reads if read < _at(event)), default=EVER)
        seen = min((read for read in known.reads if read >= _at(event)), default=None)
        if event.kind is Evidence.MERGE and events:
            floor = max(floor, _at(events[-1]))
        if seen and floor > known.since and draw(st.booleans()):
            events.append(replace(event, at=floor, not_before=floor, seen_by=seen))
        else:
            events.append(event)
    return replace(known, events=tuple(events))


def dated_ahead(draw: st.DrawFn, known: Known) -> Known:
    """Tags are dated in the future."""
    made = {commit.sha: commit.committed_at for commit in known.commits}
    ahead = NOW + timedelta(days=400)

    def dated(event: ProductionEvent) -> ProductionEvent:
        seen = min((read for read in known.reads if read >= _at(event)), default=None)
        if seen is None:
            return event
        return replace(event, at=ahead, not_before=made.get(event.sha, EVER), seen_by=seen)

    return _some_events(draw, known, dated)


def without_date(draw: st.DrawFn, known: Known) -> Known:
    """Runs were repeated, and GitHub keeps their first attempts no more."""
    before, after = draw(spans(30)) + _MINUTE, draw(spans(30))

    def repeated(event: ProductionEvent) -> ProductionEvent:
        real, updated = _at(event), min(_at(event) + after, NOW)
        if any(real <= read < updated for read in known.reads):
            return event  # its first attempt was read in time
        return replace(event, at=None, not_before=real - before, seen_by=updated)

    return _some_events(draw, known, repeated)


def stood_elsewhere(draw: st.DrawFn, known: Known) -> Known:
    """Deployments whose branch is gone, or whose pull request was merged only later."""
    later = draw(st.none() | spans(40))

    def stood(event: ProductionEvent) -> ProductionEvent:
        if later is None:
            return replace(event, place=Place.UNKNOWN)
        return replace(event, place=Place.MERGED_LATER, merged_at=_at(event) + later)

    return _some_events(draw, known, stood)


def lost_commits(draw: st.DrawFn, known: Known) -> Known:
    """GitHub has commits no more that nothing was built on."""
    built_on = {parent for commit in known.commits for parent in commit.parents}
    kept = [c for c in known.commits if c.sha in built_on or draw(st.booleans())]
    return replace(known, commits=tuple(kept))


def _at(event: ProductionEvent) -> datetime:
    return event.at or event.not_before or EVER


def seen_by(event: ProductionEvent) -> datetime:
    return event.seen_by or event.at or NOW


def _some_events(
    draw: st.DrawFn, known: Known, altered: Callable[[ProductionEvent], ProductionEvent]
) -> Known:
    """Return the source with some of its events altered, each at most once."""
    untouched = {
        event: event.not_before is None and event.place is Place.UNTOLD for event in known.events
    }
    return replace(
        known,
        events=tuple(
            altered(event) if untouched[event] and draw(st.booleans()) else event
            for event in known.events
        ),
    )
