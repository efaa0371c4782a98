"""After a collection of the whole made-up organisation, no trace of a person is anywhere."""

import logging
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.dependencies import Service
from hearten.wiring import MAIN_SITE
from sandbox.demo.config import demo_config
from sandbox.demo.world import demo_world
from sandbox.people import personal_strings
from sandbox.traffic import ForcedAnswer
from sandbox.world import World
from store.store import Store
from tests.command.test_retro_and_feedback import TARGETS
from tests.support.database_dump import everything_in
from tests.support.organisation import NOW, Organisation, ago
from tests.support.sandbox_servers import serve


def test_no_name_login_address_or_text_of_a_person_is_kept_printed_or_logged(
    database_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setenv("DEMO_DC_TOKEN", "any")
    caplog.set_level(logging.DEBUG)
    world = demo_world(NOW)
    with serve(world) as sandbox:
        organisation = Organisation(world, sandbox, database_url, tmp_path / "config")
        organisation.config.mkdir()
        for name, text in demo_config(NOW, data_center_url=sandbox.jira_url("legacy")).items():
            organisation.config.joinpath(name).write_text(text)
        said = [organisation.run("collect", "--since", "2024-01-01"), organisation.run("evaluate")]
        said += [organisation.run("results", "--format", form) for form in ("json", "csv", "table")]
        said += [organisation.run("status", "--format", "json"), organisation.run("status")]

    with Store.open(database_url) as store:
        kept = everything_in(store)
    everywhere = [kept, caplog.text, *(ran.out + ran.messages for ran in said)]

    assert len(kept) > 100_000, "the organisation was really read"
    found = {text for text in personal_strings() for place in everywhere if text in place}
    assert not found


CANARIES = (
    "canary-label",
    "canary-came-and-went",
    "canary-summary",
    "canary-linked",
    "canary-pull",
    "canary-branch",
    "canary-headline",
    "canary-issue",
    "canary-of-issue",
)
NOT_EVEN_ASKED_FOR = {"canary-summary", "canary-issue"}
STORY = "Canaries may sing where their team publishes them."
TEAMS = """
teams:
  - id: heron
    name: Heron
    repositories: [{name: acme/shop, production: {evidence: deployment, environments: [live]}}]
    jira: {project: HER}
    sprints: {from: cadence, first_day: 2026-01-05, length_days: 14}
  - id: kestrel
    name: Kestrel
    repositories: [{name: acme/shop, production: {evidence: deployment, environments: [live]}}]
    jira: {site: legacy, project: KES}
    sprints: {from: cadence, first_day: 2026-01-05, length_days: 14}
  - id: wren
    name: Wren
    repositories: [{name: acme/nest, production: {evidence: deployment, environments: [live]}}]
    sprints: {from: cadence, first_day: 2026-01-05, length_days: 14}
"""


def sing(world: World) -> None:
    """Put a canary wherever people write what hearten reads in passing."""
    shop, nest = world.repository("acme/shop"), world.repository("acme/nest")
    for repo in (shop, nest):
        repo.deploy(repo.commit(at=ago(60), headline="canary-headline"), "live", at=ago(59))
        repo.deploy(repo.squash_merge(at=ago(50)), "live", at=ago(50))
    action = nest.issue("canary-issue", at=ago(45), labels=["retro-action", "canary-of-issue"])
    heard = nest.issue("canary-issue", at=ago(45), labels=["user-feedback", "canary-of-issue"])
    for repo, closes in ((shop, []), (nest, [action, heard])):
        change = repo.squash_merge(
            at=ago(30),
            title="HER-2 KES-2 canary-pull",
            head="her-2-canary-branch",
            texts={"stories/2026-01-05.md": STORY},
            closes=closes,
        )
        repo.deploy(change, "live", at=ago(30))
    for name, key in ((MAIN_SITE, "HER"), ("legacy", "KES")):
        site = world.sites[name]
        labels = ["retro-action", "canary-label", "canary-came-and-went"]
        moves = [(ago(40), "In Progress"), (ago(31), "Done")]
        asked = site.issue(f"{key}F-1", created=ago(48), summary="canary-linked", labels=labels)
        work = site.issue(
            f"{key}-2", created=ago(45), moves=moves, summary="canary-summary", labels=labels
        )
        site.link(work, "Feedback", asked, ago(44))
        site.label(work, ago(43), remove="canary-came-and-went")


def rest_and_pages(client: TestClient, result: str) -> Iterator[str]:
    """Yield the addresses of all that REST answers to GET, and of pages of each kind."""
    for path in client.get("/openapi.json").json()["paths"]:
        for team in ("heron", "wren"):
            known = {"team": team, "sprint": result, "target": "user-feedback"}
            yield path.format_map(defaultdict(lambda: "1", known))
    for team in ("heron", "wren"):
        of_team = f"/teams/{team}"
        yield from (of_team, f"{of_team}/sprints", f"{of_team}/retro", f"{of_team}/work")
        yield from (f"{of_team}/sprints/{result}", f"{of_team}/sprints/{result}/retro-actions")
        yield f"{of_team}/sprints/{result}/user-feedback"
    yield from ("/", "/targets", "/calendar", "/data", "/stories", "/metrics", "/about/your-data")


def test_nothing_that_people_write_is_kept_answered_exported_or_logged_but_a_story(
    organisation: Organisation, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    url = organisation.sandbox.jira_url("legacy")
    sites = f"jira_sites: {{legacy: {{url: '{url}', token_env: HEARTEN_JIRA_TOKEN}}}}\n"
    organisation.configure(TEAMS, hearten=f"feedback_links: [Feedback]\n{sites}")
    organisation.config.joinpath("targets.yaml").write_text(TARGETS)
    sing(organisation.world)
    sent: list[bytes] = []

    def overheard(answer: ForcedAnswer) -> ForcedAnswer:
        sent.append(answer.body)
        return answer

    organisation.sandbox.spoil("", overheard)
    organisation.collect_and_evaluate()
    for name, key in ((MAIN_SITE, "HER-2"), ("legacy", "KES-2")):
        site = organisation.world.sites[name]  # rows are written anew, and leave free pages
        site.label(site.issues[key], ago(1), add="canary-came-and-went", remove="canary-label")
    organisation.collect_and_evaluate()
    exports = (["export", "openmetrics"], ["results", "--format", "csv"], ["doctor"])
    said = [organisation.run(*arguments) for arguments in exports]
    with Store.open(organisation.database_url) as store:
        kept = everything_in(store)
        client = TestClient(create_app(Service(store, lambda: NOW, version="1")))
        sprint = next(row for row in organisation.results() if row["evidence"])["sprint"]["id"]
        addresses = dict.fromkeys(rest_and_pages(client, sprint))
        answers = {address: client.get(address) for address in addresses}
    file = Path(organisation.database_url.removeprefix("sqlite:///"))
    pages = [each.read_bytes().decode(errors="replace") for each in file.parent.glob("hearten.db*")]

    heard = b"".join(sent).decode()
    assert {canary for canary in CANARIES if canary not in heard} == NOT_EVEN_ASKED_FOR
    found = {address: answer.status_code for address, answer in answers.items()}
    assert sum(code == 200 for code in found.values()) > 30, found
    places = {
        **{address: answer.text for address, answer in answers.items()},
        **{" ".join(how): ran.out + ran.messages for how, ran in zip(exports, said, strict=True)},
        **{f"part {number} of the database": text for number, text in enumerate(pages)},
        "rows": kept,
        "log": caplog.text,
    }
    shown = {place for place, text in places.items() if STORY in text}
    assert {"rows", "/stories", "part 0 of the database"} <= shown, "what is there is found"
    written = (*CANARIES, *personal_strings())
    assert [(w, place) for place, text in places.items() for w in written if w in text] == []
