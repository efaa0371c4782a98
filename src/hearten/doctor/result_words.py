"""What to write where a result has no data: one function for each reason, in one table."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from evaluator.gap_remedies import gap_remedy
from evaluator.model.evidence import RULES, Production
from evaluator.model.facts import Coverage, Reason
from evaluator.model.plan import BoardSource, RepositorySource, Source, TicketSource
from evaluator.model.results import Gap, GapKind
from evaluator.wording import amount
from hearten.doctor.findings import ADMINISTRATOR, KEEPER, NOBODY, OPERATOR, OWNER

_WITHOUT = "Later sprints are judged without it."


@dataclass(frozen=True, slots=True)
class Missing:
    """A gap of a result, its source (None where it is of none), and the sprint's first day.

    `stanzas` are the team's own of a repository. `names` are those that the record has of it beside
    them; `left_out` is how many of its events match them and do not count. `read` is what the
    record says of the newest attempt to read it.
    """

    gap: Gap
    source: Source | None
    first_day: date
    stanzas: tuple[Production, ...] = ()
    names: tuple[str, ...] = ()
    left_out: int = 0
    read: Coverage | None = None


class Words(NamedTuple):
    """What is found, in a sentence, who must act, and the remedy."""

    what: str
    who: str
    remedy: str


def words(missing: Missing) -> Words:
    """Return the words for what a result lacks: by its kind, or why it is unread."""
    gap = missing.gap
    if gap.kind is GapKind.UNREAD:
        return _BY_REASON.get(gap.reason, _as_read)(missing)
    return _BY_KIND.get(gap.kind, _as_told)(missing)


def name_of(source: Source) -> str:
    """Return what the check-up calls a source."""
    match source:
        case RepositorySource():
            return source.repository
        case TicketSource():
            return f"project {source.project}" if source.project else f"JQL `{source.jql}`"
        case BoardSource():
            return f"board {source.board}"


def written(production: Production) -> str:
    """Return what is configured of a repository's production, as teams.yaml has it."""
    names = production.environments or production.workflows or (production.pattern,)
    of_kind = {"deployment": "environments", "workflow": "workflows"}
    key = of_kind.get(production.evidence.value, "tags")
    shown = f"`{key}: {', '.join(names)}`" if any(names) else f"evidence {production.evidence}"
    return f"{shown} on `branch: {production.branch}`" if production.branch else shown


def _nothing_matched(missing: Missing) -> Words:
    source = missing.source
    if not isinstance(source, RepositorySource):
        return _as_told(missing)
    known = ", ".join(f"`{name}`" for name in missing.names)
    has = f"The record has {known}. " if known else ""
    prints = f"`hearten suggest {source.repository}` prints what to write in teams.yaml."
    configured = " or ".join(map(written, missing.stanzas))
    what = f"Nothing in it ever matched {configured}."
    if missing.left_out:
        called = {RULES[stanza.evidence].event for stanza in missing.stanzas}
        events = amount(missing.left_out, f"{called.pop() if len(called) == 1 else 'event'}s")
        what = f"{events} matched {configured}, and none counts."
    return Words(what, KEEPER, f"{has}{prints}")


def _before_first_event(missing: Missing) -> Words:
    more = "If something reached it another way before, add that to its `production`"
    return Words(
        _sentence(missing), KEEPER, f"{more} in teams.yaml. Else later sprints are judged."
    )


def _read_too_late(missing: Missing) -> Words:
    run = f"Run `hearten collect --since {missing.first_day.isoformat()}`."
    return Words("It was read only from after the sprint's start.", OPERATOR, run)


def _before_first_done(missing: Missing) -> Words:
    return Words(_sentence(missing), OPERATOR, gap_remedy(missing.gap).remedy)


def _unsure(missing: Missing) -> Words:
    return Words(_sentence(missing), NOBODY, "The next one that GitHub can date settles it.")


def _lost_commit(missing: Missing) -> Words:
    keep = "Keep the branches and tags of what is deployed."
    return Words(_sentence(missing), OWNER, f"{keep} {_WITHOUT}")


def _merged_later(missing: Missing) -> Words:
    write = "Where the team deploys, looks, and then merges, write `before_merge: true` for it."
    return Words(_sentence(missing), KEEPER, write)


def _unplaced(missing: Missing) -> Words:
    write = "Write a pattern for release branches as `branch`, or deploy what is merged or tagged."
    return Words(_sentence(missing), KEEPER, write)


def _unfinished(missing: Missing) -> Words:
    report = "Let what deploys tell GitHub `success` or `failure`, also where it is cancelled."
    return Words(_sentence(missing), OWNER, report)


def _lost_in_jira(missing: Missing) -> Words:
    look = (
        "See in Jira whether that ticket was finished in the sprint, and its workflow still there."
    )
    return Words(_sentence(missing), ADMINISTRATOR, look)


def _not_set_up(missing: Missing) -> Words:
    add = "Add it to teams.yaml, or say why not in `not_applicable`."
    return Words(_sentence(missing), KEEPER, add)


def _no_pattern(missing: Missing) -> Words:
    return Words(_sentence(missing), KEEPER, gap_remedy(missing.gap).remedy)


def _not_read(missing: Missing) -> Words:
    return Words(_sentence(missing), OPERATOR, "Run `hearten collect`.")


def _as_told(missing: Missing) -> Words:
    """The words in which a result's page says it."""
    told = gap_remedy(missing.gap)
    return Words(told.what, _who(missing), told.remedy)


def _as_read(missing: Missing) -> Words:
    """The words of whoever read the source: whole where the record no longer has them apart."""
    gap, read = missing.gap, missing.read
    if read is not None and read.what and read.remedy and read.detail == gap.detail:
        return Words(read.what, _who(missing), read.remedy)
    again = "The next `hearten collect` tries again."
    return Words(gap.detail or gap.reason.value, _who(missing), again)


def _who(missing: Missing) -> str:
    of_jira = isinstance(missing.source, TicketSource | BoardSource)
    return {
        Reason.NO_ACCESS: ADMINISTRATOR if of_jira else OWNER,
        Reason.RATE_LIMITED: NOBODY,
        Reason.SOURCE_DOWN: NOBODY,
    }.get(missing.gap.reason, KEEPER)


def _sentence(missing: Missing) -> str:
    detail = missing.gap.detail
    return f"{detail[:1].upper()}{detail[1:].removesuffix('.')}."


_BY_KIND: Mapping[GapKind, Callable[[Missing], Words]] = {
    GapKind.BEFORE_FIRST_EVENT: _before_first_event,
    GapKind.BEFORE_FIRST_DONE: _before_first_done,
    GapKind.UNSURE_DAY: _unsure,
    GapKind.LOST_COMMIT: _lost_commit,
    GapKind.LOST_STATUS: _lost_in_jira,
    GapKind.LOST_MOVE: _lost_in_jira,
    GapKind.UNSEEN_START: _lost_in_jira,
    GapKind.MERGED_LATER: _merged_later,
    GapKind.UNPLACED: _unplaced,
    GapKind.NO_PATTERN: _no_pattern,
    GapKind.UNFINISHED: _unfinished,
}
_BY_REASON: Mapping[Reason, Callable[[Missing], Words]] = {
    Reason.NOTHING_MATCHED: _nothing_matched,
    Reason.HISTORY_BEFORE_START: _read_too_late,
    Reason.NOT_SET_UP: _not_set_up,
    Reason.STALE: _not_read,
}
