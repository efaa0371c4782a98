"""PromQL. Every query puts the replicas' labels away first, so that replicas double nothing."""

from grafana.build.words import STATUSES

SPRINT_STARTS = "hearten_sprint_start_timestamp_seconds"
SPRINT_ENDS = "hearten_sprint_end_timestamp_seconds"
LAST_SUCCESS = "hearten_collector_last_success_timestamp_seconds"
COVERAGE = "hearten_data_coverage_ratio"
LOOK_BACK = "35d"  # decision 0008: the longest usual sprint, late by a week


IN_GROUP = '{group=~"$group"}'
EXPECTED, STRETCH = '{stretch="false"}', '{stretch="true"}'


def of_teams(query: str) -> str:
    """Return the query for the teams of the chosen groups, each with its name."""
    teams = f"max by (team, name) (hearten_team_info{IN_GROUP} @ end())"
    return f"(\n{query}\n)\n* on (team) group_left (name) {teams}"


def of_targets(query: str, which: str = "") -> str:
    """Return the query for the targets that `which` selects, each with its title.

    Titles are those of now, for the past too.
    """
    targets = f"max by (target, title) (hearten_target_info{which} @ end())"
    return f"(\n{query}\n)\n* on (target) group_left (title) {targets}"


def teams() -> str:
    """Return a 1 for each team of the chosen groups, with its name and group."""
    return f"max by (team, name, group) (hearten_team_info{IN_GROUP})"


def status(labels: str, by: str) -> str:
    """Return the number of each status, as `words.STATUSES` has them, for each of `by`."""
    return _status(f"hearten_target_status{{{labels}, status=%s}}", by)


def current_status() -> str:
    """Return the statuses of the current sprint by team and target.

    A team of which nobody knows its sprints has those that it has in place of its last one.
    """
    unknown = 'hearten_target_status{period="last_finished", status="no_data"}'
    return (
        status('period="current"', "team, target") + "\nor (\n"
        f"  {STATUSES['no_data'][0]} * (max by (team, target) ({unknown}) == 1)\n"
        "  unless on (team) max by (team) (hearten_sprint_info)\n)"
    )


def reasons(labels: str, by: str) -> str:
    """Return a 1 for each code of why there is no data, for each of `by`."""
    return f"max by ({by}, period, reason) (hearten_result_reason{labels})"


def days_of_a_cell(labels: str) -> str:
    """Return how many days the team's sprints last, in whole weeks; 14 where none is known.

    It is the plan of the sprint that runs, else the last one. One that ends up to two days late,
    or on the Friday before the next begins, has the weeks that it was made for.
    """

    def seconds(period: str) -> str:
        of = f'{{{labels}, period="{period}"}}'
        return f"(max({SPRINT_ENDS}{of}) - max({SPRINT_STARTS}{of}))"

    known = f"({seconds('current')} or {seconds('last_finished')})"
    return f"7 * clamp_min(ceil(({known} - 2 * 86400) / (7 * 86400)), 1) or vector(14)"


def sprint_ends(labels: str) -> str:
    """Return over time when the last finished sprint ended, in ms, with its name.

    An imported one is there once, in the step of a day in which it ended.
    """
    info, end = f"hearten_sprint_info{{{labels}, %s}}", f"{SPRINT_ENDS}{{{labels}, %s}}"
    scraped = _product(info % 'job!=""', end % 'job!=""')
    past = [f"last_over_time({series}[1d])" % 'job=""' for series in (info, end)]
    return f"1000 * (\n  {scraped}\n  or on ()\n  {_product(*past)}\n)"


def _product(info: str, end: str) -> str:
    return f"max by (sprint_name) ({info}) * on () group_left () max({end})"


def status_history(labels: str, by: str) -> str:
    """Return the same over time: what was scraped, and before that what was imported."""
    scraped = status(f'{labels}, job!=""', by)
    series = f'hearten_target_status{{{labels}, job="", status=%s}}'
    return f"{scraped}\nor on ({by})\n{_status(f'last_over_time({series}[{LOOK_BACK}])', by)}"


def value(metric: str, labels: str, by: str) -> str:
    """Return a metric, once however many replicas there are."""
    return f"max by ({by}) ({metric}{{{labels}}})"


def value_history(metric: str, labels: str, by: str) -> str:
    """Return a metric over time: what was scraped, and before that what was imported."""
    scraped = value(metric, f'{labels}, job!=""', by)
    imported = f'last_over_time({metric}{{{labels}, job=""}}[{LOOK_BACK}])'
    return f"{scraped}\nor on ({by})\nmax by ({by}) ({imported})"


def data_as_of(labels: str = "") -> str:
    """Return, for each team, up to when all of its sources that were ever read are known, in ms."""
    return (
        f"1000 * min by (team) (\n"
        f"  max by (team, source) ({COVERAGE}{{{labels}}}) * 0\n"
        f"  + on (source) group_left () max by (source) ({LAST_SUCCESS})\n)"
    )


def sources_as_of(labels: str) -> str:
    """Return, for each source of a team, up to when it is known, in ms."""
    return (
        f"1000 * (\n  max by (source) ({COVERAGE}{{{labels}}}) * 0\n"
        f"  + on (source) max by (source) ({LAST_SUCCESS})\n)"
    )


def sprint_instant(metric: str, labels: str) -> str:
    """Return when each shown sprint starts or ends, in ms, with the sprint's name."""
    return (
        f"1000 * (\n  max by (period, sprint_name) (hearten_sprint_info{{{labels}}})\n"
        f"  * on (period) group_left () max by (period) ({metric}{{{labels}}})\n)"
    )


def _status(series: str, by: str) -> str:
    parts = (
        f"""{number} * (max by ({by}, status) ({series.replace("%s", f'"{name}"')}) == 1)"""
        for name, (number, _, _) in STATUSES.items()
    )
    return f"max by ({by}) (\n  " + "\n  or ".join(parts) + "\n)"
