"""All teams, A to Z: where each stands, in words, and up to when it is known."""

from grafana_foundation_sdk.builders import table
from grafana_foundation_sdk.builders.dashboard import Dashboard

from grafana.build import one_team
from grafana.build import queries as q
from grafana.build.parts import (
    EVIDENCE,
    as_link,
    as_status,
    as_time,
    empty_board,
    grid_of,
    list_of,
    note,
)
from grafana.build.words import caveat

UID = "hearten-all-teams"
_HOW = (
    "Where each team stands, A to Z. There is no other order: the order of the list says nothing. "
    "A word says the status; a colour only repeats the word. A team's name leads to its dashboard."
)
_TEAM = as_link(
    "Its dashboard", f"/d/{one_team.UID}?var-team=${{__value.text}}&var-datasource=${{datasource}}"
)
_EVIDENCE = as_link("What was counted and left out", f"{EVIDENCE}${{__value.text}}")


def all_teams(address: str) -> Dashboard:
    """Return the dashboard of all teams."""
    about = "Where each team stands, A to Z, in words."
    return (
        empty_board(UID, "All teams", about, "now-1h", address)
        .with_panel(note(caveat(_HOW), 5))
        .with_panel(
            _grid(
                "Last finished sprint",
                "A row for each team, A to Z, and a column for each target: the status in the "
                "team's newest sprint that has settled. Sprints of different teams are not the "
                "same days.",
                "last_finished",
            )
        )
        .with_panel(
            _grid(
                "Current sprint",
                "The same for the sprint that runs now. In progress means that there is still "
                "time. A team between two sprints has no row.",
                "current",
            )
        )
        .with_panel(_known())
    )


def _grid(title: str, description: str, period: str) -> table.Panel:
    query = q.status(f'period="{period}"', "team, target")
    panel = grid_of(title, description, "team", "target", query).height(14)
    return panel.override_by_regexp("/^(?!Team$).*/", as_status()).override_by_name("Team", _TEAM)


def _known() -> table.Panel:
    return (
        list_of(
            "What is known of each team",
            "Up to when everything is known of the sources that were ever read, and how many "
            "sources could not be read by the newest read. The name leads to the team's page.",
            "team",
            {
                "Data as of": q.data_as_of(),
                "Sources": f"count by (team) (max by (team, source) ({q.COVERAGE}))",
                "Not read": f"sum by (team) (1 - max by (team, source) ({q.COVERAGE}))",
            },
        )
        .override_by_name("Data as of", as_time())
        .override_by_name("Team", _EVIDENCE)
        .height(14)
    )
