"""Asks a running service for everything that it answers; each answer becomes a file in a folder.

    python -m benchmarks.asked wait|read|write PORT NOW TOKEN FOLDER

`outputs.py` starts it. The pages are found by their links, and what there is of the REST API by
its OpenAPI document, with the values that its lists hold.
"""

import json
import re
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from html.parser import HTMLParser
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode, urljoin

from benchmarks.outputs import SERVICE

_PATIENCE = 300  # seconds: it reads and judges before it answers, perhaps on a busy machine
_SEEDS = ("/", "/docs", "/metrics", "/openapi.json", "/healthz", "/readyz")
# One value for each parameter of a query in the OpenAPI document.
_QUERY = {
    "cursor": "nonsense",
    "from": "2025-04-01",
    "group": "appointments",
    "job": "evaluate",
    "limit": "2",
    "on": "2025-01-06",
    "status": "no_data",
    "target": "reached-production",
    "team": "heron",
    "to": "2025-05-01",
    "version": "1",
}
_ERRORS = (
    "/nowhere",
    "/teams/nobody",
    "/teams/nobody/work",
    "/teams/nobody/retro",
    "/teams/heron/sprints/nothing",
    "/teams/heron/sprints/nothing/nothing",
    "/targets/nothing",
    "/assets/0/nothing.css",
    "/data?team=nobody",
    "/data?page=99",
    "/data?page=nonsense",
    "/?group=nobody&target=nothing",
    "/api/v1/nowhere",
    "/api/v1/teams/nobody",
    "/api/v1/teams/NO%20BODY/status",
    "/api/v1/teams/heron/sprints/nothing/results/nothing",
    "/api/v1/targets/nothing",
    "/api/v1/runs/999",
    "/api/v1/runs/nonsense",
    "/api/v1/results?limit=0",
    "/api/v1/results?nonsense=1",
    "/api/v1/results?status=nonsense&from=yesterday",
)


class _Links(HTMLParser):
    """What a page leads to: links, assets, and what may be chosen in a form."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: set[str] = set()
        self._form = self._select = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take note of one."""
        said = {name: value or "" for name, value in attrs}
        match tag:
            case "form":
                self._form = said["action"].partition("#")[0]
            case "select":
                self._select = said["name"]
            case "option":
                self.found.add(f"{self._form}?{urlencode({self._select: said['value']})}")
            case _:
                self.found |= {said[name] for name in ("href", "src") if name in said}


@dataclass(frozen=True, slots=True)
class Service:
    """A service on a port of this machine, and the folder that its answers are written into."""

    port: int
    now: datetime  # at which its time stands still
    token: str
    folder: Path

    def ask(
        self, path: str, method: str = "GET", *, body: Any = None, **headers: str
    ) -> tuple[HTTPResponse, str]:
        """Return the answer and its body, decoded."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        sent = {"Host": SERVICE.partition("//")[2], "X-Request-Id": "outputs-of-hearten", **headers}
        if body is not None:
            sent["Content-Type"] = "application/json"
        connection.request(method, path, None if body is None else json.dumps(body), sent)
        answer = connection.getresponse()
        said = answer.read().decode("utf-8", "backslashreplace")
        connection.close()
        return answer, said

    def keep(
        self,
        path: str,
        method: str = "GET",
        *,
        under: str = "get",
        body: Any = None,
        **headers: str,
    ) -> str:
        """Write an answer whole; return its body. JSON is laid out, to be compared by line."""
        answer, said = self.ask(path, method, body=body, **headers)
        file = self.folder / under / f"{quote(path.strip('/') or 'index', safe='/?&=,')}.txt"
        file.parent.mkdir(parents=True, exist_ok=True)
        head = sorted(f"{name.lower()}: {value}" for name, value in answer.getheaders())
        shown = said
        kind = answer.getheader("content-type", "")
        if said and re.match(r"application/(\w+\+)?json\b", kind):
            shown = json.dumps(json.loads(said), indent=1, ensure_ascii=False)
        lines = (f"{method} {path}", f"{answer.status} {answer.reason}", *head, "", shown)
        file.write_text("\n".join(lines), encoding="utf-8")
        return said

    def authorised(self) -> dict[str, str]:
        """Return the header with the token, which may do everything."""
        return {"Authorization": f"Bearer {self.token}"}

    def wait(self) -> None:
        """Wait until it answers, and no run is due or goes: the schedule is then at rest."""
        give_up = time.monotonic() + _PATIENCE
        while time.monotonic() < give_up:
            try:
                runs = json.loads(self.ask("/api/v1/runs")[1])["runs"]
            except OSError:
                runs = []
            over = [run for run in runs if run["state"] == "done"]
            ahead = [run for run in runs if run["state"] != "done" and self._is_due(run)]
            if not ahead and any(run["asked_by"] == "schedule" for run in over):
                return
            time.sleep(0.2)
        raise TimeoutError("The service does not come to rest.")

    def _is_due(self, run: dict[str, Any]) -> bool:
        return datetime.fromisoformat(run["due_at"]) <= self.now


def follow_links(service: Service, seeds: Iterable[str]) -> None:
    """Keep every page and asset that `seeds` lead to."""
    ahead = list(seeds)
    known = set(ahead)
    while ahead:
        path = ahead.pop()
        page = service.keep(path)
        if not page.startswith("<!DOCTYPE html>"):
            continue
        for link in sorted(_Links(page).found):
            address = urljoin(f"{SERVICE}{path}", link).partition("#")[0]
            new = address.removeprefix(SERVICE)
            if address.startswith(f"{SERVICE}/") and new not in known:
                known.add(new)
                ahead.append(new)


def ask_the_api(service: Service) -> None:
    """Keep what every GET of the OpenAPI document answers: plainly, by each parameter, paged."""
    document = json.loads(service.ask("/openapi.json")[1])
    rows = list(_rows(service))
    for template, operations in document["paths"].items():
        if "get" not in operations:
            continue
        names = re.findall(r"{(\w+)}", template)
        fitting = {tuple(row[n] for n in names) for row in rows if set(names) <= set(row)}
        paths = sorted({re.sub(r"{\w+}", "{}", template).format(*values) for values in fitting})
        if not paths:
            raise LookupError(f"No list has values for {template}; see _rows.")
        given = operations["get"].get("parameters", ())
        queries = [each["name"] for each in given if each["in"] == "query"]
        for path in (*paths, *(f"{paths[0]}?{name}={_QUERY[name]}" for name in queries)):
            _keep_pages(service, path)


def _rows(service: Service) -> Iterator[dict[str, str]]:
    """What may stand in an address, together."""
    yield {}
    for run in json.loads(service.ask("/api/v1/runs")[1])["runs"]:
        yield {"run": str(run["id"])}
    for target in json.loads(service.ask("/api/v1/targets")[1])["targets"]:
        yield {"target": target["id"]}
    for line in service.ask("/api/v1/export.jsonl")[1].splitlines():
        result = json.loads(line)
        sprint, target = result["sprint"]["id"], result["target"]["id"]
        yield {"team": result["team"], "sprint": sprint, "target": target}


def _keep_pages(service: Service, path: str) -> None:
    said = service.keep(path)
    if '"status":401' in said:
        said = service.keep(path, under="authorised", **service.authorised())
    if more := re.search(r'"next_cursor": *"([^"]+)"', said):
        first = re.sub(r"[?&]cursor=.*", "", path)
        _keep_pages(service, f"{first}{'&' if '?' in first else '?'}cursor={quote(more[1])}")


def ask_in_other_ways(service: Service) -> None:
    """Keep what depends on headers, and what other methods answer."""
    openmetrics = {"Accept": "application/openmetrics-text; version=1.0.0"}
    service.keep("/metrics", under="openmetrics", **openmetrics)
    service.keep("/", under="as-json", Accept="application/json")
    service.keep("/nowhere", under="as-json", Accept="application/json")
    service.keep("/api/v1/teams", under="known", **{"If-None-Match": "*"})
    service.keep("/teams/heron", under="known", **{"If-None-Match": "*"})
    service.keep("/", under="other-host", Host="example.org")
    service.keep("/", under="unknown-token", Authorization="Bearer hearten_nonsense")
    service.keep("/", under="no-request-id", **{"X-Request-Id": "-"})
    for method in ("HEAD", "OPTIONS", "POST", "DELETE"):
        for path in ("/teams/heron", "/api/v1/teams", "/api/v1/runs"):
            service.keep(path, method, under=method.lower())


def write(service: Service) -> None:
    """Ask for a run, make and revoke a token, rightly and wrongly; keep what shows afterwards."""
    token = service.authorised()
    run = {"job": "evaluate", "team": "heron"}
    for number, asked in enumerate((run, {"job": "nonsense"}, {"job": "collect", "team": "x"})):
        service.keep("/api/v1/runs", "POST", under=f"run-{number}", body=asked, **token)
    service.wait()
    made = {"label": "of-the-api", "scopes": ["read"], "days": 7}
    said = json.loads(service.keep("/api/v1/tokens", "POST", under="token", body=made, **token))
    service.keep("/api/v1/tokens", "POST", under="no-token", body={"label": "No Label"}, **token)
    for place in ("revoked", "revoked-again"):
        answer, body = service.ask(f"/api/v1/tokens/{said['id']}", "DELETE", **token)
        (service.folder / f"{place}.txt").write_text(f"{answer.status} {answer.reason}\n{body}")
    for path in ("/data", "/api/v1/runs", "/api/v1/teams/heron", "/metrics"):
        service.keep(path, under="afterwards")
    service.keep("/api/v1/audit", under="afterwards", **token)


def main(what: str, port: str, now: str, token: str, folder: str) -> None:
    """Ask, in an order that is the same each time."""
    service = Service(int(port), datetime.fromisoformat(now), token, Path(folder))
    match what:
        case "wait":
            service.wait()
        case "read":
            follow_links(service, (*_SEEDS, *_ERRORS))
            ask_the_api(service)
            ask_in_other_ways(service)
        case _:
            write(service)


if __name__ == "__main__":
    main(*sys.argv[1:])
