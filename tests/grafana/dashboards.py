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
_ASKED = re.compile(r"(label_values|query_result)\((?P<series>.+?)(, (?P<label>\w+))?\)$")
VARIABLES = {"team": "heron", "group": ".*", "target": "reached-production", "cell": "14"}


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
        """The query as Grafana sends it: of the team heron, unless `values` say otherwise."""
        return with_variables(self.expr, **values)


def with_variables(text: str, **values: str) -> str:
    """A text of a dashboard with its variables put in."""
    return re.sub(r"\$(\w+)", lambda found: {**VARIABLES, **values}[found[1]], text)


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


@dataclass(frozen=True)
class Variable:
    """A variable that asks Prometheus: for a label's values, or for series that a regex reads."""

    dashboard: str
    name: str
    series: str
    label: str | None
    regex: str

    def read(self, series: dict[str, str], value: str) -> list[tuple[str, str]]:
        """The text and the value that Grafana finds in one series of the answer."""
        labels = ",".join(f'{name}="{each}"' for name, each in series.items())
        pattern = self.regex.strip("/").replace("(?<", "(?P<")
        found = [m.groupdict() for m in re.finditer(pattern, f"{{{labels}}} {value} 0")]
        return [(each.get("text", each["value"]), each["value"]) for each in found]


def variable_queries() -> list[Variable]:
    """Every variable that asks Prometheus."""
    found: list[Variable] = []
    for name, dashboard in DASHBOARDS.items():
        for variable in dashboard["templating"]["list"]:
            if variable["type"] == "query":
                match = _ASKED.fullmatch(variable["query"]["query"])
                assert match
                regex = variable.get("regex", "")
                found.append(
                    Variable(name, variable["name"], match["series"], match["label"], regex)
                )
    return found


def annotations() -> list[dict[str, Any]]:
    """Every annotation that asks Prometheus."""
    return [
        each
        for dashboard in DASHBOARDS.values()
        for each in dashboard.get("annotations", {}).get("list", [])
    ]


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
