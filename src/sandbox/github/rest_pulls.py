"""GitHub's REST shape of a pull request, as in a list.

Its links lead nowhere here, but are where GitHub has them.
"""

from typing import Any

from sandbox.github import rest_shapes
from sandbox.github.dates import zulu
from sandbox.github.records import PullRequest
from sandbox.github.repository import SandboxRepository
from sandbox.github.shapes import HTML
from sandbox.world import World


def pull_request(
    api: str, world: World, repo: SandboxRepository, pull: PullRequest
) -> dict[str, Any]:
    """Return a pull request; `api` is the base address that the client used."""
    head = pull.head or f"branch-{pull.number}"
    base = repo.branches.get(pull.base, pull.sha)
    page = f"{HTML}/{repo.name}/pull/{pull.number}"
    author = rest_shapes.user(api, pull.author)
    there = rest_shapes.repository(api, world, repo)
    left = pull.merged_at
    ended = zulu(left) if left else None
    return {
        "id": pull.number,
        "node_id": f"PR_{repo.ident}_{pull.number}",
        "number": pull.number,
        "state": "closed" if left or pull.closed else "open",
        "locked": False,
        "title": pull.title,
        "user": author,
        "body": None,
        "labels": [],
        "milestone": None,
        "assignee": None,
        "author_association": "MEMBER",
        "auto_merge": None,
        "draft": False,
        "created_at": zulu(pull.created_at),
        "updated_at": ended or zulu(pull.created_at),
        "closed_at": ended,
        "merged_at": ended,
        "merge_commit_sha": pull.sha if left else None,
        "head": {**_end(repo, head, pull.head_sha), "user": author, "repo": there},
        "base": {**_end(repo, pull.base, base), "user": author, "repo": there},
        "html_url": page,
        "diff_url": f"{page}.diff",
        "patch_url": f"{page}.patch",
        **_links(api, repo, pull),
    }


def _links(api: str, repo: SandboxRepository, pull: PullRequest) -> dict[str, Any]:
    root = f"{api}/repos/{repo.name}"
    me, issue = f"{root}/pulls/{pull.number}", f"{root}/issues/{pull.number}"
    addresses = {
        "comments": f"{issue}/comments",
        "commits": f"{me}/commits",
        "statuses": f"{root}/statuses/{pull.head_sha}",
        "review_comments": f"{me}/comments",
        "review_comment": f"{root}/pulls/comments{{/number}}",
        "issue": issue,
    }
    everything = {"self": me, "html": f"{HTML}/{repo.name}/pull/{pull.number}", **addresses}
    return {
        "url": me,
        **{f"{name}_url": address for name, address in addresses.items()},
        "_links": {name: {"href": address} for name, address in everything.items()},
    }


def _end(repo: SandboxRepository, branch: str, sha: str) -> dict[str, Any]:
    """Return a branch that a pull request is from, or to."""
    return {"label": f"{repo.name.partition('/')[0]}:{branch}", "ref": branch, "sha": sha}
