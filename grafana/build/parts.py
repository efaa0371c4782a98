"""What the dashboards are made of: variables, tables and panels in hearten's ways."""

from collections.abc import Mapping, Sequence
from typing import Any

from grafana_foundation_sdk.builders import dashboard, prometheus, stat, statushistory, table, text
from grafana_foundation_sdk.builders.common import (
    ReduceDataOptions,
    TableSortByFieldState,
    VizLegendOptions,
    VizTextDisplayOptions,
)
from grafana_foundation_sdk.models import common
from grafana_foundation_sdk.models import dashboard as models
from grafana_foundation_sdk.models.prometheus import PromQueryFormat
from grafana_foundation_sdk.models.text import TextMode

from grafana.build.words import NO_DATA, PLAIN, status_words

SOURCE = common.DataSourceRef(type_val="prometheus", uid="${datasource}")
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
        .with_variable(
            dashboard.DatasourceVariable("datasource").label("Prometheus").type("prometheus")
        )
        .with_variable(
            dashboard.ConstantVariable("hearten").label("Where people reach hearten").value(address)
        )
    )


def team_variable() -> dashboard.QueryVariable:
    """Return the choice of one team, A to Z."""
    query: dict[str, object] = {
        "qryType": 1,
        "query": "label_values(hearten_sprint_info, team)",
        "refId": "PrometheusVariableQueryEditor-VariableQuery",
    }
    return (
        dashboard.QueryVariable("team")
        .label("Team")
        .datasource(SOURCE)
        .query(query)
        .sort(models.VariableSort.ALPHABETICAL_CASE_INSENSITIVE_ASC)
        .refresh(models.VariableRefresh.ON_DASHBOARD_LOAD)
    )


def cell_variable() -> dashboard.CustomVariable:
    """Return the choice of how long a cell of a status history is."""
    lengths = {"14 days": "14d", "7 days": "7d", "21 days": "21d", "28 days": "28d", "1 day": "1d"}
    options = [
        models.VariableOption(text=words, value=length, selected=length == "14d")
        for words, length in lengths.items()
    ]
    return (
        dashboard.CustomVariable("cell")
        .label("A cell is")
        .values(", ".join(f"{words} : {length}" for words, length in lengths.items()))
        .options(options)
        .current(options[0])
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


def status_tiles(title: str, description: str, query: str) -> stat.Panel:
    """Return one tile for each target, with its name and its status as a word."""
    return (
        stat.Panel()
        .title(title)
        .description(description)
        .datasource(SOURCE)
        .with_target(now(query).legend_format("{{target}}"))
        .mappings(status_words())
        .no_value(NO_DATA)
        .reduce_options(ReduceDataOptions().calcs(["lastNotNull"]))
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
            .interval("$cell")
            .legend_format("{{target}}")
        )
        .interval("$cell")
        .no_value(NO_DATA)
        .show_value(common.VisibilityMode.ALWAYS)
        .color_scheme(dashboard.FieldColor().mode(models.FieldColorModeId.FIXED).fixed_color(PLAIN))
        .legend(VizLegendOptions().show_legend(False))
        .row_height(0.9)
        .span(24)
        .height(7)
    )


def list_of(
    title: str,
    description: str,
    by: str,
    queries: Mapping[str, str],
    others: Mapping[str, str] | None = None,
) -> table.Panel:
    """Return a table A to Z by the label `by`, with a column for each query.

    `queries` maps the names of columns, as people read them, to instant queries; `others` maps the
    labels that they all have beside `by` to names of columns.
    """
    panel = _table(title, description)
    shown: dict[str, str] = dict(others or {})
    for letter, (column, query) in zip("ABCDEFGHIJ", queries.items(), strict=False):
        panel = panel.with_target(now(query, letter).format(PromQueryFormat.TABLE))
        shown[f"Value #{letter}" if len(queries) > 1 else "Value"] = column
    return (
        panel.with_transformation(_transformation("merge", {}))
        .with_transformation(_renamed({by: by.capitalize(), **shown}))
        .sort_by([TableSortByFieldState().display_name(by.capitalize()).desc(False)])
    )


def grid_of(title: str, description: str, row: str, column: str, query: str) -> table.Panel:
    """Return a table with a row for each `row`, A to Z, and a column for each `column`."""
    matrix = {"rowField": row, "columnField": column, "valueField": "Value", "emptyValue": "null"}
    return (
        _table(title, description)
        .with_target(now(query).format(PromQueryFormat.TABLE))
        .with_transformation(_transformation("groupingToMatrix", matrix))
        .with_transformation(_renamed({f"{row}\\{column}": row.capitalize()}))
        .sort_by([TableSortByFieldState().display_name(row.capitalize()).desc(False)])
    )


def as_status() -> list[models.DynamicConfigValue]:
    """Return what shows a column's numbers as statuses: words, on their colours."""
    return _column(mappings=status_words(), **{"custom.cellOptions": {"type": "color-background"}})


def as_time() -> list[models.DynamicConfigValue]:
    """Return what shows a column's milliseconds as a local date and time."""
    return _column(unit=TIME)


def as_words(mappings: Sequence[models.ValueMapping]) -> list[models.DynamicConfigValue]:
    """Return what shows a column's numbers as words."""
    return _column(mappings=list(mappings), **{"custom.cellOptions": {"type": "color-text"}})


def as_link(words: str, url: str) -> list[models.DynamicConfigValue]:
    """Return what links each cell of a column."""
    return _column(links=[{"title": words, "url": url}])


def link(title: str, url: str) -> dashboard.DashboardLink:
    """Return a link of a panel."""
    return dashboard.DashboardLink(title).type(models.DashboardLinkType.LINK).url(url)


def now(query: str, ref: str = "A") -> prometheus.Dataquery:
    """Return a query for one instant, the end of the time shown."""
    return prometheus.Dataquery().datasource(SOURCE).ref_id(ref).expr(query).instant()


def _table(title: str, description: str) -> table.Panel:
    return (
        table.Panel()
        .title(title)
        .description(description)
        .datasource(SOURCE)
        .no_value(NO_DATA)
        .cell_height(common.TableCellHeight.SM)
        .show_header(True)
        .cell_options(common.TableAutoCellOptions())
        .span(24)
        .height(9)
    )


def _renamed(names: Mapping[str, str]) -> models.DataTransformerConfig:
    return _transformation(
        "organize",
        {
            "excludeByName": {"Time": True},
            "indexByName": {name: place for place, name in enumerate(names)},
            "renameByName": dict(names),
        },
    )


def _transformation(name: str, options: Mapping[str, Any]) -> models.DataTransformerConfig:
    return models.DataTransformerConfig(id_val=name, options=dict(options))


def _column(**properties: Any) -> list[models.DynamicConfigValue]:
    return [models.DynamicConfigValue(name, value) for name, value in properties.items()]
