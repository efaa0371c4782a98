"""Tables in hearten's ways: A to Z by a name, with words and links."""

from collections.abc import Mapping, Sequence
from typing import Any

from grafana_foundation_sdk.builders import table
from grafana_foundation_sdk.builders.common import TableSortByFieldState
from grafana_foundation_sdk.models import common
from grafana_foundation_sdk.models import dashboard as models
from grafana_foundation_sdk.models.prometheus import PromQueryFormat

from grafana.build import queries as q
from grafana.build.parts import EVIDENCE, SOURCE, TIME, column_properties, now
from grafana.build.words import NO_DATA, period_words, reason_words, status_words

THE_TEAM = "${__data.fields.team}"  # the id in the row of a table
_DASHBOARD = f"/d/hearten-one-team?var-team={THE_TEAM}&var-datasource=${{datasource}}"


def list_of(
    title: str,
    description: str,
    by: str,
    queries: Mapping[str, str],
    others: Mapping[str, str] | None = None,
    *,
    called: str = "",
    left_out: Sequence[str] = (),
) -> table.Panel:
    """Return a table A to Z by the label `by`, with a column for each query.

    `queries` maps the names of columns, as people read them, to instant queries; `others` maps the
    labels that they all have beside `by` to names of columns. `by` is `called` so, else like it.
    Labels that are `left_out` are not shown.
    """
    panel, first = _table(title, description), called or by.capitalize()
    shown: dict[str, str] = {}
    for letter, (column, query) in zip("ABCDEFGHIJ", queries.items(), strict=False):
        panel = panel.with_target(now(query, letter).format(PromQueryFormat.TABLE))
        shown[f"Value #{letter}" if len(queries) > 1 else "Value"] = column
    return (
        panel.with_transformation(_transformation("merge", {}))
        .with_transformation(_renamed({by: first, **(others or {}), **shown}, *left_out))
        .sort_by([TableSortByFieldState().display_name(first).desc(False)])
    )


def grid_of(title: str, description: str, query: str, *, stretch: bool = False) -> table.Panel:
    """Return a table of statuses: a row for each team, A to Z, and a column for each target.

    `query` has the labels team and title. Each team of the chosen groups has its row, whatever
    the query says of it. A name leads to the team's dashboard, a status to its page.
    """
    matrix = {"rowField": "team", "columnField": "title", "valueField": "Value #A"}
    corner = "team\\title"  # what the matrix calls the names of its rows
    of_statuses = _transformation("groupingToMatrix", {**matrix, "emptyValue": "null"}, only="A")
    named = _transformation("organize", {"renameByName": {"team": corner}}, only="T")
    order = {"name": "Team", "group": "Group", corner: "team"}
    return (
        _table(title, description)
        .with_target(now(q.teams(), "T").format(PromQueryFormat.TABLE))
        .with_target(now(query).format(PromQueryFormat.TABLE))
        .with_transformation(of_statuses)
        .with_transformation(named)
        .with_transformation(_transformation("joinByField", {"byField": corner, "mode": "outer"}))
        .with_transformation(_renamed(order, "Value #T", "Value"))
        .sort_by([TableSortByFieldState().display_name("Team").desc(False)])
        .override_by_regexp("/^(?!(Team|Group|team)$).*/", as_status(stretch=stretch))
        .override_by_name("Team", as_link("Its dashboard", _DASHBOARD))
        .override_by_name("team", hidden())
    )


def as_status(*, stretch: bool = False) -> list[models.DynamicConfigValue]:
    """Return what shows a column's numbers as statuses: words, on their colours."""
    return column_properties(
        mappings=status_words(stretch=stretch, empty="No result"),
        links=[{"title": "What was counted and left out", "url": f"{EVIDENCE}{THE_TEAM}"}],
        **{"custom.cellOptions": {"type": "color-background"}},
    )


def as_time() -> list[models.DynamicConfigValue]:
    """Return what shows a column's milliseconds as a local date and time."""
    return column_properties(unit=TIME)


def as_words(mappings: Sequence[models.ValueMapping]) -> list[models.DynamicConfigValue]:
    """Return what shows a column's values as words."""
    return column_properties(
        mappings=list(mappings), **{"custom.cellOptions": {"type": "color-background"}}
    )


def as_period() -> list[models.DynamicConfigValue]:
    """Return what shows a column's periods as words."""
    return column_properties(mappings=period_words())


def as_reason() -> list[models.DynamicConfigValue]:
    """Return what shows a column's codes of why there is no data as words."""
    return column_properties(mappings=reason_words())


def as_link(words: str, url: str) -> list[models.DynamicConfigValue]:
    """Return what links each cell of a column."""
    return column_properties(links=[{"title": words, "url": url}])


def hidden() -> list[models.DynamicConfigValue]:
    """Return what hides a column that links need; Grafana before 12.2 has another name for it."""
    return column_properties(
        **{
            "custom.hidden": True,
            "custom.hideFrom": {"viz": True, "legend": False, "tooltip": False},
        }
    )


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


def _renamed(names: Mapping[str, str], *left_out: str) -> models.DataTransformerConfig:
    return _transformation(
        "organize",
        {
            "excludeByName": dict.fromkeys(("Time", *left_out), True),
            "indexByName": {name: place for place, name in enumerate(names)},
            "renameByName": dict(names),
        },
    )


def _transformation(
    name: str, options: Mapping[str, Any], *, only: str = ""
) -> models.DataTransformerConfig:
    made = models.DataTransformerConfig(id_val=name, options=dict(options))
    if only:  # of what this query answered
        made.filter_val = models.MatcherConfig(id_val="byRefId", options=only)
    return made
