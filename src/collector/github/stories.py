"""Stories: what a team writes of its sprints in `stories/SPRINT.md`, for others to read."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from collector.errors import SourceError
from collector.github.graphql import quoted
from collector.json_fields import pick, pick_nullable
from evaluator.model.facts import StoriesRead, Story

ALIAS = "stories"
TREE = 'object(expression: "HEAD:stories") { oid }'
LISTED = 'object(expression: "HEAD:stories") { oid ... on Tree { entries { name oid type size } } }'
LONGEST = 600  # characters of a story
_MOST_BYTES = 16_384  # of a file; a longer one is no story
_MOST_FILES = 400  # the newest by name
_AT_ONCE = 100  # files in one request
# By the sprint's id: its first day, or the site and number of a board's.
_FILE = re.compile(r"(\d{4}-\d\d-\d\d|[A-Za-z0-9][A-Za-z0-9._-]{0,100}-[0-9]{1,15})\.md", re.ASCII)
_TARGET = re.compile(r"target:\s*([a-z0-9][a-z0-9._-]{0,99})", re.IGNORECASE | re.ASCII)
_TURNS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")  # writing around


@dataclass(frozen=True, slots=True)
class StoryFiles:
    """The folder of stories as a read saw it: its oid, and that of each file, by sprint id."""

    tree: str = ""
    files: Mapping[str, str] = field(default_factory=dict)

    def as_stored(self) -> dict[str, Any]:
        """Return it for the bookmark."""
        return {"tree": self.tree, "files": dict(self.files)}

    @classmethod
    def of(cls, mark: Mapping[str, Any]) -> "StoryFiles":
        """Return what a bookmark's mark says of it: nothing, where that is from before."""
        stored = mark.get(ALIAS, {})
        return cls(stored.get("tree", ""), stored.get("files", {}))


def tree_of(answer: Mapping[str, Any]) -> str:
    """Return the oid of the folder in an answer to `TREE`, empty where there is none."""
    shown = pick_nullable(answer, ALIAS, dict)
    return pick(shown, "oid", str) if shown else ""


def _listed(answer: Mapping[str, Any]) -> StoryFiles:
    """Return the files of stories in an answer to `LISTED`."""
    shown = pick_nullable(answer, ALIAS, dict)
    if not shown:
        return StoryFiles()
    entries = pick(shown, "entries", list) if "entries" in shown else []  # a file of that name
    found = {
        named[1]: pick(entry, "oid", str)
        for entry in entries
        if (named := _FILE.fullmatch(pick(entry, "name", str)))
        and pick(entry, "type", str) == "blob"
        and pick(entry, "size", int) <= _MOST_BYTES
    }
    newest = sorted(found)[-_MOST_FILES:]
    return StoryFiles(pick(shown, "oid", str), {name: found[name] for name in newest})


def read_stories(
    source: str,
    answer: Mapping[str, Any],
    before: StoryFiles,
    ask: Callable[[Mapping[str, str]], Mapping[str, Any]],
) -> tuple[StoriesRead | None, StoryFiles]:
    """Return the stories of a repository, and what the bookmark is to hold of them.

    `answer` has what `LISTED` gave. One request for each 100 files that are new or changed; `ask`
    asks the repository by alias. No story is worth losing facts for: where these cannot be read
    they stay as they were, and are asked for again.
    """
    new: dict[str, Story] = {}
    try:
        now = _listed(answer)
        if now.tree == before.tree:
            return None, before
        changed = [name for name, oid in now.files.items() if before.files.get(name) != oid]
        for first in range(0, len(changed), _AT_ONCE):
            new |= _asked(source, changed[first : first + _AT_ONCE], now.files, ask)
    except SourceError:
        return None, before
    there = frozenset(now.files) - set(changed) | set(new)
    return StoriesRead(there, tuple(new.values())), now


def _asked(
    source: str,
    names: Sequence[str],
    files: Mapping[str, str],
    ask: Callable[[Mapping[str, str]], Mapping[str, Any]],
) -> dict[str, Story]:
    texts = {
        f"f{place}": f"object(oid: {quoted(files[name])}) {{ ... on Blob {{ text }} }}"
        for place, name in enumerate(names)
    }
    answer = ask(texts)
    found: dict[str, Story] = {}
    for place, name in enumerate(names):
        text = (pick_nullable(answer, f"f{place}", dict) or {}).get("text")
        told = as_story(source, name, files[name], text) if isinstance(text, str) else None
        if told is not None:
            found[name] = told
    return found


def as_story(source: str, sprint_id: str, oid: str, text: str) -> Story | None:
    """Return the story in a file's text, None where there is none.

    The first line may be `target: ID`. What is longer than 600 characters is cut after a word.
    """
    first, _, rest = _plain(text).strip().partition("\n")
    tagged = _TARGET.fullmatch(first.strip())
    body = (rest if tagged else f"{first}\n{rest}").strip()
    if not body:
        return None
    cut = len(body) > LONGEST
    if cut:
        start = body[: LONGEST - 1]
        whole = re.split(r"\s+\S*$", start)[0] if not body[LONGEST - 1].isspace() else start
        body = f"{whole.rstrip()}…"
    return Story(source, sprint_id, oid, body, tagged[1].lower() if tagged else "", cut)


def _plain(text: str) -> str:
    """Return the text without what no database keeps, or what no reader sees."""
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    return "".join(
        sign
        for sign in lines
        if sign in "\n\t" or (unicodedata.category(sign) not in {"Cc", "Cs"} and sign not in _TURNS)
    )
