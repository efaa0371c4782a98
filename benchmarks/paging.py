"""Pages a second, as a ratio to the same template with fixed data: what the record costs.

Run by hand: `PYTHONPATH=src .venv/bin/python -m benchmarks.paging`
"""

import tempfile
from datetime import UTC, date, datetime, timedelta
from time import perf_counter

from fastapi.testclient import TestClient

from api.app import create_app
from api.pages.presenters.result import CAVEAT, Viewpoint
from api.pages.presenters.team import recent, team_page
from api.pages.rendering import _TEMPLATES, frame
from api.service import Service
from benchmarks.made_up import NOW, plan
from evaluator.model.results import EvidenceItem, LeftOut, Result, Sprint, State, Status
from store.store import Store

TEAMS, SPRINTS, ITEMS, TIMES = 50, 78, 30, 100
_FORTNIGHT = timedelta(days=14)


def main() -> None:
    """Fill a database, and print how many pages it gives a second."""
    made = plan(TEAMS)
    with (
        tempfile.TemporaryDirectory() as folder,
        Store.open(f"sqlite:///{folder}/hearten.db") as store,
    ):
        store.save_plan(made, NOW)
        store.save_results(
            result
            for team in made.teams
            for target in made.targets
            for result in _results(team.id, target.id)
        )
        browser = TestClient(create_app(Service(store, lambda: NOW, version="1")))
        team = made.teams[0]
        since = recent(store.results(team=team.id, brief=True), NOW)
        results = store.results(team=team.id, sprint_from=since, every_version=True)
        page = team_page(team, results, {}, NOW, Viewpoint(made, team.name, ""))
        around = frame(made, f"/teams/{team.id}", NOW)
        template = _TEMPLATES.get_template("team.jinja")

        fixed = _a_second(lambda: template.render(frame=around, page=page, caveat=CAVEAT))
        print(f"{TEAMS} teams, {SPRINTS} sprints, {len(made.targets)} targets")
        print(f"the template of a team with fixed data: {fixed:.0f} a second")
        for path in (f"/teams/{team.id}", f"/teams/{team.id}/retro", "/", "/data", "/about"):
            size = len(browser.get(path).content)
            pages = _a_second(lambda path=path: browser.get(path))
            print(f"{path}: {pages:.0f} a second, {pages / fixed:.2f} of it, {size:,} bytes")


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
            reason=f"Met: {ITEMS} changes reached production. The target is at least 1.",
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


def _a_second(page: object) -> float:
    assert callable(page)
    page()
    started = perf_counter()
    for _ in range(TIMES):
        page()
    return TIMES / (perf_counter() - started)


if __name__ == "__main__":
    main()
