"""What only Jira Cloud answers: its search by tokens and its bulk change logs."""

from typing import NoReturn

from sandbox.jira.asked import JiraError, JiraRequest, token
from sandbox.jira.jql import search as find
from sandbox.jira.records import ChangedField, ChangeLogEntry, JiraIssue
from sandbox.jira.shapes import Shape

_PAGE = 100
_IDS_ONLY_PAGE = 5000
_MOST_ISSUES = 1000
_MOST_FIELDS = 10
_MOST_CHANGES = 10_000


def removed_search(_: JiraRequest) -> NoReturn:
    """Answer as Cloud does since it removed the old search. Errors: JiraError 410."""
    raise JiraError(
        410,
        "The requested API has been removed. Please migrate to the /rest/api/3/search/jql API. A "
        "full migration guideline is available at "
        "https://developer.atlassian.com/changelog/#CHANGE-2046",
    )


def search(asked: JiraRequest) -> Shape:
    """Return a page of issues: ids only unless fields are named, no total, a token for more."""
    jql = asked.text("jql")
    fields = asked.words("fields") or ["id"]
    ids_only = set(fields) <= {"id", "key"}
    size = min(asked.number("maxResults", 50), _IDS_ONLY_PAGE if ids_only else _PAGE)
    start = asked.offset(jql)
    found = find(asked.site, jql)
    end = start + size
    page = found[start:end]
    body: Shape = {
        "issues": [
            {"id": issue.ident} if ids_only else asked.shapes.issue(issue, fields) for issue in page
        ],
        "isLast": end >= len(found),
    }
    if end < len(found):
        body["nextPageToken"] = token(jql, end)
    return body


def issues(asked: JiraRequest) -> Shape:
    """Return the issues with these ids or keys; those that nobody may see are left out."""
    names = asked.words("issueIdsOrKeys")
    if not 1 <= len(names) <= _PAGE:
        raise JiraError(400, "The number of issue IDs or keys must be between 1 and 100.")
    fields = asked.words("fields") or ["*navigable"]
    found = [issue for name in names if (issue := asked.site.find(name)) is not None]
    return {"issues": [asked.shapes.issue(issue, fields) for issue in found], "issueErrors": []}


def projects(asked: JiraRequest) -> Shape:
    """Return a page of the readable projects, by key."""
    rows = [asked.shapes.project(project) for project in asked.site.readable_projects()]
    return asked.page(rows, _PAGE)


def count(asked: JiraRequest) -> Shape:
    """Return how many issues a search would find."""
    return {"count": len(find(asked.site, asked.text("jql")))}


def changes(asked: JiraRequest) -> Shape:
    """Return a page of changes of the issues and fields asked for, oldest first."""
    names = asked.words("issueIdsOrKeys")
    if not 1 <= len(names) <= _MOST_ISSUES:
        raise JiraError(400, "The number of issue IDs or keys must be between 1 and 1000.")
    size = asked.number("maxResults", 1000)
    if not 1 <= size <= _MOST_CHANGES:
        raise JiraError(400, "maxResults must be between 1 and 10000.")
    fields = asked.words("fieldIds")
    if len(fields) > _MOST_FIELDS:
        raise JiraError(400, "No more than 10 field IDs can be requested.")
    rows = _changes_of(asked, names, fields)
    question = (names, fields)
    start = asked.offset(question)
    end = start + size
    logs: dict[str, Shape] = {}
    for issue, history, items in rows[start:end]:
        log = logs.setdefault(issue.ident, {"issueId": issue.ident, "changeHistories": []})
        log["changeHistories"].append(asked.shapes.history(history, items, epoch=True))
    body: Shape = {"issueChangeLogs": list(logs.values())}
    if end < len(rows):
        body["nextPageToken"] = token(question, end)
    return body


def _changes_of(
    asked: JiraRequest, names: list[str], fields: list[str]
) -> list[tuple[JiraIssue, ChangeLogEntry, list[ChangedField]]]:
    wanted = set(names)
    found = [
        (issue, history, items)
        for issue in asked.site.issues.values()
        if issue.project.readable and wanted & {issue.ident, issue.key}
        for history in issue.histories
        if (items := [item for item in history.items if not fields or item.field in fields])
    ]
    return sorted(found, key=lambda row: (row[1].at, row[0].ident))
