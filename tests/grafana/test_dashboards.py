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
from evaluator.model.results import Status
from grafana.build import ADDRESS
from grafana.build.dashboards import files
from grafana.build.words import STATUSES
from tests.grafana.dashboards import (
    BANNED,
    DASHBOARDS,
    FOLDER,
    Asked,
    asked,
    panels,
    texts,
    variable_queries,
)

KNOWN = {
    *GAUGES,
    *(f"{name}_total" for name in COUNTERS),
    *(f"{name}{part}" for name in HISTOGRAMS for part in ("_bucket", "_count", "_sum")),
}
PUBLISHED = json.loads(Path("tests/grafana/schema/published.json").read_text())
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
    dashboard = DASHBOARDS[name]
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
    tree = promql_parser.parse(query.with_variables(team="heron", cell="14d"))

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


def test_variables_ask_for_metrics_that_there_are_and_list_teams_a_to_z() -> None:
    assert [(label, series in KNOWN) for _, series, label in variable_queries()] == [("team", True)]
    [team] = [v for v in DASHBOARDS["one-team.json"]["templating"]["list"] if v["name"] == "team"]
    assert team["sort"] == 5  # alphabetical, upper and lower case alike, ascending


@each_dashboard
def test_tables_are_sorted_a_to_z_by_a_name_and_by_nothing_else(name: str) -> None:
    for panel in panels(DASHBOARDS[name]):
        sorts = panel["options"].get("sortBy", [])
        assert (panel["type"] == "table") == bool(sorts)
        assert all(s["displayName"] in NAMES and not s["desc"] for s in sorts)
        used = {t["id"] for t in panel.get("transformations", [])}
        assert used <= {"merge", "organize", "groupingToMatrix"}


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
