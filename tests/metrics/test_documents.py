"""`docs/metrics.md` lists what `/metrics` says, and no more."""

import re
from pathlib import Path

from evaluator.model.results import Status
from store.store import Store
from tests.metrics.test_what_is_scraped import scrape

_ROW = re.compile(r"\| `(hearten_\w+)` \| ?(.*?) ?\| .+ \|")
_LISTED = dict(_ROW.findall(Path("docs/metrics.md").read_text()))
_PERSONAL = {"person", "user", "login", "author", "assignee", "email", "name", "avatar"}


def test_each_metric_that_is_listed_is_scraped_with_these_labels_and_no_other(demo: Store) -> None:
    labels: dict[str, set[str]] = {}
    for name, samples in scrape(demo).items():
        family = re.sub("(?<=duration_seconds)_(bucket|count|sum)$", "", name)
        labels.setdefault(family, set()).update(*(sample.labels for sample in samples))
    labels["hearten_collector_duration_seconds"] -= {"le"}  # every histogram has it

    assert labels == {name: set(re.findall(r"`(\w+)`", text)) for name, text in _LISTED.items()}


def test_no_label_is_about_a_person(demo: Store) -> None:
    scraped = scrape(demo)
    assert all(s.labels.keys() == {"team", "name", "group"} for s in scraped["hearten_team_info"])
    del scraped["hearten_team_info"]  # its name is the team's
    labels = {label for samples in scraped.values() for s in samples for label in s.labels}

    assert labels
    assert not labels & _PERSONAL


def test_no_label_is_one_that_prometheus_puts_on_whatever_it_scrapes(demo: Store) -> None:
    labels = {label for samples in scrape(demo).values() for s in samples for label in s.labels}

    assert not labels & {"job", "instance"}


def test_every_status_is_listed_as_it_is_spelled() -> None:
    text = Path("docs/metrics.md").read_text()

    assert [status for status in Status if f"`{status.value}`" not in text] == []
