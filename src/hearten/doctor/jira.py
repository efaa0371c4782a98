"""One Jira site: what it is, whether it takes the token, and what that token sees there."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from types import MappingProxyType
from zoneinfo import ZoneInfo

from collector.errors import SourceError, SourceRefusedError
from collector.jira.doctor_checks import BoardCheck, JiraChecks, Server
from collector.jira.site import JiraSite
from evaluator.model.plan import BoardSource, Cadence, LeaveOut, Source, TicketSource
from evaluator.wording import amount
from hearten.doctor.done_tickets import not_seen_done
from hearten.doctor.findings import (
    ADMINISTRATOR,
    KEEPER,
    OPERATOR,
    CheckedSection,
    Finding,
    finding_of,
    section,
)
from hearten.doctor.findings import names as named
from hearten.doctor.left_out_names import not_named
from hearten.doctor.sprints import cadence_like, finished, in_parallel, without_dates

_LISTED = 10  # boards that a finding names


@dataclass(frozen=True, slots=True)
class SettingNames:
    """Where a site's address is written, and the e-mail that goes with its token."""

    address: str
    email: str


def look_at_jira(
    site: JiraSite,
    checks: JiraChecks,
    sources: Sequence[Source],
    *,
    projects: Mapping[int, str],
    whole: Collection[int],
    names: SettingNames,
    zone: ZoneInfo,
    numbers: Mapping[str, str] = MappingProxyType({}),
    leave_outs: Mapping[str, Sequence[LeaveOut]] = MappingProxyType({}),
) -> CheckedSection:
    """Return what is found of one site and of `sources`, which are on it.

    `projects` has the project beside which teams.yaml names each board, where it names one.
    `whole` are the boards all of whose sprints are some team's. `numbers` has the id that each
    source had when it was last read, by source id, where it was. `leave_outs` has what the teams
    that work from a source leave out of it, by source id.
    """
    name = f"Jira `{site.name}`"
    try:
        server = checks.server()
    except SourceError as error:
        return section(
            name,
            ["it could not be looked at"],
            [finding_of(name, error, owner=OPERATOR, address=names.address)],
        )
    said = ["Jira Cloud" if server.cloud else f"Jira Data Center {server.version}"]
    if server.cloud != site.cloud:
        found = [_other_kind(name, site, server, names.email)]
        return section(name, [*said, "nothing else could be looked at"], found)
    try:
        checks.sign_in()
    except SourceError as error:
        found = [finding_of(name, error, owner=OPERATOR, address=names.address)]
        return section(name, [*said, "nothing else could be looked at"], found)
    findings: list[Finding] = []
    details: list[str] = []
    for source in sources:
        if isinstance(source, TicketSource):
            number, outs = numbers.get(source.id, ""), leave_outs.get(source.id, ())
            detail, found = _tickets(checks, source, number, outs)
        elif isinstance(source, BoardSource):
            detail, found = _board(
                checks, source, projects.get(source.board), zone, whole=source.board in whole
            )
        else:
            continue
        details += [detail] if detail else []
        findings += found
    return section(name, [*said, "signed in"], findings, details=details)


def _other_kind(name: str, site: JiraSite, server: Server, email_name: str) -> Finding:
    if server.cloud:
        what = "The site is Jira Cloud, and no e-mail goes with the token."
        remedy = f"Set {email_name} to the e-mail of the account that the token belongs to."
    else:
        what = "The site is Jira Data Center, and an e-mail goes with the token."
        remedy = f"Unset {email_name}, and set {site.token_name} to a personal access token."
    return Finding(name, what, OPERATOR, remedy)


def _tickets(
    checks: JiraChecks, source: TicketSource, number: str, leave_outs: Sequence[LeaveOut]
) -> tuple[str, list[Finding]]:
    about = f"project {source.project}" if source.project else f"JQL `{source.jql}`"
    try:
        seen = checks.tickets(source)
        if seen:
            done = checks.done_tickets(source)
            findings = [*not_seen_done(checks, source, about, seen, done.count)]
            findings += not_named(about, done.newest, leave_outs)
            findings += _of_another_number(checks, source, about, number)
            return f"{about}: {amount(seen, 'tickets')}, {done.count:,} of them Done", findings
    except SourceRefusedError as error:
        finding = finding_of(about, error, owner=ADMINISTRATOR)
        if source.jql:
            more = "Jira's own search for issues says what it finds wrong with it."
            finding = replace(finding, remedy=f"{finding.remedy} {more}")
    except SourceError as error:  # the next question would be in vain too
        return "", [finding_of(about, error, owner=ADMINISTRATOR)]
    else:
        finding = _without_tickets(checks, source, about)
    return "", [_with_projects(checks, source.project, finding)]


def _without_tickets(checks: JiraChecks, source: TicketSource, about: str) -> Finding:
    remedy = "Give its account the permission Browse Projects, or correct the entry in teams.yaml."
    finding = Finding(about, "The token sees no ticket of it.", ADMINISTRATOR, remedy)
    if not source.project:
        return finding
    try:
        checks.project_number(source.project)
    except SourceError:
        return finding
    what = "The token sees the project, and no ticket of it."
    remedy = (
        "Unless it has none, a security level or a missing permission hides them: let the account "
        "of the token browse its tickets."
    )
    return Finding(about, what, ADMINISTRATOR, remedy)


def _of_another_number(
    checks: JiraChecks, source: TicketSource, about: str, number: str
) -> Iterator[Finding]:
    """Yield that the project's key means another one than the one that was read."""
    if not (source.project and number):
        return
    now = checks.project_number(source.project)
    if now != number:
        what = f"Its key is that of project {now} by now, and was read as that of {number}."
        remedy = "See in Jira which of them is the team's, and correct `project` in teams.yaml."
        yield Finding(about, what, KEEPER, remedy)


def _with_projects(checks: JiraChecks, project: str | None, finding: Finding) -> Finding:
    """The finding with what projects there are, where its own is not among them."""
    if not project:
        return finding
    try:
        projects = checks.projects
    except SourceError:
        return finding
    if project in projects or not projects:
        return finding
    close = get_close_matches(project, projects, n=1)
    more = (
        f"Did you mean {close[0]}?"
        if close
        else f"Projects that the token sees: {named(projects)}."
    )
    return replace(finding, remedy=f"{finding.remedy} {more}")


def _board(
    checks: JiraChecks, source: BoardSource, project: str | None, zone: ZoneInfo, *, whole: bool
) -> tuple[str, list[Finding]]:
    about = f"board {source.board}"
    try:
        board = checks.board(source)
    except SourceRefusedError as error:
        finding = finding_of(about, error, owner=ADMINISTRATOR)
        return "", [_with_boards(checks, project, finding)]
    except SourceError as error:  # the next question would be in vain too
        return "", [finding_of(about, error, owner=ADMINISTRATOR)]
    findings = list(_of_board(about, board, zone, whole=whole))
    if board.kanban:
        return "", [_with_boards(checks, project, finding) for finding in findings]
    called = f"{about}, {board.name}" if board.name else about
    detail = f"{called}: {amount(finished(board.sprints), 'finished sprints')}"
    if project and board.project not in {"", project}:  # right where teams share a board
        detail += f", in project {board.project} and not in {project}"
    return detail, findings


def _with_boards(checks: JiraChecks, project: str | None, finding: Finding) -> Finding:
    """The finding with what else there is: the board's number may be what is wrong."""
    if project is None:
        return finding
    try:
        boards = checks.boards_of(project)
    except SourceError:
        return finding
    if not boards:
        return finding
    listed = ", ".join(
        f"{' '.join(filter(None, (str(board.number), board.name)))} ({board.kind})"
        for board in boards[:_LISTED]
    )
    more = f" and {len(boards) - _LISTED} more" if len(boards) > _LISTED else ""
    remedy = f"{finding.remedy} Boards of {project} that the token sees: {listed}{more}."
    return replace(finding, remedy=remedy)


def _of_board(about: str, board: BoardCheck, zone: ZoneInfo, *, whole: bool) -> Iterator[Finding]:
    use = f"Write `{_stanza(cadence_like(board.sprints, zone))}` for the team in teams.yaml."
    if board.kanban:
        yield Finding(about, "It is a Kanban board, which has no sprints.", KEEPER, use)
        return
    if all(sprint.state == "future" for sprint in board.sprints):
        remedy = f"Start one in Jira. If the team does not work in sprints: {use}"
        yield Finding(about, "None of its sprints has been started.", KEEPER, remedy)
    if whole and (parallel := in_parallel(board.sprints)):
        by_name = "`sprints: {from: board, names: 'Heron .*'}`"
        remedy = f"If their names tell whose they are, write as {by_name}. Else: {use}"
        yield Finding(about, parallel, KEEPER, remedy)
    if undated := without_dates(board.sprints):
        what = f"{amount(undated, 'sprints')} that began lack a start or a planned end."
        remedy = f"Give them dates in Jira. If that is not the team's way: {use}"
        yield Finding(about, what, KEEPER, remedy)


def _stanza(cadence: Cadence | None) -> str:
    """A cadence for teams.yaml; without one, an example to be changed."""
    if cadence is None:
        return "sprints: {from: cadence, first_day: 2024-01-01, length_days: 14}"
    first, length = cadence.first_day.isoformat(), cadence.length_days
    return f"sprints: {{from: cadence, first_day: {first}, length_days: {length}}}"
