"""Before anything was read: it is said first, nothing is agreed, and examples are not read."""

import json

from fastapi.testclient import TestClient

from sandbox.github.records import TokenAccess
from store.store import Store
from tests.pages.html import Page
from tests.support.organisation import ONE_TEAM, Organisation, ago
from tests.support.served_demo import client_of

FIRST = "Nothing was read yet"


def test_nothing_read_yet_is_said_first_everywhere(organisation: Organisation) -> None:
    organisation.configure(ONE_TEAM)

    evaluated = organisation.run("evaluate")
    status = organisation.run("status")
    (data,) = json.loads(organisation.run("status", "--format", "json").out)
    with Store.open(organisation.database_url) as store:
        browser = client_of(store)
        pages = {
            path: main_of(browser, path)
            for path in ("/", "/teams/heron", "/targets", "/data", "/about")
        }
        rest = browser.get("/api/v1/teams/heron/status").json()

    assert evaluated.code == 0
    assert evaluated.messages.startswith(f"{FIRST}, so no team can be judged.")
    assert "Judged" not in evaluated.messages
    assert status.out.startswith(f"{FIRST}. Run `hearten collect`")
    assert data["nothing_read"] is rest["nothing_read"] is True
    for path, said in pages.items():
        assert said.startswith(f"Information: {FIRST}"), path
    assert " of 1 team" not in pages["/"].replace("yet of 1 team", "")


def main_of(browser: TestClient, path: str) -> str:
    """What a page says first, without its tags."""
    text = browser.get(path).text.partition("<main")[2].partition(">")[2]
    return " ".join(Page(text).words.split())


def test_no_target_is_fixed_before_a_source_was_read(organisation: Organisation) -> None:
    organisation.world.repository("acme/shop").squash_merge(at=ago(20))
    organisation.world.repositories["acme/shop"].access = TokenAccess.FORBIDDEN
    organisation.configure(ONE_TEAM)
    targets = organisation.config / "targets.yaml"
    agreed = targets.read_text()

    assert organisation.run("collect").code == 1
    targets.write_text(agreed.replace("minimum: 1", "minimum: 2"))
    assert organisation.run("config", "check").code == 0
    organisation.world.repositories["acme/shop"].access = TokenAccess.OPEN
    assert organisation.run("collect").code == 0
    targets.write_text(agreed)

    assert organisation.run("config", "check").code == 2


def test_the_example_teams_are_not_read(organisation: Organisation) -> None:
    organisation.run("init")

    ran = organisation.run("collect")

    assert ran.code == 2
    assert (
        f"{organisation.config}/teams.yaml:12: teams[heron].repositories: "
        "your-organisation/booking-web is an example, so nothing was read; "
        "put your own repository in its place"
    ) in ran.messages
    assert organisation.sandbox.log == []
    with Store.open(organisation.database_url) as store:
        assert store.plans.newest() is None
        assert store.runs.find() == []
