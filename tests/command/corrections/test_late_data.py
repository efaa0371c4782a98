"""What comes late raises a final result; what was taken back is a note."""

from dataclasses import replace

from tests.command.corrections.corrected import (
    EARLIER,
    IN_EARLIER,
    IN_LATER,
    LATER,
    TICKETS,
    check_noted,
    check_raised,
    check_untouched,
    on_a_board,
    result,
)
from tests.support.organisation import NOW, Organisation, ago


def test_a_deployment_that_turns_up_late_raises_with_its_cause(shop: Organisation) -> None:
    shop.collect_and_evaluate()
    before = result(shop, LATER)

    web = shop.world.repositories["acme/web"]
    web.deploy(web.squash_merge(at=IN_LATER), at=IN_LATER)
    shop.collect_and_evaluate()

    after = result(shop, LATER)
    assert (before.told, after.told) == (("not_met", 0, "final", 1), ("met", 1, "final", 2))
    check_raised(after, before, "1 change, 1 more than counted before.")


def test_one_more_of_what_was_met_already_is_told_too(shop: Organisation) -> None:
    shop.collect_and_evaluate()
    before = result(shop, EARLIER)

    web = shop.world.repositories["acme/web"]
    web.deploy(web.squash_merge(at=IN_EARLIER), at=IN_EARLIER)
    shop.collect_and_evaluate()

    after = result(shop, EARLIER)
    assert (before.told, after.told) == (("met", 1, "final", 1), ("met", 2, "final", 2))
    check_raised(after, before, "2 changes, 1 more than counted before.")


def test_a_ticket_that_turns_up_late_raises_with_its_cause(tickets: Organisation) -> None:
    tickets.collect_and_evaluate()
    before = result(tickets, LATER, TICKETS)

    site = tickets.world.sites["jira"]
    site.issue("LIN-2", created=ago(60), moves=[(IN_LATER, "Done")]).updated = NOW
    tickets.collect_and_evaluate()

    after = result(tickets, LATER, TICKETS)
    assert (before.told, after.told) == (("not_met", 0, "final", 1), ("met", 1, "final", 2))
    check_raised(after, before, "1 ticket, 1 more than counted before.")


def test_a_ticket_that_is_declined_afterwards_is_a_note(tickets: Organisation) -> None:
    tickets.collect_and_evaluate()
    before = result(tickets, EARLIER, TICKETS)

    issue = tickets.world.sites["jira"].issues["LIN-1"]
    issue.resolution, issue.updated = "Declined", NOW
    tickets.collect_and_evaluate()

    assert before.told == ("met", 1, "final", 1)
    check_noted(result(tickets, EARLIER, TICKETS), before, "0 tickets, 1 fewer than counted")


def test_a_note_is_made_once_however_often_it_is_found(tickets: Organisation) -> None:
    tickets.collect_and_evaluate()
    issue = tickets.world.sites["jira"].issues["LIN-1"]
    issue.resolution, issue.updated = "Declined", NOW
    tickets.collect_and_evaluate()
    before = result(tickets, EARLIER, TICKETS)

    tickets.collect_and_evaluate()

    check_untouched(result(tickets, EARLIER, TICKETS), before)


def test_a_sprint_that_is_opened_again_keeps_its_final_result_and_may_raise_it(
    organisation: Organisation,
) -> None:
    ident, sprint = on_a_board(organisation)
    organisation.collect_and_evaluate()
    before = result(organisation, ident, TICKETS)
    site = organisation.world.sites["jira"]

    site.put_sprint(replace(sprint, state="active", completed=None, end=ago(-3)))
    organisation.collect_and_evaluate()
    opened = result(organisation, ident, TICKETS)
    site.move(site.issues["LIN-1"], ago(1), "Done")
    organisation.collect_and_evaluate()

    after = result(organisation, ident, TICKETS)
    assert before.told == ("not_met", 0, "final", 1)
    check_untouched(opened, before)
    assert after.told == ("met", 1, "final", 2)
    check_raised(after, before, "1 ticket, 1 more than counted before.")
