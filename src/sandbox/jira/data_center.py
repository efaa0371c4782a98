"""What only Jira Data Center answers: the search by offsets, with change logs inside."""

from sandbox.jira.asked import JiraError, JiraRequest
from sandbox.jira.jql import JqlError
from sandbox.jira.jql import search as find
from sandbox.jira.records import JiraIssue
from sandbox.jira.shapes import Shape

_PAGE = 1000


def search(asked: JiraRequest) -> Shape:
    """Return a page of issues with the total, and whole change logs where asked for."""
    start = asked.number("startAt", 0)
    size = min(asked.number("maxResults", 50), _PAGE)
    fields = asked.words("fields") or ["*navigable"]
    try:
        found = find(asked.site, asked.text("jql"))
    except JqlError as error:
        if asked.text("validateQuery").casefold() != "false":
            raise
        warned = {"warningMessages": [str(error)]}
        return {"startAt": start, "maxResults": size, "total": 0, "issues": [], **warned}
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


def issue(asked: JiraRequest) -> Shape:
    """Return an issue by its id or key. Errors: JiraError 404."""
    found = asked.site.find(asked.text("issue"))
    if found is None:
        raise JiraError(404, "Issue Does Not Exist")
    fields = asked.words("fields") or ["*all"]
    with_changes = "changelog" in asked.words("expand")
    changes = {"changelog": _changes(asked, found)} if with_changes else {}
    return {**asked.shapes.issue(found, fields), **changes}


def _changes(asked: JiraRequest, issue: JiraIssue) -> Shape:
    count = len(issue.histories)
    return {
        "startAt": 0,
        "maxResults": count,
        "total": count,
        "histories": [asked.shapes.history(h, list(h.items)) for h in issue.histories],
    }
