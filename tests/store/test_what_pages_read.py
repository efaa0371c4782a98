"""What a page reads of a long record: the sprints that it shows, and no more of them."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from evaluator.model.facts import Gone, GoneTicket, Reading, TicketLink
from evaluator.model.results import EvidenceItem, Result, Sprint, Status
from evaluator.model.ticket_labels import plain
from evaluator.retro_actions import is_open
from store.store import Store
from tests.evaluator.builders import DOING, DONE, HER, SPRINT_A, at, moved, read, ticket
from tests.evaluator.results import a_result

NOW = at("2026-03-23 09:10")
FORTNIGHT = timedelta(days=14)


def sprint(back: int) -> Sprint:
    """A sprint so many fortnights before sprint A; it settles 3 days after its end."""
    end = SPRINT_A.end - back * FORTNIGHT
    return replace(
        SPRINT_A,
        id=f"back-{back}",
        start=SPRINT_A.start - back * FORTNIGHT,
        end=end,
        gap_end=end,
        settled_at=end + timedelta(days=3),
    )


def of(team: str, *backs: int) -> list[Result]:
    return [a_result(Status.MET, 2, team=team, sprint=sprint(back)) for back in backs]


def ids(found: list[Result]) -> list[tuple[str, str]]:
    return [(r.team, r.sprint.id) for r in found]


def test_recent_results_are_the_last_finished_sprints_and_all_later_ones(store: Store) -> None:
    store.results.save([*of("heron", *range(-2, 9)), *of("wren", 0)])

    found = store.results.recent("heron", NOW, 6)

    assert ids(found) == [("heron", f"back-{back}") for back in range(5, -3, -1)]
    assert not [r for r in found if r.evidence or r.sources]


def test_recent_results_of_a_young_team_are_all_that_it_has(store: Store) -> None:
    store.results.save(of("heron", 0, -1))

    assert ids(store.results.recent("heron", NOW, 6)) == [("heron", "back-0"), ("heron", "back--1")]
    assert store.results.recent("nobody", NOW, 6) == []


def test_recent_results_have_every_version_in_order(store: Store) -> None:
    (first,) = of("heron", 0)
    store.results.save([replace(first, version=2, cause="Read again."), first])

    assert [r.version for r in store.results.recent("heron", NOW, 6)] == [1, 2]


def test_past_statuses_are_those_of_the_last_finished_sprints_in_their_newest_version(
    store: Store,
) -> None:
    raised = replace(of("heron", 1)[0], version=2, status=Status.MET)
    before = replace(raised, version=1, status=Status.NOT_MET)
    store.results.save([*of("heron", -1, 0, *range(2, 9)), raised, before, *of("wren", 4)])

    found = store.results.past_statuses(NOW)

    statuses = {(each.team, each.start): each.status for each in found}
    assert len(statuses) == len(found)
    assert statuses == {
        **{("heron", sprint(back).start): Status.MET for back in range(6)},
        ("wren", sprint(4).start): Status.MET,
    }


def test_what_is_kept_of_all_teams_is_read_anew_after_a_commit_and_where_a_sprint_moves_on(
    store: Store,
) -> None:
    store.results.save(of("heron", 1, 0, -1))

    def seen(now: datetime) -> tuple[list[tuple[str, str]], int]:
        return ids(store.results.shown(now)), len(store.results.past_statuses(now))

    first = seen(NOW)
    assert seen(NOW) == seen(NOW + timedelta(minutes=1)) == first
    store.results.save(of("wren", 0))
    assert seen(NOW) == ([*first[0], ("wren", "back-0")], first[1] + 1)
    later = sprint(-1).settled_at
    assert seen(later - timedelta(seconds=1))[1] == 3
    assert seen(later) == ([("heron", "back--1"), ("wren", "back-0")], 4)
    assert seen(NOW) == ([*first[0], ("wren", "back-0")], first[1] + 1)


@pytest.mark.parametrize("settles", [NOW, NOW + timedelta(seconds=1)], ids=["settled", "closed"])
def test_shown_results_are_the_last_finished_the_just_closed_and_the_current_sprint(
    store: Store, settles: datetime
) -> None:
    closed = replace(sprint(0), settled_at=settles)
    results = [*of("heron", -2, -1, 1, 2), replace(of("heron", 0)[0], sprint=closed)]
    young, older = of("avocet", -1), of("wren", 3, 4)
    store.results.save([*results, *young, *older])

    shown = [("heron", "back-0"), ("heron", "back--1")]
    if settles != NOW:
        shown = [("heron", "back-1"), *shown]
    assert ids(store.results.shown(NOW)) == [("avocet", "back--1"), *shown, ("wren", "back-3")]
    assert ids(store.results.shown(NOW, teams=["heron", "nobody"])) == shown
    assert [(g.team, g.sprint_id) for g in store.results.summaries(shown_at=NOW)] == ids(
        store.results.shown(NOW)
    )


def test_shown_results_may_be_whole(store: Store) -> None:
    (result,) = of("heron", 0)
    store.results.save([result, *of("wren", 0)])

    assert store.results.shown(NOW, teams=["heron"], brief=False) == [result]
    assert isinstance(result.evidence[0], EvidenceItem)
    assert store.results.shown(NOW, teams=["heron"])[0].evidence == ()


def test_tickets_by_label_are_those_that_have_it_whole_open_or_not(store: Store) -> None:
    label = {"labels": ("bug", "retro-action")}
    tickets = [
        ticket("HER-1", **label),
        ticket("HER-2", moved("2026-03-04", DOING, DONE), **label),
        ticket("HER-3", labels=("retro-actions", "retro_action")),
        ticket("HER-4"),
    ]
    store.facts.keep(Reading(read(HER), tickets=tuple(tickets)))

    found = store.facts.labelled_tickets([HER.id], "Retro-Action")
    assert {t.key for t in found} == {"HER-1", "HER-2"}
    assert store.facts.labelled_tickets(["jira:jira:OTHER"], "retro-action") == []


@pytest.mark.parametrize("label", ["Für alle", 'a"b', "50%", "a_b"])
def test_a_label_may_be_of_any_letters(store: Store, label: str) -> None:
    other = ticket("HER-2", labels=("axb", "50", "grosse"))
    tickets = (ticket("HER-1", labels=(plain(label),)), other)
    store.facts.keep(Reading(read(HER), tickets=tickets))

    assert store.facts.labelled_tickets([HER.id], label) == [tickets[0]]


def test_linked_tickets_are_open_ones_with_what_they_are_linked_to(store: Store) -> None:
    link = TicketLink("1", "Blocks", True, "HER-2", "id of HER-2", DONE)
    tickets = [
        ticket("HER-1", links=(link,)),
        ticket("HER-2", moved("2026-03-04", DOING, DONE)),
        ticket("HER-3", labels=("needs-other-team",)),
        ticket("HER-4", moved("2026-03-04", DOING, DONE), labels=("needs-other-team",)),
        ticket("HER-5"),
    ]
    store.facts.keep(Reading(read(HER), tickets=tuple(tickets)))

    found = store.facts.linked_tickets([HER.id], "needs-other-team")

    assert sorted(t.key for t in found) == ["HER-1", "HER-2", "HER-3"]
    assert store.facts.linked_tickets(["jira:jira:OTHER"], "needs-other-team") == []


def test_a_ticket_that_left_its_source_is_none_of_its_open_ones_until_it_is_back(
    store: Store,
) -> None:
    one, other = ticket("HER-1"), ticket("HER-2")
    store.facts.keep(Reading(read(HER), tickets=(one, other)))
    left = GoneTicket(other.issue_id, Gone.UNSEEN, at("2026-03-01"), at("2026-03-02"))

    changed = store.facts.keep(Reading(read(HER), gone=(left,)))

    gone = replace(other, gone=Gone.UNSEEN, gone_after=left.after, gone_by=left.by)
    assert (changed, list(filter(is_open, store.facts.tickets([HER.id])))) == (1, [one])
    assert sorted(store.facts.tickets([HER.id]), key=lambda t: t.key) == [one, gone]
    known = store.facts.known_tickets(HER.id)
    assert [known[each.issue_id][2:] for each in (one, other)] == [(True, False), (False, True)]
    store.facts.keep(Reading(read(HER), tickets=(other,)))
    assert len(list(filter(is_open, store.facts.tickets([HER.id])))) == 2
