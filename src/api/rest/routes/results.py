"""Results, page by page, and one of them with everything that explains it."""

from dataclasses import dataclass
from typing import Annotated, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import WithJsonSchema

from api.dependencies import PlanDep, StoreDep
from api.middleware.etag_cache import IMMUTABLE, NO_CACHE
from api.problems import InvalidError
from api.rest.cursors import of_place, to_place
from api.rest.filters import Filters, FiltersDep, TeamFiltersDep
from api.rest.parameters import Cursor, SprintPath, TargetPath, TeamPath
from api.rest.responses import PresenterDep, answer, not_found, problems, target_of, team_of
from api.rest.schemas.results import ExplainedResult, ResultOut, ResultPage
from api.rest.serializers import Presenter
from evaluator.model.results import State
from evaluator.standing_data import Data
from store.results import place
from store.store import Store

router = APIRouter(tags=["results"])

_LARGE = frozenset({"evidence", "left_out"})
_NAMES = "|".join(ResultOut.model_fields)
_SOME_FIELDS = f"^({_NAMES})(,({_NAMES}))*$"  # for programs; people are told in words
Limit = Annotated[int, Query(ge=1, le=500, description="How many on one page.", examples=[100])]


@dataclass(frozen=True, slots=True)
class _Listing:
    """How results are listed: in which order, from where on, and what of each."""

    limit: int
    cursor: str | None
    newest: bool
    evidence: bool
    fields: tuple[str, ...]


def _listing(
    *,
    limit: Limit = 100,
    cursor: Cursor = None,
    order: Annotated[
        Literal["newest"] | None,
        Query(description="`newest`: the newest sprint first. There is no order by result."),
    ] = None,
    evidence: Annotated[
        bool, Query(description="`false` leaves out `evidence` and `left_out`.")
    ] = True,
    fields: Annotated[
        str | None,
        WithJsonSchema({"type": "string", "pattern": _SOME_FIELDS, "maxLength": 500}),
        Query(
            description="Only these fields, with commas between. `team`, and the ids of `period`, "
            "`sprint` and `target`, are always there.",
            examples=["status,value"],
            max_length=500,
        ),
    ] = None,
) -> _Listing:
    chosen = tuple(dict.fromkeys((fields or "").split(","))) if fields else ()
    for name in chosen:
        if name not in ResultOut.model_fields:
            known = ", ".join(ResultOut.model_fields)
            raise InvalidError("query.fields", f"There is no field `{name[:40]}`. It has {known}.")
    return _Listing(limit, cursor, order is not None, evidence, chosen)


_ListingDep = Annotated[_Listing, Depends(_listing)]


@router.get(
    "/results",
    operation_id="listResults",
    response_model=ResultPage,
    responses=problems(_404="There is no such team, group or target."),
)
def list_results(
    request: Request,
    store: StoreDep,
    present: PresenterDep,
    filters: FiltersDep,
    listing: _ListingDep,
) -> Response:
    """Return the newest version of each result, in order of team, sprint and target.

    There is no order by result: results say where a team stands against what it agreed to, and
    nothing about teams beside each other.
    """
    return _page(request, store, present, filters, listing)


@router.get(
    "/teams/{team}/results",  # noqa: FAST003 - the filters take the team from the path
    operation_id="listTeamResults",
    response_model=ResultPage,
    responses=problems(_404="There is no such team or target."),
)
def list_team_results(
    request: Request,
    store: StoreDep,
    present: PresenterDep,
    filters: TeamFiltersDep,
    listing: _ListingDep,
) -> Response:
    """Return the results of one team, also those that it had under another id."""
    return _page(request, store, present, filters, listing)


def _page(
    request: Request, store: Store, present: Presenter, filters: Filters, listing: _Listing
) -> Response:
    newest, limit = listing.newest, listing.limit
    after = to_place(listing.cursor, newest=newest)
    evidence = listing.evidence and (not listing.fields or bool(_LARGE & set(listing.fields)))
    found = filters.page(store, after, limit + 1, newest=newest, evidence=evidence)
    more = of_place(place(found[limit - 1]), newest=newest) if len(found) > limit else None
    page = answer(
        {
            "results": [_chosen(present.result(result), listing) for result in found[:limit]],
            "next_cursor": more,
            "time_zone": present.plan.time_zone,
        }
    )
    if more is not None:
        page.headers["Link"] = _next(request, present, more)
    return page


def _chosen(data: Data, listing: _Listing) -> Data:
    """What of a result was asked for."""
    if listing.fields:
        brief = {
            "team": data["team"],
            "period": {name: data["period"][name] for name in ("kind", "id")},
            "sprint": {"id": data["sprint"]["id"]},
            "target": {"id": data["target"]["id"]},
        }
        return brief | {name: data[name] for name in listing.fields}
    if not listing.evidence:
        return {name: value for name, value in data.items() if name not in _LARGE}
    return data


def _next(request: Request, present: Presenter, cursor: str) -> str:
    """The header that leads to the next page (RFC 8288)."""
    asked = [(k, v) for k, v in request.query_params.multi_items() if k != "cursor"]
    query = urlencode([*asked, ("cursor", cursor)])
    return f'<{present.public_url}{request.url.path}?{query}>; rel="next"'


@router.get(
    "/teams/{team}/sprints/{sprint}/results/{target}",
    operation_id="getResult",
    response_model=ExplainedResult,
    responses=problems(_404="There is no such result, or no such version of it."),
)
def get_result(
    *,
    store: StoreDep,
    present: PresenterDep,
    plan: PlanDep,
    team: TeamPath,
    sprint: SprintPath,
    target: TargetPath,
    version: Annotated[
        int | None, Query(ge=1, le=1_000_000, description="This version; else the newest.")
    ] = None,
) -> Response:
    """Return one result with what was counted, what was left out and why, and earlier versions.

    A final result at `?version=N` may be kept by clients for good. What is added to it later, such
    as when it was last checked, shows without `version`.
    """
    found = store.results.find(team=team, target=target, sprint=sprint, every_version=True)
    versions = [result for result in found if version is None or result.version <= version]
    if not versions or version not in (None, versions[-1].version):
        if found:
            raise not_found(f"The newest version of this result is {found[-1].version}.")
        if not store.results.page(teams=[team], limit=1):
            team_of(plan, team)
        if not store.results.page(target=target, limit=1):
            target_of(plan, target)
        raise not_found(
            f"There is no result of this sprint. GET /api/v1/teams/{team}/sprints lists sprints."
        )
    lasting = version is not None and versions[-1].state is State.FINAL
    return answer(present.explained(versions), Cache_Control=IMMUTABLE if lasting else NO_CACHE)
