"""All dashboards, as the files that Grafana is given."""

import json

from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models.dashboard import Dashboard

from grafana.build.all_teams import all_teams
from grafana.build.data_health import data_health
from grafana.build.one_team import one_team

# What the SDK writes and Grafana's published schema does not know, beside a table's footer.
_OF_INTERVALS = ("auto", "auto_count", "auto_min")


def files(address: str) -> dict[str, str]:
    """Return the text of each file by its name; `address` is where people reach hearten."""
    made = {
        "all-teams.json": all_teams(address).build(),
        "one-team.json": one_team(address).build(),
        "data-health.json": data_health(address).build(),
    }
    return {name: _text(dashboard) for name, dashboard in made.items()}


def _text(dashboard: Dashboard) -> str:
    data = json.loads(json.dumps(dashboard, cls=JSONEncoder))
    for number, panel in enumerate(data["panels"], start=1):
        # Grafana would give ids of its own, and links to panels would change.
        panel["id"] = number
        if panel["type"] == "table":
            panel["options"].pop("footer", None)
    for variable in data["templating"]["list"]:
        for name in _OF_INTERVALS:
            variable.pop(name, None)
    return json.dumps(data, indent=2, sort_keys=True) + "\n"
