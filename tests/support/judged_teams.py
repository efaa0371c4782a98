"""Three teams and what was judged of them, as a store holds them; and a service over it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.access_policy import Rules
from api.app import create_app
from api.dependencies import Service
from api.tokens import new_token
from evaluator.model.access import Scope
from evaluator.model.facts import Coverage, Reading, Reason
from evaluator.model.plan import (
    BoardSource,
    Cadence,
    Plan,
    RepositorySource,
    Target,
    TargetVersion,
    Team,
    TeamJira,
    TeamRepository,
    TicketSource,
    VersionStatus,
)
from evaluator.model.results import (
    EvidenceItem,
    Gap,
    LeftOut,
    Result,
    Sprint,
    State,
    Status,
)
from store.store import Store

NOW = datetime(2026, 3, 31, 12, tzinfo=UTC)
_documents: list[dict[str, Any]] = []
PUBLIC_URL = "https://hearten.example.org"
FORTNIGHT = timedelta(days=14)
FIRST = datetime(2026, 1, 5, 9, tzinfo=UTC)


def _target(ident: str, measure: str, *versions: TargetVersion, stretch: bool = False) -> Target:
    title = ident.replace("-", " ").capitalize()
    return Target(ident, title, f"{title} each sprint.", measure, versions, stretch=stretch)


SHIPPED = _target(
    "reached-production",
    "changes_in_production",
    TargetVersion(date(2021, 10, 1), 1),
    TargetVersion(date(2026, 6, 1), 2, VersionStatus.PROPOSED),
)
DONE = _target("tickets-done", "tickets_done", TargetVersion(date(2022, 4, 1), 5), stretch=True)
HERON = Team(
    "heron",
    "Heron",
    BoardSource("jira", 42),
    group="appointments",
    repositories=(TeamRepository("acme/shop"),),
    jira=(TeamJira(TicketSource("jira", "HER"), 42),),
    streaks=True,
)
KESTREL = Team(
    "kestrel",
    "Kestrel",
    Cadence(date(2026, 1, 5), 14),
    group="appointments",
    repositories=(TeamRepository("acme/shop"), TeamRepository("acme/jobs")),
    not_applicable=(("tickets-done", "We do not use Jira."),),
)
PLOVER = Team("plover", "plover & friends", Cadence(date(2026, 1, 5), 14), group="letters")
PLAN = Plan(
    (PLOVER, KESTREL, HERON),
    (SHIPPED, DONE),
    (RepositorySource("acme/shop"), RepositorySource("acme/jobs")),
)
READ = Coverage(
    "github:acme/shop",
    fingerprint="f",
    since=FIRST,
    read_started=NOW,
    read_finished=NOW,
    attempt_started=NOW,
    attempt_finished=NOW,
    requests=2,
)
REFUSED = Coverage(
    "github:acme/jobs",
    attempt_started=NOW,
    attempt_finished=NOW,
    reason=Reason.NO_ACCESS,
    remedy="Give the token access to acme/jobs.",
    requests=1,
)


def sprint(number: int, site: str = "jira") -> Sprint:
    """The sprint of this number, 1 to 7: number 7 goes at NOW, number 6 has settled."""
    start = FIRST + FORTNIGHT * (number - 1)
    end = start + FORTNIGHT
    return Sprint(
        f"{site}-{number}",
        f"Heron {number}",
        start,
        end,
        start.date(),
        end + timedelta(days=3),
        end,
    )


def result(
    team: str, number: int, target: str = "reached-production", status: Status = Status.MET
) -> Result:
    """A result with one of everything."""
    window = sprint(number)
    final = window.settled_at <= NOW and status is not Status.NO_DATA
    at = window.start + timedelta(days=2)
    return Result(
        team=team,
        sprint=window,
        target=target,
        target_version=date(2021, 10, 1),
        status=status,
        value=None if status is Status.NO_DATA else 1,
        minimum=1,
        unit="changes",
        coverage=0.5,
        reason="as found.",
        evidence=(EvidenceItem("pull_request", "#7", "https://github.example/7", at, ("revert",)),),
        left_out=(
            LeftOut("#8", "made by a bot", "https://github.example/8", at),
            LeftOut("x", "y"),
        ),
        gaps=(Gap("github:acme/jobs", Reason.NO_ACCESS, "Give the token access."),),
        sources=("github:acme/jobs", "github:acme/shop"),
        state=State.FINAL if final else State.PROVISIONAL,
        evaluated_at=min(window.settled_at, NOW),
        checked_at=NOW,
        notes=("A deployment was withdrawn.",),
    )


def results() -> list[Result]:
    """Seven sprints of two teams; heron's first one was raised later; plover has none."""
    found = [result(team, number) for team in ("heron", "kestrel") for number in range(1, 8)]
    found += [result("heron", number, "tickets-done", Status.NOT_MET) for number in range(1, 8)]
    found[2] = replace(found[2], status=Status.NO_DATA, value=None, state=State.PROVISIONAL)
    found[6] = replace(found[6], status=Status.IN_PROGRESS)
    found.append(replace(found[0], version=2, value=3, cause="A deployment was read later."))
    return found


def fill(store: Store) -> None:
    """Keep the plan, what was read and what was judged."""
    store.plans.save(PLAN, NOW)
    store.facts.keep(Reading(READ))
    store.facts.keep(Reading(REFUSED))
    store.results.save(results())


def _document(make: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    if not _documents:
        _documents.append(make())
    return _documents[0]


@dataclass
class World:
    """A filled store, the clock of its service, and programs that ask it."""

    store: Store
    now: datetime = NOW
    rules: Rules = Rules()  # noqa: RUF009 - frozen
    public_url: str = PUBLIC_URL

    def app(self) -> FastAPI:
        """A service of its own; only the OpenAPI document, which takes long, is made once."""
        app = create_app(
            Service(
                self.store,
                lambda: self.now,
                version="1",
                public_url=self.public_url,
                rules=self.rules,
            )
        )
        make = app.openapi
        app.openapi = lambda: _document(make)  # type: ignore[method-assign]
        return app

    def client(self, *scopes: Scope, peer: str = "127.0.0.1") -> TestClient:
        """A program that asks from `peer`, with a token of these scopes or without any."""
        client = TestClient(self.app(), client=(peer, 50000), raise_server_exceptions=False)
        if scopes:
            client.headers["Authorization"] = f"Bearer {self.secret(*scopes)}"
        return client

    def secret(self, *scopes: Scope, days: int = 90) -> str:
        """The secret of a new token."""
        token, secret = new_token("some-program", scopes, days, self.now)
        self.store.tokens.add(token)
        return secret
