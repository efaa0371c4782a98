"""`hearten doctor` on tickets: whether a project or filter shows any that is Done."""

import pytest

from tests.command.doctor.examining import examined, findings, team
from tests.command.doctor.test_jira import CADENCE, legacy_site
from tests.support.organisation import Organisation, ago

SITES = pytest.mark.parametrize("site", ["jira", "legacy"], ids=["Cloud", "Data Center"])


def found_in(organisation: Organisation, site: str, scope: str) -> list[dict[str, str]]:
    """Return the findings of a site where the team has this project or filter alone."""
    organisation.configure(
        team(jira=f"{{{scope}, site: {site}}}", more=f"    {CADENCE}\n"),
        hearten=legacy_site(organisation),
    )
    _, sections = examined(organisation)
    found: list[dict[str, str]] = sections[f"Jira `{site}`"]["findings"]
    return found


@SITES
def test_a_status_that_looks_finished_and_is_in_another_category_is_named(
    heron: Organisation, site: str
) -> None:
    jira = heron.world.sites[site]
    jira.status("Shipped", "indeterminate")
    jira.issue("WRN-1", created=ago(9), moves=[(ago(8), "Shipped")])
    jira.issue("WRN-2", created=ago(9), moves=[(ago(8), "In Progress")])

    (finding,) = found_in(heron, site, "project: WRN")

    assert (finding["about"], finding["who"]) == ("project WRN", "a Jira administrator")
    assert finding["what"] == (
        "None of its 2 tickets is Done by the category of its status. "
        "Shipped looks finished, by its name or a resolution."
    )
    assert (
        "give the category Done to the status in which work is finished, such as Shipped"
        in (finding["mend"])
    )


@SITES
def test_a_resolution_says_which_status_is_the_finished_one(heron: Organisation, site: str) -> None:
    jira = heron.world.sites[site]
    jira.status("In users' hands", "indeterminate")
    issue = jira.issue("WRN-1", created=ago(9), moves=[(ago(8), "In users' hands")])
    issue.resolution = "Fixed"

    (finding,) = found_in(heron, site, "project: WRN")

    assert "In users' hands looks finished" in finding["what"]


@SITES
def test_a_project_in_which_nothing_was_finished_yet_is_told(
    heron: Organisation, site: str
) -> None:
    jira = heron.world.sites[site]
    jira.status("Ready to be released", "indeterminate")
    jira.issue("WRN-1", created=ago(9), moves=[(ago(8), "Ready to be released")])

    (finding,) = found_in(heron, site, "project: WRN")

    assert finding["what"] == "None of its 1 ticket is Done by the category of its status."
    assert finding["mend"].startswith("Once work was finished, see that its status")


@SITES
def test_a_filter_that_drops_what_is_done_is_named_by_that_part(
    heron: Organisation, site: str
) -> None:
    jira = heron.world.sites[site]
    jira.issue("WRN-1", created=ago(9), moves=[(ago(8), "Done")], resolution="Fixed")
    jira.issue("WRN-2", created=ago(9))

    (finding,) = found_in(heron, site, "jql: 'project = WRN AND resolution = Unresolved'")

    assert finding["about"] == "JQL `project = WRN AND resolution = Unresolved`"
    assert "`resolution = Unresolved` may keep out those that are." in finding["what"]
    assert finding["who"] == "whoever keeps teams.yaml"
    assert found_in(heron, site, "jql: 'project = WRN'") == []


@SITES
def test_a_key_that_means_another_project_than_the_one_that_was_read_is_told(
    heron: Organisation, site: str
) -> None:
    jira = heron.world.sites[site]
    jira.issue("WRN-1", created=ago(9), moves=[(ago(8), "Done")])
    assert found_in(heron, site, "project: WRN") == []
    former = jira.projects["WRN"].ident
    heron.run("collect")
    assert found_in(heron, site, "project: WRN") == []

    jira.delete("WRN-1")
    new = jira.project("WRN")
    jira.issue("WRN-1", created=ago(1), moves=[(ago(0, 1), "Done")])

    (finding,) = found_in(heron, site, "project: WRN")

    assert finding["what"] == (
        f"Its key is that of project {new.ident} by now, and was read as that of {former}."
    )


def test_what_jira_refuses_to_count_is_told(heron: Organisation) -> None:
    heron.world.sites["jira"].issue("WRN-1", created=ago(9))
    heron.sandbox.fail("/search/jql", status=403, body={"errorMessages": ["?"]})

    (finding,) = found_in(heron, "jira", "project: WRN")

    assert "does not let this token read the tickets of" in finding["what"]


@SITES
def test_more_done_tickets_than_are_looked_at_are_counted(heron: Organisation, site: str) -> None:
    for number in range(101):
        heron.world.sites[site].issue(f"WRN-{number}", created=ago(9), moves=[(ago(8), "Done")])
    heron.configure(
        team(jira=f"{{project: WRN, site: {site}}}", more=f"    {CADENCE}\n"),
        hearten=legacy_site(heron),
    )

    said = heron.run("doctor").out

    assert "project WRN: 101 tickets, 101 of them Done" in said


def test_the_section_of_a_site_on_which_tickets_are_done_is_all_right(
    heron: Organisation,
) -> None:
    _, sections = examined(heron)

    section = sections["Jira `jira`"]
    assert (section["ok"], findings(section)) == (True, [])
    assert section["details"] == [
        "board 42, Her board: 3 finished sprints",
        "project HER: 3 tickets, 3 of them Done",
    ]
