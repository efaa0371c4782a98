"""The FastAPI app, put together: problems, REST, metrics and pages."""

from fastapi import FastAPI

from api import problems
from api.pages import errors
from api.pages.routes import router as pages
from api.routes import health
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
    )
    app.state.service = service
    problems.install(app)
    errors.install(app)
    app.include_router(health.router)
    app.include_router(pages)
    return app
