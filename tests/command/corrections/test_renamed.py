"""An organisation or a project key is renamed: by its number it is the same source."""

from tests.command.corrections.corrected import (
    EARLIER,
    IN_LATER,
    LATER,
    LINNET,
    SHOP,
    TICKETS,
    WEB,
    check_raised,
    heron,
    result,
    set_up_long_ago,
)
from tests.support.organisation import NOW, Organisation, ago

NEW_SHOP, NEW_WEB = (entry.replace("acme/", "acme-health/") for entry in (SHOP, WEB))


def test_results_go_on_where_an_organisation_was_renamed(organisation: Organisation) -> None:
    for name in ("acme/shop", "acme/web"):
        repo = organisation.world.repository(name)
        repo.deploy(repo.commit(at=ago(300)), at=ago(299))
    organisation.configure(heron(SHOP, WEB))
    organisation.collect_and_evaluate()
    before = result(organisation, LATER)
    set_up_long_ago(organisation)
    for name in ("acme/shop", "acme/web"):
        repo = organisation.world.repositories.pop(name)
        repo.hashed_as, repo.name, repo.former_names = name, f"acme-health/{repo.name[5:]}", (name,)
        organisation.world.repositories[repo.name] = repo

    organisation.configure(heron(NEW_SHOP, NEW_WEB))
    asked = len(organisation.sandbox.log)
    organisation.collect_and_evaluate()
    same = result(organisation, LATER)
    requests = len(organisation.sandbox.log) - asked
    repo = organisation.world.repositories["acme-health/shop"]
    repo.deploy(repo.squash_merge(at=IN_LATER), at=IN_LATER)
    organisation.collect_and_evaluate()

    sources = ["github:acme-health/shop", "github:acme-health/web"]
    moved = before.data | {"sources": sources, "checked_at": same.data["checked_at"]}
    assert same.data == moved
    assert "longer the team's" not in same.explained
    assert requests == 2  # their numbers, and that nothing is new
    assert result(organisation, LATER).told == ("met", 1, "final", 2)
    check_raised(result(organisation, LATER), same, "Read again on ")


def test_results_go_on_where_a_project_has_another_key(tickets: Organisation) -> None:
    tickets.collect_and_evaluate()
    before = result(tickets, EARLIER, TICKETS), result(tickets, LATER, TICKETS)
    set_up_long_ago(tickets)
    site = tickets.world.sites["jira"]
    site.rename_project("LIN", "LINNET")

    tickets.configure(LINNET.replace("LIN}", "LINNET}"))
    tickets.collect_and_evaluate()
    same = result(tickets, EARLIER, TICKETS), result(tickets, LATER, TICKETS)
    site.issue("LINNET-9", created=ago(60), moves=[(IN_LATER, "Done")]).updated = NOW
    tickets.collect_and_evaluate()

    for now, was in zip(same, before, strict=True):
        moved = {"sources": ["jira:jira:LINNET"], "checked_at": now.data["checked_at"]}
        assert now.data == was.data | moved
    after = result(tickets, LATER, TICKETS)
    assert (before[1].told, after.told) == (("not_met", 0, "final", 1), ("met", 1, "final", 2))
    check_raised(after, same[1], "Read again on ")
    assert len(result(tickets, EARLIER, TICKETS).data["evidence"]) == 1
