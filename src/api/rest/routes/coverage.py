"""How fresh and how complete each source is."""

from typing import Any

from fastapi import APIRouter, Response

from api.dependencies import NowDep, PlanDep, StoreDep
from api.rest.responses import answer
from api.rest.schemas.operation import SourceList
from evaluator.asked_no_more import asked_no_more
from evaluator.model.facts import Coverage
from evaluator.model.plan import BoardSource, RepositorySource, Source, Team, TicketSource
from evaluator.model.serialization import utc_text
from evaluator.team_standing import teams_by_source

router = APIRouter(tags=["coverage"])


@router.get("/coverage", operation_id="getCoverage", response_model=SourceList)
def get_coverage(store: StoreDep, plan: PlanDep, now: NowDep) -> Response:
    """Return every source: its last full read, its newest attempt, and what to do about it."""
    coverage = store.facts.coverage()
    teams = teams_by_source(sorted(plan.teams, key=lambda team: team.id))
    over = asked_no_more(plan, store.results.of_team_since, now)
    wanted = [s for s in plan.all_sources() if s.id in teams and s.id not in over]
    reads = [coverage[s.id].read_started if s.id in coverage else None for s in wanted]
    dates = [at for at in reads if at is not None]
    return answer(
        {
            "sources": [_source(s, coverage.get(s.id), teams[s.id]) for s in wanted],
            "data_as_of": utc_text(min(dates)) if dates and len(dates) == len(reads) else None,
        }
    )


def _source(source: Source, known: Coverage | None, teams: list[Team]) -> dict[str, Any]:
    full_read = attempt = None
    action: str | None = "Not read yet. Run `hearten collect`."
    if known is not None:
        action = known.detail or None if known.reason else None
        attempt = {
            "started": utc_text(known.attempt_started),
            "finished": utc_text(known.attempt_finished),
            "reason": known.reason and known.reason.value,
            "items": known.items,
            "requests": known.requests,
        }
        if known.read_started is not None:
            full_read = {
                "since": utc_text(known.since),
                "started": utc_text(known.read_started),
                "finished": utc_text(known.read_finished),
            }
    return {
        "source": source.id,
        "kind": _kind(source),
        "teams": [team.id for team in teams],
        "last_full_read": full_read,
        "newest_attempt": attempt,
        "unread_in_a_row": known.unread_in_a_row if known else 0,
        "action": action,
    }


def _kind(source: Source) -> str:
    match source:
        case RepositorySource():
            return "repository"
        case TicketSource():
            return "tickets"
        case BoardSource():
            return "board"
