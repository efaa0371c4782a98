"""A dashboard's choices, what it works out for itself, and its marks on the time axis."""

from grafana_foundation_sdk.builders import dashboard
from grafana_foundation_sdk.models import dashboard as models

from grafana.build import queries as q
from grafana.build.parts import SOURCE


def group_variable() -> dashboard.QueryVariable:
    """Return the choice of groups of teams, all at first: those of no group are among them."""
    return (
        _asked("group", "Group", "label_values(hearten_team_info, group)", kind=1)
        .multi(True)
        .include_all(True)
        .all_value(".*")
        .current(models.VariableOption(text="All", value="$__all", selected=True))
    )


def team_variable() -> dashboard.QueryVariable:
    """Return the choice of one team by its name, A to Z; its value is the team's id."""
    teams = f"query_result(max by (team, name) (hearten_team_info{q.IN_GROUP}))"
    return _asked("team", "Team", teams).regex('/name="(?<text>.*)",team="(?<value>[^"]+)"/')


def target_variable() -> dashboard.QueryVariable:
    """Return all targets by their titles, A to Z, for panels that repeat; nobody sees it."""
    targets = "query_result(max by (target, title) (hearten_target_info))"
    return (
        _asked("target", "Target", targets)
        .regex('/target="(?<value>[^"]+)",title="(?<text>.*)"/')
        .multi(True)
        .include_all(True)
        .current(models.VariableOption(text="All", value="$__all", selected=True))
        .hide(models.VariableHide.HIDE_VARIABLE)
    )


def cell_variable(query: str) -> dashboard.QueryVariable:
    """Return how many days a cell of a status history is, by a query; nobody sees it."""
    return (
        _asked("cell", "Days of a sprint", f"query_result({query})")
        .regex(r"/\} (?<value>\d+)/")
        .hide(models.VariableHide.HIDE_VARIABLE)
    )


def _asked(name: str, label: str, query: str, kind: int = 3) -> dashboard.QueryVariable:
    """Return a variable with what Prometheus answers; kinds are Grafana's numbers for them."""
    asked: dict[str, object] = {
        "qryType": kind,
        "query": query,
        "refId": "PrometheusVariableQueryEditor-VariableQuery",
    }
    return (
        dashboard.QueryVariable(name)
        .label(label)
        .datasource(SOURCE)
        .query(asked)
        .sort(models.VariableSort.ALPHABETICAL_CASE_INSENSITIVE_ASC)
        .refresh(models.VariableRefresh.ON_DASHBOARD_LOAD)
    )


def annotation(name: str, query: str, words: str, colour: str) -> dashboard.AnnotationQuery:
    """Return marks on the time axis, at the instants in ms that a query has as its values."""
    return (
        dashboard.AnnotationQuery()
        .name(name)
        .datasource(SOURCE)
        .enable(True)
        .icon_color(colour)
        .expr(query)
        .step("1d")
        .use_value_for_time(True)
        .title_format(name)
        .text_format(words)
    )
