"""A small Jira that answers over httpx what hearten asks, and remembers what it was asked."""

import json
import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from collector.client import RetryPolicy
from collector.jira.collector import JiraCollector
from collector.jira.site import JiraSite
from collector.source_read import Task
from evaluator.model.facts import KnownTicket, Reading, StatusCategory, Ticket
from evaluator.model.plan import BoardSource, TicketSource

ROOT = "https://jira.example.test"
NOW = datetime(2025, 3, 20, 9, 0, tzinfo=UTC)
SINCE = datetime(2025, 3, 1, tzinfo=UTC)
HERON = TicketSource("jira", project="HER")
BOARD = BoardSource("jira", 42)
CLOUD = JiraSite("jira", f"{ROOT}/", "heron@example.test", "cloud-token")
DATA_CENTER = JiraSite("jira", ROOT, "", "data-center-token")

STATUSES = {"1": ("To Do", "new"), "3": ("Doing", "indeterminate"), "5": ("Done", "done")}
PERSON = {"displayName": "Perpetua Quillfeather", "emailAddress": "pq@example.test"}

Json = dict[str, Any]


def a_status(status: str) -> Json:
    name, category = STATUSES[status]
    return {"id": status, "name": name, "statusCategory": {"key": category}}


def an_issue(number: int, *, status: str = "5", updated: str = "2025-03-12", **fields: Any) -> Json:
    return {
        "id": str(10_000 + number),
        "key": f"HER-{number}",
        "fields": {
            "status": a_status(status),
            "issuetype": {"name": "Story", "subtask": False},
            "project": {"key": "HER"},
            "resolution": {"name": "Fixed"},
            "labels": ["Tech-Debt", "ask-perpetua", "security"],
            "created": "2025-03-03T10:00:00.000+0000",
            "updated": f"{updated}T10:00:00.000+0000",
            "summary": "Perpetua Quillfeather cannot sign in",
            "assignee": PERSON,
            **fields,
        },
    }


def a_history(number: int, moved: str, at: object = "2025-03-12T10:00:00.000+0000") -> Json:
    """A change log's entry; `moved` is such as "1>3"."""
    before, after = moved.split(">")
    item = {"field": "status", "fieldtype": "jira", "from": before, "to": after}
    return {"id": str(number), "author": PERSON, "created": at, "items": [item]}


def a_sprint(number: int, state: str = "closed", **more: Any) -> Json:
    dates = {"startDate": "2025-03-03T09:00:00.000Z", "endDate": "2025-03-17T09:00:00.000Z"}
    if state == "closed":
        dates["completeDate"] = "2025-03-17T09:30:00.000Z"
    goal = "Perpetua Quillfeather's goal"
    return {"id": number, "name": f"Heron {number}", "state": state, "goal": goal, **dates, **more}


class StandInJira:
    """Answers from its lists; `instead` holds answers that come first, by a part of the path."""

    def __init__(self) -> None:
        self.issues: list[Json] = []
        self.elsewhere: list[Json] = []  # found by their ids, in no list
        self.histories: dict[str, list[Json]] = {}
        self.statuses = [a_status(status) for status in STATUSES]
        self.sprints: list[Json] = []
        self.page = 100
        self.requests: list[httpx.Request] = []
        self.instead: dict[str, list[httpx.Response]] = {}

    def holds(self, count: int) -> None:
        """Fill in tickets that went straight to Done."""
        self.issues = [an_issue(number) for number in range(1, count + 1)]
        self.histories = {issue["id"]: [a_history(1, "1>5")] for issue in self.issues}

    def says_once(self, path: str, *answers: object) -> None:
        """Give these answers, once each, to requests whose path ends so."""
        self.instead[path] = [
            answer if isinstance(answer, httpx.Response) else httpx.Response(200, json=answer)
            for answer in answers
        ]

    def asked(self, path: str) -> list[Json]:
        """Return the questions put to paths that end so: bodies, or parameters."""
        return [_question(request) for request in self.requests if request.url.path.endswith(path)]

    @property
    def paths(self) -> list[str]:
        return [request.url.path for request in self.requests]

    def answer(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        path = request.url.path
        for end, answers in self.instead.items():
            if path.endswith(end) and answers:
                return answers.pop(0)
        for pattern, reply in self._replies():
            if found := re.search(pattern, path):
                return reply(found, _question(request))
        return httpx.Response(404, json={"errorMessages": ["Perpetua Quillfeather is not here"]})

    def _replies(self) -> Iterable[tuple[str, Callable[[re.Match[str], Json], httpx.Response]]]:
        return (
            (r"/rest/api/3/search/jql$", self._search_by_token),
            (r"/rest/api/3/changelog/bulkfetch$", self._change_logs),
            (r"/rest/api/3/issue/bulkfetch$", self._issues_by_id),
            (r"/rest/api/2/search$", self._search_by_offset),
            (r"/rest/api/2/issue/(\d+)$", self._issue),
            (r"/rest/api/[23]/status$", lambda *_: httpx.Response(200, json=self.statuses)),
            (r"/rest/agile/1.0/board/42/sprint$", self._sprints),
            (r"/rest/agile/1.0/sprint/(\d+)$", self._sprint),
        )

    def _search_by_token(self, _: re.Match[str], asked: Json) -> httpx.Response:
        start = int(asked.get("nextPageToken", "0"))
        end = start + min(self.page, asked["maxResults"])
        more = {"nextPageToken": str(end)} if end < len(self.issues) else {}
        page = {"issues": self.issues[start:end], "isLast": not more, **more}
        return httpx.Response(200, json=page)

    def _change_logs(self, _: re.Match[str], asked: Json) -> httpx.Response:
        assert len(asked["issueIdsOrKeys"]) <= 1000
        entries = [
            (issue, history)
            for issue in asked["issueIdsOrKeys"]
            for history in self.histories.get(issue, [])
        ]
        start = int(asked.get("nextPageToken", "0"))
        end = start + asked["maxResults"]
        logs = [{"issueId": i, "changeHistories": [h]} for i, h in entries[start:end]]
        more = {"nextPageToken": str(end)} if end < len(entries) else {}
        return httpx.Response(200, json={"issueChangeLogs": logs, **more})

    def _issues_by_id(self, _: re.Match[str], asked: Json) -> httpx.Response:
        assert len(asked["issueIdsOrKeys"]) <= 100
        known = [*self.issues, *self.elsewhere]
        issues = [issue for issue in known if issue["id"] in asked["issueIdsOrKeys"]]
        return httpx.Response(200, json={"issues": issues, "issueErrors": []})

    def _search_by_offset(self, _: re.Match[str], asked: Json) -> httpx.Response:
        listed = self.issues
        if by_id := re.match(r"id in \((.*)\)", asked["jql"]):
            listed = [issue for issue in self.issues if issue["id"] in by_id[1].split(", ")]
        start = int(asked.get("startAt", 0))
        end = start + min(self.page, int(asked["maxResults"]))
        issues = [self._with_log(issue) for issue in listed[start:end]]
        return httpx.Response(200, json={"issues": issues, "total": len(listed)})

    def _issue(self, found: re.Match[str], _: Json) -> httpx.Response:
        for issue in (*self.issues, *self.elsewhere):
            if issue["id"] == found[1]:
                return httpx.Response(200, json=self._with_log(issue))
        return httpx.Response(404, json={"errorMessages": ["Issue Does Not Exist"]})

    def _with_log(self, issue: Json) -> Json:
        histories = self.histories.get(issue["id"], [])
        return {**issue, "changelog": {"total": len(histories), "histories": histories}}

    def _sprints(self, _: re.Match[str], asked: Json) -> httpx.Response:
        states = asked.get("state", "closed,active,future").split(",")
        sprints = [sprint for sprint in self.sprints if sprint["state"] in states]
        start = int(asked.get("startAt", 0))
        end = start + min(self.page, int(asked["maxResults"]))
        page = {"startAt": start, "isLast": end >= len(sprints), "values": sprints[start:end]}
        return httpx.Response(200, json={**page, "maxResults": end - start})

    def _sprint(self, found: re.Match[str], _: Json) -> httpx.Response:
        for sprint in self.sprints:
            if sprint["id"] == int(found[1]):
                return httpx.Response(200, json=sprint)
        return httpx.Response(404, json={"errorMessages": ["Sprint does not exist"]})


def _question(request: httpx.Request) -> Json:
    if request.method == "POST":
        body: Json = json.loads(request.content)
        return body
    return dict(request.url.params)


class Clock:
    """Each look at it is a second later than the one before."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


def a_collector(site: JiraSite = CLOUD, now: datetime = NOW) -> JiraCollector:
    patient = RetryPolicy(sleep=lambda _: None)
    return JiraCollector({site.name: site}, clock=Clock(now), retry=patient)


def read(site: JiraSite, task: Task, *, now: datetime = NOW) -> Reading:
    """Return what a new collector reads, as in a new run."""
    collector = a_collector(site, now)
    try:
        return collector.read(task)
    finally:
        collector.close()


def _known(ticket: Ticket) -> KnownTicket:
    is_open = ticket.status_category is not StatusCategory.DONE and not ticket.gone
    return KnownTicket(ticket.updated, len(ticket.changes), is_open, bool(ticket.gone))


def next_task(first: Task, reading: Reading) -> Task:
    """Return the task of the run after the one that gave `reading`."""
    return Task(
        first.source,
        first.since,
        bookmark=reading.bookmark,
        known_tickets={ticket.issue_id: _known(ticket) for ticket in reading.tickets},
        open_tickets={t.issue_id: t.updated for t in reading.tickets if _known(t).open},
        known_sprints=reading.sprints,
    )
