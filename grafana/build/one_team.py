"""One team: where it stands, what was counted, sprint by sprint, and what is known."""

from grafana_foundation_sdk.builders import statushistory, table, timeseries
from grafana_foundation_sdk.builders.dashboard import Dashboard, Row

from grafana.build import queries as q
from grafana.build.parts import (
    EVIDENCE,
    TIME,
    bars,
    empty_board,
    history,
    link,
    note,
    number,
    status_tiles,
)
from grafana.build.tables import as_period, as_reason, as_time, as_words, list_of
from grafana.build.variables import (
    annotation,
    cell_variable,
    group_variable,
    target_variable,
    team_variable,
)
from grafana.build.words import caveat, read_words, status_words

UID = "hearten-one-team"
_TEAM = 'team="$team"'
_NOW, _LAST = f'{_TEAM}, period="current"', f'{_TEAM}, period="last_finished"'
_ENDS = annotation("Sprint ends", q.sprint_ends(_LAST), "{{sprint_name}}", "#4c6272")
_VERSIONS = annotation(
    "Targets change",
    q.of_targets(
        "1000 * max by (target, version, minimum) (hearten_target_version_start_timestamp_seconds)"
    ),
    "{{title}}: at least {{minimum}} from {{version}} on",
    "#330072",
)
_CLOSURES = annotation(
    "Closed",
    "1000 * max by (closure, first_day, last_day) (hearten_closure_start_timestamp_seconds)",
    "{{closure}}, {{first_day}} to {{last_day}}",
    "#00a499",
)
_PAGE = link("What was counted and left out, on the team's page", f"{EVIDENCE}${{team}}")
_HOW = (
    "Where **${team:text}** stands. A word says it; a colour only repeats the word. Point at the i "
    "beside a panel's title to read how to take it, and follow its link for what was counted and "
    "what was left out."
)


def one_team(address: str) -> Dashboard:
    """Return the dashboard of the team that its variable names."""
    about = "Where one team stands, sprint by sprint, with links to the evidence."
    return (
        empty_board(UID, "One team", about, "now-6M", address)
        .with_variable(group_variable())
        .with_variable(team_variable())
        .with_variable(target_variable())
        .with_variable(cell_variable(q.days_of_a_cell(_TEAM)))
        .annotation(_ENDS)
        .annotation(_VERSIONS)
        .annotation(_CLOSURES)
        .link(_PAGE)
        .with_panel(note(caveat(_HOW), 4))
        .with_row(Row("Where ${team:text} stands"))
        .with_panel(
            status_tiles(
                "Current sprint",
                "The status of each target in the sprint that runs now, as a word. In progress "
                "means that there is still time.",
                q.of_targets(q.status(_NOW, "target"), q.EXPECTED),
            ).links([_PAGE])
        )
        .with_panel(
            status_tiles(
                "Last finished sprint",
                "The status of each target in the newest sprint that has settled: three working "
                "days after its end, unless your organisation chose otherwise.",
                q.of_targets(q.status(_LAST, "target"), q.EXPECTED),
            ).links([_PAGE])
        )
        .with_panel(
            status_tiles(
                "To stretch for, current sprint",
                "The targets to reach for. They are not expected: not met has no colour.",
                q.of_targets(q.status(_NOW, "target"), q.STRETCH),
                stretch=True,
            ).links([_PAGE])
        )
        .with_panel(
            status_tiles(
                "To stretch for, last finished sprint",
                "The same in the newest sprint that has settled.",
                q.of_targets(q.status(_LAST, "target"), q.STRETCH),
                stretch=True,
            ).links([_PAGE])
        )
        .with_panel(_sprints().span(24).height(5))
        .with_row(Row("Counted, and asked for at least"))
        .with_panel(_counted().links([_PAGE]))
        .with_row(Row("Sprint by sprint"))
        .with_panel(_statuses().links([_PAGE]))
        .with_panel(_stretches().links([_PAGE]))
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
        .with_panel(_reasons().links([_PAGE]))
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
        .override_by_name("Period", as_period())
        .override_by_name("Starts", as_time())
        .override_by_name("Ends", as_time())
    )


def _counted() -> table.Panel:
    minimum, value = "hearten_target_minimum", "hearten_target_value"
    asked = {
        "Current: counted": q.value(value, _NOW, "target"),
        "Current: at least": q.value(minimum, _NOW, "target"),
        "Last finished: counted": q.value(value, _LAST, "target"),
        "Last finished: at least": q.value(minimum, _LAST, "target"),
    }
    info = "max by (target, title, unit) (hearten_target_info)"
    return list_of(
        "Counted, and asked for at least",
        "For each target: what was counted and what the target asks for at least, in the current "
        "and the last finished sprint. Each target has its own unit: numbers of different rows "
        "have nothing to do with each other.",
        "title",
        {
            column: f"{query}\n* on (target) group_left (title, unit) {info}"
            for column, query in asked.items()
        },
        {"unit": "Unit"},
        called="Target",
        left_out=["target"],
    ).height(7)


def _statuses() -> statushistory.Panel:
    return history(
        "Status, sprint by sprint",
        "A row for each target; a cell says how the sprint that had last finished by then ended. "
        "A cell is as long as the team's sprints, and the newest one joins when its cell is full. "
        "What lies before the first scrape is there if it was imported.",
        q.of_targets(q.status_history(_LAST, "target"), q.EXPECTED),
    ).mappings(status_words())


def _stretches() -> statushistory.Panel:
    return (
        history(
            "To stretch for, sprint by sprint",
            "The same for the targets to reach for. Not met has no colour: nobody expects them.",
            q.of_targets(q.status_history(_LAST, "target"), q.STRETCH),
        )
        .mappings(status_words(stretch=True))
        .height(5)
    )


def _values() -> timeseries.Panel:
    labels = f'{_LAST}, target="$target"'
    return (
        bars(
            "${target:text}",
            "A bar for each sprint, with what was counted; the dashed line is what the target "
            "asked for at least. Where there is no bar, nothing was counted or nothing could be "
            "read: the row above says which.",
            q.value_history("hearten_target_value", labels, "target"),
            q.value_history("hearten_target_minimum", labels, "target"),
        )
        .repeat("target")
        .repeat_direction("h")
        .max_per_row(2)
    )


def _reasons() -> table.Panel:
    return (
        list_of(
            "Why there is no data",
            "What stood between hearten and the sources of a result. The team's page names each "
            "source and who needs to act. An empty table: nothing was missing.",
            "title",
            {"Known": q.of_targets(q.reasons(f"{{{_TEAM}}}", "target"))},
            {"period": "Sprint", "reason": "Why"},
            called="Target",
            left_out=["target", "Value"],
        )
        .override_by_name("Why", as_reason())
        .override_by_name("Sprint", as_period())
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
