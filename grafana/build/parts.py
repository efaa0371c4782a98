"""What the dashboards are made of: variables, tables and panels in hearten's ways."""

from typing import Any

from grafana_foundation_sdk.builders import (
    dashboard,
    prometheus,
    stat,
    statushistory,
    text,
    timeseries,
)
from grafana_foundation_sdk.builders.common import (
    ReduceDataOptions,
    VizLegendOptions,
    VizTextDisplayOptions,
)
from grafana_foundation_sdk.models import common
from grafana_foundation_sdk.models import dashboard as models
from grafana_foundation_sdk.models.prometheus import PromQueryFormat
from grafana_foundation_sdk.models.text import TextMode

from grafana.build.words import BARS, MINIMUM, NO_DATA, PLAIN, status_words

SOURCE = common.DataSourceRef(type_val="prometheus", uid="${datasource}")
CELL = "${cell}d"
TIME = "dateTimeAsLocal"  # takes milliseconds
EVIDENCE = "${hearten}/teams/"  # and the team: its page, with what was counted and left out


def empty_board(
    uid: str, title: str, description: str, since: str, address: str
) -> dashboard.Dashboard:
    """Return a dashboard without panels that shows the time from `since` to now.

    `address` is where people reach hearten; links name it by the variable `hearten`.
    """
    return (
        dashboard.Dashboard(title)
        .uid(uid)
        .description(description)
        .tags(["hearten"])
        .readonly()
        .time(since, "now")
        .refresh("5m")
        .timezone("browser")
        .link(
            dashboard.DashboardLink("More of hearten")
            .type(models.DashboardLinkType.DASHBOARDS)
            .tags(["hearten"])
            .include_vars(True)
            .keep_time(True)
        )
        .with_variable(
            dashboard.DatasourceVariable("datasource").label("Prometheus").type("prometheus")
        )
        .with_variable(
            dashboard.ConstantVariable("hearten").label("Where people reach hearten").value(address)
        )
    )


def note(words: str, height: int) -> text.Panel:
    """Return a text that goes over the whole width."""
    return (
        text.Panel()
        .title("How to read this")
        .description("What this dashboard is for, and what it is not for.")
        .mode(TextMode.MARKDOWN)
        .content(words)
        .span(24)
        .height(height)
    )


def status_tiles(title: str, description: str, query: str, *, stretch: bool = False) -> stat.Panel:
    """Return one tile for each target, A to Z, with its title and its status as a word.

    A tile is a row of the answer: Prometheus gives them in no order.
    """
    only = {"excludeByName": {"Time": True, "target": True}}
    return (
        stat.Panel()
        .title(title)
        .description(description)
        .datasource(SOURCE)
        .with_target(now(query).format(PromQueryFormat.TABLE))
        .with_transformation(models.DataTransformerConfig("organize", options=only))
        .with_transformation(
            models.DataTransformerConfig("sortBy", options={"sort": [{"field": "title"}]})
        )
        .mappings(status_words(stretch=stretch))
        .no_value(NO_DATA)
        .reduce_options(ReduceDataOptions().values(True).calcs([]))
        .text_mode(common.BigValueTextMode.VALUE_AND_NAME)
        .color_mode(common.BigValueColorMode.BACKGROUND_SOLID)
        .graph_mode(common.BigValueGraphMode.NONE)
        .text(VizTextDisplayOptions().title_size(16).value_size(24))
        .span(12)
        .height(5)
    )


def number(title: str, description: str, query: str, unit: str) -> stat.Panel:
    """Return one number, instant or text, in no colour."""
    return (
        stat.Panel()
        .title(title)
        .description(description)
        .datasource(SOURCE)
        .with_target(now(query))
        .unit(unit)
        .no_value(NO_DATA)
        .reduce_options(ReduceDataOptions().calcs(["lastNotNull"]))
        .color_mode(common.BigValueColorMode.NONE)
        .graph_mode(common.BigValueGraphMode.NONE)
        .text(VizTextDisplayOptions().value_size(24))
        .span(6)
        .height(5)
    )


def history(title: str, description: str, query: str) -> statushistory.Panel:
    """Return a row for each target and a cell for each step, each with its text inside."""
    return (
        statushistory.Panel()
        .title(title)
        .description(description)
        .datasource(SOURCE)
        .with_target(
            prometheus.Dataquery()
            .datasource(SOURCE)
            .ref_id("A")
            .expr(query)
            .range()
            .interval(CELL)
            .legend_format("{{title}}")
        )
        .interval(CELL)
        .no_value(NO_DATA)
        .show_value(common.VisibilityMode.ALWAYS)
        .color_scheme(dashboard.FieldColor().mode(models.FieldColorModeId.FIXED).fixed_color(PLAIN))
        .legend(VizLegendOptions().show_legend(False))
        .row_height(0.9)
        .span(24)
        .height(7)
    )


def bars(title: str, description: str, value: str, minimum: str) -> timeseries.Panel:
    """Return a bar for each cell, with its number, and what is asked for as a dashed line."""
    asked = [("A", value, "Counted"), ("B", minimum, "At least")]
    panel = (
        timeseries.Panel()
        .title(title)
        .description(description)
        .datasource(SOURCE)
        .interval(CELL)
        .min(0)
        .decimals(0)
        .no_value(NO_DATA)
        .draw_style(common.GraphDrawStyle.BARS)
        .bar_alignment(common.BarAlignment.CENTER)
        .fill_opacity(100)
        .override_by_name("Counted", column_properties(color={"mode": "fixed", "fixedColor": BARS}))
        .override_by_name(
            "At least",
            column_properties(
                color={"mode": "fixed", "fixedColor": MINIMUM},
                **{
                    "custom.drawStyle": "line",
                    "custom.lineInterpolation": "stepAfter",
                    "custom.lineStyle": {"fill": "dash", "dash": [6, 4]},
                    "custom.lineWidth": 3,
                    "custom.fillOpacity": 0,
                },
            ),
        )
        .legend(
            VizLegendOptions()
            .show_legend(True)
            .display_mode(common.LegendDisplayMode.LIST)
            .placement(common.LegendPlacement.BOTTOM)
        )
        .span(12)
        .height(8)
    )
    for ref, query, name in asked:
        panel = panel.with_target(
            prometheus.Dataquery()
            .datasource(SOURCE)
            .ref_id(ref)
            .expr(query)
            .range()
            .interval(CELL)
            .legend_format(name)
        )
    return panel


def link(title: str, url: str) -> dashboard.DashboardLink:
    """Return a link of a panel."""
    return dashboard.DashboardLink(title).type(models.DashboardLinkType.LINK).url(url)


def now(query: str, ref: str = "A") -> prometheus.Dataquery:
    """Return a query for one instant, the end of the time shown."""
    return prometheus.Dataquery().datasource(SOURCE).ref_id(ref).expr(query).instant()


def column_properties(**properties: Any) -> list[models.DynamicConfigValue]:
    """Return properties of a column or a line, by Grafana's names for them."""
    return [models.DynamicConfigValue(name, value) for name, value in properties.items()]
