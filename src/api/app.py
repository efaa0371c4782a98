"""The FastAPI app, put together: problems, REST, metrics and pages."""

from fastapi import APIRouter, FastAPI

from api import health, problems
from api.dependencies import Service
from api.metrics import endpoint
from api.middleware.access import AccessMiddleware
from api.middleware.deadline import DeadlineMiddleware
from api.middleware.etag_cache import EtagCacheMiddleware
from api.middleware.headers import HeadersMiddleware
from api.middleware.request_log import RequestLogMiddleware
from api.middleware.store_revision import StoreRevision
from api.pages import errors
from api.pages.routes import router as pages
from api.rest import openapi
from api.rest.parameters import KnownOnly
from api.rest.routes import (
    calendar,
    coverage,
    exports,
    flow,
    reference,
    results,
    runs,
    status,
    stories,
    targets,
    teams,
    tokens,
)


def create_app(service: Service) -> FastAPI:
    """Return the app over `service`. It reads the store and asks for runs; it computes nothing."""
    app = FastAPI(
        title="hearten",
        version=service.version,
        summary="Where each team stands against a few light-touch targets, with the evidence.",
        openapi_url="/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    app.state.service = service
    problems.install(app, errors.page_of_problem)
    openapi.install(app)
    revisions = StoreRevision(service.store)
    # The last one added is the outermost.
    app.add_middleware(EtagCacheMiddleware, revisions=revisions, clock=service.clock)
    app.add_middleware(AccessMiddleware, service=service, revisions=revisions)
    app.add_middleware(DeadlineMiddleware, seconds=service.answer_within)
    app.add_middleware(HeadersMiddleware, public_url=service.public_url)
    app.add_middleware(RequestLogMiddleware)
    app.include_router(health.router)
    app.include_router(reference.router)
    app.include_router(_rest(), prefix="/api/v1", dependencies=[KnownOnly])
    app.include_router(endpoint.router)
    app.include_router(pages)
    return app


def _rest() -> APIRouter:
    rest = APIRouter()
    of_teams = (status, teams, flow, stories, results)
    for part in (*of_teams, targets, coverage, runs, exports, calendar, tokens):
        rest.include_router(part.router)
    return rest
