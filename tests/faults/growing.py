"""An organisation in which something happens between any two runs."""

import time
from datetime import datetime, timedelta

from hearten.clock import now
from sandbox.world import World
from tests.support.organisation import NOW, Organisation, ago

CADENCE = "sprints: {from: cadence, first_day: 2026-01-05, length_days: 14}"
TEAMS = f"""
teams:
  - id: heron
    name: Heron
    repositories:
      - name: acme/shop
        production: {{evidence: deployment, environments: [production]}}
      - name: acme/jobs
        production: {{evidence: merge}}
    jira: {{project: HER, board: 42}}
    sprints: {{from: board}}
  - id: kite
    name: Kite
    repositories:
      - name: acme/infra
        production: {{evidence: workflow, workflow: deploy.yml}}
      - name: acme/mono
        paths: [services/kite/]
        production: {{evidence: merge}}
    {CADENCE}
    not_applicable: {{tickets-done: "We do not use Jira."}}
  - id: wren
    name: Wren
    repositories:
      - name: acme/web
        production: {{evidence: tag, tags: 'v.*'}}
      - name: acme/api
        production: {{evidence: release, tags: 'v.*'}}
      - name: acme/mono
        paths: [services/wren/]
        production: {{evidence: merge}}
    jira: {{project: WRN}}
    {CADENCE}
"""
_REPOSITORIES = ("shop", "jobs", "infra", "mono", "web", "api")
_AT_FIRST = 8  # steps before anything is read


class Growing:
    """A world that grows step by step. What comes late belongs to sprints that are final.

    But for tags and releases: one that was not on the last list is not believed to be older.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self._steps = 0
        for name in _REPOSITORIES:
            world.repository(f"acme/{name}").commit(at=ago(40))
        site = world.sites["jira"]
        site.board(42, "HER")
        for days in range(77, -14, -14):
            begin, end = ago(days), ago(days - 14)
            site.sprint(42, f"Sprint {days}", start=begin, end=end, activated=begin)
        for _ in range(_AT_FIRST):
            self.grow()

    def configure(self, organisation: Organisation) -> None:
        """Write the configuration of the organisation's teams."""
        organisation.configure(TEAMS)

    def grow(self) -> None:
        """Let every repository and project have something that was not there before."""
        self._steps += 1
        late = ago(30) + timedelta(hours=2 * self._steps)
        new = late if self._steps <= _AT_FIRST else _a_second_to_come()
        files = (f"services/{('kite', 'wren')[self._steps % 2]}/app.py",)
        for name in _REPOSITORIES:
            repo = self._world.repositories[f"acme/{name}"]
            at = new if name in ("web", "api") else late
            change = repo.merge(at=at, written=[at - timedelta(hours=1)], files=files)
            commit, tag = change.sha, f"v{self._steps}"
            match name:
                case "shop":
                    self._deploy(commit)
                case "infra":
                    repo.run("deploy.yml", commit, at=at)
                case "web":
                    repo.tag(tag, commit)
                case "api":
                    repo.release(tag, commit, at=at)
                case _:
                    pass
        self._move_tickets()

    def _deploy(self, commit: str) -> None:
        """Every second deployment waits for an approval, which comes one step later."""
        shop = self._world.repositories["acme/shop"]
        at = ago(30) + timedelta(hours=2 * self._steps)
        last = shop.deployments[-1] if shop.deployments else None
        if last and last.statuses[-1][0] == "waiting":
            shop.add_statuses(last, ("success", at))
        else:
            shop.deploy(commit, at=at, statuses=[("waiting", at)])

    def _move_tickets(self) -> None:
        site = self._world.sites["jira"]
        at = NOW - timedelta(hours=20) + timedelta(minutes=4 * self._steps)
        for project in ("HER", "WRN"):
            key = f"{project}-{self._steps}"
            site.issue(key, created=at, moves=[(at + timedelta(minutes=1), "Done")])
            if self._steps % 3 == 0:
                before = site.issues[f"{project}-{self._steps - 1}"]
                site.move(before, at + timedelta(minutes=2), "In Progress")


def _a_second_to_come() -> datetime:
    """A whole second after every read so far; it has come when this returns."""
    second = now().replace(microsecond=0) + timedelta(seconds=1)
    time.sleep((second - now()).total_seconds() + 0.01)
    return second
