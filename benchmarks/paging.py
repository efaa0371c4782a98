"""Pages a second of processor time, each as a ratio to its own template with fixed data.

What is left of the ratio is what the record, the words and the service cost. The two are asked in
turns, so that whatever else the machine does slows both.

Run by hand: `PYTHONPATH=src .venv/bin/python -m benchmarks.paging`
"""

import argparse
import asyncio
import tempfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import count
from time import process_time
from typing import Any

from fastapi import FastAPI
from jinja2 import Template
from starlette.types import Message

from api.access_policy import Rules
from api.app import create_app
from api.dependencies import Service
from api.pages.rendering import _TEMPLATES
from benchmarks.made_up import NOW, keep_everything, plan
from evaluator.model.results import EvidenceItem, LeftOut, Result, Sprint, State, Status
from store.store import Store

TEAMS, SPRINTS, ITEMS, TURNS, EACH = 50, 78, 30, 10, 10
PATHS = ("/", "/teams/team-0000", "/teams/team-0000/retro", "/data", "/calendar", "/about")
_FORTNIGHT, _MINUTE = timedelta(days=14), timedelta(minutes=1)


class Noting(Template):
    """A template that notes with what a page was last drawn."""

    last: Callable[[], str] = str

    def render(self, *args: Any, **said: Any) -> str:
        """Draw, and note how to draw the same once more."""
        Noting.last = partial(super().render, *args, **said)
        return Noting.last()


def main() -> None:
    """Fill a database, and print how many pages it gives a second."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--unread", action="store_true", help="no source was ever read")
    parser.add_argument("--database", help="a database's URL; SQLite in a temporary folder if none")
    said = parser.parse_args()
    made = plan(TEAMS)
    with tempfile.TemporaryDirectory() as folder:
        url = said.database or f"sqlite:///{folder}/hearten.db"
        with closing(Store.open(url)) as store:
            store.plans.save(made, NOW)
            if not said.unread:
                keep_everything(made, store)
            store.results.save(
                result
                for team in made.teams
                for target in made.targets
                for result in _results(team.id, target.id)
            )
            asyncio.run(_measure(store))


async def _measure(store: Store) -> None:
    _TEMPLATES.template_class = Noting
    rules = replace(Rules(), rate_limit=100_000_000)
    passed = count()  # each time a minute later, so that no answer is one that was kept
    app = create_app(Service(store, lambda: NOW + next(passed) * _MINUTE, version="1", rules=rules))
    still = create_app(Service(store, lambda: NOW, version="1", rules=rules))
    print(f"{TEAMS} teams, {SPRINTS} sprints")
    for path in PATHS:
        size = len(await _ask(app, path))
        fixed = Noting.last
        page_took = kept_took = fixed_took = 0.0
        for _ in range(TURNS):
            begun = process_time()
            for _ in range(EACH):
                await _ask(app, path)
            between = process_time()
            for _ in range(EACH):
                fixed()
            page_took += between - begun
            begun = process_time()
            fixed_took += begun - between
            for _ in range(EACH):
                await _ask(still, path)
            kept_took += process_time() - begun
        pages, bare, kept = (TURNS * EACH / took for took in (page_took, fixed_took, kept_took))
        print(
            f"{path}: {pages:.0f} a second, its template {bare:.0f}, "
            f"ratio {pages / bare:.2f}, again in the same minute {kept / bare:.2f}, {size:,} bytes"
        )


async def _ask(app: FastAPI, path: str) -> bytes:
    """The page, without a client's own cost."""
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": b"",
        "headers": [(b"host", b"localhost"), (b"accept", b"text/html")],
        "server": ("localhost", 80),
        "client": ("127.0.0.1", 1),
        "state": {},
    }
    await app(scope, receive, send)
    assert sent[0]["status"] == 200, (path, sent)
    return b"".join(message.get("body", b"") for message in sent)


def _results(team: str, target: str) -> list[Result]:
    evidence = tuple(
        EvidenceItem("pull_request", f"#{n}", f"https://github.example/{n}", NOW)
        for n in range(ITEMS)
    )
    left_out = tuple(LeftOut(f"c{n}", "made by a bot") for n in range(ITEMS))
    first = datetime(2026, 11, 9, tzinfo=UTC)
    found = []
    for back in range(SPRINTS):
        start = first - back * _FORTNIGHT
        end = start + _FORTNIGHT
        sprint = Sprint(
            start.date().isoformat(), f"Sprint {back}", start, end, start.date(), end, end
        )
        base = Result(
            team=team,
            sprint=sprint,
            target=target,
            target_version=date(2021, 10, 1),
            status=Status.MET,
            value=ITEMS,
            minimum=1,
            unit="changes",
            coverage=1.0,
            reason=f"{ITEMS} changes reached production. The target is at least 1.",
            evidence=evidence,
            left_out=left_out,
            gaps=(),
            sources=("github:example/web",),
            state=State.FINAL,
            evaluated_at=NOW,
            checked_at=NOW,
        )
        found.append(base)
    return found


if __name__ == "__main__":
    main()
