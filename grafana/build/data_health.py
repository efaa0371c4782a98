"""Data health: whether hearten reads what it should, for whoever runs it."""

from grafana_foundation_sdk.builders import prometheus, table, timeseries
from grafana_foundation_sdk.builders.common import VizLegendOptions
from grafana_foundation_sdk.builders.dashboard import Dashboard, Row
from grafana_foundation_sdk.models import common

from grafana.build import queries as q
from grafana.build.parts import SOURCE, TIME, empty_board, note, number
from grafana.build.tables import as_time, as_words, list_of
from grafana.build.words import CAVEAT, NO_DATA, read_words

UID = "hearten-data-health"
_HOW = (
    "Whether hearten reads what it should, for whoever runs it. Nothing here is about how a team "
    "works: a source that is not read is ours to fix. `hearten doctor` says who fixes it, and "
    f"how.\n\n{CAVEAT}[What is counted, what is not, and why](${{hearten}}/about)."
)
_RUNS = "hearten_collector_runs_total"
_SECONDS = "hearten_collector_duration_seconds_bucket"


def data_health(address: str) -> Dashboard:
    """Return the dashboard of sources, reads and runs."""
    about = "Whether hearten reads what it should: sources, reads, runs and limits."
    return (
        empty_board(UID, "Data health", about, "now-24h", address)
        .with_panel(note(_HOW, 5))
        .with_row(Row("Now"))
        .with_panel(
            number(
                "Oldest data",
                "The source that was last read whole longest ago: up to when it is known.",
                f"1000 * min({q.LAST_SUCCESS})",
                TIME,
            )
        )
        .with_panel(
            number(
                "Sources not read",
                "How many sources the newest read of which did not close. The table names them.",
                f"sum(1 - max by (source) ({q.COVERAGE}))",
                "none",
            )
        )
        .with_panel(
            number(
                "Next collection",
                "When sources are read next. No data means that no schedule runs.",
                '1000 * min(hearten_schedule_next_run_timestamp_seconds{run="collect"})',
                TIME,
            )
        )
        .with_panel(
            number(
                "Left of GitHub's limit",
                "How many more times GitHub lets hearten ask this hour, by its newest answer.",
                "min(hearten_github_rate_limit_remaining)",
                "none",
            )
        )
        .with_panel(_sources())
        .with_row(Row("Runs"))
        .with_panel(_runs().span(12))
        .with_panel(_due().span(12))
        .with_row(Row("Over time"))
        .with_panel(
            _lines(
                "Reads, by how they ended",
                "Reads in the hour before: `read` closed; every other name is why one did not.",
                f"sum by (outcome) (max by (source, outcome) (increase({_RUNS}[1h])))",
                "{{outcome}}",
                "none",
            )
        )
        .with_panel(
            _lines(
                "How long reads take",
                "Nineteen of twenty reads took no longer than this, in the hour before.",
                f"histogram_quantile(0.95, max by (le) (increase({_SECONDS}[1h])))",
                "19 of 20 reads",
                "s",
            )
        )
        .with_panel(
            _lines(
                "Left of GitHub's limit, over time",
                "How many more times GitHub let hearten ask, by its newest answer.",
                "min(hearten_github_rate_limit_remaining)",
                "requests left",
                "none",
            )
        )
        .with_panel(
            _lines(
                "Facts read",
                "Commits, production events, tickets and sprints read in the hour before.",
                "sum by (kind) (max by (source, kind) "
                "(increase(hearten_collector_items_total[1h])))",
                "{{kind}}",
                "none",
            )
        )
    )


def _sources() -> table.Panel:
    return (
        list_of(
            "Sources",
            "Each source, A to Z: whether its newest read closed, up to when it is known, and how "
            "many teams have it.",
            "source",
            {
                "Newest read": f"max by (source) ({q.COVERAGE})",
                "Data as of": f"1000 * max by (source) ({q.LAST_SUCCESS})",
                "Teams": f"count by (source) (max by (source, team) ({q.COVERAGE}))",
            },
        )
        .override_by_name("Newest read", as_words(read_words()))
        .override_by_name("Data as of", as_time())
        .height(12)
    )


def _runs() -> table.Panel:
    finished = "hearten_run_last_finished_timestamp_seconds"
    return list_of(
        "Newest runs",
        "When each job last ended how. Unread: some sources could not be read; what could is kept. "
        "Stopped: its process ended before it did. Defect: an error in hearten or its database.",
        "run",
        {"Ended": f"1000 * max by (run, outcome) ({finished})"},
        {"outcome": "How"},
    ).override_by_name("Ended", as_time())


def _due() -> table.Panel:
    due = "hearten_schedule_next_run_timestamp_seconds"
    return list_of(
        "Next runs",
        "When each job is due next. No data means that no schedule runs.",
        "run",
        {"Due": f"1000 * min by (run) ({due})"},
    ).override_by_name("Due", as_time())


def _lines(title: str, description: str, query: str, legend: str, unit: str) -> timeseries.Panel:
    return (
        timeseries.Panel()
        .title(title)
        .description(f"{description} A line's name is below the chart.")
        .datasource(SOURCE)
        .with_target(
            prometheus.Dataquery()
            .datasource(SOURCE)
            .ref_id("A")
            .expr(query)
            .range()
            .legend_format(legend)
        )
        .unit(unit)
        .min(0)
        .no_value(NO_DATA)
        .legend(
            VizLegendOptions()
            .show_legend(True)
            .display_mode(common.LegendDisplayMode.LIST)
            .placement(common.LegendPlacement.BOTTOM)
        )
        .span(12)
        .height(8)
    )
