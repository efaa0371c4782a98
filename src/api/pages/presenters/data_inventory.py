"""How we use your data: every column that is kept, and why. A test compares it with the tables."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from api.pages.presenters.parts.tables import Cell, Table, heads


@dataclass(frozen=True, slots=True)
class TableNote:
    """One kind of thing that is kept: what, why, how long, and what each column holds."""

    title: str
    why: str
    how_long: str
    columns: Mapping[str, str]


_FOR_EVER = "As long as the service runs, so that what was shown stays explained."
_SOURCE = "The repository, project or board it was read from"

KEPT: Mapping[str, TableNote] = {
    "coverage": TableNote(
        "How each source was read",
        "To say how complete and how fresh the data are, and what fixes what is missing.",
        "The newest state of each source.",
        {
            "source": "The repository, project or board",
            "fingerprint": "A digest of the configuration under which it was read",
            "bookmark": "Where the next read goes on",
            "since": "From when on it was read",
            "read_started": "When the last full read began",
            "read_finished": "When it ended",
            "attempt_started": "When the newest attempt began",
            "attempt_finished": "When it ended",
            "reason": "Why it could not be read, if so",
            "detail": "The same in a sentence",
            "items": "How many things were new",
            "requests": "How many requests that took",
            "unread_in_a_row": "How often in a row it could not be read",
            "number": "The number that GitHub or Jira gave it, which stays when its name changes",
            "created": "When a repository was made",
            "older_paths": "Folders that a commit touches which is older than all that was read",
            "gone_folders": "Folders that are there no more, and when each was last touched",
            "remedy": "What to do where it could not be read",
        },
    ),
    "commits": TableNote(
        "Commits",
        "To know which changes reached production. Neither authors nor messages are kept.",
        _FOR_EVER,
        {
            "source": _SOURCE,
            "sha": "The commit's id",
            "parents": "The ids of the commits before it",
            "committed_at": "When it was made",
            "pull_request": "The number of its pull request",
            "bot": "Whether a bot made it",
            "revert": "Whether it takes an earlier one back",
            "paths": "Which of the configured folders it touches",
            "written_at": "When it was first made",
            "rewrites": "The id that it had before history was rewritten",
        },
    ),
    "events": TableNote(
        "What reached production",
        "To know when something reached production.",
        _FOR_EVER,
        {
            "source": _SOURCE,
            "kind": "Deployment, release, tag, workflow run or merge",
            "ident": "GitHub's id of it",
            "sha": "The commit that it brought",
            "dated_by": "How its time was read",
            "name": "Its environment, tag, workflow or branch",
            "at": "When it happened",
            "url": "Where it can be seen",
            "place": "Where the commit stood, such as on a branch or in a merged pull request",
            "merged_at": "When that pull request was merged, if later",
            "not_before": "After when it happened, where nobody can say exactly",
            "seen_by": "By when it had happened, where nobody can say exactly",
        },
    ),
    "other_evidence": TableNote(
        "Names that may show production",
        "To see when an environment, tag or workflow of production has another name.",
        _FOR_EVER,
        {
            "source": _SOURCE,
            "kind": "Deployment, release, tag or workflow run",
            "name": "The environment, workflow, or style of tags",
            "example": "The newest of that style",
            "first_at": "When the first of the name was",
            "first_known": "Whether there is none before it",
            "newest_at": "When it brought the commit",
            "sha": "A commit that it brought",
            "url": "Where it can be seen",
        },
    ),
    "tickets": TableNote(
        "Tickets",
        "To know which moved to Done. Neither titles, texts nor who works on them are kept.",
        _FOR_EVER,
        {
            "source": _SOURCE,
            "issue_id": "Jira's id of the ticket",
            "key": "Its key, such as HER-42",
            "project": "Its project",
            "type": "Its type, such as Bug",
            "sub_task": "Whether it is a sub-task",
            "labels": "Its labels that hearten.yaml names, and those for kinds of work, no others",
            "created": "When it was made",
            "updated": "When it last changed",
            "status_id": "Its status",
            "status_category": "To do, in progress or Done",
            "resolution": "How it was resolved, such as Won't Do",
            "changes": "When it moved from one status to another; not who moved it",
            "status": "The name of its status",
            "resolved_at": "When it was resolved",
            "here_since": "When it came from another project",
            "came_from": "The number of that project",
            "gone": "How it left its source: moved, or no longer shown",
            "gone_after": "When a list last had it",
            "gone_by": "When a list first lacked it",
            "listed_done": "By when it was listed as Done, also if it was reopened since",
            "epic": "Whether its type is an epic, whatever it is called",
            "planned": "Whether it is in a sprint that has not begun",
            "due": "The day by which it is to be done",
            "label_changes": "When those labels came and went; not who changed them",
            "links": "Its links: their type, the other ticket's key and the state of that, and of "
            "feedback when it was made; never what it says",
        },
    ),
    "sprints": TableNote(
        "Sprints of Jira boards",
        "To know from when to when a sprint lasts.",
        _FOR_EVER,
        {
            "source": _SOURCE,
            "sprint_id": "Jira's id of the sprint",
            "name": "Its name",
            "state": "Future, active or closed",
            "start": "When it began",
            "planned_end": "When it was to end",
            "completed": "When it was closed",
            "origin_board": "The board that it was made on",
        },
    ),
    "stories": TableNote(
        "Stories of sprints",
        "A team publishes them in its repository, in `stories/`, so that others read them here. It "
        "is the one text of people that is kept. Do not name individuals or health reasons.",
        "Until the file is changed or deleted, or the repository is not set up any more.",
        {
            "source": "The repository",
            "sprint_id": "The sprint that it is about",
            "oid": "The id of the file's text",
            "text": "What the team wrote, up to 600 characters",
            "target": "The target that it is about, if it names one",
            "cut": "Whether the file goes on",
        },
    ),
    "ticket_keys": TableNote(
        "Tickets that pull requests name",
        "To know when a ticket's change reached production. Of the title and the branch of a pull "
        "request only keys of your Jira projects are kept.",
        _FOR_EVER,
        {
            "source": _SOURCE,
            "sha": "The commit",
            "key": "The ticket's key, such as HER-42",
        },
    ),
    "closed_issues": TableNote(
        "Issues that pull requests close, of teams without Jira",
        "To count retro actions and feedback where a team keeps its work in GitHub alone. Only "
        "issues with a label that means something are kept; nothing of what they say.",
        _FOR_EVER,
        {
            "source": _SOURCE,
            "sha": "The commit",
            "pull_request": "The number of its pull request",
            "repository": "The repository that the issue is in",
            "number": "The issue's number",
            "labels": "Those labels of it that configuration names",
            "created": "When the issue was made",
            "started": "When the pull request was made",
            "declined": "Whether it was closed as not planned",
        },
    ),
    "shipped_tickets": TableNote(
        "Since when tickets are in production",
        "Worked out from the above once, so that pages are quick.",
        "Until it is worked out again.",
        {
            "team": "The team",
            "key": "The ticket's key",
            "at": "When a change that names it first reached production",
            "url": "The page of what brought it there",
        },
    ),
    "reach": TableNote(
        "Which event brought which commit to production",
        "Worked out from the above once, so that pages are quick.",
        "Until it is worked out again.",
        {
            "source": _SOURCE,
            "sha": "The commit",
            "kind": "The kind of the event",
            "ident": "The event's id",
            "event_sha": "The event's commit",
            "dated_by": "How the event's time was read",
            "delivery": "A digest of what counts as production for those who ship so",
        },
    ),
    "reach_basis": TableNote(
        "What that was worked out from",
        "To know whether it must be worked out again.",
        "The newest state.",
        {
            "source": _SOURCE,
            "fingerprint": "A digest of the configuration",
            "read_finished": "The read that it is based on",
        },
    ),
    "plans": TableNote(
        "Teams, targets and excused periods",
        "So that each result can be explained by what was agreed then. It comes from files that "
        "name teams and roles, never people.",
        _FOR_EVER,
        {
            "id": "A number",
            "saved_at": "Since when it holds",
            "snapshot": "The configuration, without anything secret",
        },
    ),
    "results": TableNote(
        "Results",
        "They are what this service is for.",
        _FOR_EVER,
        {
            "team": "The team",
            "sprint_id": "The sprint",
            "target": "The target",
            "version": "Which version of the result it is",
            "sprint_name": "The sprint's name",
            "sprint_start": "When the sprint began",
            "sprint_end": "When it ends",
            "sprint_first_day": "Its first day",
            "sprint_settled_at": "When its results are confirmed",
            "sprint_gap_end": "When the next sprint began",
            "sprint_notes": "What is unusual about it, such as closed late",
            "target_version": "Since when the target asked this",
            "status": "One of the six statuses",
            "state": "Provisional or final",
            "value": "How many were found",
            "minimum": "How many were asked for",
            "unit": "What was counted",
            "coverage": "Which share of the sources was read",
            "reason": "The sentence that explains it",
            "cause": "Why there is a newer version",
            "evidence": "Links to what counted, with times",
            "left_out": "Links to what did not count, with reasons",
            "gaps": "What could not be read, and why",
            "sources": "What it was worked out from",
            "notes": "What would have lowered a final result",
            "evaluated_at": "When it was worked out",
            "checked_at": "When it was last checked",
            "basis": "By which configuration it was worked out, and what another one changes",
        },
    ),
    "first_evaluations": TableNote(
        "First results of teams",
        "To know how long a team is being set up.",
        _FOR_EVER,
        {"team": "The team", "at": "When its results were worked out first"},
    ),
    "runs": TableNote(
        "Runs of the service",
        "To do each piece of work once, and to show how it went.",
        _FOR_EVER,
        {
            "id": "A number",
            "job": "What was done",
            "slot": "For which time of the schedule",
            "asked_by": "The schedule, the command line or another program",
            "due_at": "When it was due to begin",
            "state": "Waiting, going on or done",
            "team": "The team, if it was for one",
            "since": "From which day on to read",
            "outcome": "How it ended",
            "detail": "The same in a sentence",
            "holder": "Which process did it",
            "lease_until": "Until when that process holds it",
            "attempts": "How often it was begun",
            "started_at": "When it began",
            "finished_at": "When it ended",
            "total": "How many steps it has",
        },
    ),
    "run_steps": TableNote(
        "Steps of runs",
        "To show how far a run has come.",
        _FOR_EVER,
        {
            "run_id": "The run",
            "step": "The source or the team",
            "finished_at": "When the step was done",
            "reason": "Why a source could not be read, if so",
        },
    ),
    "tallies": TableNote(
        "Counts for dashboards",
        "To see whether the service itself is well.",
        _FOR_EVER,
        {
            "tally": "What is counted",
            "source": _SOURCE,
            "label": "How it went",
            "value": "How often",
        },
    ),
    "tokens": TableNote(
        "Tokens of other programs",
        "So that programs, not people, can ask for results. The secret itself is not kept.",
        _FOR_EVER,
        {
            "id": "A number",
            "label": "Which program uses it",
            "digest": "A digest of the secret",
            "scopes": "What it allows",
            "created_at": "When it was made",
            "expires_at": "When it runs out",
            "revoked_at": "When it was taken back",
        },
    ),
    "audit": TableNote(
        "What programs changed",
        "To see what was written, and with whose leave.",
        _FOR_EVER,
        {
            "id": "A number",
            "at": "When it was",
            "by": "Which token, the command line or the sign-on proxy; never a name",
            "action": "What was done",
            "about": "To what",
            "outcome": "How it ended",
            "request_id": "The id that the log knows it by",
        },
    ),
}


@dataclass(frozen=True, slots=True)
class TableView:
    """One table of the database, in words."""

    title: str
    why: str
    how_long: str
    table: Table


def kept(columns: Mapping[str, Sequence[str]]) -> tuple[TableView, ...]:
    """Return everything that is kept, by the names of tables and their columns.

    Errors: KeyError where nobody wrote down what a column is for.
    """
    return tuple(_view(KEPT[name], found) for name, found in columns.items())


def _view(of: TableNote, columns: Sequence[str]) -> TableView:
    rows = tuple((Cell(f"`{name}`"), Cell(of.columns[name])) for name in columns)
    return TableView(
        of.title, of.why, of.how_long, Table(of.title, heads("Field", "What it holds"), rows)
    )
