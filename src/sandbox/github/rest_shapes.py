"""GitHub's REST shapes of repositories, workflows and runs.

Clients check for many links; they lead nowhere here, but are where GitHub has them.
"""

from typing import Any
from urllib.parse import urljoin

from sandbox.github.dates import instant, zulu
from sandbox.github.records import WorkflowRun
from sandbox.github.repository import SandboxRepository
from sandbox.github.shapes import HTML
from sandbox.people import Actor, Kind
from sandbox.world import World

_REPOSITORY_LINKS = {
    "archive": "{archive_format}{/ref}",
    "assignees": "{/user}",
    "blobs": "git/blobs{/sha}",
    "branches": "{/branch}",
    "collaborators": "{/collaborator}",
    "comments": "{/number}",
    "commits": "{/sha}",
    "compare": "{base}...{head}",
    "contents": "{+path}",
    "contributors": "",
    "deployments": "",
    "downloads": "",
    "events": "",
    "forks": "",
    "git_commits": "{/sha}",
    "git_refs": "{/sha}",
    "git_tags": "{/sha}",
    "hooks": "",
    "issue_comment": "{/number}",
    "issue_events": "{/number}",
    "issues": "{/number}",
    "keys": "{/key_id}",
    "labels": "{/name}",
    "languages": "",
    "merges": "",
    "milestones": "{/number}",
    "notifications": "{?since,all,participating}",
    "pulls": "{/number}",
    "releases": "{/id}",
    "stargazers": "",
    "statuses": "{sha}",
    "subscribers": "",
    "subscription": "",
    "tags": "",
    "teams": "",
    "trees": "{/sha}",
}
_USER_LINKS = (
    "followers",
    "following",
    "gists",
    "starred",
    "subscriptions",
    "organizations",
    "repos",
    "events",
    "received_events",
)
_COUNTS = (
    "forks",
    "forks_count",
    "network_count",
    "open_issues",
    "open_issues_count",
    "size",
    "stargazers_count",
    "subscribers_count",
    "watchers",
    "watchers_count",
)


def repository(api: str, world: World, repo: SandboxRepository) -> dict[str, Any]:
    """Return a full repository; `api` is the base address that the client used."""
    pushed = max((c.committed_at for c in repo.commits.values()), default=world.now)
    created = min((c.committed_at for c in repo.commits.values()), default=world.now)
    page = f"{HTML}/{repo.name}"
    return {
        **_minimal(api, repo),
        **dict.fromkeys(_COUNTS, 0),
        "archived": repo.archived,
        "clone_url": f"{page}.git",
        "created_at": zulu(created),
        "default_branch": repo.default_branch,
        "disabled": False,
        "git_url": f"git://github.example/{repo.name}.git",
        "has_discussions": False,
        "has_downloads": True,
        "has_issues": True,
        "has_pages": False,
        "has_projects": True,
        "has_wiki": False,
        "homepage": None,
        "language": "Python",
        "license": None,
        "mirror_url": None,
        "permissions": {"admin": False, "pull": True, "push": False},
        "pushed_at": zulu(pushed),
        "ssh_url": f"git@github.example:{repo.name}.git",
        "svn_url": page,
        "updated_at": zulu(pushed),
        "visibility": "private",
    }


def limit(of_graphql: dict[str, Any]) -> dict[str, Any]:
    """Return a rate limit as REST shows it."""
    reset = int(instant(of_graphql["resetAt"]).timestamp())
    return {"reset": reset, **{key: of_graphql[key] for key in ("limit", "remaining", "used")}}


def workflow(api: str, repo: SandboxRepository, name: str) -> dict[str, Any]:
    """Return a workflow; `name` is that of its file."""
    me = f"{api}/repos/{repo.name}/actions/workflows/{workflow_id(name)}"
    ran = (run.created_at for run in repo.runs if run.workflow == name)
    began = min(ran, default=repo.created_at)
    return {
        "id": workflow_id(name),
        "node_id": f"W_{repo.ident}_{name}",
        "name": name.partition(".")[0].title(),
        "path": f".github/workflows/{name}",
        "state": repo.workflow_states.get(name, "active"),
        "created_at": zulu(began),
        "updated_at": zulu(began),
        "url": me,
        "html_url": f"{HTML}/{repo.name}/blob/{repo.default_branch}/.github/workflows/{name}",
        "badge_url": f"{HTML}/{repo.name}/workflows/{name}/badge.svg",
    }


def workflow_id(name: str) -> int:
    """Return the number of a workflow, the same for the same file name."""
    return 1000 + _number(name)


def run(api: str, repo: SandboxRepository, record: WorkflowRun) -> dict[str, Any]:
    """Return a workflow run."""
    me = f"{api}/repos/{repo.name}/actions/runs/{record.ident}"
    commit = repo.commits[record.sha]
    who = {"name": commit.author.name, "email": commit.author.email}
    links = ("jobs", "logs", "artifacts", "cancel", "rerun")
    return {
        "id": record.ident,
        "node_id": f"WFR_{record.ident}",
        "name": record.workflow.partition(".")[0].title(),
        "display_title": commit.headline,
        "head_branch": record.branch,
        "head_sha": record.sha,
        "path": f".github/workflows/{record.workflow}",
        "run_number": record.number,
        "run_attempt": len(record.earlier) + 1,
        "event": record.event,
        "status": "completed" if record.conclusion else "in_progress",
        "conclusion": record.conclusion,
        "workflow_id": workflow_id(record.workflow),
        "url": me,
        "html_url": f"{urljoin(api, '/')}{repo.name}/actions/runs/{record.ident}",  # see `places`
        "pull_requests": [],
        "referenced_workflows": [
            {
                "path": f"{repo.name}/.github/workflows/{file}@{record.branch}",
                "sha": record.sha,
                "ref": f"refs/heads/{record.branch}",
            }
            for file in record.calls
        ],
        "created_at": zulu(record.created_at),
        "run_started_at": zulu(record.created_at),
        "updated_at": zulu(record.finished_at),
        **{f"{link}_url": f"{me}/{link}" for link in links},
        "check_suite_url": f"{api}/repos/{repo.name}/check-suites/{record.ident}",
        "workflow_url": f"{api}/repos/{repo.name}/actions/workflows/{workflow_id(record.workflow)}",
        "actor": user(api, record.actor),
        "head_commit": {
            "id": commit.sha,
            "tree_id": commit.sha,
            "message": commit.headline,
            "timestamp": zulu(commit.committed_at),
            "author": who,
            "committer": who,
        },
        "repository": _minimal(api, repo),
        "head_repository": _head_repository(api, repo, record.fork),
    }


def user(api: str, actor: Actor) -> dict[str, Any]:
    """Return an account; GitHub shows `ghost` for somebody without one."""
    return _account(api, actor.login or "ghost", "Bot" if actor.kind is Kind.BOT else "User")


def _head_repository(api: str, repo: SandboxRepository, fork: str | None) -> dict[str, Any] | None:
    if fork is None:
        return None
    return _shown(api, fork, _number(fork), fork=True) if fork else _minimal(api, repo)


def _minimal(api: str, repo: SandboxRepository) -> dict[str, Any]:
    return _shown(api, repo.name, repo.ident, fork=repo.fork)


def _shown(api: str, full_name: str, ident: int, *, fork: bool) -> dict[str, Any]:
    me = f"{api}/repos/{full_name}"
    owner, _, name = full_name.partition("/")
    return {
        "id": ident,
        "node_id": f"R_{ident}",
        "name": name,
        "full_name": full_name,
        "owner": _account(api, owner, "Organization"),
        "private": True,
        "html_url": f"{HTML}/{full_name}",
        "description": None,
        "fork": fork,
        "url": me,
        **{f"{link}_url": f"{me}/{link}{rest}" for link, rest in _REPOSITORY_LINKS.items()},
    }


def _account(api: str, login: str, kind: str) -> dict[str, Any]:
    me = f"{api}/users/{login}"
    return {
        "login": login,
        "id": _number(login),
        "node_id": f"U_{login}",
        "avatar_url": f"{HTML}/avatars/{login}",
        "gravatar_id": "",
        "url": me,
        "html_url": f"{HTML}/{login}",
        **{f"{link}_url": f"{me}/{link}" for link in _USER_LINKS},
        "type": kind,
        "site_admin": False,
    }


def _number(name: str) -> int:
    return int.from_bytes(name.encode()) % 1_000_003
