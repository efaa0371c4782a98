"""What the demonstration's teams try, hear and wait for: labels, due days and links of tickets."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sandbox.demo.calendar import CLOSURE, LONDON, SPRINTS, Calendar
from sandbox.jira.records import JiraIssue
from sandbox.jira.site import Site

FEEDBACK = "Feedback"  # the type of link whose other end is what a user said
HEARD_IN = "FBK"  # the project of what users said, which no team works from
RETRO_ACTION, NEEDS_OTHER_TEAM = "retro-action", "needs-other-team"
_USER_FEEDBACK, _USER_RESEARCH = "user-feedback", "user-research"
_THIRTY_DAYS = "30-day-action"
# Projects whose teams finish a retro action each sprint; the last one only began to, and stopped.
_TRYING = ("HER", "WRE", "PLO", "LIN", "KES")
_STOPPED = SPRINTS - 4  # with sprint _STOPPED the team of KES finishes none any more
_LISTENING = ("WRE", "PLO", "LIN")  # by label; that of HER links what it heard
_IN_A_LAB = "AVO"
_AGREEING = ("WRE", "PLO")
_AHEAD = 6  # open tickets of a team that were added last, after those of its sprints
_EACH = 3  # sprints between two 30-day actions of a team


@dataclass(frozen=True, slots=True)
class Named:
    """What a ticket of the demonstration has beside its kind of work."""

    labels: tuple[str, ...] = ()
    due: date | None = None


def named(key: str, sprint: int, place: int, count: int, done: datetime) -> Named:
    """Return what the ticket in that place of the `count` that a project finishes in a sprint has.

    The first was agreed on in a retrospective, the last was begun on what somebody said.
    """
    if place == 0 and key in _TRYING and sprint != CLOSURE:
        return Named((RETRO_ACTION,) if key != "KES" or sprint < _STOPPED else ())
    if place == count - 1 > 0:
        label = _USER_FEEDBACK if key in _LISTENING else _USER_RESEARCH if key == _IN_A_LAB else ""
        return Named((label,) if label else ())
    if place == 1 and key in _AGREEING and sprint % _EACH == 0:
        due = (done + timedelta(days=5)).astimezone(LONDON).date()
        return Named((_THIRTY_DAYS,), due)
    return Named()


def build_improvements(site: Site, calendar: Calendar, heron: Sequence[JiraIssue]) -> None:
    """Add what Heron heard and what waits between Heron and Kestrel, and name some open tickets.

    `heron` are the tickets that its team finished last in each sprint.
    """
    for issue in heron:
        _heard(site, issue)
    open_ones = _open(site, "HER")[-_AHEAD:]
    old, agreed, shared, mine = (open_ones[place] for place in (1, 2, 3, 4))
    now = calendar.now
    site.label(old, old.created + timedelta(days=1), add=RETRO_ACTION)
    site.label(agreed, now - timedelta(days=3), add=_THIRTY_DAYS)
    agreed.due = calendar.today + timedelta(days=5)
    site.label(shared, now - timedelta(days=3), add=NEEDS_OTHER_TEAM)
    theirs = _open(site, "KES")[-_AHEAD:]
    site.link(shared, "Relates", theirs[0], now - timedelta(days=3))
    site.link(mine, "Blocks", theirs[1], now - timedelta(days=2))
    site.link(theirs[2], "Blocks", open_ones[0], now - timedelta(days=2))
    late = _open(site, "WRE")[-1]
    site.label(late, now - timedelta(days=2), add=_THIRTY_DAYS)
    late.due = calendar.today - timedelta(days=1)


def _open(site: Site, key: str) -> list[JiraIssue]:
    """Return the open tickets of a project in the order in which they were added."""
    return [i for i in site.issues.values() if i.project.key == key and i.status.category != "done"]


def _heard(site: Site, issue: JiraIssue) -> None:
    """Add what a user said some days before the ticket was made, linked once that was answered."""
    number = sum(each.project.key == HEARD_IN for each in site.issues.values()) + 1
    created = issue.created - timedelta(days=2)
    said = site.issue(f"{HEARD_IN}-{number}", created=created, kind="Task")
    site.link(issue, FEEDBACK, said, issue.updated)
