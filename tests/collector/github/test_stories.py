"""Stories: files that a team publishes in its repository, read when they changed."""

import pytest

from collector.github.stories import LONGEST, as_story
from evaluator.model.evidence import Production
from evaluator.model.facts import Evidence, StoriesRead, Story
from sandbox.server import Sandbox
from sandbox.world import World
from tests.collector.github.reading import SHOP, Read, at

DEPLOYED = Production(Evidence.DEPLOYMENT, environments=("production",))


def told(text: str) -> tuple[str, str, bool] | None:
    story = as_story("github:acme/shop", "2021-11-05", "b1", text)
    return (story.target, story.text, story.cut) if story else None


@pytest.mark.parametrize(
    ("file", "story"),
    [
        ("We *shipped* it.\n", ("", "We *shipped* it.", False)),
        (
            "\ufeffTarget: Reached-Production\r\n\r\nOne.\r\n\r\nTwo.",
            ("reached-production", "One.\n\nTwo.", False),
        ),
        ("target: two words\nText", ("", "target: two words\nText", False)),
        ("a\x00b\x1b\u202ec\ud800d\te", ("", "abcd\te", False)),
        ("target: reached-production\n \n", None),
        (" \n", None),
        ("x" * LONGEST, ("", "x" * LONGEST, False)),
        ("x" * (LONGEST + 1), ("", "x" * (LONGEST - 1) + "…", True)),
        ("word " * 200, ("", ("word " * 120).strip() + "…", True)),
        (f"{'x' * (LONGEST - 1)} more", ("", "x" * (LONGEST - 1) + "…", True)),
    ],
)
def test_a_story_is_cut_after_a_word_and_tagged_by_its_first_line(
    file: str, story: tuple[str, str, bool] | None
) -> None:
    assert told(file) == story
    assert story is None or len(story[1]) <= LONGEST


def read_of(read: Read) -> StoriesRead | None:
    return read(DEPLOYED).stories


def names(found: StoriesRead | None) -> tuple[set[str], dict[str, str]] | None:
    return (set(found.there), {one.sprint_id: one.text for one in found.new}) if found else None


def test_files_named_like_sprints_are_stories_and_no_others(world: World, read: Read) -> None:
    repo = world.repository(SHOP)
    repo.commit(
        at=at(3),
        texts={
            "stories/2026-02-24.md": "target: tickets-done\nWe finished early.",
            "stories/jira-812.md": "On the board.",
            "stories/README.md": "How we write them.",
            "stories/2026-02-24.txt": "Another kind.",
            "stories/old/2026-01-05.md": "Deeper.",
            "stories/2026-03-01.md": "long " * 4_000,
            "stories/2026-03-02.md": "binary\0",
            "2026-03-03.md": "Elsewhere.",
        },
    )
    repo.deploy(repo.branches["main"], at=at(4))

    found = read_of(read)

    assert names(found) == (
        {"2026-02-24", "jira-812"},
        {"2026-02-24": "We finished early.", "jira-812": "On the board."},
    )
    assert found is not None
    [tagged] = [one for one in found.new if one.target]
    assert isinstance(tagged, Story)
    assert (tagged.source, tagged.target) == ("github:acme/shop", "tickets-done")


def test_what_changed_takes_one_more_request_and_what_did_not_none(
    world: World, sandbox: Sandbox, read: Read
) -> None:
    repo = world.repository(SHOP)
    first = {f"stories/2026-02-{day}.md": f"Day {day}." for day in (10, 24)}
    repo.commit(at=at(3), texts=first)
    repo.deploy(repo.branches["main"], at=at(4))
    asked: list[int] = []

    def again() -> StoriesRead | None:
        sandbox.reset()
        found = read_of(read)
        asked.append(sandbox.count("github"))
        return found

    began = again()
    unchanged = again()
    repo.commit(at=at(5), texts={"stories/2026-02-24.md": "Day 24, told better."})
    corrected = again()
    repo.commit(at=at(6), removed=["stories/2026-02-10.md"])
    vanished = again()
    repo.commit(at=at(7), removed=["stories/2026-02-24.md"])
    gone = again()

    assert names(began) == (
        {"2026-02-10", "2026-02-24"},
        {
            "2026-02-10": "Day 10.",
            "2026-02-24": "Day 24.",
        },
    )
    assert unchanged is None
    assert names(corrected) == (
        {"2026-02-10", "2026-02-24"},
        {"2026-02-24": "Day 24, told better."},
    )
    assert names(vanished) == ({"2026-02-24"}, {})
    assert names(gone) == (set(), {})
    assert asked == [2, 1, 3, 2, 2]
