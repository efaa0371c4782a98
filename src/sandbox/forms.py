"""Where links to a new issue lead: what the real service would have filled in, to be read only."""

from collections.abc import Mapping
from html import escape

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from sandbox.world import World

_GITHUB = {"title": "Title", "body": "Text", "labels": "Labels"}
_JIRA = {"pid": "Project", "issuetype": "Type", "labels": "Labels", "summary": "Summary"}
_PAGE = """<!DOCTYPE html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>A new {what} in {service}</title>
</head>
<body>
<main>
<h1>A new {what} in {service}</h1>
<p>In a real set-up this link opens {service} with a new {what}, filled in as below. This {service}
is made up: nothing can be entered or sent here.</p>
{filled}
</main>
</body>
</html>
"""
_SAFE = {"Content-Security-Policy": "default-src 'none'", "X-Content-Type-Options": "nosniff"}


def forms(world: World) -> list[Route]:
    """Return the routes of GitHub's and Jira's pages for a new issue over `world`."""

    async def github(request: Request) -> Response:
        return _shown("issue", "GitHub", request.query_params, _GITHUB)

    async def jira(request: Request) -> Response:
        site = world.sites.get(request.path_params["site"])
        if site is None:
            return PlainTextResponse("Not Found", 404)
        asked = dict(request.query_params)
        keys = {project.ident: project.key for project in site.projects.values()}
        if asked.get("pid") in keys:
            asked["pid"] = f"{keys[asked['pid']]} (number {asked['pid']})"
        return _shown("ticket", "Jira", asked, _JIRA)

    return [
        Route("/{owner}/{name}/issues/new", github),
        Route("/jira/{site}/secure/CreateIssueDetails!init.jspa", jira),
        Route("/jira/{site}/secure/CreateIssue!default.jspa", jira),
    ]


def _shown(
    what: str, service: str, asked: Mapping[str, str], names: Mapping[str, str]
) -> HTMLResponse:
    known = [(name, asked[key]) for key, name in names.items() if asked.get(key)]
    rows = "".join(
        f"<dt>{name}</dt>\n<dd><pre>{escape(value)}</pre></dd>\n" for name, value in known
    )
    filled = f"<dl>\n{rows}</dl>" if rows else "<p>Nothing is filled in.</p>"
    return HTMLResponse(_PAGE.format(what=what, service=service, filled=filled), headers=_SAFE)
