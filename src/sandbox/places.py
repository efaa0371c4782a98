"""Where the links of evidence lead: on the real services to a page, here to a sentence."""

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from sandbox.world import World

_KINDS = ("commit", "pull", "releases/tag", "tree", "actions/runs", "deployments")
_HELP = "Here people find help with the service. This place is made up, as all the rest.\n"
_SAID = "Here the real {service} shows {what}. This one is made up: there is nothing more to see.\n"


def places(world: World) -> list[Route]:
    """Return the routes of GitHub's and Jira's pages over `world`; 404 where nothing is there.

    A former name of a repository is as good as its name, as on GitHub.
    """

    async def github(request: Request) -> Response:
        name = f"{request.path_params['owner']}/{request.path_params['name']}"
        if world.find_repository(name) is None:
            return PlainTextResponse("Not Found", 404)
        kind = request.url.path.removeprefix(f"/{name}/")
        what = f"{kind} of {name}"
        return PlainTextResponse(_SAID.format(service="GitHub", what=what))

    async def discussions(_: Request) -> Response:
        return PlainTextResponse(_HELP)

    async def jira(request: Request) -> Response:
        site, key = request.path_params["site"], request.path_params["key"]
        if site not in world.sites:
            return PlainTextResponse("Not Found", 404)
        return PlainTextResponse(_SAID.format(service="Jira", what=key))

    pages = (f"/{{owner}}/{{name}}/{kind}/{{what:path}}" for kind in _KINDS)
    return [
        Route("/jira/{site}/browse/{key}", jira),
        Route("/{owner}/{name}/discussions", discussions),
        *(Route(page, github) for page in pages),
    ]
