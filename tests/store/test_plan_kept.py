import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine, select

from evaluator.model.days import Days
from evaluator.model.delivery import Delivery
from evaluator.model.evidence import Production
from evaluator.model.facts import Evidence, Reading
from evaluator.model.plan import (
    BoardSource,
    Cadence,
    Calendars,
    Closed,
    Closure,
    DatedSprints,
    Excuse,
    FormerSprints,
    LeaveOut,
    Plan,
    RepositorySource,
    Target,
    TargetVersion,
    Team,
    TeamJira,
    TeamRepository,
    TicketSource,
    VersionStatus,
)
from store import plans
from store.seen_sprints import SeenSprints
from store.store import Store
from store.tables import PLANS
from tests.store.examples import READ, UNREAD, at

SPRING = Days(date(2026, 3, 1), date(2026, 5, 31))
TICKETS = TicketSource("legacy", jql="project = HER AND component = web")
TAGGED = Delivery((Production(Evidence.TAG, pattern=r"v\d+", at="%Y-%m-%d", branch="main"),))
PLAN = Plan(
    teams=(
        Team(
            "heron",
            "Heron",
            BoardSource("jira", 42),
            group="appointments",
            repositories=(TeamRepository("nhsuk/monorepo", ("services/heron/",), SPRING, TAGGED),),
            jira=(TeamJira(TICKETS, 42, LeaveOut(("Epic",), sub_tasks=False, resolutions=())),),
            not_applicable=(("tickets-done", "We do not use Jira."),),
            active=Days(first=date(2021, 10, 1)),
        ),
        Team(
            "wren",
            "Wren",
            Cadence(date(2024, 1, 1), 14),
            later_sprints=(DatedSprints(BoardSource("jira", 43), date(2026, 3, 1), "Wren .*"),),
        ),
        Team("teal", "Teal", None),
    ),
    targets=(
        Target(
            "reached-production",
            "Changes reach production",
            "At least one change reaches production.",
            "changes_in_production",
            (
                TargetVersion(date(2021, 10, 1), 1, effective_to=date(2022, 3, 31)),
                TargetVersion(date(2022, 4, 1), 2, VersionStatus.PROPOSED, rationale="Light."),
            ),
            stretch=True,
        ),
    ),
    sources=(
        RepositorySource(
            "nhsuk/monorepo",
            (TAGGED,),
            ("services/heron/",),
            ("govuk-ci",),
        ),
    ),
    excuses=(Excuse("heron", SPRING, "reduced_capacity", "Two of five available."),),
    closures=(Closure(SPRING, "Spring closure"),),
    bank_holidays=((date(2026, 4, 3), "Good Friday"),),
    settle_days=5,
    jira_html=(("legacy", "https://jira.example.test"),),
)


def test_a_plan_comes_back_as_the_same_plan(store: Store) -> None:
    assert store.plans.newest() is None

    store.plans.save(PLAN, at(1))

    assert store.plans.newest() == PLAN


def test_the_newest_plan_is_in_force_even_if_it_takes_an_earlier_one_up_again(store: Store) -> None:
    other = replace(PLAN, settle_days=2)

    store.plans.save(PLAN, at(1))
    store.plans.save(other, at(2))
    store.plans.save(PLAN, at(3))

    assert store.plans.newest() == PLAN


def test_a_plan_that_says_the_same_adds_no_snapshot(store: Store, engine: Engine) -> None:
    store.plans.save(PLAN, at(1))
    store.plans.save(PLAN, at(2))

    with engine.connect() as connection:
        snapshots = connection.execute(select(PLANS.c.saved_at)).scalars().all()

    assert snapshots == [at(1)]


def test_what_a_team_that_is_gone_continued_is_kept(store: Store) -> None:
    def plan(ident: str, *continues: str) -> Plan:
        return replace(PLAN, teams=(Team(ident, ident, None, continues=continues),))

    store.plans.save(plan("egret", "heron"), at(1))
    store.plans.save(plan("wren", "egret"), at(2))
    kept = store.plans.save(plan("wren", "egret"), at(3))
    back = store.plans.save(plan("egret", "wren"), at(4))

    assert kept.gone == (("egret", ("heron",)),)
    assert back.gone == (("wren", ("egret",)),)
    assert store.plans.newest() == back


def test_the_table_of_plans_is_the_same_in_both_places() -> None:
    assert [(column.name, repr(column.type)) for column in plans.PLANS.c] == [
        (column.name, repr(column.type).replace("AutoString", "String")) for column in PLANS.c
    ]


def test_the_plan_that_was_read_by_can_be_read_alone(store: Store, database_url: str) -> None:
    assert plans.agreed_plan(database_url) is None

    store.plans.save(PLAN, at(1))
    store.facts.keep(Reading(READ))

    assert plans.agreed_plan(database_url) == PLAN


def test_a_plan_by_which_nothing_was_read_binds_nobody(store: Store) -> None:
    store.plans.save(PLAN, at(1))
    store.facts.keep(Reading(UNREAD))

    assert (store.plans.newest(), store.plans.agreed()) == (PLAN, None)
    assert not store.facts.anything_read()

    store.facts.keep(Reading(READ))

    assert store.plans.agreed() == PLAN
    assert store.facts.anything_read()


def as_written_before(snapshot: dict[str, Any], *, one_workflow: bool) -> None:
    """Make of a snapshot what was written when a repository shipped in one way for all teams."""
    for source in snapshot["sources"]:
        ((stanza,),) = (delivery["stanzas"] for delivery in source.pop("deliveries"))
        del stanza["days"]
        if one_workflow:
            stanza["workflow"] = "".join(stanza.pop("workflows"))
        source["production"] = stanza
    for team in snapshot["teams"]:
        for entry in team["repositories"]:
            del entry["delivery"]


@pytest.mark.parametrize("one_workflow", [True, False])
def test_a_snapshot_of_when_a_repository_shipped_in_one_way_is_the_same_plan(
    store: Store, engine: Engine, one_workflow: bool
) -> None:
    run = Delivery((Production(Evidence.WORKFLOW, workflows=("deploy.yml",)),))
    web = RepositorySource("nhsuk/web", (run,))
    team, *others = PLAN.teams
    both = (*team.repositories, TeamRepository("nhsuk/web", delivery=run))
    plan = replace(
        PLAN, teams=(replace(team, repositories=both), *others), sources=(*PLAN.sources, web)
    )
    store.plans.save(plan, at(1))
    with engine.begin() as connection:
        snapshot = json.loads(connection.execute(select(PLANS.c.snapshot)).scalar_one())
        as_written_before(snapshot, one_workflow=one_workflow)
        connection.execute(
            PLANS.update(), {"snapshot": json.dumps(snapshot, separators=(",", ":"))}
        )

    found = store.plans.newest()

    assert found == plan
    assert [s.fingerprint for s in found.sources] == [s.fingerprint for s in plan.sources]


def test_a_plan_whose_repositories_ship_in_several_ways_comes_back(store: Store) -> None:
    changed = Delivery(
        (
            Production(
                Evidence.WORKFLOW, workflows=("a.yml",), days=Days(None, date(2026, 10, 12))
            ),
            Production(Evidence.DEPLOYMENT, ("live",), days=Days(date(2026, 10, 13))),
        )
    )
    (source,), (team, *_) = PLAN.sources, PLAN.teams
    entry = TeamRepository(source.repository, ("services/wren/",), delivery=changed)
    wren = replace(team, id="wren", repositories=(entry,))
    both = replace(source, deliveries=(*source.deliveries, changed))
    plan = replace(PLAN, teams=(team, wren), sources=(both,))

    store.plans.save(plan, at(1))

    assert store.plans.newest() == plan


# Where sprints came from

FORTNIGHTS, THREE_WEEKS = Cadence(date(2024, 1, 1), 14), Cadence(date(2026, 3, 2), 21)
ANNOUNCED = (DatedSprints(THREE_WEEKS, date(2026, 3, 2)),)


def with_sprints(*sprints: Cadence | BoardSource | None, later: Calendars = ()) -> Plan:
    teams = (Team(f"t{n}", "T", one, later_sprints=later) for n, one in enumerate(sprints))
    return replace(PLAN, teams=tuple(teams))


def test_what_sprints_came_from_before_is_told_by_team_with_when_that_ended(store: Store) -> None:
    board = BoardSource("jira", 42)
    store.plans.save(with_sprints(FORTNIGHTS, FORTNIGHTS), at(1))
    assert store.plans.former_sprints(at(9)) == {}
    store.plans.save(replace(with_sprints(FORTNIGHTS, FORTNIGHTS), settle_days=4), at(2))
    store.plans.save(with_sprints(THREE_WEEKS, FORTNIGHTS), at(3))
    store.plans.save(with_sprints(None), at(4))
    store.plans.save(with_sprints(board, FORTNIGHTS), at(5))
    store.plans.save(with_sprints(board, FORTNIGHTS, later=ANNOUNCED), at(6))

    first, second = (DatedSprints(FORTNIGHTS),), (DatedSprints(THREE_WEEKS),)
    assert store.plans.former_sprints(at(9)) == {
        "t0": (
            FormerSprints(at(3), first),
            FormerSprints(at(5), second),
            FormerSprints(at(6), (DatedSprints(board),)),
        ),
        "t1": (FormerSprints(at(6), first),),
    }


def test_what_a_clock_that_ran_ahead_saw_is_seen_by_now(store: Store) -> None:
    store.plans.save(with_sprints(FORTNIGHTS), at(1))
    store.plans.save(with_sprints(THREE_WEEKS), at(20))
    store.plans.save(with_sprints(FORTNIGHTS), at(5))

    assert [each.until for each in store.plans.former_sprints(at(4))["t0"]] == [at(4), at(4)]
    assert [each.until for each in store.plans.former_sprints(at(9))["t0"]] == [at(5), at(5)]


def test_when_a_team_was_closed_is_told_once_it_is_open_again(store: Store) -> None:
    last, again = date(2026, 3, 8), date(2026, 6, 8)
    spans = [
        Days(),
        Days(last=last),
        Days(last=date(2026, 3, 1)),  # still closed
        Days(),
        Days(last=last),
        Days(first=again),
        Days(),  # what was closed stays so
    ]
    for hour, days in enumerate(spans, 1):
        teams = (Team("heron", "Heron", None, active=days),)
        store.plans.save(replace(PLAN, teams=teams), at(hour))
        store.plans.save(replace(PLAN, teams=teams, settle_days=hour), at(hour))

    assert store.plans.closed(at(20)) == {
        "heron": (Closed(date(2026, 3, 1), at(3), at(4)), Closed(last, at(5), at(6), again))
    }
    assert store.plans.closed(at(3))["heron"][0].until == at(3)


def test_a_snapshot_from_before_sprints_had_days_tells_where_they_came_from() -> None:
    seen = SeenSprints()
    old = {"id": "heron", "sprints": {"first_day": "2024-01-01", "length_days": 14}}
    seen.add(1, at(1), json.dumps({"teams": [old]}))
    seen.add(2, at(2), json.dumps({"teams": [old | {"sprints": {"site": "jira", "board": 7}}]}))

    assert seen.former(at(3)) == {"heron": (FormerSprints(at(2), (DatedSprints(FORTNIGHTS),)),)}


def test_a_team_with_another_id_goes_on_where_the_former_one_was(store: Store) -> None:
    def of(ident: str, sprints: Cadence) -> Plan:
        return replace(PLAN, teams=(Team(ident, "T", sprints),))

    store.plans.save(of("heron", FORTNIGHTS), at(1))
    store.plans.save(of("heron", THREE_WEEKS), at(2))
    store.plans.save(of("egret", THREE_WEEKS), at(3))
    store.plans.save(of("egret", FORTNIGHTS), at(4))

    assert [
        (each.until, each.calendars[0].calendar)
        for each in store.plans.former_sprints(at(9), {"egret": "heron"})["egret"]
    ] == [(at(2), FORTNIGHTS), (at(4), THREE_WEEKS)]


def test_a_plan_of_a_clock_that_ran_ahead_was_saved_by_now(store: Store) -> None:
    store.plans.save(PLAN, at(1))
    store.plans.save(replace(PLAN, settle_days=9), at(30))

    store.plans.save(replace(PLAN, settle_days=9), at(10))

    assert store.plans.in_force(at(9)) == PLAN
    assert store.plans.in_force(at(10)) == replace(PLAN, settle_days=9)
