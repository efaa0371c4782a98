"""All teams, A to Z: where each stands, in words, and up to when it is known."""

from grafana_foundation_sdk.builders import table
from grafana_foundation_sdk.builders.dashboard import Dashboard

from grafana.build import queries as q
from grafana.build.parts import EVIDENCE, empty_board, note
from grafana.build.tables import (
    THE_TEAM,
    as_link,
    as_period,
    as_reason,
    as_time,
    grid_of,
    hidden,
    list_of,
)
from grafana.build.variables import group_variable
from grafana.build.words import caveat

UID = "hearten-all-teams"
_HOW = (
    "Where each team stands, A to Z. There is no other order: the order of the list says nothing. "
    "A word says the status; a colour only repeats the word. A team's name leads to its dashboard, "
    "a status to the team's page with what was counted."
)
_LAST = q.status('period="last_finished"', "team, target")


def all_teams(address: str) -> Dashboard:
    """Return the dashboard of all teams."""
    about = "Where each team stands, A to Z, in words."
    return (
        empty_board(UID, "All teams", about, "now-6M", address)
        .with_variable(group_variable())
        .with_panel(note(caveat(_HOW), 5))
        .with_panel(
            grid_of(
                "Last finished sprint",
                "A row for each team, A to Z, and a column for each target: the status in the "
                "team's newest sprint that has settled. Sprints of different teams are not the "
                "same days. No result: no sprint has settled yet, or the target is new.",
                q.of_targets(_LAST, q.EXPECTED),
            ).height(14)
        )
        .with_panel(
            grid_of(
                "Current sprint",
                "The same for the sprint that runs now. In progress means that there is still "
                "time. No result: the team is between two sprints, or the target is new.",
                q.of_targets(q.current_status(), q.EXPECTED),
            ).height(14)
        )
        .with_panel(
            grid_of(
                "To stretch for, last finished sprint",
                "The targets to reach for. They are not expected: not met has no colour. Names "
                "alone mean that the organisation has no such target.",
                q.of_targets(_LAST, q.STRETCH),
                stretch=True,
            ).height(10)
        )
        .with_panel(_reasons())
        .with_panel(_known())
    )


def _reasons() -> table.Panel:
    return (
        list_of(
            "Why there is no data",
            "What stood between hearten and the sources of a result. The team's page names each "
            "source and who needs to act. An empty table: nothing was missing.",
            "name",
            {"Known": q.of_targets(q.of_teams(q.reasons("", "team, target")))},
            {"title": "Target", "period": "Sprint", "reason": "Why", "team": "team"},
            called="Team",
            left_out=("target", "Value"),
        )
        .override_by_name("Sprint", as_period())
        .override_by_name("Why", as_reason())
        .override_by_name("Team", as_link("What was left out", f"{EVIDENCE}{THE_TEAM}"))
        .override_by_name("team", hidden())
    )


def _known() -> table.Panel:
    asked = {
        "Data as of": q.data_as_of(),
        "Sources": f"count by (team) (max by (team, source) ({q.COVERAGE}))",
        "Not read": f"sum by (team) (1 - max by (team, source) ({q.COVERAGE}))",
    }
    return (
        list_of(
            "What is known of each team",
            "Up to when everything is known of the sources that were ever read, and how many "
            "sources could not be read by the newest read. The name leads to the team's page.",
            "name",
            {column: q.of_teams(query) for column, query in asked.items()},
            {"team": "team"},
            called="Team",
        )
        .override_by_name("Data as of", as_time())
        .override_by_name("Team", as_link("What was counted and left out", f"{EVIDENCE}{THE_TEAM}"))
        .override_by_name("team", hidden())
        .height(14)
    )
