"""Gaps: what could not be read, in words, with the one action that mends it and for whom it is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from api.pages.presenters import links
from api.pages.presenters.tables import Cell, Table, heads
from evaluator.model.facts import Reason
from evaluator.model.results import Gap, Result
from evaluator.standing import Standing

OPERATOR = "The operator of this service"
KEEPER = "Whoever keeps the configuration"
_KEEPERS = {Reason.NOT_SET_UP, Reason.NOTHING_MATCHED}


@dataclass(frozen=True, slots=True)
class Mend:
    """One thing to mend."""

    source: str
    teams: str
    action: str
    whose: str

    @property
    def whose_href(self) -> str:
        """Where the glossary says who that is."""
        return links.word("keeper" if self.whose == KEEPER else "operator")


def source_words(source: str, teams: Mapping[str, str] = {}) -> str:
    """Return what people call a source: its kind and name. `teams` are names by id."""
    kind, _, rest = source.partition(":")
    site, _, name = rest.partition(":")
    match kind:
        case "github":
            return f"repository {rest}"
        case "jira":
            return f"Jira project {name}" if name.isupper() else f"a Jira filter on {site}"
        case "board":
            return f"Jira board {name}"
        case "team":
            return f"set-up of {teams.get(rest, rest)}"
        case _:
            return source


def whose(reason: Reason) -> str:
    """Return who is asked to mend a gap: never the team, unless it keeps its own configuration."""
    return KEEPER if reason in _KEEPERS else OPERATOR


def mends(standings: Iterable[Standing]) -> tuple[Mend, ...]:
    """Return what is missing over some teams, each source once, with its teams."""
    by_source: dict[str, tuple[Gap, list[str]]] = {}
    names = {}
    for each in standings:
        names[each.team.id] = each.team.name
        for gap in each.gaps:
            by_source.setdefault(gap.source, (gap, []))[1].append(each.team.name)
    return tuple(
        Mend(_capital(source_words(source, names)), ", ".join(teams), gap.detail, whose(gap.reason))
        for source, (gap, teams) in sorted(by_source.items())
    )


def mends_table(found: Iterable[Mend], *, with_teams: bool = True) -> Table:
    """Return what is missing as a table."""
    rows = [
        (
            Cell(each.source),
            *((Cell(each.teams),) if with_teams else ()),
            Cell(each.action),
            Cell(each.whose, each.whose_href),
        )
        for each in found
    ]
    teams = ("Teams",) if with_teams else ()
    return Table(
        "What is missing, and the one action that mends it",
        heads("Source", *teams, "What to do", "Asked of"),
        tuple(rows),
        caption_hidden=True,
    )


def missing_words(result: Result) -> str:
    """Return in a few words why there is no data, such as "we cannot read repository x"."""
    if not result.gaps:
        return "nothing was read"
    gap = result.gaps[0]
    match gap.reason:
        case Reason.NOT_SET_UP:
            return gap.detail or "not set up"
        case Reason.NOTHING_MATCHED:
            return f"nothing in {source_words(gap.source)} matches what counts as production"
        case Reason.STALE | Reason.HISTORY_BEFORE_START:
            return f"{source_words(gap.source)} is not read for the whole sprint yet"
        case _:
            return f"we cannot read {source_words(gap.source)}"


def _capital(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"
