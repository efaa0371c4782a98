"""The loopback GitHub over HTTP: GraphQL and a few REST paths, with and without `/api`."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from itertools import count
from typing import Any
from urllib.parse import urljoin

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route

from sandbox.github import rest_pulls, rest_shapes
from sandbox.github.dates import instant
from sandbox.github.graphql import answer, rate_limit
from sandbox.github.installations import access_token
from sandbox.github.records import TokenAccess, WorkflowRun
from sandbox.github.repository import SandboxRepository
from sandbox.world import World

_DOCUMENTATION = "https://docs.github.com/rest"


def github(world: World) -> Starlette:
    """Return GitHub over `world`: at the root as github.com, under `/api` as Enterprise."""
    return Starlette(routes=_GitHub(world).routes())


class _GitHub:
    """One GitHub, which counts what is asked of it against its limit."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._used = count(1)

    def routes(self) -> list[Route | Mount]:
        runs = "/repos/{owner}/{name}/actions"
        rest = [
            Route("/rate_limit", self._rate_limit),
            Route("/repos/{owner}/{name}", self._about(self._repository)),
            Route("/repos/{owner}/{name}/compare/{basehead}", self._about(self._compared)),
            Route("/repos/{owner}/{name}/commits/{sha}/pulls", self._about(self._pulls)),
            Route(f"{runs}/runs", self._about(self._runs)),
            Route(f"{runs}/runs/{{run:int}}/attempts/{{number:int}}", self._about(self._attempt)),
            Route(f"{runs}/workflows", self._about(self._workflows)),
            Route(f"{runs}/workflows/{{workflow}}", self._about(self._workflow)),
            Route(f"{runs}/workflows/{{workflow}}/runs", self._about(self._runs)),
            Route(
                "/app/installations/{installation}/access_tokens",
                self._access_token,
                methods=["POST"],
            ),
        ]
        return [
            Route("/graphql", self._graphql, methods=["POST"]),
            Route("/api/graphql", self._graphql, methods=["POST"]),
            Mount("/api/v3", routes=rest),
            *rest,
        ]

    async def _graphql(self, request: Request) -> Response:
        if (refused := _unauthorised(request)) is not None:
            return refused
        used = next(self._used)
        try:
            body = await request.json()
        except ValueError:
            return self._limited(_problem(400, "Problems parsing JSON"), "graphql", used)
        said = answer(self._world, body, used, html=urljoin(str(request.base_url), "/")[:-1])
        return self._limited(JSONResponse(said), "graphql", used)

    async def _rate_limit(self, request: Request) -> Response:
        """Say what is left, which costs nothing."""
        if (refused := _unauthorised(request)) is not None:
            return refused
        left = rest_shapes.limit(rate_limit(self._world, 0))
        resources = dict.fromkeys(("core", "graphql", "search"), left)
        return JSONResponse({"resources": resources, "rate": left})

    async def _access_token(self, request: Request) -> Response:
        return access_token(request, self._world.now)

    def _about(
        self, handler: Callable[[Request, SandboxRepository], Response]
    ) -> Callable[..., Any]:
        """Return an endpoint that lets `handler` answer about a repository that may be seen."""

        async def endpoint(request: Request) -> Response:
            if (refused := _unauthorised(request)) is not None:
                return refused
            asked = f"{request.path_params['owner']}/{request.path_params['name']}"
            return self._limited(self._answer(request, asked, handler), "core", next(self._used))

        return endpoint

    def _answer(
        self,
        request: Request,
        asked: str,
        handler: Callable[[Request, SandboxRepository], Response],
    ) -> Response:
        found = self._world.find_repository(asked)
        if found is None:
            return _problem(404, "Not Found")
        if found.access is TokenAccess.FORBIDDEN:
            return _problem(403, "Resource not accessible by personal access token")
        if asked.casefold() != found.name.casefold():
            location = str(request.url).replace(f"/repos/{asked}", f"/repos/{found.name}")
            return JSONResponse(
                {
                    "message": "Moved Permanently",
                    "url": location,
                    "documentation_url": _DOCUMENTATION,
                },
                301,
                {"Location": location},
            )
        return handler(request, found)

    def _limited(self, response: Response, resource: str, used: int) -> Response:
        limit = rate_limit(self._world, used)
        response.headers["X-RateLimit-Limit"] = str(limit["limit"])
        response.headers["X-RateLimit-Remaining"] = str(limit["remaining"])
        response.headers["X-RateLimit-Used"] = str(used)
        response.headers["X-RateLimit-Reset"] = str(int(instant(limit["resetAt"]).timestamp()))
        response.headers["X-RateLimit-Resource"] = resource
        return response

    def _repository(self, request: Request, repo: SandboxRepository) -> Response:
        return JSONResponse(rest_shapes.repository(_api(request), self._world, repo))

    def _compared(self, request: Request, repo: SandboxRepository) -> Response:
        """Say at which commit the second of two left the first; nothing else is asked."""
        base, _, head = request.path_params["basehead"].partition("...")
        if not {base, head} <= repo.commits.keys():
            return _problem(404, "Not Found")
        known = {*repo.history(base)}
        common = next((sha for sha in repo.history(head) if sha in known), None)
        if common is None:
            return _problem(404, f"No common ancestor between {base} and {head}.")
        return JSONResponse({"merge_base_commit": {"sha": common}, "commits": []})

    def _pulls(self, request: Request, repo: SandboxRepository) -> Response:
        sha = request.path_params["sha"]
        if sha not in repo.commits:
            return _problem(422, f"No commit found for SHA: {sha}")
        api, found = _api(request), repo.pulls_of(sha)
        shown = [rest_pulls.pull_request(api, self._world, repo, pull) for pull in found]
        return JSONResponse(shown)

    def _workflows(self, request: Request, repo: SandboxRepository) -> Response:
        names = _workflows_of(repo)
        shown = [rest_shapes.workflow(_api(request), repo, name) for name in names]
        return JSONResponse({"total_count": len(shown), "workflows": shown})

    def _workflow(self, request: Request, repo: SandboxRepository) -> Response:
        name = _named(request.path_params["workflow"], repo)
        if name is None:
            return _problem(404, "Not Found")
        return JSONResponse(rest_shapes.workflow(_api(request), repo, name))

    def _attempt(self, request: Request, repo: SandboxRepository) -> Response:
        asked = request.path_params
        run = next((run for run in repo.runs if run.ident == asked["run"]), None)
        attempt = run.attempt(asked["number"]) if run else None
        if attempt is None:
            return _problem(404, "Not Found")
        return JSONResponse(rest_shapes.run(_api(request), repo, attempt))

    def _runs(self, request: Request, repo: SandboxRepository) -> Response:
        asked = request.query_params
        found = repo.runs
        if "workflow" in request.path_params:
            name = _named(request.path_params["workflow"], repo)
            if name is None:
                return _problem(404, "Not Found")
            found = [run for run in found if run.workflow == name]
        if status := asked.get("status"):
            found = [r for r in found if status in (r.conclusion or "in_progress", _status(r))]
        if branch := asked.get("branch"):
            found = [run for run in found if run.branch == branch]
        if event := asked.get("event"):
            found = [run for run in found if run.event == event]
        if created := asked.get("created"):
            found = [run for run in found if _within(run.created_at, created)]
        found = sorted(found, key=lambda run: (run.created_at, run.ident), reverse=True)
        return _page(request, repo, found)


def _page(request: Request, repo: SandboxRepository, found: list[WorkflowRun]) -> Response:
    size = min(100, max(1, int(request.query_params.get("per_page", "30"))))
    page = max(1, int(request.query_params.get("page", "1")))
    last = max(1, -(-len(found) // size))
    shown = [
        rest_shapes.run(_api(request), repo, r) for r in found[(page - 1) * size : page * size]
    ]
    steps = [("prev", page - 1)] if page > 1 else []
    steps += [("next", page + 1), ("last", last)] if page < last else []
    links = [f'<{request.url.include_query_params(page=to)}>; rel="{rel}"' for rel, to in steps]
    headers = {"Link": ", ".join(links)} if links else {}
    return JSONResponse({"total_count": len(found), "workflow_runs": shown}, headers=headers)


def _unauthorised(request: Request) -> Response | None:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.casefold() in ("bearer", "token") and token not in ("", "bad"):
        return None
    return _problem(401, "Bad credentials")


def _problem(status: int, message: str) -> Response:
    body = {"message": message, "documentation_url": _DOCUMENTATION, "status": str(status)}
    return JSONResponse(body, status)


def _api(request: Request) -> str:
    return str(request.base_url).rstrip("/") + str(request.scope["root_path"])


def _named(asked: str, repo: SandboxRepository) -> str | None:
    """Return the file name of a workflow asked for by file name or number."""
    names = _workflows_of(repo)
    known = {str(rest_shapes.workflow_id(name)): name for name in names}
    return asked if asked in names else known.get(asked)


def _workflows_of(repo: SandboxRepository) -> list[str]:
    """Return the file names of the workflows that are there."""
    return sorted({*repo.idle_workflows, *(run.workflow for run in repo.runs)})


def _status(run: WorkflowRun) -> str:
    return "completed" if run.conclusion else "in_progress"


def _within(at: datetime, asked: str) -> bool:
    """Whether `at` is within GitHub's `created`, as `>=2026-01-05` or `2026-01-05..2026-02-01`."""
    if ".." in asked:
        begin, _, end = asked.partition("..")
        return (begin == "*" or at >= instant(begin)) and (end == "*" or at <= _end(end))
    if asked.startswith(">="):
        return at >= instant(asked[2:])
    if asked.startswith("<="):
        return at <= _end(asked[2:])
    if asked.startswith(">"):
        return at > _end(asked[1:])
    if asked.startswith("<"):
        return at < instant(asked[1:])
    return instant(asked) <= at <= _end(asked)


def _end(text: str) -> datetime:
    """Return the last second that `text` means: of a day where it names a day."""
    at = instant(text)
    if len(text) > len("2026-01-05"):
        return at
    return datetime.combine(at, time.min, UTC) + timedelta(days=1, seconds=-1)
