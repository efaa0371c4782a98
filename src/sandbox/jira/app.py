"""The loopback Jira over HTTP: one site's paths, and who may ask."""

import base64
import binascii
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.jira import boards, cloud, data_center
from sandbox.jira.asked import JiraError, JiraRequest
from sandbox.jira.jql import JqlError
from sandbox.jira.shapes import FIELDS, Shape, Shapes
from sandbox.jira.site import Site
from sandbox.people import CAST

Handler = Callable[[JiraRequest], Shape | list[Shape]]


def jira(site: Site) -> Starlette:
    """Return one Jira site. Cloud speaks versions 2 and 3 of the API, Data Center only 2."""
    platform: list[tuple[str, str, Handler]] = [
        ("GET", "/serverInfo", _server_info),
        ("GET", "/myself", _myself),
        ("GET", "/field", _fields),
        ("GET", "/status", _statuses),
        ("GET", "/status/{status}", _status),
        ("GET", "/project", _projects),
        ("GET POST", "/search", cloud.removed_search if site.cloud else data_center.search),
    ]
    if site.cloud:
        platform += [
            ("GET POST", "/search/jql", cloud.search),
            ("GET", "/project/search", cloud.projects),
            ("POST", "/search/approximate-count", cloud.count),
            ("POST", "/changelog/bulkfetch", cloud.changes),
            ("POST", "/issue/bulkfetch", cloud.issues),
        ]
    else:
        platform.append(("GET", "/issue/{issue}", data_center.issue))
    platform.append(("GET", "/project/{project}", _project))
    agile: list[tuple[str, str, Handler]] = [
        ("GET", "/board", boards.boards),
        ("GET", "/board/{board}", boards.board),
        ("GET", "/board/{board}/sprint", boards.sprints),
        ("GET", "/sprint/{sprint}", boards.sprint),
    ]
    routes = [
        Route(
            f"/rest/api/{version}{path}", _endpoint(site, version, handler), methods=methods.split()
        )
        for version in (("2", "3") if site.cloud else ("2",))
        for methods, path, handler in platform
    ]
    routes += [
        Route(f"/rest/agile/1.0{path}", _endpoint(site, "2", handler), methods=methods.split())
        for methods, path, handler in agile
    ]
    return Starlette(routes=routes)


def _endpoint(
    site: Site, version: str, handler: Handler
) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        known = _authorised(site, request.headers.get("authorization", ""))
        if not known and handler is not _server_info:  # which Jira tells anybody
            return _unauthorised(site)
        query = request.query_params
        given: dict[str, Any] = {name: ",".join(query.getlist(name)) for name in query}
        given |= request.path_params
        if request.method == "POST":
            given |= await request.json()
        address = str(request.base_url).rstrip("/") + str(request.scope["root_path"])
        shapes = Shapes(site, address, version)
        try:
            return JSONResponse(handler(JiraRequest(site, shapes, given)))
        except JqlError as error:
            return _problem(400, str(error))
        except JiraError as error:
            return _problem(error.status, str(error))

    return endpoint


def _authorised(site: Site, header: str) -> bool:
    """Whether the header is what the site takes: address and token on Cloud, else a token."""
    scheme, _, value = header.partition(" ")
    if not site.cloud:
        return scheme == "Bearer" and value not in ("", "bad")
    try:
        email, _, token = base64.b64decode(value, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return False
    return scheme == "Basic" and "@" in email and token not in ("", "bad")


def _unauthorised(site: Site) -> Response:
    if site.cloud:
        text = "Client must be authenticated to access this resource."
        headers = {"WWW-Authenticate": 'OAuth realm="sandbox"'}
        return Response(text, 401, headers, "text/plain")
    return _problem(401, "You are not authenticated. Authentication is required.")


def _problem(status: int, message: str) -> Response:
    return JSONResponse({"errorMessages": [message], "errors": {}}, status)


def _server_info(asked: JiraRequest) -> Shape:
    cloud_site = asked.site.cloud
    return {
        "baseUrl": asked.shapes.base,
        "version": "1001.0.0-SNAPSHOT" if cloud_site else "9.12.0",
        "versionNumbers": [1001, 0, 0] if cloud_site else [9, 12, 0],
        "deploymentType": "Cloud" if cloud_site else "Server",
        "buildNumber": 100293 if cloud_site else 912000,
        "serverTitle": "Jira",
    }


def _myself(asked: JiraRequest) -> Shape:
    return asked.shapes.user(CAST[0])


def _fields(_: JiraRequest) -> list[Shape]:
    return [{"id": name, "key": name, "name": name, "custom": False} for name in FIELDS]


def _statuses(asked: JiraRequest) -> list[Shape]:
    return [asked.shapes.status(s) for s in asked.site.statuses.values() if s.listed]


def _projects(asked: JiraRequest) -> list[Shape]:
    return [asked.shapes.project(project) for project in asked.site.readable_projects()]


def _project(asked: JiraRequest) -> Shape:
    wanted = asked.text("project")
    for project in asked.site.readable_projects():
        if wanted in (project.key, project.ident):
            return asked.shapes.project(project)
    raise JiraError(404, f"No project could be found with key '{wanted}'.")


def _status(asked: JiraRequest) -> Shape:
    wanted = asked.text("status")
    for status in asked.site.statuses.values():
        if status.listed and wanted in (status.ident, status.name):
            return asked.shapes.status(status)
    raise JiraError(404, f"The status with id '{wanted}' does not exist.")
