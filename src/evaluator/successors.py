"""Evidence that changed its name: what shows production where nothing matches any more."""

from collections.abc import Container, Iterable, Sequence
from datetime import datetime
from itertools import islice

from evaluator.model.evidence import Production
from evaluator.model.facts import Evidence, OtherEvidence, ProductionEvent
from evaluator.model.production_names import may_be_production, same_family, style_of
from evaluator.model.run_places import RunPlace, run_place

_MADE_ANEW = 3  # names of one family, none of which counts, are made anew again and again


def successor(
    production: Production,
    others: Iterable[OtherEvidence],
    matched: Sequence[tuple[datetime, ProductionEvent]],
    arrived: Container[str],
) -> OtherEvidence | None:
    """Return the name that shows production since the last match, None where there is none.

    `others` are names that the configuration lacks, `matched` the events that count, in order, and
    `arrived` the commits that they brought. A successor came after the last match, and brought a
    commit that none of them did. It is of the family of a name that matched, or the only one; the
    first of several of that family is returned. Runs of a configured workflow elsewhere are of it.
    """
    if not matched:
        return None
    last = matched[-1][0]
    unlisted = [one for one in others if _is_unlisted(production, one)]
    if not unlisted:
        return None
    names = {style_of(event.name.casefold()) for _, event in matched}
    since = [one for one in unlisted if one.first_at >= last and one.sha not in arrived]
    if related := [one for one in since if _of_family(one, names)]:
        return min(related, key=lambda one: (one.first_at, one.name))
    # There may be a thousand: two are too many.
    few = list(islice((one for one in since if not _made_anew(one, unlisted)), 2))
    return few[0] if len(few) == 1 and few[0].first_known else None


def _is_unlisted(production: Production, one: OtherEvidence) -> bool:
    unknown = not production.names(one.kind, one.example)
    if one.kind is not production.evidence or not unknown:
        return False
    if place := _elsewhere(one):
        may_be = bool(place.pull_request) or may_be_production(place.branch)
        return place.workflow in production.workflows and may_be
    return may_be_production(one.example)


def _of_family(one: OtherEvidence, names: Iterable[str]) -> bool:
    return _elsewhere(one) is not None or any(same_family(one.example, name) for name in names)


def _elsewhere(one: OtherEvidence) -> RunPlace | None:
    return run_place(one.example) if one.kind is Evidence.WORKFLOW else None


def _made_anew(one: OtherEvidence, unlisted: Iterable[OtherEvidence]) -> bool:
    alike = (other for other in unlisted if same_family(one.example, other.example))
    return len(list(islice(alike, _MADE_ANEW))) == _MADE_ANEW
