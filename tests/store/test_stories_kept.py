from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from evaluator.model.facts import Reading, StoriesRead, Story
from store.store import Store
from tests.store.examples import READ, SOURCE, at


def story(sprint_id: str, text: str = "We finished early.", **known: Any) -> Story:
    return replace(Story(SOURCE, sprint_id, "b1", text, "tickets-done"), **known)


def keep(store: Store, there: set[str], *new: Story, hour: int = 9) -> None:
    read = replace(READ, read_started=at(11, hour), read_finished=at(11, hour + 1))
    store.facts.keep(Reading(read, "page 2", stories=StoriesRead(frozenset(there), new)))


def test_stories_are_as_the_files_say_now(store: Store) -> None:
    keep(store, {"2026-03-03", "jira-1"}, story("2026-03-03"), story("jira-1", cut=True))
    better = story("2026-03-03", "Told better.", oid="b2", target="")

    keep(store, {"2026-03-03", "jira-1"}, better, hour=10)
    both = store.stories.find([SOURCE])
    store.facts.keep(Reading(replace(READ, read_started=at(11, 12), read_finished=at(11, 13))))
    later = store.stories.find([SOURCE])
    keep(store, {"jira-1"}, hour=14)

    assert both == later == [better, story("jira-1", cut=True)]
    assert store.stories.find([SOURCE]) == [story("jira-1", cut=True)]
    assert store.stories.find(["github:acme/other"]) == []


def test_a_repository_that_is_set_up_no_more_keeps_none_and_is_read_anew_where_it_comes_back(
    store: Store,
) -> None:
    keep(store, {"2026-03-03"}, story("2026-03-03"))
    before = store.revision()

    store.stories.forget_others([SOURCE])
    assert store.revision() == before
    assert store.facts.bookmark(SOURCE) == "page 2"
    store.stories.forget_others(["github:acme/other"])

    assert store.stories.find([SOURCE]) == []
    assert store.facts.bookmark(SOURCE) == ""


def test_stories_go_with_a_name_and_not_with_what_had_it_before(store: Store) -> None:
    keep(store, {"2026-03-03"}, story("2026-03-03"))
    renamed = "github:nhsuk/bookings"

    store.facts.rename(SOURCE, renamed)
    moved = store.stories.find([SOURCE, renamed])
    another = replace(READ, source=renamed, number="2", read_started=at(12), read_finished=at(13))
    known = replace(READ, source=renamed, number="1", read_started=at(11, 12), read_finished=at(12))
    store.facts.keep(Reading(known))
    store.facts.keep(Reading(another))

    assert moved == [story("2026-03-03", source=renamed)]
    assert store.stories.find([renamed, f"{renamed}#1"]) == []


@pytest.mark.parametrize("taken_back", [True, False], ids=["deleted", "changed"])
def test_what_was_taken_back_is_in_no_free_page_of_the_file(
    tmp_path: Path, *, taken_back: bool
) -> None:
    file = tmp_path / "hearten.db"
    with Store.open(f"sqlite:///{file}") as store:
        keep(store, {"2026-03-03"}, story("2026-03-03", "canary " * 80))
        new = () if taken_back else (story("2026-03-03", "Short."),)
        keep(store, {one.sprint_id for one in new}, *new, hour=12)

    assert not [f for f in tmp_path.iterdir() if b"canary" in f.read_bytes()]
