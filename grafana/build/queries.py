"""PromQL. Every query puts the replicas' labels away first, so that replicas double nothing."""

from grafana.build.words import STATUSES

SPRINT_STARTS = "hearten_sprint_start_timestamp_seconds"
SPRINT_ENDS = "hearten_sprint_end_timestamp_seconds"
LAST_SUCCESS = "hearten_collector_last_success_timestamp_seconds"
COVERAGE = "hearten_data_coverage_ratio"
LOOK_BACK = "35d"  # decision 0008: the longest usual sprint, late by a week


def status(labels: str, by: str) -> str:
    """Return the number of each status, as `words.STATUSES` has them, for each of `by`."""
    return _status(f"hearten_target_status{{{labels}, status=%s}}", by)


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
