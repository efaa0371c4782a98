"""Errors for people: what happened, what to do, and a way back."""

from http import HTTPStatus

from fastapi import Request, Response
from fastapi.responses import RedirectResponse
from starlette.routing import Match

from api.dependencies import Service
from api.pages.rendering import render
from api.problems import Problem
from evaluator.model.plan import Plan
from store.errors import StoreError

_API = ("/api/", "/healthz", "/readyz", "/metrics", "/openapi.json")
_SAID = {
    401: ("Sign in first", "This page is for those who have signed in."),
    403: ("You cannot see this page", "It is there, and you are not allowed to see it."),
    404: ("Page not found", "There is no page at this address."),
    405: ("This cannot be done here", "Pages are only read. Nothing is changed on them."),
    422: ("This address cannot be used", "Something in the address is not what the page expects."),
    503: (
        "The service is not ready",
        "Its database does not answer. Nothing is lost, and no status changes.",
    ),
}
_OTHERWISE = (
    "Something went wrong on our side",
    "That is a defect of this service, not something you did.",
)
_REMEDIES = {
    401: ("Come in by your organisation's sign-on, then try again.",),
    403: ("Ask the people who run this service, if you need it.",),
    404: (
        "If you typed the address, check it. If you pasted it, check that you have all of it.",
        "Teams that closed keep their results, at the addresses that they always had.",
    ),
    405: ("Go back to the page and follow its links.",),
    422: ("Go back to the page and choose again.",),
}
_LATER = ("Try again in a few minutes.",)


def page_of_problem(request: Request, problem: Problem) -> Response | None:
    """Return the page for an error; None where a program asks, or an address of programs.

    An address with a slash too many, and that of teams without a team's name, lead to the page.
    """
    if request.url.path.startswith(_API) or not _prefers_html(request.headers.get("accept", "")):
        return None
    if problem.status == HTTPStatus.NOT_FOUND and (meant := _meant(request)):
        return RedirectResponse(meant, HTTPStatus.PERMANENT_REDIRECT)
    service: Service = request.app.state.service
    heading, said = _SAID.get(problem.status, _OTHERWISE)
    return render(
        request,
        _plan(service),
        service.clock(),
        "error.jinja",
        status=problem.status,
        heading=heading,
        said=said,
        remedies=_REMEDIES.get(problem.status, _LATER),
        request_id=problem.instance,
    )


def _meant(request: Request) -> str | None:
    """The address of the page that was meant, where it is another one than what was asked for."""
    asked = request.url.path
    meant = asked.rstrip("/")
    if meant == "/teams":
        meant = "/"
    if meant == asked:
        return None
    scope = {**request.scope, "path": meant}
    if all(route.matches(scope)[0] is not Match.FULL for route in request.app.router.routes):
        return None
    return str(request.url.replace(scheme="", netloc="", path=meant))


def _prefers_html(accept: str) -> bool:
    """Whether HTML is named before any JSON; browsers do, programs do not."""
    kinds = [part.split(";")[0].strip().lower() for part in accept.split(",")]
    pages = [place for place, kind in enumerate(kinds) if kind == "text/html"]
    others = [place for place, kind in enumerate(kinds) if kind.endswith("json")]
    return bool(pages) and (not others or pages[0] < others[0])


def _plan(service: Service) -> Plan:
    """The plan, for the product's name; an empty one where even that cannot be read."""
    try:
        return service.store.plans.newest() or Plan(teams=(), targets=())
    except StoreError:
        return Plan(teams=(), targets=())
