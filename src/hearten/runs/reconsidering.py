"""The job that judges final results again, because somebody says why they were judged wrongly."""

from collections.abc import Iterator
from datetime import date, datetime

from evaluator.model.access import AuditEntry
from evaluator.model.plan import Plan, Team
from evaluator.reconsider import Reconsideration, reconsider
from evaluator.team_standing import source_ids
from evaluator.wording import amount
from hearten.runs.jobs import compute_reach
from store.store import Store


def reconsidered(
    plan: Plan, store: Store, *, now: datetime, team: str | None, since: date, reason: str
) -> Iterator[tuple[Team, Reconsideration]]:
    """Yield each team, or the one, with what judging it again changes. Nothing is kept.

    Judged again are final results that were judged on the local day `since` or later.
    """
    teams = [each for each in plan.teams if team in (None, each.id)]
    compute_reach(plan, store, teams)
    for each in teams:
        facts = store.facts.find(source_ids(each), {e.delivery.key for e in each.repositories})
        found = store.results.find(team=each.id)
        begin = plan.midnight(since)
        yield each, reconsider(each, plan, facts, now, found, since=begin, reason=reason)


def keep(store: Store, team: Team, found: Reconsideration, *, now: datetime, since: date) -> None:
    """Keep a team's results that changed as new versions, and write that down first."""
    if not found.changed:
        return
    many = amount(len(found.changed), "results")
    about = f"team {team.id}: {many} of those judged since {since}"
    store.audit.add(AuditEntry(now, "command", "reconsider", about, "done"))
    store.results.save(each.after for each in found.changed)
