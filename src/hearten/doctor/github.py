"""GitHub: the token, and what is seen of each repository and of what shows production there."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from collector.errors import SourceError
from collector.github.detection.candidates import DetectedEvidence
from collector.github.detection.release_branches import branch_pattern
from collector.github.doctor_checks import GitHubChecks
from collector.github.evidence.base import Unmatched, examples
from collector.github.evidence.registry import EVIDENCE_KINDS, evidence_kind
from collector.github.repository_check import RepositoryCheck
from collector.github.token_check import TokenCheck
from evaluator.model.evidence import Production
from evaluator.model.facts import Reason
from evaluator.model.plan import RepositorySource
from evaluator.wording import amount
from hearten.doctor.findings import (
    KEEPER,
    OPERATOR,
    OWNER,
    CheckedSection,
    Finding,
    finding_of,
    section,
    unread,
)
from hearten.doctor.tokens import kind_of, token_findings

NAME = "GitHub"

Detected = Mapping[str, DetectedEvidence | SourceError]


def look_at_github(
    checks: GitHubChecks,
    sources: Sequence[RepositorySource],
    *,
    matched_before: Callable[[RepositorySource, Production], bool],
    detect: Callable[[Sequence[str]], Detected],
    now: datetime,
    zone: ZoneInfo,
) -> tuple[CheckedSection, TokenCheck | None]:
    """Return what is found of GitHub, and of the token, which is None where GitHub took none.

    `matched_before` says whether one kind of evidence was ever seen; where it never was,
    `detect` finds what there is.
    """
    try:
        token = checks.token()
    except SourceError as error:
        found = [finding_of(NAME, error, owner=OPERATOR, address="HEARTEN_GITHUB_URL")]
        return section(NAME, ["no repository could be looked at"], found), None
    looked = checks.repositories(sources)
    errors = {name: found for name, found in looked.items() if isinstance(found, SourceError)}
    readable = {name: found for name, found in looked.items() if isinstance(found, RepositoryCheck)}
    hidden = [name for name, error in errors.items() if error.reason is Reason.NOT_FOUND]
    never = [
        (stanza, of_stanza)
        for source in sources
        if (check := readable.get(source.repository)) and check.default_branch and check.has_branch
        for stanza, of_stanza in zip(source.stanzas, check.by_stanza, strict=True)
        if not of_stanza.matched and not matched_before(source, stanza)
    ]
    named = list(dict.fromkeys(check.repository for _, check in never))
    instead = detect(named) if named else {}
    findings = [
        *token_findings(token, sources, hidden, now=now, zone=zone),
        *unread(errors, OWNER),
        *(f for s in sources if s.repository in readable for f in _of(readable[s.repository], s)),
        *(_nothing_matched(*each, instead.get(each[1].repository)) for each in never),
    ]
    of_all = f"{len(readable)} of {len(sources)} repositories readable" if sources else ""
    said = [kind_of(token), of_all]
    return section(NAME, [*said, _left(token)], findings), token


def _left(token: TokenCheck) -> str:
    if token.limit is None or token.left is None or token.resets is None:
        return ""
    left = f"{token.left:,} of {token.limit:,} points left"
    return f"{left} until {token.resets:%H:%M} UTC"


def _of(check: RepositoryCheck, source: RepositorySource) -> Iterator[Finding]:
    name = check.repository
    if check.now_named.casefold() != name.casefold():
        what = f"GitHub calls it {check.now_named} today."
        yield Finding(name, what, KEEPER, f"Write `name: {check.now_named}` in teams.yaml.")
    if check.archived:
        what = "It is archived, so nothing new reaches production from it."
        remedy = "Write its last day as `to` in teams.yaml."
        yield Finding(name, what, KEEPER, remedy)
    if not check.default_branch:
        what = "It is empty: it has no commit yet."
        remedy = "Take it out of teams.yaml until there is something in it."
        yield Finding(name, what, KEEPER, remedy)
    elif not check.has_branch:
        what = f"It has no branch `{source.branch}`."
        remedy = f"Its default branch is `{check.default_branch}`: correct or remove `branch`."
        yield Finding(name, what, KEEPER, remedy)


def _nothing_matched(
    stanza: Production, check: RepositoryCheck, instead: DetectedEvidence | SourceError | None
) -> Finding:
    detected = instead if isinstance(instead, DetectedEvidence) else None
    unmatched = Unmatched(stanza, check, detected)
    what = evidence_kind(stanza).looked_for(unmatched)
    there = [kind.there_is(unmatched) for kind in EVIDENCE_KINDS.values()]
    has = f"It has {'; '.join(filter(None, there))}. " if any(there) else ""
    prints = f"`hearten suggest {check.repository}` prints what to write in teams.yaml."
    remedy = f"{has}{_of_runs(check)}{prints}"
    return Finding(check.repository, what, KEEPER, remedy)


def _of_runs(check: RepositoryCheck) -> str:
    """Return what to write where runs are not where they are looked for; empty for nothing."""
    pattern = branch_pattern(check.branches)
    how = f"`branch: '{pattern}'`" if pattern else "`branch` with a pattern for their names"
    if check.branches and check.callers:
        return (
            f"{examples(check.callers)} calls it, on other branches ({examples(check.branches)}): "
            f"write `workflow: {check.callers[0]}` and {how}. "
        )
    if check.branches:
        runs = amount(check.runs_elsewhere, "runs")
        return f"On other branches {runs} succeeded ({examples(check.branches)}): write {how}. "
    if check.callers:
        return (
            f"{examples(check.callers)} calls it, and has the runs: "
            f"write `workflow: {check.callers[0]}`. "
        )
    if check.succeeded:
        return (
            f"On that branch {examples(check.succeeded)} succeeded. Where one calls it, the runs "
            f"are that one's: write `workflow: {check.succeeded[0]}`. "
        )
    return ""
