"""The first sentences about all teams: how many met what was asked, and nothing left unsaid."""

from collections.abc import Iterable, Sequence

from api.pages.presenters.parts import missing_sources, words
from api.pages.presenters.team_rows import result_of, status_of
from evaluator.measures import MEASURES
from evaluator.model.plan import Target
from evaluator.model.results import Result, Status
from evaluator.team_standing import TeamStanding

_NAMED = 5  # of the teams without data


def summary_of(
    team_standings: Sequence[TeamStanding], columns: Sequence[Target], group: str
) -> tuple[str, ...]:
    """Return the sentences about the targets that are shown, stretch targets only where alone."""
    if not team_standings:
        return ("No team is set up yet.",)
    if not columns:
        return ("No target is agreed yet.",)
    unread = [each.team.name for each in team_standings if each.nothing_read]
    read = [each for each in team_standings if not each.nothing_read]
    asked = [target for target in columns if not target.stretch]
    said: list[str] = []
    if read:
        several = len(asked) > 1
        said = _of_every(read, asked, group) if several else _of_one(read, columns, group)
    if unread:
        teams = words.count(len(unread), "team")
        said.append(f"Nothing was read yet of {teams} ({words.some(unread)}).")
    return tuple(said)


def _of_every(
    team_standings: Iterable[TeamStanding], asked: Sequence[Target], group: str
) -> list[str]:
    """What is said over several targets: each team is counted once, by what needs a look first."""
    kinds: dict[Status | None, list[str]] = {}
    for each in team_standings:
        kinds.setdefault(_over(each, asked), []).append(each.team.name)
    number = {kind: len(names) for kind, names in kinds.items()}
    total = sum(number.values()) - number.get(Status.NOT_APPLICABLE, 0)
    said = [_met(number.get(Status.MET, 0), total, group)]
    if Status.NOT_MET in number:
        said.append(f"{words.count(number[Status.NOT_MET], 'team')} did not meet one or more.")
    if Status.NO_DATA in number:
        said.append(f"No data for {words.count(number[Status.NO_DATA], 'team')}.")
    for kind in (Status.EXCUSED, Status.NOT_APPLICABLE, None):
        if kind in kinds:
            name = kind.words if kind else "No finished sprint yet"
            of = words.count(number[kind], "team")
            said.append(f"{name}: {of} ({words.some(kinds[kind])}).")
    return said


def _met(number: int, total: int, group: str) -> str:
    of_group = f" of group {group}" if group else ""
    if not total:
        return f"No team{of_group} was asked anything in its last finished sprint."
    teams, whose = words.count(total, "team"), "its" if total == 1 else "their"
    return f"{number:,} of {teams}{of_group} met every target in {whose} last finished sprint."


def _over(each: TeamStanding, asked: Sequence[Target]) -> Status | None:
    """What a team counts as over several targets; None where it has no finished sprint."""
    found = {status_of(each, result_of(each, target), target) for target in asked}
    order = (Status.NOT_MET, Status.NO_DATA, Status.EXCUSED, Status.MET, Status.NOT_APPLICABLE)
    return next((status for status in order if status in found), None)


def _of_one(
    team_standings: Sequence[TeamStanding], columns: Sequence[Target], group: str
) -> list[str]:
    """What is said of one target, of the teams of which something was read."""
    lead = next((t for t in columns if not t.stretch), columns[0])
    last = [(each, result_of(each, lead)) for each in team_standings]
    asked = [r for s, r in last if status_of(s, r, lead) is not Status.NOT_APPLICABLE]
    said = [_how_many(asked, lead, group)]
    minimums = {r.minimum for _, r in last if r and r.status is not Status.NOT_APPLICABLE}
    if minimums - {1}:
        met = sum(1 for _, r in last if r and r.status is Status.MET)
        least = f" of at least {minimums.pop():,}" if len(minimums) == 1 else ""
        said.append(f"{words.count(met, 'team')} met the target{least}.")
    silent = [
        (each, missing_sources.missing_words(result) if result else _unreadable(each))
        for each, result in last
        if status_of(each, result, lead) is Status.NO_DATA and not (result and result.value)
    ]
    if silent:
        said.append(f"No data for {words.count(len(silent), 'team')} ({_why(silent)}).")
    partly = [
        (each, missing_sources.missing_words(result))
        for each, result in last
        if result and result.status is Status.NO_DATA and result.value
    ]
    if partly:
        teams = words.count(len(partly), "team")
        said.append(f"We cannot say whether {teams} met it ({_why(partly)}).")
    return said + _others(last, lead)


def _how_many(asked: Sequence[Result | None], lead: Target, group: str) -> str:
    """How many teams did what is counted, out of those of which it is asked."""
    if not asked:
        return f"{lead.title}: asked of no team in its last finished sprint."
    reached = sum(1 for result in asked if result is not None and result.value)
    happened = MEASURES[lead.measure].at_least_one
    of_group = f" of group {group}" if group else ""
    whose = "its" if len(asked) == 1 else "their"
    teams = words.count(len(asked), "team")
    return f"{reached:,} of {teams}{of_group} {happened} in {whose} last finished sprint."


def _unreadable(each: TeamStanding) -> str:
    return missing_sources.gap_words(each.unreadable) if each.unreadable else ""


def _why(unread: Sequence[tuple[TeamStanding, str]]) -> str:
    named = [f"{each.team.name}: {why}" for each, why in unread[:_NAMED]]
    more = len(unread) - len(named)
    return "; ".join([*named, f"and {more:,} more"] if more else named)


def _others(last: Iterable[tuple[TeamStanding, Result | None]], lead: Target) -> list[str]:
    """What else keeps a team from being among those that did: nothing is left unsaid."""
    kinds: dict[str, list[str]] = {}
    for each, result in last:
        status = status_of(each, result, lead)
        if status is None:
            kinds.setdefault("No finished sprint yet", []).append(each.team.name)
        elif status is Status.NOT_APPLICABLE or (
            status is Status.EXCUSED and not (result and result.value)
        ):
            kinds.setdefault(status.words, []).append(each.team.name)
    return [
        f"{kind}: {words.count(len(names), 'team')} ({words.some(names)})."
        for kind, names in kinds.items()
    ]
