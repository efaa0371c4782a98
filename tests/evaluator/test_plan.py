from dataclasses import replace
from datetime import date

import pytest

from evaluator.model.days import ALWAYS, Days
from evaluator.model.delivery import Delivery
from evaluator.model.evidence import Production
from evaluator.model.facts import Evidence, ProductionEvent
from evaluator.model.plan import RepositorySource, TeamJira, TeamRepository, TicketSource
from tests.evaluator.builders import BOARD, BY_DEPLOYMENT, HER, PLAN, TEAM, WEB, deployed

DEPLOYED = deployed("D1", "c1", "2026-03-05")


@pytest.mark.parametrize(
    ("production", "event", "admitted"),
    [
        pytest.param(BY_DEPLOYMENT, DEPLOYED, True, id="a listed environment"),
        pytest.param(
            BY_DEPLOYMENT,
            replace(DEPLOYED, name="Production"),
            True,
            id="a listed environment in other letters",
        ),
        pytest.param(BY_DEPLOYMENT, replace(DEPLOYED, name="staging"), False, id="another one"),
        pytest.param(
            BY_DEPLOYMENT,
            replace(DEPLOYED, kind=Evidence.TAG),
            False,
            id="evidence of another kind",
        ),
        pytest.param(
            Production(Evidence.TAG, pattern=r"v\d"),
            replace(DEPLOYED, kind=Evidence.TAG, name="v1"),
            True,
            id="a tag that the pattern matches",
        ),
        pytest.param(
            Production(Evidence.TAG, pattern=r"v\d"),
            replace(DEPLOYED, kind=Evidence.TAG, name="v1-rc"),
            False,
            id="a tag that it matches in part",
        ),
        pytest.param(
            Production(Evidence.TAG, pattern="v.*", at="%Y"),
            replace(DEPLOYED, kind=Evidence.TAG, name="v2026"),
            False,
            id="a tag dated in another way",
        ),
        pytest.param(
            Production(Evidence.WORKFLOW, workflows=("deploy.yml",)),
            replace(DEPLOYED, kind=Evidence.WORKFLOW, name="deploy.yml"),
            True,
            id="the named workflow",
        ),
        pytest.param(
            Production(Evidence.WORKFLOW, workflows=("cd.yml", "deploy.yml")),
            replace(DEPLOYED, kind=Evidence.WORKFLOW, name="deploy.yml"),
            True,
            id="one of the named workflows",
        ),
        pytest.param(
            Production(Evidence.MERGE),
            replace(DEPLOYED, kind=Evidence.MERGE, name="trunk"),
            True,
            id="a merge to the default branch",
        ),
        pytest.param(
            Production(Evidence.MERGE, branch="main"),
            replace(DEPLOYED, kind=Evidence.MERGE, name="trunk"),
            False,
            id="a merge to another branch",
        ),
    ],
)
def test_events_are_evidence_as_configured(
    production: Production, event: ProductionEvent, *, admitted: bool
) -> None:
    assert production.admits(event) is admitted


@pytest.mark.parametrize(
    ("days", "inside", "outside"),
    [
        pytest.param(ALWAYS, [date(1999, 1, 1), date(2099, 1, 1)], [], id="open at both ends"),
        pytest.param(
            Days(date(2026, 3, 3), date(2026, 3, 4)),
            [date(2026, 3, 3), date(2026, 3, 4)],
            [date(2026, 3, 2), date(2026, 3, 5)],
            id="both days included",
        ),
    ],
)
def test_days_include_both_ends(days: Days, inside: list[date], outside: list[date]) -> None:
    assert all(day in days for day in inside)
    assert not any(day in days for day in outside)


def test_issues_are_read_in_the_repositories_of_teams_without_jira_alone() -> None:
    wren = replace(TEAM, id="wren", jira=(), repositories=(TeamRepository("nhsuk/nest"),))

    assert replace(PLAN, teams=(TEAM, wren)).issue_repositories == {"nhsuk/nest"}


def test_a_plan_names_every_source_of_its_teams_once() -> None:
    wren = replace(TEAM, id="wren", sprints=BOARD, jira=(*TEAM.jira, TeamJira(HER)))

    found = replace(PLAN, teams=(TEAM, wren)).all_sources()

    assert found == [BOARD, WEB, HER]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        pytest.param(
            WEB, replace(WEB, paths=("a/",)), False, id="folders shape what is known of commits"
        ),
        pytest.param(
            replace(WEB, bots=("ci", "Robot")),
            replace(WEB, bots=("robot", "ci")),
            True,
            id="neither order nor case of bots does",
        ),
        pytest.param(WEB, replace(WEB, agents_count=True), False, id="whether agents count does"),
        pytest.param(
            TicketSource("jira", jql="a = 1"),
            TicketSource("jira", jql="a = 2"),
            False,
            id="a JQL clause is what is read",
        ),
    ],
)
def test_a_fingerprint_tells_configurations_apart_that_shape_the_facts(
    one: RepositorySource | TicketSource, other: RepositorySource | TicketSource, *, same: bool
) -> None:
    assert (one.fingerprint == other.fingerprint) is same


@pytest.mark.parametrize(
    ("production", "fingerprint"),
    [
        pytest.param(
            Production(Evidence.WORKFLOW, workflows=("deploy.yml",)), "54368c7af66f3b5b", id="runs"
        ),
        pytest.param(
            Production(Evidence.DEPLOYMENT, ("production",)), "f76fe2a51ef02a8d", id="deployments"
        ),
    ],
)
def test_what_was_read_by_earlier_versions_is_not_read_anew(
    production: Production, fingerprint: str
) -> None:
    assert (
        RepositorySource("acme/web", (Delivery((production,)),), bots=("ci",)).fingerprint
        == fingerprint
    )


def test_reach_is_worked_out_anew_where_deployments_come_to_count_from_the_merge_on() -> None:
    deployed = Production(Evidence.DEPLOYMENT, environments=("production",))
    now = RepositorySource("acme/web", (Delivery((deployed,)),))
    before = RepositorySource("acme/web", (Delivery((replace(deployed, before_merge=True),)),))

    assert now.fingerprint == before.fingerprint
    assert now.reach_fingerprint != before.reach_fingerprint
