"""What is planned next: asked once in a run in which a ticket changed."""

from contextlib import closing
from datetime import timedelta

from sandbox.jira.site import Site
from store.store import Store
from tests.support.organisation import Organisation, ago

TEAMS = """
teams:
  - id: heron
    name: Heron
    repositories: [{name: acme/shop, production: {evidence: merge}}]
    jira: {project: HER, board: 42}
    sprints: {from: board}
"""


def planned(organisation: Organisation) -> list[str]:
    with closing(Store.open(organisation.database_url)) as store:
        tickets = store.facts.tickets(["jira:jira:HER"])
    return sorted(ticket.key for ticket in tickets if ticket.planned)


def fill(site: Site) -> None:
    site.project("HER")
    for number in range(1, 4):
        site.issue(f"HER-{number}", created=ago(20))
    site.issue("HER-4", created=ago(30), moves=[(ago(25), "Done")])
    site.board(42, "HER")
    site.sprint(42, "Sprint 1", start=ago(14), end=ago(0), activated=ago(14))
    site.sprint(42, "Sprint 2")


def test_what_is_planned_is_asked_where_a_ticket_changed_and_no_oftener(
    organisation: Organisation,
) -> None:
    organisation.world.repository("acme/shop").commit(at=ago(30))
    site = organisation.world.sites["jira"]
    fill(site)
    site.plan(site.issues["HER-1"], ago(3))
    organisation.configure(TEAMS)

    organisation.run("collect")
    first = planned(organisation)
    organisation.sandbox.reset()
    organisation.run("collect")
    unchanged = organisation.sandbox.count("jira")
    site.issues["HER-1"].planned = False
    site.plan(site.issues["HER-2"], ago(0) + timedelta(minutes=-5))
    organisation.run("collect")

    assert (first, planned(organisation)) == (["HER-1"], ["HER-2"])
    assert unchanged <= 2
