"""A Jira site of the sandbox, built call by call."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from sandbox.jira.records import (
    Board,
    ChangedField,
    ChangeLogEntry,
    IssueLink,
    JiraIssue,
    JiraSprint,
    JiraStatus,
    Project,
)
from sandbox.people import CAST, TITLES, account_id

USUAL_STATUSES = (
    ("To Do", "new"),
    ("In Progress", "indeterminate"),
    ("In Review", "indeterminate"),
    ("Done", "done"),
    ("Released", "done"),
)
LINK_TYPES = {  # as each end has it: inward, outward
    "Blocks": ("is blocked by", "blocks"),
    "Relates": ("relates to", "relates to"),
    "Feedback": ("is the feedback for", "answers feedback"),
}


@dataclass(slots=True)
class Site:
    """A Jira site. Its user's clock shows `time_zone`, in which JQL and dates are meant."""

    name: str
    cloud: bool = True
    time_zone: str = "Europe/London"
    statuses: dict[str, JiraStatus] = field(default_factory=dict)
    projects: dict[str, Project] = field(default_factory=dict)
    issues: dict[str, JiraIssue] = field(default_factory=dict)
    boards: dict[int, Board] = field(default_factory=dict)
    _ids: Iterator[int] = field(default_factory=lambda: count(10001))

    def __post_init__(self) -> None:
        for name, category in USUAL_STATUSES:
            self.status(name, category)

    @property
    def zone(self) -> ZoneInfo:
        """The zone of the user whose token is used."""
        return ZoneInfo(self.time_zone)

    def status(self, name: str, category: str, *, listed: bool = True) -> JiraStatus:
        """Add or change a status; unlisted, it is known from change logs only."""
        known = self.statuses.get(name)
        ident = known.ident if known else str(next(self._ids))
        self.statuses[name] = JiraStatus(ident, name, category, listed)
        return self.statuses[name]

    def project(
        self, key: str, name: str = "", *, readable: bool = True, ident: int | None = None
    ) -> Project:
        """Add a project, numbered `ident` (or by the site)."""
        number = str(next(self._ids) if ident is None else ident)
        self.projects[key] = Project(number, key, name or key.title(), readable)
        return self.projects[key]

    def another_project(self, key: str, *, former: str) -> Project:
        """Add another project under a key that is taken; what had it has the key `former` by now.

        Without `former` it was deleted with all its issues.
        """
        if former:
            self.rename_project(key, former)
            return self.project(key)
        before = self.projects.pop(key)
        for issue in [each for each in self.issues.values() if each.project == before]:
            del self.issues[issue.key]
        return self.project(key)

    def rename_project(self, key: str, new: str) -> None:
        """Give a project another key; its issues have that too, and their numbers."""
        before = self.projects.pop(key)
        self.projects[new] = renamed = replace(before, key=new, name=new.title())
        for issue in [each for each in self.issues.values() if each.project == before]:
            del self.issues[issue.key]
            issue.project, issue.key = renamed, f"{new}-{issue.key.partition('-')[2]}"
            self.issues[issue.key] = issue

    def issue(
        self,
        key: str,
        *,
        created: datetime,
        moves: Sequence[tuple[datetime, str]] = (),
        kind: str = "Story",
        resolution: str = "",
        labels: Sequence[str] = (),
        components: Sequence[str] = (),
        parent: JiraIssue | None = None,
        summary: str = "",
        due: date | None = None,
    ) -> JiraIssue:
        """Add an issue that began in "To Do", was assigned, and then moved at these times.

        `resolution` is set, with the last move, where there is one; its project is made if new.
        """
        project_key = key.partition("-")[0]
        project = self.projects.get(project_key) or self.project(project_key)
        number = len(self.issues)
        issue = JiraIssue(
            ident=str(next(self._ids)),
            key=key,
            project=project,
            type="Sub-task" if parent else kind,
            summary=summary or TITLES[number % len(TITLES)],
            reporter=CAST[number % len(CAST)],
            assignee=CAST[(number + 1) % len(CAST)],
            created=created,
            updated=created,
            status=self.statuses["To Do"],
            labels=tuple(labels),
            components=tuple(components),
            parent=parent,
            due=due,
        )
        self.issues[key] = issue
        assigned = ChangedField(
            "assignee", None, None, account_id(issue.assignee), issue.assignee.name
        )
        self._change(issue, created + timedelta(minutes=2), assigned)
        for index, (at, status) in enumerate(moves, start=1):
            self.move(issue, at, status, resolution=resolution if index == len(moves) else "")
        return issue

    def move(self, issue: JiraIssue, at: datetime, status: str, *, resolution: str = "") -> None:
        """Move `issue` to another status; leaving Done takes its resolution away."""
        before, after = issue.status, self.statuses[status]
        items = [ChangedField("status", before.ident, before.name, after.ident, after.name)]
        if after.category != "done":
            resolution = ""
        if resolution != issue.resolution:
            items.append(
                ChangedField("resolution", None, issue.resolution or None, None, resolution or None)
            )
            issue.resolved = at if resolution else None
        issue.status, issue.resolution = after, resolution
        self._change(issue, at, *items)

    def label(self, issue: JiraIssue, at: datetime, *, add: str = "", remove: str = "") -> None:
        """Add a label to `issue`, or remove one, or both at once."""
        before = issue.labels
        kept = [label for label in before if label != remove]
        issue.labels = tuple(sorted({*kept, *([add] if add else [])}))
        was, now = " ".join(before), " ".join(issue.labels)
        self._change(issue, at, ChangedField("labels", None, was, None, now))

    def plan(self, issue: JiraIssue, at: datetime) -> None:
        """Put `issue` into a sprint that has not begun."""
        issue.planned = True
        self._change(issue, at, ChangedField("Sprint", None, None, None, "Later"))

    def link(self, issue: JiraIssue, kind: str, other: JiraIssue, at: datetime) -> None:
        """Link `issue` to `other`, as it "blocks" or "answers" that; both show it."""
        ident = next(self._ids)
        for one, another, outward in ((issue, other, True), (other, issue, False)):
            one.links.append(IssueLink(str(ident), kind, outward, another))
            words = f"This issue {LINK_TYPES[kind][outward]} {another.key}"
            self._change(one, at, ChangedField("Link", None, None, another.key, words))

    def delete(self, key: str) -> None:
        """Remove an issue; one that the token may not see any more looks just the same."""
        del self.issues[key]

    def transfer(self, key: str, new_key: str, at: datetime) -> JiraIssue:
        """Move an issue to another project (made if new), where it has `new_key`."""
        issue = self.issues.pop(key)
        before, after = issue.project, new_key.partition("-")[0]
        issue.project = self.projects.get(after) or self.project(after)
        issue.key = new_key
        self.issues[new_key] = issue
        here = issue.project
        self._change(
            issue, at, ChangedField("project", before.ident, before.name, here.ident, here.name)
        )
        return issue

    def find(self, wanted: str) -> JiraIssue | None:
        """Return a readable issue by its id or key, None where there is none."""
        for issue in self.issues.values():
            if issue.project.readable and wanted in (issue.ident, issue.key):
                return issue
        return None

    def readable_projects(self) -> list[Project]:
        """Return the projects that the token may see, by key."""
        return [found for _, found in sorted(self.projects.items()) if found.readable]

    def board(
        self, ident: int, project: str, *, kind: str = "scrum", readable: bool = True
    ) -> Board:
        """Add a board of a project (made if new)."""
        owner = self.projects.get(project) or self.project(project)
        board = Board(ident, f"{owner.name} board", owner, kind, readable)
        self.boards[ident] = board
        return board

    def sprint(
        self,
        board: int,
        name: str,
        *,
        start: datetime | None = None,
        end: datetime | None = None,
        activated: datetime | None = None,
        completed: datetime | None = None,
        state: str = "",
    ) -> JiraSprint:
        """Add a sprint; unless told otherwise it is closed if completed, active if activated."""
        derived = "closed" if completed else "active" if activated else "future"
        sprint = JiraSprint(
            ident=next(self._ids),
            board=board,
            name=name,
            state=state or derived,
            goal=TITLES[len(self.boards[board].sprints) % len(TITLES)],
            start=start,
            end=end,
            activated=activated,
            completed=completed,
        )
        self.boards[board].sprints.append(sprint)
        return sprint

    def put_sprint(self, sprint: JiraSprint) -> None:
        """Let `sprint` replace the one with its id: activated, closed, renamed and so on."""
        sprints = self.boards[sprint.board].sprints
        sprints[:] = [sprint if known.ident == sprint.ident else known for known in sprints]

    def _change(self, issue: JiraIssue, at: datetime, *items: ChangedField) -> None:
        author = CAST[len(issue.histories) % len(CAST)]
        issue.histories.append(ChangeLogEntry(str(next(self._ids)), author, at, items))
        issue.updated = max(issue.updated, at)
