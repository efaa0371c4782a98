"""The sandbox lists history as git does, whatever the graph."""

import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.github.history import git_order
from sandbox.github.records import GitCommit
from sandbox.github.repository import SandboxRepository
from sandbox.people import CAST

START = 1_790_000_000


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_history_is_in_gits_own_order(tmp_path: Path) -> None:
    picks = _numbers(1234)
    stream, parents = [], {}
    for mark in range(1, 301):
        back = [mark - 1 - next(picks) % min(mark, 9) for _ in range(1 + (next(picks) % 3 == 0))]
        parents[mark] = list(dict.fromkeys(p for p in back if p > 0))
        stream.append(_fast_import(mark, parents[mark], START + mark * 60 - next(picks) % 900))
    stream.append(f"reset refs/heads/main\nfrom :{300}\n")
    _git(tmp_path, "init", "--quiet", "--initial-branch=main")
    _git(tmp_path, "fast-import", "--quiet", "--export-marks=marks", given="".join(stream))
    commits = {
        sha: GitCommit(
            sha=sha,
            parents=tuple(parent.split()),
            authored_at=datetime.fromtimestamp(int(at), UTC),
            committed_at=datetime.fromtimestamp(int(at), UTC),
            author=CAST[0],
            headline="",
            files=(),
        )
        for sha, at, parent in (
            line.split("|")
            for line in _git(tmp_path, "log", "--all", "--format=%H|%ct|%P").split("\n")
        )
    }

    order = git_order(commits, _git(tmp_path, "rev-parse", "main"))

    assert order == _git(tmp_path, "log", "--format=%H", "main").split("\n")


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 50)), min_size=1, max_size=40))
def test_every_ancestor_is_listed_once_and_nothing_else(shape: list[tuple[int, int]]) -> None:
    repo = SandboxRepository("acme/shop", count(1))
    for back, seconds in shape:
        known = list(repo.commits)
        parents = known[-1 - back : len(known) - back][:1] + known[-1:]
        at = datetime.fromtimestamp(START + seconds, UTC)
        repo.commit(at=at, parents=list(dict.fromkeys(parents)))

    order = repo.history(repo.branches["main"])

    assert sorted(order) == sorted(repo.commits)


def _fast_import(mark: int, parents: list[int], at: int) -> str:
    joined = [f"from :{parents[0]}\n"] if parents else []
    joined += [f"merge :{parent}\n" for parent in parents[1:]]
    reset = "" if parents else "reset refs/heads/work\n"
    who = f"committer A <a@example.org> {at} +0000\ndata 0\n"
    return f"{reset}commit refs/heads/work\nmark :{mark}\n{who}{''.join(joined)}\n"


def _git(folder: Path, *arguments: str, given: str = "") -> str:
    done = subprocess.run(
        ["git", *arguments], cwd=folder, input=given, text=True, capture_output=True, check=True
    )
    return done.stdout.strip()


def _numbers(seed: int) -> Iterator[int]:
    """Yield numbers that look random and are the same each time."""
    while True:
        seed = (seed * 1_103_515_245 + 12_345) % 2**31
        yield seed >> 8
