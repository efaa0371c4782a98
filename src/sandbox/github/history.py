"""The order in which git, and GitHub with it, lists the history behind a commit."""

import heapq
from collections.abc import Mapping

from sandbox.github.records import GitCommit


def git_order(commits: Mapping[str, GitCommit], head: str) -> list[str]:
    """Return `head` and its ancestors as `git log` lists them.

    That is: of the commits seen so far the one with the newest committer date comes next, and of
    equal dates the one seen first. Parents that are not among `commits` are left out.
    """
    seen = {head}
    queue = [(0.0, 0, head)]
    order: list[str] = []
    while queue:
        _, _, sha = heapq.heappop(queue)
        order.append(sha)
        for parent in commits[sha].parents:
            if parent in commits and parent not in seen:
                heapq.heappush(
                    queue, (-commits[parent].committed_at.timestamp(), len(seen), parent)
                )
                seen.add(parent)
    return order
