"""By its text a filter is told that cannot show a ticket that is Done."""

from contextlib import closing

import pytest

from collector.jira.doctor_checks import JiraChecks
from collector.jira.site import JiraSite
from evaluator.model.plan import TicketSource
from hearten.doctor.done_tickets import not_seen_done
from hearten.doctor.ticket_filters import drops_done, drops_with_sprint, drops_with_time
from tests.support.organisation import NOW


@pytest.mark.parametrize(
    ("jql", "part"),
    [
        ("project = HER AND resolution = Unresolved", "resolution = Unresolved"),
        ('project = HER AND resolution="unresolved"', 'resolution="unresolved"'),
        ("resolution is EMPTY and project = HER", "resolution is EMPTY"),
        ("project = HER AND resolution in (Unresolved)", "resolution in (Unresolved)"),
        ("project = HER AND resolutiondate is EMPTY", "resolutiondate is EMPTY"),
        ("statusCategory != Done AND project = HER", "statusCategory != Done"),
        ('(project = HER) AND statusCategory not in ("Done")', 'statusCategory not in ("Done")'),
        ('statusCategory = "In Progress"', 'statusCategory = "In Progress"'),
        (
            'project = HER AND statusCategory in ("To Do", "In Progress")',
            'statusCategory in ("To Do", "In Progress")',
        ),
        ("project = HER AND status = Doing", "status = Doing"),
        ("project = HER AND status != Done", "status != Done"),
        ('project = HER AND status in ("To Do", Doing)', 'status in ("To Do", Doing)'),
        ("project = HER AND status not in (Done, Closed)", "status not in (Done, Closed)"),
    ],
)
def test_the_part_of_a_filter_that_may_drop_what_is_done_is_named(jql: str, part: str) -> None:
    assert drops_done(jql) == part


@pytest.mark.parametrize(
    "jql",
    [
        "project = HER",
        'project = HER AND resolution != "Won\'t Do"',
        "statusCategory = Done AND project = HER",
        'project = HER AND statusCategory in ("In Progress", Done)',
        "component = status-page",
    ],
)
def test_other_filters_drop_nothing(jql: str) -> None:
    assert (drops_done(jql), drops_with_sprint(jql)) == ("", "")


@pytest.mark.parametrize(
    ("jql", "part"),
    [
        ("project = HER AND sprint in openSprints()", "sprint in openSprints()"),
        ("project = HER AND Sprint in opensprints ( )", "Sprint in opensprints ( )"),
    ],
)
def test_a_filter_on_open_sprints_is_told(jql: str, part: str) -> None:
    assert drops_with_sprint(jql) == part


@pytest.mark.parametrize(
    ("jql", "part"),
    [
        ("project = HER AND updated > -30d", "updated > -30d"),
        ('project = HER AND updated >= "-4w 2d"', 'updated >= "-4w 2d"'),
        ("project = HER AND updatedDate >= startOfMonth()", "updatedDate >= startOfMonth()"),
        ('created >= startOfDay("-12w") AND project = HER', 'created >= startOfDay("-12w")'),
        ("created >= -4w AND project = HER", "created >= -4w"),
        ("project = HER AND createdDate>-1y", "createdDate>-1y"),
        ("resolved >= -14d OR resolution is EMPTY", "resolved >= -14d"),
        ("resolutiondate > startOfYear( )", "resolutiondate > startOfYear( )"),
        ('"updated" > -90', '"updated" > -90'),
        ("duedate > -1h AND updated > now('-7d')", "updated > now('-7d')"),
        ("status CHANGED TO Done AFTER -2w", "CHANGED TO Done AFTER -2w"),
        ("status changed during (startOfMonth(), now())", "changed during (startOfMonth(), now())"),
    ],
)
def test_a_filter_whose_window_moves_is_told(jql: str, part: str) -> None:
    assert drops_with_time(jql) == part


@pytest.mark.parametrize(
    "jql",
    [
        "project = HER AND updated >= 2026-01-01",
        'created > "2026/01/01 10:00"',
        "project = HER AND created <= now()",
        "duedate >= -30d",
        'text ~ "updated > -30d" AND project = HER',
        "text ~ 'created > -4w'",
        "created <= -1d",
    ],
)
def test_a_filter_whose_bounds_stay_drops_nothing_with_time(jql: str) -> None:
    assert drops_with_time(jql) == ""


def test_a_window_that_moves_is_told_with_what_to_write() -> None:
    source = TicketSource("jira", jql="project = HER AND updated > -30d")
    site = JiraSite("jira", "https://jira.example.test", "", "token")
    with closing(JiraChecks(site, clock=lambda: NOW)) as checks:
        (finding,) = not_seen_done(checks, source, "JQL", seen=9, done=4)

    assert finding.what == "Its part `updated > -30d` drops tickets as time goes on."
    assert "no such bound" in finding.remedy


def test_open_sprints_are_told_also_where_some_of_their_tickets_are_done() -> None:
    source = TicketSource("jira", jql="project = HER AND sprint in openSprints()")
    site = JiraSite("jira", "https://jira.example.test", "", "token")
    with closing(JiraChecks(site, clock=lambda: NOW)) as checks:
        (finding,) = not_seen_done(checks, source, "JQL", seen=9, done=4)

    assert finding.what == (
        "Its part `sprint in openSprints()` drops tickets as soon as their sprint is closed."
    )
