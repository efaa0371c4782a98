"""To look at: the teams whose last finished sprint asks for a look, from A to Z, each with why."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from api.pages.presenters.parts import links, missing_sources, words
from evaluator.model.plan import Target
from evaluator.model.results import PastStatus, Result, Status
from evaluator.team_standing import TeamStanding

History = Mapping[tuple[str, str], Sequence[Status]]  # by team and target, in order of start


@dataclass(frozen=True, slots=True)
class Why:
    """One reason: its words, and where the result is that explains it."""

    text: str
    href: str


@dataclass(frozen=True, slots=True)
class ToLookAt:
    """A team and every reason to look at it."""

    team: str
    name: str
    href: str
    reasons: tuple[Why, ...]


def history_of(past: Iterable[PastStatus]) -> History:
    """Return what `past` says, by team and target."""
    found: dict[tuple[str, str], list[Status]] = {}
    for each in past:
        found.setdefault((each.team, each.target), []).append(each.status)
    return found


def to_look_at(
    standings: Iterable[TeamStanding], asked: Sequence[Target], history: History
) -> tuple[ToLookAt, ...]:
    """Return those of the teams with something to look at, in their order.

    `asked` are the targets that everybody is expected to meet.
    """
    found = []
    for each in standings:
        reasons = tuple(_reasons(each, asked, history))
        if reasons:
            team = each.team
            found.append(ToLookAt(team.id, team.name, links.team(team.id), reasons))
    return tuple(found)


def _reasons(each: TeamStanding, asked: Sequence[Target], history: History) -> Iterator[Why]:
    results = {r.target: r for r in each.last_finished.results} if each.last_finished else {}
    last = [(t, results[t.id]) for t in asked if t.id in results]
    unread = [(t, r) for t, r in last if r.status is Status.NO_DATA]
    if each.nothing_read:
        href = links.result(unread[0][1]) if unread else links.team(each.team.id)
        yield Why("nothing was read yet", href)
        return
    if each.unreadable:
        why = missing_sources.gap_words(each.unreadable)
        yield Why(f"no data, {why}", links.team(each.team.id))
    for target, result in last:
        if result.status is Status.NOT_MET:
            before = history.get((each.team.id, target.id), ())
            yield Why(f"{target.title} not met {_times(before)}", links.result(result))
    yield from _without_data(unread)


def _times(before: Sequence[Status]) -> str:
    times = before.count(Status.NOT_MET)
    if times <= 1:
        return "once"
    return f"{times} times in {len(before)} sprints"


def _without_data(unread: Iterable[tuple[Target, Result]]) -> Iterator[Why]:
    """One reason for all targets that lack the same."""
    by_why: dict[str, list[tuple[Target, Result]]] = {}
    for target, result in unread:
        by_why.setdefault(missing_sources.missing_words(result), []).append((target, result))
    for why, same in by_why.items():
        of = same[0][0].title if len(same) == 1 else words.count(len(same), "target")
        yield Why(f"no data for {of}, {why}", links.result(same[0][1]))
