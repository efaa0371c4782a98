"""The dashboards as files: up to date, right by Grafana's schema, and kind."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import promql_parser
import pytest
import yaml

from api.metrics.registry import COUNTERS, GAUGES, HISTOGRAMS
from api.pages.presenters.parts.status import tag
from evaluator.model.results import Status
from grafana.build import ADDRESS
from grafana.build.dashboards import files
from grafana.build.words import STATUSES
from tests.grafana.dashboards import (
    BANNED,
    DASHBOARDS,
    FOLDER,
    Asked,
    annotations,
    asked,
    panels,
    texts,
    variable_queries,
    with_variables,
)

KNOWN = {
    *GAUGES,
    *(f"{name}_total" for name in COUNTERS),
    *(f"{name}{part}" for name in HISTOGRAMS for part in ("_bucket", "_count", "_sum")),
}
PUBLISHED = json.loads(Path("tests/grafana/schema/published.json").read_text())
# What Prometheus's annotations have of their own, of which Grafana's schema says nothing
OF_PROMETHEUS = ("expr", "step", "textFormat", "titleFormat", "useValueForTime")
NAMES = {"Team", "Target", "Source", "Period", "Run"}  # what a table may be sorted by, A to Z
each_dashboard = pytest.mark.parametrize("name", DASHBOARDS)
each_query = pytest.mark.parametrize("query", asked(), ids=str)


def test_the_files_are_what_the_code_writes() -> None:
    assert {file.name: file.read_text() for file in FOLDER.iterdir()} == files(ADDRESS)


def test_there_are_three_each_with_its_own_name() -> None:
    assert {d["title"] for d in DASHBOARDS.values()} == {"All teams", "One team", "Data health"}
    assert len({d["uid"] for d in DASHBOARDS.values()}) == 3


@each_dashboard
def test_a_dashboard_is_valid_against_grafana_s_published_schema(name: str) -> None:
    dashboard = json.loads(json.dumps(DASHBOARDS[name]))
    for each in dashboard.get("annotations", {}).get("list", []):
        for own in OF_PROMETHEUS:
            each.pop(own, None)
    _validate("dashboard", dashboard)
    for panel in panels(dashboard):
        kind = panel["type"].replace("-", "")
        _validate(f"{kind}.options", panel["options"])
        custom = panel.get("fieldConfig", {}).get("defaults", {}).get("custom")
        if custom:
            _validate(f"{kind}.custom", custom)


def test_the_published_schema_finds_a_misspelled_key() -> None:
    broken = json.loads(json.dumps(DASHBOARDS["one-team.json"]))
    broken["panels"][2]["descripton"] = "?"

    with pytest.raises(jsonschema.ValidationError):
        _validate("dashboard", broken)


def _validate(part: str, data: Any) -> None:
    jsonschema.Draft7Validator(PUBLISHED[part]).validate(data)


@each_query
def test_a_query_asks_for_metrics_that_there_are_and_puts_replicas_away(query: Asked) -> None:
    tree = promql_parser.parse(query.with_variables())

    selectors = list(_selectors(tree, within=False))
    assert {name for name, _ in selectors} <= KNOWN
    assert selectors
    assert all(aggregated for _, aggregated in selectors)
    assert not re.search(r"by \([^)]*(job|instance)", query.expr)


@each_query
def test_no_query_orders_by_a_value(query: Asked) -> None:
    assert not re.search(r"\b(sort\w*|topk|bottomk|limitk|quantile)\b", query.expr)


def _selectors(node: Any, *, within: bool) -> Iterator[tuple[str, bool]]:
    """Each series that is selected, and whether something aggregates it."""
    if isinstance(node, promql_parser.VectorSelector):
        assert node.name
        yield node.name, within
    within = within or isinstance(node, promql_parser.AggregateExpr)
    for part in ("expr", "lhs", "rhs", "vector_selector", "args"):
        inner = getattr(node, part, None)
        for each in inner if isinstance(inner, list) else [inner]:
            if each is not None:
                yield from _selectors(each, within=within)


def test_variables_and_annotations_ask_for_metrics_that_there_are() -> None:
    texts_asked = [variable.series for variable in variable_queries()]
    texts_asked += [annotation["expr"] for annotation in annotations()]

    for text in texts_asked:
        tree = promql_parser.parse(with_variables(text))
        assert {name for name, _ in _selectors(tree, within=False)} <= KNOWN


def test_variables_list_names_a_to_z() -> None:
    for dashboard in DASHBOARDS.values():
        for variable in dashboard["templating"]["list"]:
            if variable["type"] == "query":
                assert variable["sort"] == 5  # alphabetical, whatever the case, ascending


def test_nothing_that_shows_results_shows_an_id_for_a_name() -> None:
    for name in ("all-teams.json", "one-team.json"):
        for panel in panels(DASHBOARDS[name]):
            for target in panel.get("targets", []):
                assert "{{team}}" not in target.get("legendFormat", "")
                assert "{{target}}" not in target.get("legendFormat", "")
                if "by (team, target)" in target["expr"]:
                    assert "group_left (title)" in target["expr"]


def test_statuses_have_the_colours_of_the_tags_on_the_pages() -> None:
    css = Path("src/api/pages/static/nhsuk-frontend.min.css").read_text()

    for status in Status:
        [colour] = re.findall(
            rf"nhsuk-tag--{tag(status, stretch=False).colour}{{[^}}]*background-color:(#\w+)}}", css
        )
        shown = STATUSES[status.value][2]
        assert shown in {colour, f"#{''.join(2 * each for each in colour[1:])}"}


def test_a_stretch_target_that_was_not_met_has_no_colour_that_asks_for_a_look() -> None:
    seen = 0
    for name in ("all-teams.json", "one-team.json"):
        for panel in panels(DASHBOARDS[name]):
            asked_for = " ".join(target["expr"] for target in panel.get("targets", []))
            colours = json.dumps(panel["fieldConfig"]) if "fieldConfig" in panel else ""
            if "hearten_target_status" in asked_for:
                assert ('stretch="true"' in asked_for) != ('stretch="false"' in asked_for)
                assert ('stretch="false"' in asked_for) == (STATUSES["not_met"][2] in colours)
                seen += 1
    assert seen == 9


@each_dashboard
def test_tables_are_sorted_a_to_z_by_a_name_and_by_nothing_else(name: str) -> None:
    for panel in panels(DASHBOARDS[name]):
        sorts = panel["options"].get("sortBy", [])
        assert (panel["type"] == "table") == bool(sorts)
        assert all(s["displayName"] in NAMES and not s["desc"] for s in sorts)
        steps = panel.get("transformations", [])
        used = {step["id"] for step in steps}
        assert used <= {"merge", "organize", "groupingToMatrix", "joinByField", "sortBy"}
        sorts_by = [
            t["options"]["sort"] for t in panel.get("transformations", []) if t["id"] == "sortBy"
        ]
        assert all(each == [{"field": "title"}] for each in sorts_by)


@each_dashboard
def test_every_panel_says_how_to_read_it_and_what_an_empty_one_means(name: str) -> None:
    for panel in panels(DASHBOARDS[name]):
        assert panel["description"].endswith(".")
        if panel["type"] != "text":
            assert panel["fieldConfig"]["defaults"]["noValue"] == "No data"


@each_dashboard
def test_the_first_panel_says_that_these_are_clues_and_where_they_are_explained(name: str) -> None:
    first = next(panels(DASHBOARDS[name]))

    assert first["type"] == "text"
    for words in ("clues", "not a comparison of teams", "](${hearten}/about)"):
        assert words in first["options"]["content"]


@each_dashboard
def test_only_words_that_hearten_uses_are_there(name: str) -> None:
    found = {text for text in texts(DASHBOARDS[name]) if BANNED.search(text)}

    # Grafana's own names for where a legend is, and how a stat is laid out
    assert found <= {"bottom", "percentChangeColorMode"}


def test_every_status_has_its_word_and_a_colour_of_its_own() -> None:
    assert {name: word for name, (_, word, _) in STATUSES.items()} == {
        status.value: status.words for status in Status
    }
    assert len({number for number, _, _ in STATUSES.values()}) == len(Status)
    assert len({colour for _, _, colour in STATUSES.values()}) == len(Status)


@each_dashboard
def test_colour_never_comes_without_words(name: str) -> None:
    for panel in panels(DASHBOARDS[name]):
        defaults = panel.get("fieldConfig", {}).get("defaults", {})
        overrides = panel.get("fieldConfig", {}).get("overrides", [])
        properties = [o["properties"] for o in overrides]
        for mapping in [m for m in _mappings(defaults, properties) if m["type"] == "value"]:
            assert all(result["text"] for result in mapping["options"].values())
        if panel["type"] == "status-history":
            assert panel["options"]["showValue"] == "always"
        if panel["type"] == "stat":
            assert panel["options"]["textMode"] in {"auto", "value_and_name"}
        assert "thresholds" not in defaults or not defaults["thresholds"].get("steps")


def _mappings(defaults: dict[str, Any], overrides: list[Any]) -> list[dict[str, Any]]:
    found = list(defaults.get("mappings", []))
    for properties in overrides:
        for each in properties:
            if each["id"] == "mappings":
                found += each["value"]
    return found


def test_what_a_team_s_panels_show_is_one_step_from_its_evidence() -> None:
    for panel in panels(DASHBOARDS["one-team.json"]):
        if any("target_" in target["expr"] for target in panel.get("targets", [])):
            assert [link["url"] for link in panel["links"]] == ["${hearten}/teams/${team}"]


def test_the_address_of_hearten_stands_in_one_place() -> None:
    for text in files("https://hearten.example").values():
        assert text.count("https://hearten.example") == 1
        assert ADDRESS not in text


def test_provisioning_names_the_folder_and_the_kind_of_source_that_the_dashboards_use() -> None:
    provisioning = Path("grafana/provisioning")
    [source] = yaml.safe_load((provisioning / "datasources/hearten.yaml").read_text())[
        "datasources"
    ]
    [provider] = yaml.safe_load((provisioning / "dashboards/hearten.yaml").read_text())["providers"]
    kinds = {
        v["query"]
        for d in DASHBOARDS.values()
        for v in d["templating"]["list"]
        if v["type"] == "datasource"
    }

    assert kinds == {source["type"]}
    assert (provider["type"], provider["allowUiUpdates"]) == ("file", False)
