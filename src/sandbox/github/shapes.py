"""What GraphQL shows of the records: mappings from a type's field names to values.

A callable is a field that costs something or takes arguments; graphql-core calls it when asked.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from sandbox.github import records
from sandbox.github.dates import instant, zulu, zulu_or_none
from sandbox.github.paging import GraphQLConnection, RefusalError
from sandbox.github.repository import SandboxRepository
from sandbox.people import Actor, Kind

HTML = "https://github.example"
Shape = dict[str, Any]
T = TypeVar("T")


def repository(repo: SandboxRepository) -> Shape:
    """Return a `SandboxRepository`."""
    return {
        "__typename": "SandboxRepository",
        "id": f"R_{repo.ident}",
        "databaseId": repo.ident,
        "createdAt": zulu(repo.created_at),
        "name": repo.name.partition("/")[2],
        "nameWithOwner": repo.name,
        "url": f"{HTML}/{repo.name}",
        "isArchived": repo.archived,
        "isFork": repo.fork,
        "isEmpty": not repo.branches,
        "defaultBranchRef": lambda _: branch(repo, repo.default_branch),
        "ref": lambda _, **asked: _ref(repo, asked["qualifiedName"]),
        "refs": lambda _, **asked: _refs(repo, **asked),
        "object": lambda _, oid=None, expression=None: _object(repo, oid, expression),
        "pullRequest": lambda _, number: (
            _pull_request(repo, repo.pull_requests[number])
            if number in repo.pull_requests
            else None
        ),
        "pullRequests": lambda _, first=None, after=None: GraphQLConnection(
            "pullRequests",
            list(repo.pull_requests.values()),
            first,
            after,
            lambda pull: _pull_request(repo, pull),
        ).shape(),
        "deployments": lambda _, **asked: _deployments(repo, **asked),
        "releases": lambda _, **asked: _releases(repo, **asked),
        "environments": lambda _, first=None, after=None: GraphQLConnection(
            "environments", _environments(repo), first, after
        ).shape(),
    }


def commit(repo: SandboxRepository, record: records.GitCommit) -> Shape:
    """Return a `Commit`."""
    return {
        "__typename": "Commit",
        "id": f"C_{repo.ident}_{record.sha}",
        "oid": record.sha,
        "authoredDate": zulu(record.authored_at),
        "committedDate": zulu(record.committed_at),
        "messageHeadline": record.headline,
        "url": f"{HTML}/{repo.name}/commit/{record.sha}",
        "author": _git_actor(record.author, record.authored_at),
        "committer": _git_actor(record.author, record.committed_at),
        "authors": lambda _, first=None, after=None: GraphQLConnection(
            "authors", [_git_actor(record.author, record.authored_at)], first, after
        ).shape(),
        "parents": lambda _, first=None, after=None: GraphQLConnection(
            "parents", _commits(repo, record.parents), first, after
        ).shape(),
        "associatedPullRequests": lambda _, **asked: _pulls(
            repo, repo.pulls_of(record.sha), **asked
        ),
        "history": lambda _, **asked: _history(repo, record, **asked),
    }


def deployment(repo: SandboxRepository, record: records.Deployment) -> Shape:
    """Return a `Deployment`. GitHub lists its statuses newest first."""
    statuses = [
        {"__typename": "DeploymentStatus", "state": state.upper(), "createdAt": zulu(at)}
        for state, at in reversed(record.statuses)
    ]
    latest = statuses[0] if statuses else None
    state = latest["state"] if latest else "PENDING"
    known = repo.commits.get(record.sha)
    return {
        "__typename": "Deployment",
        "id": f"DE_{record.ident}",
        "databaseId": record.ident,
        "commitOid": record.sha,
        "commit": commit(repo, known) if known else None,
        "createdAt": zulu(record.created_at),
        "environment": record.environment,
        "latestEnvironment": record.environment,
        "originalEnvironment": record.environment,
        "ref": lambda _: _deployed(repo, record.ref),
        "latestStatus": latest,
        "state": "ACTIVE" if state == "SUCCESS" else state,
        "statuses": lambda _, first=None, after=None: GraphQLConnection(
            "statuses", statuses, first, after
        ).shape(),
    }


def branch(repo: SandboxRepository, name: str) -> Shape | None:
    """Return the `Ref` of a branch, None where there is none."""
    sha = repo.branches.get(name)
    if sha is None:
        return None
    return {
        "__typename": "Ref",
        "id": f"REF_{repo.ident}_heads_{name}",
        "name": name,
        "prefix": "refs/heads/",
        "target": commit(repo, repo.commits[sha]),
        "associatedPullRequests": lambda _, **asked: _pulls(
            repo, [pull for pull in repo.pull_requests.values() if pull.head == name], **asked
        ),
    }


def _deployed(repo: SandboxRepository, name: str) -> Shape | None:
    """Return the `Ref` of a branch or tag by its short name, None where it is gone."""
    tag = repo.tags.get(name)
    return branch(repo, name) or (_tag_ref(repo, tag) if tag else None)


def _tag_ref(repo: SandboxRepository, tag: records.GitTag) -> Shape:
    target = commit(repo, repo.commits[tag.sha])
    if tag.tagged_at:
        target = {
            "__typename": "Tag",
            "id": f"TA_{repo.ident}_{tag.oid}",
            "oid": tag.oid,
            "name": tag.name,
            "message": tag.name,
            "tagger": _git_actor(tag.tagger, tag.tagged_at),
            "target": target,
        }
    return {
        "__typename": "Ref",
        "id": f"REF_{repo.ident}_tags_{tag.name}",
        "name": tag.name,
        "prefix": "refs/tags/",
        "target": target,
        "associatedPullRequests": lambda _, **asked: _pulls(repo, [], **asked),
    }


def _release(repo: SandboxRepository, record: records.Release) -> Shape:
    tag = repo.tags.get(record.tag)
    return {
        "__typename": "Release",
        "id": f"RE_{record.ident}",
        "databaseId": record.ident,
        "name": record.tag,
        "tagName": record.tag,
        "tagCommit": commit(repo, repo.commits[tag.sha]) if tag else None,
        "isDraft": record.draft,
        "isPrerelease": record.prerelease,
        "createdAt": zulu(record.created_at),
        "publishedAt": zulu_or_none(record.published_at),
        "url": lambda info: f"{info.context}/{repo.name}/releases/tag/{record.tag}",
    }


def _pull_request(repo: SandboxRepository, record: records.PullRequest) -> Shape:
    here = record.base_repository == repo.name
    elsewhere = {"__typename": "SandboxRepository", "nameWithOwner": record.base_repository}
    return {
        "__typename": "PullRequest",
        "id": f"PR_{repo.ident}_{record.number}",
        "number": record.number,
        "title": record.title,
        "headRefName": record.head or f"change-{record.number}",
        "createdAt": zulu(record.created_at),
        "merged": record.merged_at is not None,
        "mergedAt": zulu_or_none(record.merged_at),
        "mergeCommit": lambda _: _object(repo, record.sha, None) if record.merged_at else None,
        "author": _account(record.author),
        "closingIssuesReferences": lambda _, **asked: _closing(repo, record, **asked),
        "baseRefName": record.base,
        "baseRepository": repository(repo) if here else elsewhere,
        "url": f"{HTML}/{record.base_repository}/pull/{record.number}",
    }


def _closing(
    repo: SandboxRepository, record: records.PullRequest, **asked: Any
) -> Mapping[str, Any]:
    if repo.issues_hidden:
        raise RefusalError("FORBIDDEN", "Resource not accessible by personal access token")
    rows = [
        repo.issues[issue.number] if issue.repository == repo.name else issue
        for issue in record.closes
    ]
    return GraphQLConnection(
        "closingIssuesReferences", rows, asked.get("first"), asked.get("after"), _issue
    ).shape()


def _issue(record: records.Issue) -> Shape:
    return {
        "__typename": "Issue",
        "id": f"I_{record.repository}_{record.number}",
        "number": record.number,
        "title": record.title,
        "createdAt": zulu(record.created_at),
        "state": "CLOSED" if record.state_reason else "OPEN",
        "stateReason": record.state_reason,
        "repository": {"__typename": "Repository", "nameWithOwner": record.repository},
        "labels": lambda _, first=None, after=None: GraphQLConnection(
            "labels", [_label(name) for name in record.labels], first, after
        ).shape(),
    }


def _label(name: str) -> Shape:
    return {"__typename": "Label", "id": f"LA_{name}", "name": name}


def _git_actor(actor: Actor, date: datetime) -> Shape:
    """Return a `GitActor`: its `user` is null for a bot, and where no account has the address."""
    return {
        "name": actor.name,
        "email": actor.email,
        "date": zulu(date),
        "user": None if actor.kind is Kind.BOT else _account(actor),
    }


def _account(actor: Actor) -> Shape | None:
    """Return an `Actor`: the login of a bot is without `[bot]`."""
    if not actor.login:
        return None
    if actor.kind is Kind.BOT:
        login = actor.login.removesuffix("[bot]")
        return {"__typename": "Bot", "id": f"BOT_{login}", "login": login}
    ident = f"U_{actor.login}"
    return {"__typename": "User", "id": ident, "login": actor.login, "name": actor.name}


def _object(repo: SandboxRepository, oid: str | None, expression: str | None) -> Shape | None:
    name = oid or expression or ""
    if ":" in name:
        return _tree(repo, *name.split(":", 1))
    sha = repo.branches.get(repo.default_branch if name == "HEAD" else name, name)
    if name in repo.tags:
        sha = repo.tags[name].sha
    return commit(repo, repo.commits[sha]) if sha in repo.commits else _blob(repo, sha)


def _tree(repo: SandboxRepository, revision: str, path: str) -> Shape | None:
    """Return the folder that a commit has at `path`, None where it has none."""
    at = _object(repo, None, revision)
    files = repo.files_in(at["oid"], path) if at else {}
    start = len(f"{path}/") if path else 0
    inside: dict[str, dict[str, str]] = {}  # by each name in the folder: the files below it
    for file, text in files.items():
        inside.setdefault(file[start:].partition("/")[0], {})[file[start:]] = text
    if not inside:
        return None
    entries = [_entry(name, below) for name, below in sorted(inside.items())]
    oid = _hashed("tree", [(entry["name"], entry["oid"]) for entry in entries])
    return {"__typename": "Tree", "id": f"T_{oid}", "oid": oid, "entries": entries}


def _entry(name: str, below: Mapping[str, str]) -> Shape:
    """Return a `TreeEntry`; `below` are the files that make it, one of its own name or several."""
    is_file = name in below
    return {
        "__typename": "TreeEntry",
        "name": name,
        "oid": _hashed("blob", below[name]) if is_file else _hashed("tree", sorted(below.items())),
        "size": len(below[name].encode()) if is_file else 0,
        "type": "blob" if is_file else "tree",
    }


def _blob(repo: SandboxRepository, oid: str) -> Shape | None:
    """Return the `Blob` of an oid, None where no told text is it."""
    texts = (text for commit in repo.commits.values() for _, text in commit.texts)
    text = next((text for text in texts if _hashed("blob", text) == oid), None)
    if text is None:
        return None
    return {
        "__typename": "Blob",
        "id": f"B_{oid}",
        "oid": oid,
        "byteSize": len(text.encode()),
        "isBinary": "\0" in text,
        "text": None if "\0" in text else text,
    }


def _hashed(*parts: object) -> str:
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:40]


def _ref(repo: SandboxRepository, name: str) -> Shape | None:
    """Return a ref by its full name; GitHub also finds a branch by its short one."""
    tag = repo.tags.get(name.removeprefix("refs/tags/"))
    if name.startswith("refs/tags/"):
        return _tag_ref(repo, tag) if tag else None
    return branch(repo, name.removeprefix("refs/heads/"))


def _refs(repo: SandboxRepository, **asked: Any) -> Mapping[str, Any]:
    if asked["refPrefix"] not in ("refs/tags/", "refs/heads/"):
        return GraphQLConnection("refs", [], asked.get("first"), asked.get("after")).shape()
    if asked["refPrefix"] == "refs/tags/":
        dated = {
            name: tag.tagged_at or repo.commits[tag.sha].committed_at
            for name, tag in repo.tags.items()
        }
    else:
        dated = {name: repo.commits[sha].committed_at for name, sha in repo.branches.items()}
    order = asked.get("orderBy") or {"field": "ALPHABETICAL", "direction": "ASC"}
    by_date = order["field"] == "TAG_COMMIT_DATE"
    names = _ordered(list(dated), order, lambda name: (dated[name] if by_date else None, name))
    rows = [
        asked["refPrefix"] + name
        for name in names
        if (asked.get("query") or "").casefold() in name.casefold()
    ]
    return GraphQLConnection(
        "refs", rows, asked.get("first"), asked.get("after"), lambda name: _ref(repo, name)
    ).shape()


def _environments(repo: SandboxRepository) -> list[Shape]:
    """An environment is made by the first deployment to it."""
    names = sorted({deployment.environment for deployment in repo.deployments})
    return [
        {"__typename": "Environment", "id": f"EN_{repo.ident}_{name}", "name": name}
        for name in names
    ]


def _deployments(repo: SandboxRepository, **asked: Any) -> Mapping[str, Any]:
    """Names of environments are compared without case."""
    environments = asked.get("environments")
    wanted = None if environments is None else {name.casefold() for name in environments}
    rows = [d for d in repo.deployments if wanted is None or d.environment.casefold() in wanted]
    rows = _ordered(rows, asked["orderBy"], lambda d: (d.created_at, d.ident))
    return GraphQLConnection(
        "deployments", rows, asked.get("first"), asked.get("after"), lambda d: deployment(repo, d)
    ).shape()


def _releases(repo: SandboxRepository, **asked: Any) -> Mapping[str, Any]:
    order = asked.get("orderBy") or {"field": "CREATED_AT", "direction": "ASC"}
    by_name = order["field"] == "NAME"
    rows = _ordered(repo.releases, order, lambda r: (r.tag if by_name else r.created_at, r.ident))
    return GraphQLConnection(
        "releases", rows, asked.get("first"), asked.get("after"), lambda r: _release(repo, r)
    ).shape()


def _pulls(
    repo: SandboxRepository, pulls: Sequence[records.PullRequest], **asked: Any
) -> Mapping[str, Any]:
    order = asked.get("orderBy") or {"direction": "ASC"}
    rows = _ordered(pulls, order, lambda pull: (pull.created_at, pull.number))
    return GraphQLConnection(
        "associatedPullRequests",
        rows,
        asked.get("first"),
        asked.get("after"),
        lambda pull: _pull_request(repo, pull),
    ).shape()


def _history(
    repo: SandboxRepository,
    record: records.GitCommit,
    *,
    first: int | None = None,
    after: str | None = None,
    path: str | None = None,
    since: str | None = None,
    until: str | None = None,
) -> Mapping[str, Any]:
    rows = repo.history(record.sha)
    if path:
        rows = [sha for sha in rows if _touches(repo.commits[sha], path.strip("/"))]
    if since:
        rows = [sha for sha in rows if repo.commits[sha].committed_at >= instant(since)]
    if until:
        rows = [sha for sha in rows if repo.commits[sha].committed_at <= instant(until)]
    return GraphQLConnection(
        "history",
        rows,
        first,
        after,
        lambda sha: commit(repo, repo.commits[sha]),
        head=record.sha,
    ).shape()


def _touches(record: records.GitCommit, path: str) -> bool:
    """Whether git's log of `path` shows the commit; a merge that changes nothing itself is not."""
    changed = (*record.files, *record.removed)
    return any(file == path or file.startswith(f"{path}/") for file in changed)


def _commits(repo: SandboxRepository, shas: Sequence[str]) -> list[Shape]:
    return [commit(repo, repo.commits[sha]) for sha in shas if sha in repo.commits]


def _ordered(rows: Sequence[T], order: Mapping[str, str], key: Callable[[T], Any]) -> list[T]:
    return sorted(rows, key=key, reverse=order["direction"] == "DESC")
