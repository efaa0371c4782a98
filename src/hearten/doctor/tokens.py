"""What a GitHub token may do, against what hearten needs."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from collector.github.evidence.registry import EVIDENCE_KINDS, evidence_kind
from collector.github.token_check import TokenCheck
from evaluator.model.plan import RepositorySource
from evaluator.wording import day_of
from hearten.doctor.findings import OPERATOR, OWNER, Finding

TOKEN = "HEARTEN_GITHUB_TOKEN"  # noqa: S105 - its variable, not a token
_APP = "The GitHub App"
_SOON = timedelta(days=30)
_SCOPES = {"repo", "public_repo", "repo:status", "repo_deployment", "read:org"}
_ALWAYS = {"metadata", "contents", "pull_requests"}
_OF_TEAMS_WITHOUT_JIRA = {"issues"}
_BETTER = (
    "Make a fine-grained token with read access to metadata, contents, pull requests, "
    f"deployments and actions, and set {TOKEN}."
)


def kind_of(token: TokenCheck) -> str:
    """Return what kind of token it is, in words."""
    if token.permissions is not None:
        return "signed in as an App"
    if token.scopes is None:
        return "signed in with a fine-grained token"
    scopes = ", ".join(sorted(token.scopes)) or "no scopes"
    return f"signed in with a classic token ({scopes})"


def token_findings(
    token: TokenCheck,
    sources: Iterable[RepositorySource],
    not_shown: Collection[str],
    *,
    now: datetime,
    zone: ZoneInfo,
) -> Iterator[Finding]:
    """Yield what is to be fixed about a token; `not_shown` are repositories that it cannot see."""
    if token.expires is not None and token.expires - now < _SOON:
        day = day_of(token.expires, zone)
        remedy = f"Make a new one before that day, and set {TOKEN}."
        yield Finding(TOKEN, f"The token expires on {day}.", OPERATOR, remedy)
    if token.permissions is not None:
        yield from _of_app(token.permissions, sources)
    if token.scopes is not None:
        yield from _of_classic(token.scopes, not_shown)


def _of_classic(scopes: Collection[str], not_shown: Collection[str]) -> Iterator[Finding]:
    surplus = set(scopes) - _SCOPES
    if surplus:
        what = f"The token has more than it needs: {', '.join(sorted(surplus))}."
        yield Finding(TOKEN, what, OPERATOR, _BETTER)
    if not_shown and "repo" not in scopes:
        listed = ", ".join(f"`{name}`" for name in sorted(not_shown, key=str.casefold))
        what = (
            f"The token lacks the scope `repo`, without which no private one of {listed} is seen."
        )
        yield Finding(TOKEN, what, OPERATOR, _BETTER)


def _of_app(
    permissions: Mapping[str, str], sources: Iterable[RepositorySource]
) -> Iterator[Finding]:
    needed = _ALWAYS | {evidence_kind(s).permission for source in sources for s in source.stanzas}
    missing = needed - permissions.keys()
    if missing:
        listed = ", ".join(f"{name}: read" for name in sorted(missing))
        remedy = "Add them in the App's settings, then have an owner accept them."
        yield Finding(_APP, f"It lacks permissions: {listed}.", OWNER, remedy)
    useful = (
        _ALWAYS | _OF_TEAMS_WITHOUT_JIRA | {kind.permission for kind in EVIDENCE_KINDS.values()}
    )
    surplus = sorted(
        f"{name}: {level}"
        for name, level in permissions.items()
        if name not in useful or level != "read"
    )
    if surplus:
        what = f"It has more than it needs: {', '.join(surplus)}."
        remedy = f"Leave it read access to {', '.join(sorted(needed))} alone."
        yield Finding(_APP, what, OWNER, remedy)
