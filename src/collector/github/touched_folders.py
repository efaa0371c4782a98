"""Which configured folders the commits of a repository touch, and which are there no more."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from collector.github.graphql import quoted
from collector.github.paging import PagedConnection
from collector.json_fields import instant, pick, pick_nullable
from evaluator.model.facts import GoneFolder

_ROOT = "root"
_Questions = Mapping[str, str]


@dataclass(slots=True)
class TouchedFolders:
    """One history walk for each of `paths` from each of `tips`, the branch's head first.

    A walk ends at its end, or behind `oldest`: when the oldest commit was made that was read.
    `ask` sends what a function asks of the repository, by alias, given how many rows a page has.
    """

    repository: str
    paths: Sequence[str]
    tips: Sequence[str]
    oldest: datetime | None
    ask: Callable[[Callable[[int], _Questions]], Mapping[str, Any]]
    _walks: dict[tuple[str, str], PagedConnection] = field(default_factory=dict)
    _touched: dict[str, set[str]] = field(default_factory=dict)  # paths by commit
    _last: dict[str, tuple[datetime, str]] = field(default_factory=dict)  # commit of each path
    _ended: dict[tuple[str, str], bool] = field(default_factory=dict)  # whether at its end
    _missing: Sequence[str] = ()

    def read(self) -> None:
        """Walk. Errors: SourceError."""
        keys = [(path, tip) for path in self.paths for tip in self.tips]
        self._walks = {key: PagedConnection(self.repository) for key in keys}
        first = True
        while len(self._ended) < len(keys):
            answer = self.ask(self._first_questions if first else self._questions)
            if first:
                self._take_head(answer)
            first = False
            for place, key in self._running():
                self._take(key, pick(answer, f"w{place}.history", dict))
        if pairs := list(self._untold()):
            self._take_untold(pairs)

    @property
    def by_commit(self) -> dict[str, frozenset[str]]:
        """Which of the paths each commit touches that was read, and some that are older."""
        return {sha: frozenset(found) for sha, found in self._touched.items()}

    @property
    def gone(self) -> tuple[GoneFolder, ...]:
        """The paths that the branch's head has no more; one that no commit touches never was."""
        return tuple(
            GoneFolder(path, at, frozenset(self._touched[sha] - {path}))
            for path, (at, sha) in sorted(self._last.items())
            if path in self._missing
        )

    def _running(self) -> list[tuple[int, tuple[str, str]]]:
        return [each for each in enumerate(self._walks) if each[1] not in self._ended]

    def _questions(self, at_once: int) -> dict[str, str]:
        return {
            f"w{place}": _history(
                tip, f"{self._walks[path, tip].arguments(at_once)}, {_path(path)}"
            )
            for place, (path, tip) in self._running()
        }

    def _first_questions(self, at_once: int) -> dict[str, str]:
        """Return the same, with whether the head has the folders, and anything at all."""
        head = self.tips[0]
        folders = {f"f{place}": _at(head, path) for place, path in enumerate(self.paths)}
        root = f"{_at(head, '', '... on Tree { entries { name } }')}"
        return {**self._questions(at_once), **folders, _ROOT: root}

    def _take_head(self, answer: Mapping[str, Any]) -> None:
        root = pick_nullable(answer, _ROOT, dict)
        if root and root.get("entries"):  # else nothing is told of its folders
            found = [pick_nullable(answer, f"f{place}", dict) for place in range(len(self.paths))]
            self._missing = [p for p, there in zip(self.paths, found, strict=True) if not there]

    def _take(self, key: tuple[str, str], page: Mapping[str, Any]) -> None:
        pages, path = self._walks[key], key[0]
        nodes = pages.take(page)
        for node in nodes:
            self._touched.setdefault(pick(node, "oid", str), set()).add(path)
            newest = (instant(node, "committedDate"), pick(node, "oid", str))
            self._last[path] = max(newest, self._last.get(path, newest))
        last = instant(nodes[-1], "committedDate") if nodes else None
        if not pages.more or (last and self.oldest and last < self.oldest):
            self._ended[key] = not pages.more

    def _untold(self) -> Iterator[tuple[str, str]]:
        """Yield missing folders, each with another one that its last commit may touch too."""
        for path in self._missing:
            for other in self.paths if path in self._last else ():
                walked_whole = all(self._ended[other, tip] for tip in self.tips)
                if other not in self._touched[self._last[path][1]] and not walked_whole:
                    yield path, other

    def _take_untold(self, pairs: Sequence[tuple[str, str]]) -> None:
        asked = {
            f"m{place}": _history(self._last[path][1], f"first: 1, {_path(other)}")
            for place, (path, other) in enumerate(pairs)
        }
        answer = self.ask(lambda _: asked)
        for place, (path, other) in enumerate(pairs):
            nodes, sha = pick(answer, f"m{place}.history.nodes", list), self._last[path][1]
            if nodes and pick(nodes[0], "oid", str) == sha:
                self._touched[sha].add(other)


def _history(sha: str, arguments: str) -> str:
    shown = "totalCount pageInfo { hasNextPage endCursor } nodes { oid committedDate }"
    text = f"history({arguments}) {{ {shown} }}"
    return f"object(oid: {quoted(sha)}) {{ ... on Commit {{ {text} }} }}"


def _path(path: str) -> str:
    return f"path: {quoted(path.rstrip('/'))}"


def _at(sha: str, path: str, shown: str = "oid") -> str:
    where = quoted(f"{sha}:{path.rstrip('/')}")
    return f"object(expression: {where}) {{ {shown} }}"
