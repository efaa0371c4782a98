"""What only Jira Data Center answers: the search by offsets, with change logs inside."""

from sandbox.jira.asked import JiraRequest
from sandbox.jira.jql import search as find
from sandbox.jira.records import JiraIssue
from sandbox.jira.shapes import Shape

_PAGE = 1000


def search(asked: JiraRequest) -> Shape:
    """Return a page of issues with the total, and whole change logs where asked for."""
    start = asked.number("startAt", 0)
    size = min(asked.number("maxResults", 50), _PAGE)
    fields = asked.words("fields") or ["*navigable"]
    found = find(asked.site, asked.text("jql"))
    with_changes = "changelog" in asked.words("expand")
    return {
        "expand": "names,schema",
        "startAt": start,
        "maxResults": size,
        "total": len(found),
        "issues": [
            {
                **asked.shapes.issue(issue, fields),
                **({"changelog": _changes(asked, issue)} if with_changes else {}),
            }
            for issue in found[start : start + size]
        ],
    }


def _changes(asked: JiraRequest, issue: JiraIssue) -> Shape:
    count = len(issue.histories)
    return {
        "startAt": 0,
        "maxResults": count,
        "total": count,
        "histories": [asked.shapes.history(h, list(h.items)) for h in issue.histories],
    }
