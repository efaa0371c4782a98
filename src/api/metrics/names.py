"""What the plan says by name: teams, targets and their versions, and days on which nobody works."""

from datetime import date, datetime, time

from prometheus_client.metrics_core import Metric

from api.metrics.registry import families
from evaluator.measures import MEASURES
from evaluator.model.plan import Plan, VersionStatus
from evaluator.team_standing import current_teams


def name_metrics(plan: Plan, now: datetime) -> list[Metric]:
    """The names by id, and when versions of targets and closures begin, in the plan's time zone.

    A team that closed is left out. Of versions only those are there that were agreed.
    """
    teams, targets, versions, closures = families(
        "hearten_team_info",
        "hearten_target_info",
        "hearten_target_version_start_timestamp_seconds",
        "hearten_closure_start_timestamp_seconds",
    )
    for team in current_teams(plan, now):
        teams.add({"team": team.id, "name": team.name, "group": team.group}, 1)
    for target in plan.targets:
        measure = MEASURES.get(target.measure)
        unit, stretch = measure.unit if measure else "", str(target.stretch).lower()
        labels = {"target": target.id, "title": target.title, "unit": unit, "stretch": stretch}
        targets.add(labels, 1)
        for version in (v for v in target.versions if v.status is VersionStatus.AGREED):
            day = version.effective_from
            named = {"target": target.id, "version": f"{day}", "minimum": f"{version.minimum}"}
            versions.add(named, _begins(day, plan))
    for days, name in dict.fromkeys((each.days, each.name) for each in plan.closures):
        if days.first and days.last:
            closure = {"closure": name, "first_day": f"{days.first}", "last_day": f"{days.last}"}
            closures.add(closure, _begins(days.first, plan))
    return [family.metric for family in (teams, targets, versions, closures)]


def _begins(day: date, plan: Plan) -> float:
    return datetime.combine(day, time(), plan.zone).timestamp()
