"""docs/production.md: each recipe counts what its example says, and names what it cannot show."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from collector.github.connection import GitHubConnection
from evaluator.measures import MEASURES
from evaluator.model.results import Result, Status
from hearten.config.loading import load
from hearten.runs import jobs
from hearten.wiring import collectors_of
from sandbox.world import World
from store.store import Store
from tests.docs import recipe_worlds as worlds
from tests.support.quiet import Quiet
from tests.support.sandbox_servers import serve
from tests.support.sentences import long_sentences

TEXT = Path(__file__).parents[2].joinpath("docs", "production.md").read_text()
NOW = datetime(2026, 3, 31, 12, tzinfo=UTC)
BEGIN = date(2026, 3, 2)
SINCE = BEGIN - timedelta(days=14)  # to read what is needed is quicker
TARGETS = """
targets:
  - id: reached-production
    title: Changes reach production
    plain_english: At least one change reaches production each sprint.
    measure: changes_in_production
    helps_with: Work that waits unreleased helps nobody.
    benefit: Your work reaches people sooner.
    versions: [{effective_from: 2021-10-01, minimum: 1, status: agreed}]
"""

WORLDS: Mapping[str, Callable[[World], None]] = {
    "Every merge goes live": worlds.every_merge,
    "A pipeline on GitHub": worlds.pipeline,
    "GitOps repository": worlds.gitops,
    "Container tags": worlds.container_tags,
    "Regions": worlds.regions,
    "Tenants": worlds.tenants,
    "Feature flags": worlds.feature_flags,
    "App stores": worlds.app_stores,
    "Libraries": worlds.libraries,
    "Infrastructure with plan and apply": worlds.infrastructure,
    "Jenkins or Azure DevOps": worlds.jenkins,
    "A shared repository that ships as one": worlds.shipped_as_one,
    "Release branches": worlds.release_branches,
    "Deploy, then merge": worlds.deployed_first,
    "A shared repository whose services ship apart": worlds.shipped_apart,
    "A pipeline that changed on a day": worlds.changed_on_a_day,
}


@dataclass(frozen=True)
class Recipe:
    """A section of the document that has a block of teams.yaml."""

    title: str
    text: str

    @property
    def teams(self) -> list[dict[str, Any]]:
        """The teams of its block, with what a block leaves out: one name, and sprints."""
        (block,) = re.findall(r"```yaml\n(.*?)```", self.text, re.DOTALL)
        shown = yaml.safe_load(block)
        every = shown.get("teams") or [{"id": "heron", **shown}]
        cadence = {"from": "cadence", "first_day": BEGIN, "length_days": 14}
        return [{"name": team["id"].title(), "sprints": cadence, **team} for team in every]

    @property
    def counts(self) -> list[int]:
        """How many changes its example says that count, for each team."""
        (example,) = re.findall(
            r"^In the example .*?\*\*(.*?)\*\*", self.text, re.DOTALL | re.MULTILINE
        )
        return [int(number) for number in re.findall(r"\d+", example)]


def _sections() -> Iterator[Recipe]:
    for section in TEXT.split("\n## ")[1:]:
        title, _, text = section.partition("\n")
        if "```yaml" in text:
            yield Recipe(title, text)


RECIPES = {recipe.title: recipe for recipe in _sections()}


def judged(recipe: Recipe, world: World, folder: Path, store: Store) -> list[Result]:
    """What hearten says of the fortnight, for each team."""
    folder.joinpath("teams.yaml").write_text(yaml.safe_dump({"teams": recipe.teams}))
    folder.joinpath("targets.yaml").write_text(TARGETS)
    with serve(world) as sandbox:
        github = GitHubConnection(sandbox.github_url, token="made-up")
        plan = load(
            folder,
            sites={},
            github_html=github.html_url,
            measures=MEASURES,
            today=NOW.date(),
        )
        collectors = collectors_of(github, [], plan, clock=lambda: NOW)
        try:
            jobs.collect(plan, store, collectors, Quiet(), clock=lambda: NOW, since=SINCE)
        finally:
            collectors.close()
    jobs.evaluate(plan, store, Quiet(), now=NOW)
    found = {r.team: r for r in store.results.find() if r.sprint.first_day == BEGIN}
    return [found[team["id"]] for team in recipe.teams]


def test_every_recipe_has_a_world_and_every_world_a_recipe() -> None:
    assert RECIPES.keys() == WORLDS.keys()


@pytest.mark.parametrize(("title", "build"), WORLDS.items())
def test_a_recipe_counts_what_its_example_says(
    title: str, build: Callable[[World], None], tmp_path: Path, store: Store
) -> None:
    world = World(NOW)
    build(world)

    results = judged(RECIPES[title], world, tmp_path, store)

    assert [result.value for result in results] == RECIPES[title].counts
    assert {(result.status, result.coverage) for result in results} == {(Status.MET, 1.0)}


@pytest.mark.parametrize("title", RECIPES)
def test_a_recipe_says_what_it_cannot_show(title: str) -> None:
    assert "\nIt cannot show " in RECIPES[title].text


def test_every_recipe_is_in_the_list_at_the_beginning() -> None:
    linked = re.findall(r"^\| \[.*?\]\(#(.*?)\)", TEXT, re.MULTILINE)

    assert linked == [re.sub(r"[^a-z -]", "", t.lower()).replace(" ", "-") for t in RECIPES]


def test_no_sentence_is_long() -> None:
    prose = re.sub(r"```.*?```|^(?:\||    ).*?$", "", TEXT, flags=re.DOTALL | re.MULTILINE)
    paragraphs = re.split(r"\n\n|\n- ", re.sub(r"\]\(.*?\)|[`*\[]", "", prose))

    assert [long for text in paragraphs for long in long_sentences(text)] == []
