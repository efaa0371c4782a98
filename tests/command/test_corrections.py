"""What comes later, or is configured otherwise later: a final result is only ever raised.

Each case collects and evaluates, changes one thing, runs again, and looks at what an operator sees.
Two sprints have settled: the earlier one began 35 days ago, the later one 21; a third is going on.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from sandbox.github.records import Access
from sandbox.people import CAST
from tests.command.organisation import NOW, TARGETS, Organisation, Ran, ago

TODAY = NOW.astimezone(ZoneInfo("Europe/London")).date()
CHANGES, COMMITS, TICKETS = "reached-production", "commits", "tickets-done"
EARLIER, LATER, CURRENT = (f"{TODAY - timedelta(days=days)}" for days in (35, 21, 7))
IN_EARLIER, IN_LATER = ago(28), ago(14)
CADENCE = f"sprints: {{from: cadence, first_day: {EARLIER}, length_days: 14}}"
ANOTHER_DAY = CADENCE.replace(EARLIER, f"{TODAY - timedelta(days=4)}")
DEPLOYED = "production: {evidence: deployment, environments: [production]}"
NO_JIRA = 'not_applicable: {tickets-done: "We do not use Jira."}'
NO_CODE = 'not_applicable: {reached-production: "No code.", commits: "No code."}'


def heron(*repositories: str) -> str:
    entries = "".join(f"      - {{{entry}}}\n" for entry in repositories)
    return f"""
teams:
  - id: heron
    name: Heron
    repositories:
{entries}
    {CADENCE}
    {NO_JIRA}
"""


SHOP, WEB = f"name: acme/shop, {DEPLOYED}", f"name: acme/web, {DEPLOYED}"
LINNET = f"""
teams:
  - id: linnet
    name: Linnet
    jira: {{project: LIN}}
    {CADENCE}
    {NO_CODE}
"""


@dataclass
class Kept:
    """One result as `results --format json` gives it, and what `explain` says of it."""

    data: dict[str, Any]
    explained: str

    @property
    def told(self) -> tuple[str, int | None, str, int]:
        """Status, value, state and version."""
        data = self.data
        return data["status"], data["value"], data["state"], data["version"]


def result(organisation: Organisation, sprint: str, target: str = CHANGES) -> Kept:
    found = {(r["sprint"]["id"], r["target"]["id"]): r for r in organisation.results()}[
        sprint, target
    ]
    explained = organisation.run("explain", found["team"], sprint, target)
    assert explained.code == 0, explained.messages
    return Kept(found, explained.out)


def check_raised(after: Kept, before: Kept, cause: str) -> None:
    """A new version, whose cause is shown, with the one before it listed."""
    assert (after.data["version"], after.data["state"]) == (before.data["version"] + 1, "final")
    assert cause in after.data["cause"]
    assert f"Changed   {after.data['cause']}" in after.explained
    assert f"{before.data['version']}: {before.data['reason']}" in after.explained


def check_noted(after: Kept, before: Kept, found: str) -> None:
    """The result is what it was, and a note on it says what was found."""
    same = ("checked_at", "notes")
    assert {k: v for k, v in after.data.items() if k not in same} == {
        k: v for k, v in before.data.items() if k not in same
    }
    (note,) = [note for note in after.data["notes"] if note not in before.data["notes"]]
    assert note.endswith(f": {found}. A final result is never lowered.")
    assert f"  {note}" in after.explained


def check_untouched(after: Kept, before: Kept) -> None:
    """Nothing changed but when it was checked."""
    assert after.data | {"checked_at": ""} == before.data | {"checked_at": ""}


@pytest.fixture
def shop(organisation: Organisation) -> Organisation:
    """Of two repositories one had a change in the earlier sprint; in the later one came nothing."""
    for name in ("acme/shop", "acme/web"):
        repo = organisation.world.repository(name)
        repo.deploy(repo.commit(at=ago(300)), at=ago(299))
    repo = organisation.world.repositories["acme/shop"]
    repo.deploy(repo.squash_merge(at=IN_EARLIER), at=IN_EARLIER)
    organisation.configure(heron(SHOP, WEB))
    return organisation


@pytest.fixture
def tickets(organisation: Organisation) -> Organisation:
    """In the earlier sprint one ticket was done, in the later one none."""
    site = organisation.world.sites["jira"]
    site.issue("LIN-1", created=ago(60), moves=[(IN_EARLIER, "Done")])
    organisation.configure(LINNET)
    return organisation


# What comes late


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


def on_a_board(organisation: Organisation) -> tuple[str, Any]:
    """Give the team a board with one sprint, which ended with nothing done; return its id too."""
    site = organisation.world.sites["jira"]
    site.issue("LIN-1", created=ago(60), moves=[(ago(40), "In Progress")])
    site.board(7, "LIN")
    sprint = site.sprint(7, "One", start=ago(35), end=ago(21), activated=ago(35), completed=ago(21))
    organisation.configure(
        LINNET.replace("{project: LIN}", "{project: LIN, board: 7}").replace(
            CADENCE, "sprints: {from: board}"
        )
    )
    return f"jira-{sprint.ident}", sprint


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


# What is configured otherwise


def test_a_bot_that_was_taken_for_a_person_is_a_note(shop: Organisation) -> None:
    author = shop.world.repositories["acme/shop"].pull_requests[1].author
    shop.collect_and_evaluate()
    before = result(shop, EARLIER)

    shop.configure(heron(SHOP, WEB), hearten=f"bots: [{author.login}]\n")
    shop.run("evaluate")
    not_read_yet = result(shop, EARLIER)
    shop.collect_and_evaluate()

    check_untouched(not_read_yet, before)
    check_noted(result(shop, EARLIER), before, "0 changes, 1 fewer than counted")


def test_a_person_who_was_taken_for_a_bot_raises(shop: Organisation) -> None:
    web = shop.world.repositories["acme/web"]
    web.deploy(web.squash_merge(at=IN_LATER, author=CAST[2]), at=IN_LATER)
    shop.configure(heron(SHOP, WEB), hearten=f"bots: [{CAST[2].login}]\n")
    shop.collect_and_evaluate()
    before = result(shop, LATER)

    shop.configure(heron(SHOP, WEB))
    shop.collect_and_evaluate()

    after = result(shop, LATER)
    assert (before.told, after.told) == (("not_met", 0, "final", 1), ("met", 1, "final", 2))
    check_raised(after, before, "1 more than counted before.")


def test_fewer_paths_than_before_are_a_note_and_more_of_them_raise(shop: Organisation) -> None:
    web = shop.world.repositories["acme/web"]
    web.deploy(web.squash_merge(at=IN_LATER, files=["docs/a.md"]), at=IN_LATER)
    shop.configure(heron(f"{SHOP}, paths: [src/]", f"{WEB}, paths: [src/]"))
    shop.collect_and_evaluate()
    met, not_met = result(shop, EARLIER), result(shop, LATER)

    shop.configure(heron(f"{SHOP}, paths: [docs/]", f"{WEB}, paths: [docs/]"))
    shop.collect_and_evaluate()

    assert (met.told, not_met.told) == (("met", 1, "final", 1), ("not_met", 0, "final", 1))
    check_noted(result(shop, EARLIER), met, "0 changes, 1 fewer than counted")
    check_raised(result(shop, LATER), not_met, "1 change, 1 more than counted before.")


def test_other_evidence_makes_what_was_read_count_as_unread_until_it_is_read_again(
    shop: Organisation,
) -> None:
    web = shop.world.repositories["acme/web"]
    web.squash_merge(at=IN_LATER)  # merged, and never deployed
    web.squash_merge(at=ago(2))
    shop.collect_and_evaluate()
    met, not_met = result(shop, EARLIER), result(shop, LATER)
    going_on = result(shop, CURRENT)

    shop.configure(heron("name: acme/shop", "name: acme/web"))  # by merges
    shop.run("evaluate")
    untouched = result(shop, EARLIER), result(shop, LATER)
    unread = result(shop, CURRENT)
    shop.collect_and_evaluate()

    assert (going_on.data["coverage"], going_on.data["value"]) == (1, 0)
    assert (unread.data["status"], unread.data["coverage"]) == ("in_progress", 0)
    assert {gap["reason"] for gap in unread.data["gaps"]} == {"stale"}
    assert (
        "the configuration changed; the next run reads it again" in unread.data["gaps"][0].values()
    )
    for now, before in zip(untouched, (met, not_met), strict=True):
        check_untouched(now, before)
    check_raised(result(shop, LATER), not_met, "1 change, 1 more than counted before.")
    assert result(shop, EARLIER).told == ("met", 1, "final", 1)
    assert (result(shop, CURRENT).data["coverage"], result(shop, CURRENT).data["value"]) == (1, 1)


def test_evidence_that_shows_less_is_a_note(shop: Organisation) -> None:
    shop.configure(heron("name: acme/shop", "name: acme/web"))  # by merges
    shop.world.repositories["acme/web"].squash_merge(at=IN_LATER)
    shop.collect_and_evaluate()
    before = result(shop, LATER)

    shop.configure(heron(SHOP, WEB))
    shop.collect_and_evaluate()

    assert before.told == ("met", 1, "final", 1)
    check_noted(result(shop, LATER), before, "0 changes, 1 fewer than counted")


def test_evidence_that_never_matched_says_nothing_of_a_final_result(shop: Organisation) -> None:
    shop.collect_and_evaluate()
    before = result(shop, EARLIER), result(shop, LATER)

    live = "production: {evidence: deployment, environments: [live]}"
    shop.configure(heron(f"name: acme/shop, {live}", f"name: acme/web, {live}"))
    shop.collect_and_evaluate()

    for sprint, was in zip((EARLIER, LATER), before, strict=True):
        check_untouched(result(shop, sprint), was)
    assert {gap["reason"] for gap in result(shop, CURRENT).data["gaps"]} == {"nothing_matched"}


def test_a_repository_counts_for_the_sprints_whose_first_day_it_is_the_teams(
    shop: Organisation,
) -> None:
    web = shop.world.repositories["acme/web"]
    for at in (IN_EARLIER, IN_LATER):
        web.deploy(web.squash_merge(at=at), at=at)
    a_day_late = f"{datetime.fromisoformat(LATER).date() + timedelta(days=1)}"

    shop.configure(heron(SHOP, f"{WEB}, from: {LATER}"))
    shop.collect_and_evaluate()

    assert result(shop, EARLIER).told == ("met", 1, "final", 1)
    assert result(shop, EARLIER).data["sources"] == ["github:acme/shop"]
    assert result(shop, LATER).told == ("met", 1, "final", 1)
    shop.configure(heron(SHOP, f"{WEB}, from: {a_day_late}"))
    before = result(shop, LATER)
    shop.collect_and_evaluate()
    check_noted(result(shop, LATER), before, "0 changes, 1 fewer than counted")


def test_a_repository_that_comes_to_a_team_changes_no_final_result(shop: Organisation) -> None:
    web = shop.world.repositories["acme/web"]
    for at in (IN_LATER, ago(2)):
        web.deploy(web.squash_merge(at=at), at=at)
    shop.configure(heron(SHOP))
    shop.collect_and_evaluate()
    before = result(shop, EARLIER), result(shop, LATER)

    shop.configure(heron(SHOP, WEB))
    shop.collect_and_evaluate()

    assert before[1].told == ("not_met", 0, "final", 1)
    for sprint, was in zip((EARLIER, LATER), before, strict=True):
        check_untouched(result(shop, sprint), was)
    assert result(shop, CURRENT).told == ("met", 1, "provisional", 1)


@pytest.mark.parametrize("how", ["to", "taken out"])
def test_a_repository_that_leaves_a_team_lowers_no_final_result(
    shop: Organisation, how: str
) -> None:
    shop.collect_and_evaluate()
    before = result(shop, EARLIER)

    ended = f"{SHOP}, to: {ago(60):%Y-%m-%d}"
    shop.configure(heron(ended, WEB) if how == "to" else heron(WEB))
    shop.collect_and_evaluate()

    assert before.told == ("met", 1, "final", 1)
    check_noted(result(shop, EARLIER), before, "0 changes, 1 fewer than counted")


def test_what_was_unread_when_it_became_final_is_not_forgotten_with_its_repository(
    shop: Organisation,
) -> None:
    shop.world.repositories["acme/web"].access = Access.FORBIDDEN
    assert [shop.run(job).code for job in ("collect", "evaluate")] == [1, 0]
    before = result(shop, EARLIER)

    shop.configure(heron(SHOP))
    shop.collect_and_evaluate()

    assert (before.told, before.data["coverage"]) == (("met", 1, "final", 1), 0.5)
    check_untouched(result(shop, EARLIER), before)


def test_what_was_unread_when_it_became_final_is_filled_in_place_once_it_is_read(
    shop: Organisation,
) -> None:
    shop.world.repositories["acme/web"].access = Access.FORBIDDEN
    assert [shop.run(job).code for job in ("collect", "evaluate")] == [1, 0]
    before = result(shop, EARLIER)

    shop.world.repositories["acme/web"].access = Access.OPEN
    shop.collect_and_evaluate()

    after = result(shop, EARLIER)
    assert (before.told, after.told) == (("met", 1, "final", 1), ("met", 1, "final", 1))
    assert (before.data["coverage"], after.data["coverage"]) == (0.5, 1)
    assert result(shop, LATER).told == ("not_met", 0, "final", 1)


def of_sprints(organisation: Organisation, target: str) -> dict[str, dict[str, Any]]:
    found = organisation.results("--target", target)
    return {r["sprint"]["id"]: r | {"checked_at": ""} for r in found}


def check_past_stays(
    after: dict[str, dict[str, Any]], before: dict[str, dict[str, Any]], begins: str
) -> None:
    """What was final is as it was; what is new begins after it, and nothing is judged twice."""
    final = {ident for ident, r in before.items() if r["state"] == "final"}
    new = {ident for ident in after if ident not in before}
    until = max(before[ident]["sprint"]["end"] for ident in final)
    assert final
    assert {ident: after[ident] for ident in final} == {ident: before[ident] for ident in final}
    assert begins in {*new, *before}
    since = min(r["sprint"]["start"] for r in before.values() if r["state"] == "final")
    starts = [after[ident]["sprint"]["start"] for ident in new]
    assert [start for start in starts if since <= start < until] == []


@pytest.mark.parametrize(
    ("cadence", "begins"),
    [
        pytest.param(CADENCE.replace("14", "7"), CURRENT, id="shorter sprints"),
        pytest.param(
            ANOTHER_DAY,
            f"{TODAY - timedelta(days=4)}",
            id="another first day",
        ),
    ],
)
def test_another_cadence_judges_no_past_day_twice(
    shop: Organisation, cadence: str, begins: str
) -> None:
    shop.collect_and_evaluate()
    before = of_sprints(shop, CHANGES)

    shop.configure(heron(SHOP, WEB).replace(CADENCE, cadence))
    shop.collect_and_evaluate()

    check_past_stays(of_sprints(shop, CHANGES), before, begins)


def test_what_comes_late_raises_a_sprint_of_the_former_cadence_too(shop: Organisation) -> None:
    shop.collect_and_evaluate()
    before = result(shop, LATER)

    shop.configure(heron(SHOP, WEB).replace(CADENCE, ANOTHER_DAY))
    shop.collect_and_evaluate()
    unchanged = result(shop, LATER)
    web = shop.world.repositories["acme/web"]
    web.deploy(web.squash_merge(at=IN_LATER), at=IN_LATER)
    shop.collect_and_evaluate()

    check_untouched(unchanged, before)
    assert result(shop, LATER).told == ("met", 1, "final", 2)
    check_raised(result(shop, LATER), before, "1 change, 1 more than counted before.")


def test_what_was_unread_in_a_sprint_of_the_former_cadence_heals_once_it_is_read(
    organisation: Organisation,
) -> None:
    site = organisation.world.sites["jira"]
    site.issue("LIN-1", created=ago(60), moves=[(IN_LATER, "Done")])
    repo = organisation.world.repository("acme/shop")
    repo.deploy(repo.commit(at=ago(300)), at=ago(299))
    both = heron(SHOP).replace(NO_JIRA, "jira: {project: LIN}")
    organisation.configure(both)
    organisation.sandbox.fail("/search/jql", status=403, times=1)
    organisation.run("collect")
    organisation.run("evaluate")
    before = result(organisation, LATER, TICKETS)

    organisation.configure(both.replace(CADENCE, ANOTHER_DAY))
    organisation.collect_and_evaluate()

    assert result(organisation, LATER).told == ("not_met", 0, "final", 1)
    assert before.told == ("no_data", None, "provisional", 1)
    assert result(organisation, LATER, TICKETS).told == ("met", 1, "final", 1)


def test_a_cadence_in_place_of_a_board_begins_where_the_board_ended(
    organisation: Organisation,
) -> None:
    ident, _ = on_a_board(organisation)
    organisation.collect_and_evaluate()
    before = of_sprints(organisation, TICKETS)

    organisation.configure(LINNET)
    organisation.collect_and_evaluate()

    after = of_sprints(organisation, TICKETS)
    assert before[ident]["state"] == "final"
    assert after[ident] == before[ident]
    assert EARLIER not in after, "those days were judged as the board's sprint"
    assert after[CURRENT]["status"] == "in_progress"


def test_what_is_not_final_of_a_wrong_board_goes_once_the_board_is_corrected(
    organisation: Organisation,
) -> None:
    ident, _ = on_a_board(organisation)
    site = organisation.world.sites["jira"]
    site.board(8, "OTH")
    wrong = site.sprint(8, "Another team's", start=ago(6), end=ago(-8), activated=ago(6))
    right = organisation.config.joinpath("teams.yaml").read_text()
    organisation.config.joinpath("teams.yaml").write_text(right.replace("board: 7", "board: 8"))
    organisation.collect_and_evaluate()
    before = of_sprints(organisation, TICKETS)

    organisation.config.joinpath("teams.yaml").write_text(right)
    organisation.run("collect")
    said = organisation.run("evaluate").messages

    assert before.keys() == {f"jira-{wrong.ident}"}
    assert of_sprints(organisation, TICKETS).keys() == {ident}
    assert "of sprints that are no longer their team's were withdrawn" in said
    assert "Another team's" not in organisation.run("status").out
    organisation.run("evaluate")
    assert "withdrawn" not in organisation.run("evaluate").messages


def test_judging_as_of_a_past_day_withdraws_nothing(shop: Organisation) -> None:
    shop.collect_and_evaluate()
    before = of_sprints(shop, CHANGES)

    shop.run("evaluate", "--as-of", EARLIER)

    assert of_sprints(shop, CHANGES).keys() == before.keys()


def with_targets(organisation: Organisation, *versions: str) -> None:
    """Write other versions of the first target."""
    version = "{effective_from: 2021-10-01, minimum: 1, status: agreed}"
    first, _, rest = TARGETS.partition(f"[{version}]")
    organisation.config.joinpath("targets.yaml").write_text(f"{first}[{', '.join(versions)}]{rest}")


AT_FIRST = "{effective_from: 2021-10-01, minimum: 1, status: agreed}"


def check_refused(ran: Ran) -> None:
    assert ran.code == 2
    assert "targets.yaml:" in ran.messages
    assert "put it back, or write a `correction_reason`" in ran.messages
    assert "The last good configuration stays in force" in ran.messages


def test_a_new_version_judges_what_begins_from_its_day_on(shop: Organisation) -> None:
    shop.collect_and_evaluate()
    before = result(shop, EARLIER), result(shop, LATER), result(shop, CURRENT)

    with_targets(shop, AT_FIRST, f"{{effective_from: {TODAY}, minimum: 5, status: agreed}}")
    shop.collect_and_evaluate()

    for sprint, was in zip((EARLIER, LATER, CURRENT), before, strict=True):
        check_untouched(result(shop, sprint), was)


@pytest.mark.parametrize(
    "versions",
    [
        pytest.param([AT_FIRST.replace("minimum: 1", "minimum: 2")], id="an edited version"),
        pytest.param(
            [AT_FIRST, f"{{effective_from: {EARLIER}, minimum: 2, status: agreed}}"],
            id="a new version from a past day",
        ),
    ],
)
def test_what_would_judge_the_past_otherwise_is_refused_without_a_reason(
    shop: Organisation, versions: list[str]
) -> None:
    shop.collect_and_evaluate()
    before = result(shop, EARLIER), result(shop, LATER), result(shop, CURRENT)

    with_targets(shop, *versions)
    checked = shop.run("config", "check")
    for job in ("collect", "evaluate"):
        check_refused(shop.run(job))

    assert checked.code == 2
    assert "correction_reason" in checked.messages
    for sprint, was in zip((EARLIER, LATER, CURRENT), before, strict=True):
        check_untouched(result(shop, sprint), was)


def test_with_a_reason_it_judges_what_is_not_final_yet(shop: Organisation) -> None:
    web = shop.world.repositories["acme/web"]
    web.deploy(web.squash_merge(at=ago(2)), at=ago(2))
    shop.collect_and_evaluate()
    before = result(shop, EARLIER), result(shop, LATER)
    going_on = result(shop, CURRENT)

    with_targets(
        shop, AT_FIRST.replace("minimum: 1", "minimum: 2, correction_reason: We agreed on two.")
    )
    shop.collect_and_evaluate()

    for sprint, was in zip((EARLIER, LATER), before, strict=True):
        check_untouched(result(shop, sprint), was)
    assert (going_on.told[0], going_on.data["minimum"]) == ("met", 1)
    assert (result(shop, CURRENT).told[0], result(shop, CURRENT).data["minimum"]) == (
        "in_progress",
        2,
    )


def excused(sprint: str, days: int = 13) -> str:
    first = datetime.fromisoformat(sprint).date()
    last = first + timedelta(days=days)
    return f"excused: [{{team: heron, from: {first}, to: {last}, reason: reduced_capacity}}]"


def test_an_excuse_that_is_added_later_raises_what_was_not_met(shop: Organisation) -> None:
    shop.collect_and_evaluate()
    before = result(shop, EARLIER), result(shop, LATER)

    shop.configure(heron(SHOP, WEB), excused=excused(EARLIER, days=27))
    shop.run("evaluate")

    check_untouched(result(shop, EARLIER), before[0])
    after = result(shop, LATER)
    assert (before[1].told, after.told) == (("not_met", 0, "final", 1), ("excused", 0, "final", 2))
    check_raised(after, before[1], "An excused period was added by ")


def test_an_excuse_that_is_taken_back_is_a_note_and_work_still_raises_it(
    shop: Organisation,
) -> None:
    shop.configure(heron(SHOP, WEB), excused=excused(LATER))
    shop.collect_and_evaluate()
    before = result(shop, LATER)

    shop.configure(heron(SHOP, WEB))
    shop.run("evaluate")
    taken_back = result(shop, LATER)
    web = shop.world.repositories["acme/web"]
    web.deploy(web.squash_merge(at=IN_LATER), at=IN_LATER)
    shop.collect_and_evaluate()

    assert before.told == ("excused", 0, "final", 1)
    check_noted(taken_back, before, "no longer excused, and so it would be Not met")
    after = result(shop, LATER)
    assert after.told == ("met", 1, "final", 2)
    check_raised(after, before, "1 change, 1 more than counted before.")
    assert set(taken_back.data["notes"]) <= set(after.data["notes"])
