from dataclasses import replace
from datetime import date
from textwrap import dedent

import pytest

from evaluator.model.days import ALWAYS, Days
from evaluator.model.delivery import Delivery
from evaluator.model.evidence import Production
from evaluator.model.facts import Evidence
from evaluator.model.plan import (
    AgreedDate,
    BoardSource,
    Cadence,
    Closure,
    DatedSprints,
    Excuse,
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
from evaluator.model.product import Allocation, Product, Role, TimeRow
from hearten.config.faults import ConfigError
from hearten.config.loading import jira_sites
from tests.config.folder import TARGETS, TEAMS, Folder, consulted

EVERY_KEY = {
    "roles": """
        roles:
          - {name: Testers, answers_for: [Asking], helps_with: [All], not_responsible_for: [Dates]}
        """,
    "time_allocation": """
        time_allocation:
          - role: Tester
            days: 9
            hours_a_day: 8
            remainder: The rest
            remainder_group: Other
            rows:
              - {activity: Asking, hours: 4, group: Talking, note: "out loud"}
              - {activity: Trying, days: 2, split: {Talking: 0.5, Typing: 1.5}}
        """,
    "hearten": r"""
        product:
          name: Lapwing
          organisation: Example Health
          logo: true
          footer: Run by the principal engineers.
          support_url: https://chat.example.org/lapwing
          query_url: "https://example.org/new?title={title}&body={body}"
          retro_action_url: "{site}/new?labels={label}"
        time_zone: Europe/Dublin
        settle_days: 5
        bank_holidays: none
        closures: [{from: 2026-12-24, to: 2027-01-02, name: Midwinter}]
        dates:
          - {name: Timesheets close, day: 2026-11-27}
          - {name: Coaching months, from: 2026-10-01, to: 2027-04-30, every_year: true}
        bots: [release-account, ci-account]
        agents_count: true
        jira_sites:
          old:
            url: "https://jira.example.net/"
            site_url: "https://people.example.net/"
            token_env: OLD_JIRA_TOKEN
        """,
    "teams": r"""
        teams:
          - id: plover
            name: Plover
            group: screening
            repositories:
              - name: example/web
                production:
                  {evidence: deployment, environments: [production, live], before_merge: true}
              - name: example/api
                branch: main
                production: {evidence: release, tags: 'v\d+', not_production: ['tools-.*', edge]}
              - name: example/jobs
                production: {evidence: tag, tags: 'live-.*', at: '%Y-%m-%d'}
                from: "2026-01-05"
                to: 2026-06-30
              - name: example/infra
                branch: release/.*
                production: {evidence: workflow, workflows: [deploy.yml, cd.yml]}
              - name: example/monorepo
                paths: ["/services/plover", "libraries/shared//"]
                production: {evidence: merge}
            jira:
              - project: PLO
                board: 7
                project_id: 10000
                issue_type_id: 10001
                seen_from: 2026-01-05
                leave_out:
                  types: [Story]
                  sub_tasks: false
                  resolutions: [Moved]
                  statuses: ["Won't do"]
                to: 2026-06-30
              - jql: 'project = NEW AND component = web'
                board: 7
                from: 2026-07-01
            sprints: {from: board, names: 'Plover \d+'}
            active_from: 2021-10-01
            active_to: 2027-03-31
            streaks: true
          - id: dunlin
            name: Dunlin
            repositories:
              - name: example/monorepo
                paths: [services/dunlin/]
            jira: {project: DUN, site: old}
            sprints: {from: cadence, first_day: 2024-01-01, length_days: 14}
            not_applicable: {reached-production: "Everything is released by others."}
        """,
    "targets": """
        targets:
          - id: reached-production
            title: Changes reach production
            plain_english: Something reaches production.
            measure: changes_in_production
            period: sprint
            scope: team
            helps_with: Waiting.
            benefit: Seeing it used.
            stretch: true
            owner_role: head of engineering
            raci: "R: principal engineers"
            not_a_measure_of: anybody
            versions:
              - effective_from: 2022-04-01
                minimum: 2
                status: proposed
                proposed_on: 2022-03-01
                consultation_closes: 2022-03-31
                proposed_in: https://example.org/1
                rationale: Most teams do.
              - effective_from: 2021-10-01
                effective_to: 2023-03-31
                minimum: 1
                status: agreed
                correction_reason: It said 3 by mistake.
        """,
    "excused": """
        excused:
          - team: plover
            from: 2026-02-02
            to: 2026-02-13
            reason: reduced_capacity
            note: Two of five available.
        """,
}
CARRIES = Days(date(2026, 1, 5), date(2026, 6, 30))
BOTS = ("ci-account", "release-account")


SHIPS = {
    name: Delivery((production,))
    for name, production in {
        "api": Production(
            Evidence.RELEASE,
            pattern=r"v\d+",
            branch="main",
            not_production=("edge", "tools-.*"),
        ),
        "infra": Production(
            Evidence.WORKFLOW, workflows=("cd.yml", "deploy.yml"), branch="release/.*"
        ),
        "jobs": Production(Evidence.TAG, pattern="live-.*", at="%Y-%m-%d"),
        "monorepo": Production(),
        "web": Production(Evidence.DEPLOYMENT, ("live", "production"), before_merge=True),
    }.items()
}


def source(name: str, *paths: str) -> RepositorySource:
    return RepositorySource(f"example/{name}", (SHIPS[name],), paths, BOTS, agents_count=True)


def entry(name: str, *paths: str, days: Days = ALWAYS) -> TeamRepository:
    return TeamRepository(f"example/{name}", paths, days, SHIPS[name])


THE_PLAN = Plan(
    teams=(
        Team(
            id="plover",
            name="Plover",
            sprints=BoardSource("jira", 7),
            group="screening",
            repositories=(
                entry("web"),
                entry("api"),
                entry("jobs", days=CARRIES),
                entry("infra"),
                entry("monorepo", "libraries/shared/", "services/plover/"),
            ),
            jira=(
                TeamJira(
                    TicketSource("jira", project="PLO", in_sprints=True),
                    7,
                    LeaveOut(("Story",), False, ("Moved",), ("Won't do",)),
                    Days(None, date(2026, 6, 30)),
                    project_id=10000,
                    issue_type_id=10001,
                    seen_from=date(2026, 1, 5),
                ),
                TeamJira(
                    TicketSource("jira", jql="project = NEW AND component = web", in_sprints=True),
                    7,
                    days=Days(date(2026, 7, 1), None),
                ),
            ),
            active=Days(date(2021, 10, 1), date(2027, 3, 31)),
            streaks=True,
            sprint_names=r"Plover \d+",
        ),
        Team(
            id="dunlin",
            name="Dunlin",
            sprints=Cadence(date(2024, 1, 1), 14),
            repositories=(entry("monorepo", "services/dunlin/"),),
            jira=(TeamJira(TicketSource("old", project="DUN")),),
            not_applicable=(("reached-production", "Everything is released by others."),),
        ),
    ),
    targets=(
        Target(
            id="reached-production",
            title="Changes reach production",
            plain_english="Something reaches production.",
            measure="changes_in_production",
            versions=(
                TargetVersion(
                    date(2021, 10, 1),
                    1,
                    effective_to=date(2023, 3, 31),
                    correction_reason="It said 3 by mistake.",
                ),
                TargetVersion(
                    date(2022, 4, 1),
                    2,
                    VersionStatus.PROPOSED,
                    proposed_on=date(2022, 3, 1),
                    consultation_closes=date(2022, 3, 31),
                    proposed_in="https://example.org/1",
                    rationale="Most teams do.",
                ),
            ),
            helps_with="Waiting.",
            benefit="Seeing it used.",
            stretch=True,
            owner_role="head of engineering",
            raci="R: principal engineers",
            not_a_measure_of="anybody",
        ),
    ),
    sources=(
        source("api"),
        source("infra"),
        source("jobs"),
        source("monorepo", "libraries/shared/", "services/dunlin/", "services/plover/"),
        source("web"),
    ),
    excuses=(
        Excuse(
            "plover",
            Days(date(2026, 2, 2), date(2026, 2, 13)),
            "reduced_capacity",
            "Two of five available.",
        ),
    ),
    closures=(Closure(Days(date(2026, 12, 24), date(2027, 1, 2)), "Midwinter"),),
    dates=(
        AgreedDate("Timesheets close", date(2026, 11, 27), date(2026, 11, 27)),
        AgreedDate("Coaching months", date(2026, 10, 1), date(2027, 4, 30), every_year=True),
    ),
    time_zone="Europe/Dublin",
    settle_days=5,
    product_name="Lapwing",
    github_html="https://github.com",
    jira_html=(("jira", "https://jira.example.org"), ("old", "https://people.example.net")),
    product=Product(
        organisation="Example Health",
        logo=True,
        footer="Run by the principal engineers.",
        support_url="https://chat.example.org/lapwing",
        query_url="https://example.org/new?title={title}&body={body}",
        retro_action_url="{site}/new?labels={label}",
    ),
    roles=(Role("Testers", ("Asking",), ("All",), ("Dates",)),),
    allocations=(
        Allocation(
            "Tester",
            9,
            "The rest",
            "Other",
            (
                TimeRow("Asking", 0.5, (("Talking", 0.5),), "out loud"),
                TimeRow("Trying", 2, (("Talking", 0.5), ("Typing", 1.5))),
            ),
            8,
        ),
    ),
    files=(
        "excused.yaml",
        "hearten.yaml",
        "roles.yaml",
        "targets.yaml",
        "teams.yaml",
        "time_allocation.yaml",
    ),
)


def test_every_key_arrives_in_the_plan(folder: Folder) -> None:
    folder.write(**{name: dedent(text) for name, text in EVERY_KEY.items()})

    assert folder.load() == THE_PLAN


def test_a_site_keeps_the_name_of_its_token(folder: Folder) -> None:
    folder.write(hearten=dedent(EVERY_KEY["hearten"]))

    (site,) = jira_sites(folder.path).items()

    assert (site[0], site[1].url, site[1].token_env) == (
        "old",
        "https://jira.example.net",
        "OLD_JIRA_TOKEN",
    )


def test_what_nobody_wrote_has_its_default(folder: Folder) -> None:
    plan = folder.load()

    assert (plan.product_name, plan.time_zone, plan.settle_days) == ("hearten", "Europe/London", 3)
    assert (date(2026, 12, 28), "Boxing Day (observed)") in plan.bank_holidays
    assert (plan.excuses, plan.closures, plan.sources) == ((), (), ())


def test_an_empty_optional_file_is_as_good_as_none(folder: Folder) -> None:
    without = folder.load()

    assert folder.write(hearten="# nothing yet\n", roles="").load() == without


def test_sprints_come_from_the_board_where_there_is_one(folder: Folder) -> None:
    folder.write(teams="teams: [{id: heron, name: Heron, jira: {project: HER, board: 42}}]\n")

    (team,) = folder.load().teams

    assert team.sprints == BoardSource("jira", 42)


def test_a_list_replaces_its_default(folder: Folder) -> None:
    folder.write(teams=TEAMS + "    jira: {project: HER, leave_out: {types: []}}\n")

    (team,) = folder.load().teams

    assert team.jira[0].leave_out == replace(LeaveOut(), types=())


def test_shared_production_is_written_once_and_referred_to(folder: Folder) -> None:
    folder.write(
        teams=TEAMS
        + "    repositories:\n"
        + "      - {name: a/b, production: &live {evidence: deployment, environments: [live]}}\n"
        + "      - {name: a/c, production: *live}\n"
    )

    sources = folder.load().sources

    assert {s.environments for source in sources for s in source.stanzas} == {("live",)}


@pytest.mark.parametrize(
    ("first_day", "minimum"),
    [
        pytest.param(date(2022, 3, 28), 1, id="a sprint that began before the change"),
        pytest.param(date(2022, 4, 11), 2, id="a sprint that began after it"),
        pytest.param(date(2022, 4, 1), 2, id="a sprint that began with it"),
    ],
)
def test_a_sprint_is_judged_by_the_version_of_its_first_day(
    folder: Folder, first_day: date, minimum: int
) -> None:
    folder.write(targets=TARGETS + f"      - {consulted('2022-04-01', 2)}\n")

    version = folder.load().targets[0].version_on(first_day)

    assert version is not None
    assert version.minimum == minimum


@pytest.mark.parametrize(
    ("where", "its_own"),
    [
        pytest.param("england-and-wales", date(2026, 8, 31), id="last Monday of August"),
        pytest.param("scotland", date(2026, 11, 30), id="St Andrew's Day"),
        pytest.param("northern-ireland", date(2026, 3, 17), id="St Patrick's Day"),
    ],
)
def test_bank_holidays_are_those_of_the_place(folder: Folder, where: str, its_own: date) -> None:
    days = [
        day for day, _ in folder.write(hearten=f"bank_holidays: {where}\n").load().bank_holidays
    ]

    assert its_own in days
    assert days == sorted(days)
    assert {days[0].year, days[-1].year} == {2015, 2028}


def test_sites_are_not_told_from_a_faulty_file(folder: Folder) -> None:
    folder.write(hearten="jira_sites: {old: {url: 'https://jira.example.net'}}\n")

    with pytest.raises(ConfigError, match=r"hearten\.yaml:1: jira_sites\.old\.token_env: is miss"):
        jira_sites(folder.path)


@pytest.mark.parametrize(
    ("later", "expected"),
    [
        pytest.param(
            "{from: 2026-03-02, length_days: 21}", Cadence(date(2026, 3, 2), 21), id="from a day"
        ),
        pytest.param(
            "{from: 2026-03-02, first_day: 2026-03-09, length_days: 21}",
            Cadence(date(2026, 3, 9), 21),
            id="with another first day",
        ),
        pytest.param(
            "{from: cadence, first_day: 2026-03-02, length_days: 21}",
            Cadence(date(2026, 3, 2), 21),
            id="a cadence",
        ),
        pytest.param("{from: board}", BoardSource("jira", 42), id="the board"),
        pytest.param("{from: 2026-03-02}", BoardSource("jira", 42), id="the board, from a day"),
    ],
)
def test_sprints_that_change_are_announced(
    folder: Folder, later: str, expected: Cadence | BoardSource
) -> None:
    heron = TEAMS[: TEAMS.index("    sprints:")]
    first = "{from: cadence, first_day: 2024-01-01, length_days: 14, to: 2026-03-01}"
    folder.write(
        teams=f"{heron}    jira: {{project: HER, board: 42}}\n    sprints: [{first}, {later}]\n"
    )

    (team,) = folder.load().teams

    assert team.sprints == Cadence(date(2024, 1, 1), 14)
    assert team.later_sprints == (DatedSprints(expected, date(2026, 3, 2)),)
    assert team.boards == ([expected] if isinstance(expected, BoardSource) else [])
    assert team.board_on(date(2026, 3, 1)) is None
    assert team.board_on(date(2026, 3, 2)) == next(iter(team.boards), None)
