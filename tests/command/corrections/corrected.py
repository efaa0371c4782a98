"""A team that is judged, and what an operator sees of a result before and after a change.

Two sprints have settled: the earlier one began 35 days ago, the later one 21; a third is going on.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from store.store import Store
from tests.support.organisation import NOW, Organisation, ago

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


def set_up_long_ago(organisation: Organisation) -> None:
    """Have the teams been judged first so long ago that nothing completes their configuration."""
    with Store.open(organisation.database_url) as store:
        for team in store.results.first_evaluations():
            store.results.keep_first_evaluation(team, ago(400))


def check_reconfigured(after: Kept, before: Kept, found: str) -> None:
    """The result is what it was, and a note says what another configuration finds."""
    _check_same(after, before)
    (note,) = [note for note in after.data["notes"] if note not in before.data["notes"]]
    assert f": {found}. A final result keeps the one of its day." in note
    judged = f"--team {before.data['team']} --since {TODAY}"
    assert note.endswith(f'To judge again: hearten reconsider {judged} --reason "…"')
    assert note.startswith("The configuration changed by ")
    assert f"  {note}" in after.explained


def check_noted(after: Kept, before: Kept, found: str) -> None:
    """The result is what it was, and a note on it says what was found."""
    _check_same(after, before)
    (note,) = [note for note in after.data["notes"] if note not in before.data["notes"]]
    assert note.endswith(f": {found}. A final result is never lowered.")
    assert f"  {note}" in after.explained


def _check_same(after: Kept, before: Kept) -> None:
    same = ("checked_at", "notes")
    assert {k: v for k, v in after.data.items() if k not in same} == {
        k: v for k, v in before.data.items() if k not in same
    }


def check_untouched(after: Kept, before: Kept) -> None:
    """Nothing changed but when it was checked."""
    assert after.data | {"checked_at": ""} == before.data | {"checked_at": ""}


def on_a_board(organisation: Organisation) -> tuple[str, Any]:
    """Give the team a board with one sprint, which ended with nothing done; return its id too."""
    site = organisation.world.sites["jira"]
    site.issue("LIN-0", created=ago(90), moves=[(ago(80), "Done")])
    site.issue("LIN-1", created=ago(60), moves=[(ago(40), "In Progress")])
    site.board(7, "LIN")
    sprint = site.sprint(7, "One", start=ago(35), end=ago(21), activated=ago(35), completed=ago(21))
    organisation.configure(
        LINNET.replace("{project: LIN}", "{project: LIN, board: 7}").replace(
            CADENCE, "sprints: {from: board}"
        )
    )
    return f"jira-{sprint.ident}", sprint
