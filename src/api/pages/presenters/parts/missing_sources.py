"""Missing sources: what could not be read, in words, with the remedy and who can apply it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from api.pages.presenters.parts import links, words
from api.pages.presenters.parts.tables import Cell, Table, heads
from evaluator.model.facts import Reason
from evaluator.model.results import Gap, GapKind, Result
from evaluator.model.source_id import SourceId, SourceKind
from evaluator.team_standing import TeamStanding
from evaluator.wording import without_name

OPERATOR = "The operator of this service"
KEEPER = "Whoever keeps the configuration"
_MOST_TASKS = 40
_KEEPERS = {Reason.NOT_SET_UP, Reason.NOTHING_MATCHED, Reason.EVIDENCE_CHANGED}
_CONFIGURED = {
    GapKind.BEFORE_FIRST_EVENT,
    GapKind.BEFORE_FIRST_TOUCH,
    GapKind.NAME_OF_ANOTHER,
}


@dataclass(frozen=True, slots=True)
class MissingSource:
    """One thing to fix. `ident` is the source's id, `name` how the action calls it."""

    ident: str
    source: str
    name: str
    teams: tuple[str, ...]
    action: str
    whose: str

    @property
    def whose_href(self) -> str:
        """Where the glossary says who that is."""
        return links.word("keeper" if self.whose == KEEPER else "operator")


def source_words(source: str, teams: Mapping[str, str] = {}) -> str:
    """Return what people call a source: its kind and name. `teams` are names by id."""
    of = SourceId.parse(source)
    match of.kind:
        case SourceKind.REPOSITORY:
            return f"repository {of.name}"
        case SourceKind.TICKETS:
            return f"a Jira filter on {of.site}" if of.filter else f"Jira project {of.name}"
        case SourceKind.BOARD:
            return f"Jira board {of.name}"
        case SourceKind.TEAM:
            return f"set-up of {teams.get(of.name, of.name)}"


def whose(reason: Reason, kind: GapKind = GapKind.UNREAD) -> str:
    """Return who is asked to fix a gap: never the team, unless it keeps its own configuration."""
    return KEEPER if reason in _KEEPERS or kind in _CONFIGURED else OPERATOR


def remedy_for(
    gap: Gap, source: str, teams: tuple[str, ...], action: str, names: Mapping[str, str]
) -> MissingSource:
    """Return what there is to do about a gap in `source`; `names` are of teams, by id."""
    called = words.upper_first(source_words(source, names))
    name = SourceId.parse(source).name
    return MissingSource(source, called, name, teams, action, whose(gap.reason, gap.kind))


def remedies(standings: Iterable[TeamStanding]) -> tuple[MissingSource, ...]:
    """Return what is missing over some teams, each source once, with its teams."""
    by_source: dict[str, tuple[Gap, list[str]]] = {}
    names = {}
    for each in standings:
        names[each.team.id] = each.team.name
        for gap in each.gaps:
            by_source.setdefault(gap.source, (gap, []))[1].append(each.team.name)
    return tuple(
        remedy_for(gap, source, tuple(teams), gap.detail, names)
        for source, (gap, teams) in sorted(by_source.items())
    )


def remedies_table(found: Iterable[MissingSource], *, with_teams: bool = True) -> Table:
    """Return what is missing: one row for all that asks the same person for the same."""
    tasks: dict[tuple[str, str], list[MissingSource]] = {}
    for each in found:
        tasks.setdefault((each.whose, without_name(each.action, each.name)), []).append(each)
    many_first = sorted(tasks.items(), key=lambda task: -len(task[1]))
    rows = []
    for (asked_of, of_any), same in many_first[:_MOST_TASKS]:
        names = [each.source for each in same]
        named = [names[0], *map(words.lower_first, names[1:])]
        teams = dict.fromkeys(team for each in same for team in each.teams)
        rows.append(
            (
                Cell(words.some(named)),
                *((Cell(words.some(list(teams))),) if with_teams else ()),
                Cell(same[0].action if len(same) == 1 else f"For each: {of_any}"),
                Cell(asked_of, same[0].whose_href),
            )
        )
    teams_head = ("Teams",) if with_teams else ()
    return Table(
        "What is missing, and the one action that fixes it",
        heads("Source", *teams_head, "What to do", "Who needs to act"),
        tuple(rows),
        caption_hidden=True,
    )


def missing_words(result: Result) -> str:
    """Return in a few words why there is no data, such as "we cannot read repository x"."""
    return gap_words(result.gaps[0]) if result.gaps else "nothing was read"


def gap_words(gap: Gap) -> str:
    """Return in a few words what is missing."""
    match gap.reason:
        case Reason.NOT_SET_UP:
            return gap.detail or "not set up"
        case _ if gap.no_witness and gap.kind is not GapKind.UNREAD:
            return f"{source_words(gap.source)}: {gap.detail}"
        case Reason.NOTHING_MATCHED:
            return f"nothing in {source_words(gap.source)} matches what counts as production"
        case Reason.STALE | Reason.HISTORY_BEFORE_START:
            return f"{source_words(gap.source)} is not read for the whole sprint yet"
        case _:
            return f"we cannot read {source_words(gap.source)}"
