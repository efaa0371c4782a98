"""One team: where it stands, what was counted, sprint by sprint, and what is known."""

from grafana_foundation_sdk.builders import statushistory, table
from grafana_foundation_sdk.builders.dashboard import Dashboard, Row

from grafana.build import queries as q
from grafana.build.parts import (
    EVIDENCE,
    TIME,
    as_status,
    as_time,
    as_words,
    cell_variable,
    empty_board,
    history,
    link,
    list_of,
    note,
    number,
    status_tiles,
    team_variable,
)
from grafana.build.words import caveat, read_words, status_words

UID = "hearten-one-team"
_TEAM = 'team="$team"'
_NOW, _LAST = f'{_TEAM}, period="current"', f'{_TEAM}, period="last_finished"'
_PAGE = link("What was counted and left out, on the team's page", f"{EVIDENCE}${{team}}")
_HOW = (
    "Where **$team** stands. A word says it; a colour only repeats the word. Point at the i beside "
    "a panel's title to read how to take it, and follow its link for what was counted and what was "
    "left out."
)


def one_team(address: str) -> Dashboard:
    """Return the dashboard of the team that its variable names."""
    about = "Where one team stands, sprint by sprint, with links to the evidence."
    return (
        empty_board(UID, "One team", about, "now-6M", address)
        .with_variable(team_variable())
        .with_variable(cell_variable())
        .link(_PAGE)
        .with_panel(note(caveat(_HOW), 4))
        .with_row(Row("Where $team stands"))
        .with_panel(
            status_tiles(
                "Current sprint",
                "The status of each target in the sprint that runs now, as a word. In progress "
                "means that there is still time.",
                q.status(_NOW, "target"),
            ).links([_PAGE])
        )
        .with_panel(
            status_tiles(
                "Last finished sprint",
                "The status of each target in the newest sprint that has settled: three working "
                "days after its end, unless your organisation chose otherwise.",
                q.status(_LAST, "target"),
            ).links([_PAGE])
        )
        .with_panel(_sprints().span(24).height(5))
        .with_row(Row("Counted, and asked for at least"))
        .with_panel(_counted().links([_PAGE]))
        .with_row(Row("Sprint by sprint"))
        .with_panel(_statuses().links([_PAGE]))
        .with_panel(_values().links([_PAGE]))
        .with_row(Row("What is known"))
        .with_panel(
            number(
                "Data as of",
                "Everything that happened up to then is known, of the sources that were ever read.",
                q.data_as_of(_TEAM),
                TIME,
            ).height(9)
        )
        .with_panel(_sources().span(18))
    )


def _sprints() -> table.Panel:
    return (
        list_of(
            "Which sprints these are",
            "The sprints that the words above are about. A sprint that has closed and has not "
            "settled yet is in neither.",
            "period",
            {
                "Starts": q.sprint_instant(q.SPRINT_STARTS, _TEAM),
                "Ends": q.sprint_instant(q.SPRINT_ENDS, _TEAM),
            },
            {"sprint_name": "Sprint"},
        )
        .override_by_name("Starts", as_time())
        .override_by_name("Ends", as_time())
    )


def _counted() -> table.Panel:
    minimum, value = "hearten_target_minimum", "hearten_target_value"
    return (
        list_of(
            "Counted, and asked for at least",
            "For each target: what was counted, what the target asks for at least, and what that "
            "comes to, in the current and the last finished sprint. Each target has its own unit: "
            "numbers of different rows have nothing to do with each other.",
            "target",
            {
                "Current: counted": q.value(value, _NOW, "target"),
                "Current: at least": q.value(minimum, _NOW, "target"),
                "Current: status": q.status(_NOW, "target"),
                "Last finished: counted": q.value(value, _LAST, "target"),
                "Last finished: at least": q.value(minimum, _LAST, "target"),
                "Last finished: status": q.status(_LAST, "target"),
            },
        )
        .override_by_name("Current: status", as_status())
        .override_by_name("Last finished: status", as_status())
        .height(7)
    )


def _statuses() -> statushistory.Panel:
    return history(
        "Status, sprint by sprint",
        "A row for each target; a cell says how the sprint that had last finished by then ended. "
        "Set `A cell is` to the length of the team's sprints: then each cell is one sprint, and "
        "the newest one joins when its cell is full. What lies before the first scrape is there "
        "if it was imported.",
        q.status_history(_LAST, "target"),
    ).mappings(status_words())


def _values() -> statushistory.Panel:
    return history(
        "Counted, sprint by sprint",
        "The same cells with what was counted, each target in its own unit. An empty cell means "
        "that nothing could be read, or nothing was asked. The colour means nothing.",
        q.value_history("hearten_target_value", _LAST, "target"),
    )


def _sources() -> table.Panel:
    return (
        list_of(
            "Sources",
            "Each repository, project and board of the team: whether its newest read closed, and "
            "up to when everything of it is known. What was not read can only help the team.",
            "source",
            {
                "Newest read": q.value(q.COVERAGE, _TEAM, "source"),
                "Data as of": q.sources_as_of(_TEAM),
            },
        )
        .override_by_name("Newest read", as_words(read_words()))
        .override_by_name("Data as of", as_time())
    )
