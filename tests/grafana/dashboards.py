"""The dashboards' files, as tests look at them."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path("grafana/dashboards")
DASHBOARDS: dict[str, dict[str, Any]] = {
    file.name: json.loads(file.read_text()) for file in sorted(FOLDER.glob("*.json"))
}
BANNED = re.compile(
    r"\b(fail\w*|performance|underperform\w*|poor\w*|bad|worst|best|top\w*|bottom\w*|rank\w*|"
    r"league|leaderboard|score\w*|grade\w*|compliance|violation\w*|breach\w*|surveillance|"
    r"resources?|headcount|utilisation|productivity|velocity|deadline\w*|overdue|escalat\w*|"
    r"warning\w*|punish\w*|mttr|\w+n['’]t)\b",
    re.IGNORECASE,
)
_LABEL_VALUES = re.compile(r"label_values\((?P<series>.+), (?P<label>\w+)\)")


@dataclass(frozen=True)
class Asked:
    """One query of one panel."""

    dashboard: str
    panel: str
    ref: str
    expr: str
    instant: bool

    def __str__(self) -> str:
        return f"{self.dashboard.removesuffix('.json')}-{self.panel}-{self.ref}"

    def with_variables(self, **values: str) -> str:
        """The query as Grafana sends it."""
        return re.sub(r"\$(\w+)", lambda found: values[found[1]], self.expr)


def panels(dashboard: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every panel that shows something."""
    for panel in dashboard["panels"]:
        assert not panel.get("panels"), "no panel hides in a closed row"
        if panel["type"] != "row":
            yield panel


def asked() -> list[Asked]:
    """Every query of every panel."""
    return [
        Asked(name, panel["title"], target["refId"], target["expr"], target.get("instant", False))
        for name, dashboard in DASHBOARDS.items()
        for panel in panels(dashboard)
        for target in panel.get("targets", [])
    ]


def variable_queries() -> list[tuple[str, str, str]]:
    """Every variable that asks Prometheus: its dashboard, the series and the label it takes."""
    found: list[tuple[str, str, str]] = []
    for name, dashboard in DASHBOARDS.items():
        for variable in dashboard["templating"]["list"]:
            if variable["type"] == "query":
                match = _LABEL_VALUES.fullmatch(variable["query"]["query"])
                assert match
                found.append((name, match["series"], match["label"]))
    return found


def texts(node: Any) -> Iterator[str]:
    """Every text in a file, whatever it is for."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict):
        for key, value in node.items():
            yield key
            yield from texts(value)
    elif isinstance(node, list):
        for value in node:
            yield from texts(value)
