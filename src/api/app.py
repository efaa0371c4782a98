"""The FastAPI app, put together: problems, REST, metrics and pages."""

from fastapi import APIRouter, FastAPI

from api import document, metrics, problems
from api.access import Gate
from api.caching import Cache
from api.headers import Frame
from api.pages import errors
from api.pages.routes import router as pages
from api.parameters import KnownOnly
from api.request_log import RequestLog
from api.revisions import Revisions
from api.routes import (
    calendar,
    coverage,
    exports,
    health,
    reference,
    results,
    runs,
    targets,
    teams,
    tokens,
)
from api.service import Service


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
    document.install(app)
    revisions = Revisions(service.store)
    # The last one added is the outermost.
    app.add_middleware(Cache, revisions=revisions, clock=service.clock)
    app.add_middleware(Gate, service=service, revisions=revisions)
    app.add_middleware(Frame, public_url=service.public_url)
    app.add_middleware(RequestLog)
    app.include_router(health.router)
    app.include_router(reference.router)
    app.include_router(_rest(), prefix="/api/v1", dependencies=[KnownOnly])
    app.include_router(metrics.router)
    app.include_router(pages)
    return app


def _rest() -> APIRouter:
    rest = APIRouter()
    for part in (teams, results, targets, coverage, runs, exports, calendar, tokens):
        rest.include_router(part.router)
    return rest
