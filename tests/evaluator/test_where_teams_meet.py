import random
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

import pytest

from evaluator.model.days import Days
from evaluator.model.facts import Gone, StatusCategory, Ticket, TicketLink
from evaluator.model.plan import Plan, Team, TeamJira, TeamRepository, TicketSource
from evaluator.where_teams_meet import Meeting, MeetingKind, of_team, where_teams_meet
from tests.evaluator.builders import DOING, DONE, PLAN, TEAM, TO_DO, moved, ticket

TODAY = date(2026, 3, 27)
NEEDS = ("needs-other-team", "retro-action")
SOURCES = {key: TicketSource("jira", project=key) for key in ("HER", "KES", "WRE")}


def team(ident: str, *projects: str, repositories: Sequence[str] = ()) -> Team:
    return replace(
        TEAM,
        id=ident,
        name=ident.title(),
        jira=tuple(TeamJira(SOURCES[key]) for key in projects),
        repositories=tuple(map(TeamRepository, repositories)),
    )


HERON, KESTREL, WREN = team("heron", "HER"), team("kestrel", "KES"), team("wren", "WRE")
THREE = replace(PLAN, teams=(WREN, KESTREL, HERON))


def link(
    key: str, kind: str = "Blocks", *, outward: bool = True, now: StatusCategory = TO_DO
) -> TicketLink:
    return TicketLink(f"to {key}", kind, outward, key, f"id of {key}", now)


def work(key: str, *links: TicketLink, **known: object) -> Ticket:
    source = SOURCES[key.partition("-")[0]].id
    known = {"links": links, "source": source} | known
    return ticket(key, *known.pop("moves", ()), **known)  # type: ignore[misc]


def met(
    *tickets: Ticket, plan: Plan = THREE
) -> dict[tuple[str, ...], list[tuple[MeetingKind, tuple[str, ...]]]]:
    return told(where_teams_meet(plan, tickets, TODAY))


def told(
    found: Iterable[Meeting],
) -> dict[tuple[str, ...], list[tuple[MeetingKind, tuple[str, ...]]]]:
    return {
        tuple(each.id for each in one.teams): [(item.kind, item.names) for item in one.items]
        for one in found
    }


@pytest.mark.parametrize("outward", [True, False], ids=["blocks", "is blocked by"])
@pytest.mark.parametrize("kind", ["Blocks", "blocks"])
def test_a_ticket_that_blocks_another_teams_is_between_the_two(outward: bool, kind: str) -> None:
    mine = work("HER-1", link("KES-9", kind, outward=outward))
    theirs = work("KES-9", link("HER-1", kind, outward=not outward))
    expected = {("heron", "kestrel"): [(MeetingKind.TICKETS, ("HER-1", "KES-9"))]}

    assert met(mine) == met(theirs) == met(mine, theirs) == expected


def test_other_links_and_links_inside_a_team_are_between_nobody() -> None:
    assert met(work("HER-1", link("KES-9", "Relates"), link("HER-2"), link("ELSE-1"))) == {}


def test_what_is_done_or_gone_on_either_side_waits_no_more() -> None:
    mine = work("HER-1", link("KES-9"))

    assert met(work("HER-1", link("KES-9", now=DONE))) == {}
    assert met(work("HER-1", link("KES-9"), moves=(moved("2026-03-04"),))) == {}
    assert met(mine, work("KES-9", moves=(moved("2026-03-04"),))) == {}, "as it was read last"
    assert met(mine, work("KES-9", gone=Gone.UNSEEN)) == {}
    assert met(work("HER-1", link("KES-9", now=DONE)), work("KES-9")) != {}


def test_the_teams_of_a_known_ticket_are_those_that_work_from_its_source() -> None:
    moved_there = work("KES-9", source=SOURCES["WRE"].id)
    both = replace(THREE, teams=(HERON, team("kestrel", "KES"), team("owl", "KES")))

    assert list(met(work("HER-1", link("KES-9")), moved_there)) == [("heron", "wren")]
    assert list(met(work("HER-1", link("KES-9")), plan=both)) == [
        ("heron", "kestrel"),
        ("heron", "owl"),
    ]


def test_tickets_of_a_filter_are_known_by_their_source_alone() -> None:
    by_filter = TicketSource("jira", jql="component = owls")
    owl = replace(team("owl"), jira=(TeamJira(by_filter),))
    plan = replace(THREE, teams=(HERON, owl))

    assert met(work("HER-1", link("OWL-9")), plan=plan) == {}
    theirs = replace(work("KES-9"), key="OWL-9", issue_id="id of OWL-9", source=by_filter.id)
    assert list(met(work("HER-1", link("OWL-9")), theirs, plan=plan)) == [("heron", "owl")]


def test_between_tickets_that_one_team_shares_on_both_sides_nobody_waits() -> None:
    shared = replace(THREE, teams=(team("heron", "HER", "KES"), KESTREL))

    assert met(work("HER-1", link("KES-9")), plan=shared) == {}


def test_a_team_or_a_project_that_is_not_in_force_is_nobodys() -> None:
    closed = replace(KESTREL, active=Days(last=date(2026, 3, 1)))
    left = replace(KESTREL, jira=(TeamJira(SOURCES["KES"], days=Days(last=date(2026, 3, 1))),))

    for other in (closed, left):
        assert met(work("HER-1", link("KES-9")), plan=replace(THREE, teams=(HERON, other))) == {}


def test_a_retro_action_that_needs_another_team_is_once_with_each_team_that_a_link_names() -> None:
    action = work(
        "HER-1",
        link("KES-10", "Relates"),
        link("KES-9"),
        link("WRE-3", "Relates"),
        link("WRE-4", "Relates", now=DONE),
        labels=NEEDS,
    )

    assert met(action, work("KES-9", link("HER-1", outward=False))) == {
        ("heron", "kestrel"): [(MeetingKind.RETRO_ACTION, ("HER-1", "KES-10"))],
        ("heron", "wren"): [(MeetingKind.RETRO_ACTION, ("HER-1", "WRE-3"))],
    }


def test_two_actions_that_name_each_other_are_one_item() -> None:
    mine = work("HER-1", link("KES-9", "Relates"), labels=NEEDS)
    theirs = work("KES-9", link("HER-1", "Relates", outward=False), labels=NEEDS)

    assert met(mine, theirs) == {
        ("heron", "kestrel"): [(MeetingKind.RETRO_ACTION, ("HER-1", "KES-9"))]
    }


def test_one_that_names_no_team_stands_with_its_own_alone_after_all_pairs() -> None:
    found = met(
        work("HER-2", labels=NEEDS),
        work("HER-3", labels=("retro-action",)),
        work("HER-4", labels=("needs-other-team",)),
        work("HER-5", labels=NEEDS, moves=(moved("2026-03-04"),)),
        work("WRE-1", link("KES-1")),
    )

    assert list(found.items()) == [
        (("kestrel", "wren"), [(MeetingKind.TICKETS, ("KES-1", "WRE-1"))]),
        (("heron",), [(MeetingKind.RETRO_ACTION, ("HER-2",))]),
    ]


def test_a_repository_of_two_teams_is_between_them_in_whichever_folders() -> None:
    of_old = TeamRepository("org/old", days=Days(last=date(2026, 3, 1)))
    plan = replace(
        THREE,
        teams=(
            team("heron", repositories=["org/mono", "org/own"]),
            team("kestrel", repositories=["org/mono", "org/mono"]),
            team("wren", repositories=["org/mono", "org/old"]),
            replace(team("owl"), repositories=(of_old,)),
        ),
    )

    assert met(plan=plan) == {
        pair: [(MeetingKind.REPOSITORY, ("org/mono",))]
        for pair in (("heron", "kestrel"), ("heron", "wren"), ("kestrel", "wren"))
    }


def test_items_stand_by_kind_and_number_and_pairs_from_a_to_z() -> None:
    found = met(
        work("WRE-1", link("HER-10"), link("HER-9")),
        work("HER-11", link("WRE-2", "Relates"), labels=NEEDS),
        work("KES-1", link("WRE-1")),
        replace(work("WRE-3", link("HER-1")), key="odd"),
    )

    assert list(found) == [("heron", "wren"), ("kestrel", "wren")]
    assert [names for _, names in found["heron", "wren"]] == [
        ("HER-11", "WRE-2"),
        ("HER-1", "odd"),
        ("HER-9", "WRE-1"),
        ("HER-10", "WRE-1"),
    ]


@pytest.mark.parametrize("seed", range(60))
def test_in_any_world_both_teams_see_the_same_whatever_was_read_first_or_of_whom(seed: int) -> None:
    plan, tickets = a_world(random.Random(seed))
    other = random.Random(seed + 1000)
    mixed = other.sample([*tickets, *tickets], k=2 * len(tickets))
    turned = replace(plan, teams=tuple(other.sample(plan.teams, k=len(plan.teams))))

    found = told(where_teams_meet(plan, tickets, TODAY))

    assert told(where_teams_meet(turned, mixed, TODAY)) == found
    for one in (t.id for t in plan.teams):
        mine = told(of_team(where_teams_meet(plan, tickets, TODAY), one))
        for pair, items in mine.items():
            assert one in pair
            for each in pair:
                theirs = told(of_team(where_teams_meet(turned, mixed, TODAY), each))
                assert len(theirs[pair]) == len(items)
    told_by_one_side = [t if n % 2 else replace(t, links=()) for n, t in enumerate(tickets)]
    counts = {p: len(i) for p, i in told(where_teams_meet(plan, told_by_one_side, TODAY)).items()}
    assert all(counts[pair] <= len(found[pair]) for pair in counts if len(pair) > 1)


def a_world(chance: random.Random) -> tuple[Plan, list[Ticket]]:
    """Return a plan of some teams, and tickets with links that both ends tell of."""
    sources = list(SOURCES)
    teams = tuple(
        team(
            f"team-{n}",
            *chance.sample(sources, k=chance.randint(0, 2)),
            repositories=chance.sample(["org/a", "org/b", "org/c"], k=chance.randint(0, 2)),
        )
        for n in range(4)
    )
    keys = [f"{key}-{n}" for key in sources for n in range(4)]
    state = {key: chance.choice((TO_DO, DOING, DONE)) for key in keys}
    links: dict[str, list[TicketLink]] = {key: [] for key in keys}
    for _ in range(12):
        one, two = chance.sample(keys, k=2)
        kind = chance.choice(("Blocks", "Relates"))
        links[one].append(link(two, kind, now=state[two]))
        links[two].append(link(one, kind, outward=False, now=state[one]))
    tickets = [
        work(
            key,
            *links[key],
            status_category=state[key],
            labels=chance.choice(((), NEEDS, ("retro-action",))),
        )
        for key in keys
        if chance.random() < 0.8
    ]
    return replace(PLAN, teams=teams), tickets
