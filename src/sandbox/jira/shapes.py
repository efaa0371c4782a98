"""Jira's JSON of issues, change logs, sprints and boards. Data Center differs a little."""

from datetime import UTC, datetime
from typing import Any

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
from sandbox.jira.site import LINK_TYPES, Site
from sandbox.people import Actor, account_id

Shape = dict[str, Any]
_CATEGORIES = {
    "new": (2, "To Do", "blue-gray"),
    "indeterminate": (4, "In Progress", "yellow"),
    "done": (3, "Done", "green"),
}
_FIELD_IDS = ("summary", "status", "issuetype", "project", "labels", "components", "created")
FIELDS = (
    *(*_FIELD_IDS, "updated", "resolution", "resolutiondate", "assignee", "reporter", "parent"),
    *("duedate", "issuelinks"),
)


class Shapes:
    """Shapes of one site at the address that the client used, in one version of the API."""

    def __init__(self, site: Site, base: str, version: str) -> None:
        self._site = site
        self.base = base
        self._api = f"{base}/rest/api/{version}"
        self._agile = f"{base}/rest/agile/1.0"

    def issue(self, issue: JiraIssue, fields: list[str]) -> Shape:
        """Return an issue with the fields asked for."""
        every_one = {"*all", "*navigable"} & set(fields)
        wanted = [*FIELDS, "archiveddate"] if every_one else fields
        every = self._fields(issue)
        return {
            "expand": "operations,versionedRepresentations,editmeta,changelog,renderedFields",
            "id": issue.ident,
            "self": f"{self._api}/issue/{issue.ident}",
            "key": issue.key,
            "fields": {name: every[name] for name in wanted if name in every},
        }

    def history(
        self, history: ChangeLogEntry, items: list[ChangedField], *, epoch: bool = False
    ) -> Shape:
        """Return a change; Cloud's bulk answers have epoch milliseconds, all others ISO text."""
        at = history.at
        return {
            "id": history.ident,
            "author": self.user(history.author),
            "created": int(at.timestamp() * 1000) if epoch else self.time(at),
            "items": [self._item(item) for item in items],
        }

    def status(self, status: JiraStatus) -> Shape:
        """Return a status with its category."""
        ident, name, colour = _CATEGORIES[status.category]
        return {
            "self": f"{self._api}/status/{status.ident}",
            "description": "",
            "iconUrl": f"{self.base}/images/icons/statuses/generic.png",
            "name": status.name,
            "id": status.ident,
            "statusCategory": {
                "self": f"{self._api}/statuscategory/{ident}",
                "id": ident,
                "key": status.category,
                "colorName": colour,
                "name": name,
            },
        }

    def sprint(self, sprint: JiraSprint) -> Shape:
        """Return a sprint. On Cloud `startDate` is when it was started, once it was."""
        cloud = self._site.cloud
        dates = {
            "startDate": (sprint.activated if cloud else None) or sprint.start,
            "endDate": sprint.end,
            "completeDate": sprint.completed,
            "activatedDate": None if cloud else sprint.activated,
        }
        return {
            "id": sprint.ident,
            "self": f"{self._agile}/sprint/{sprint.ident}",
            "state": sprint.state,
            "name": sprint.name,
            **{name: self._sprint_time(at) for name, at in dates.items() if at},
            "originBoardId": sprint.board,
            "goal": sprint.goal,
        }

    def board(self, board: Board) -> Shape:
        """Return a board."""
        project = board.project
        shape: Shape = {
            "id": board.ident,
            "self": f"{self._agile}/board/{board.ident}",
            "name": board.name,
            "type": board.kind,
        }
        if self._site.cloud:
            shape["location"] = {
                "projectId": int(project.ident),
                "displayName": f"{project.name} ({project.key})",
                "projectName": project.name,
                "projectKey": project.key,
                "projectTypeKey": "software",
                "name": f"{project.name} ({project.key})",
            }
        return shape

    def user(self, who: Actor) -> Shape:
        """Return an account."""
        shape = {
            "emailAddress": who.email,
            "avatarUrls": {"48x48": f"{self.base}/secure/useravatar?size=large"},
            "displayName": who.name,
            "active": True,
            "timeZone": self._site.time_zone,
        }
        ident = account_id(who)
        if self._site.cloud:
            me = f"{self._api}/user?accountId={ident}"
            return {"self": me, "accountId": ident, "accountType": "atlassian", **shape}
        name = who.login or who.email
        return {"self": f"{self._api}/user?username={name}", "name": name, "key": ident, **shape}

    def time(self, at: datetime) -> str:
        """Return `at` in the user's zone: 2026-03-04T10:00:00.000+0000."""
        local = at.astimezone(self._site.zone)
        return f"{local:%Y-%m-%dT%H:%M:%S}.{local.microsecond // 1000:03d}{local:%z}"

    def _sprint_time(self, at: datetime) -> str:
        if self._site.cloud:
            return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.000Z"
        return at.astimezone(self._site.zone).isoformat(timespec="milliseconds")

    def _fields(self, issue: JiraIssue) -> Shape:
        fields: Shape = {
            "summary": issue.summary,
            "status": self.status(issue.status),
            "issuetype": self._type(issue),
            "project": self.project(issue.project),
            "labels": list(issue.labels),
            "components": [{"name": name} for name in issue.components],
            "created": self.time(issue.created),
            "updated": self.time(issue.updated),
            "resolution": {"name": issue.resolution} if issue.resolution else None,
            "resolutiondate": self.time(issue.resolved) if issue.resolved else None,
            "assignee": self.user(issue.assignee),
            "reporter": self.user(issue.reporter),
        }
        fields["duedate"] = issue.due.isoformat() if issue.due else None
        fields["issuelinks"] = [
            self._link(link) for link in issue.links if link.other.project.readable
        ]
        if issue.archived:
            fields["archiveddate"] = self.time(issue.archived)
        if issue.parent:
            fields["parent"] = self.issue(issue.parent, ["summary", "status", "issuetype"])
        return fields

    def _link(self, link: IssueLink) -> Shape:
        names = LINK_TYPES[link.type]
        return {
            "id": link.ident,
            "self": f"{self._api}/issueLink/{link.ident}",
            "type": {
                "id": str(10000 + list(LINK_TYPES).index(link.type)),
                "name": link.type,
                "inward": names[0],
                "outward": names[1],
            },
            "outwardIssue" if link.outward else "inwardIssue": self._other(link.other),
        }

    def _other(self, issue: JiraIssue) -> Shape:
        """Return what a link shows of the issue to which it leads."""
        return {
            "id": issue.ident,
            "key": issue.key,
            "self": f"{self._api}/issue/{issue.ident}",
            "fields": {
                "summary": issue.summary,
                "status": self.status(issue.status),
                "issuetype": self._type(issue),
            },
        }

    def _type(self, issue: JiraIssue) -> Shape:
        ident = str(type_id(issue.type))
        shape: Shape = {
            "self": f"{self._api}/issuetype/{ident}",
            "id": ident,
            "description": "",
            "name": issue.type,
            "subtask": issue.sub_task,
        }
        if self._site.cloud:
            shape["hierarchyLevel"] = -1 if issue.sub_task else int(issue.type == "Epic")
        return shape

    def project(self, project: Project) -> Shape:
        """Return a project."""
        return {
            "self": f"{self._api}/project/{project.ident}",
            "id": project.ident,
            "key": project.key,
            "name": project.name,
            "projectTypeKey": "software",
        }

    def _item(self, item: ChangedField) -> Shape:
        shape = {
            "field": item.field,
            "fieldtype": "jira",
            "from": item.before,
            "fromString": item.shown_before,
            "to": item.after,
            "toString": item.shown_after,
        }
        return {**shape, "fieldId": item.field} if self._site.cloud else shape


def type_id(name: str) -> int:
    """Return the number of an issue type, the same for the same name."""
    return 10100 + int.from_bytes(name.encode()) % 89
