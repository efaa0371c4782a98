"""What is ahead, as a calendar to subscribe to: sprints, and what all share."""

import unicodedata
from datetime import UTC, date, datetime, timedelta

from fastapi import APIRouter, Response
from icalendar import Calendar, Event

from api.calendar_events import ahead
from api.dependencies import NowDep, StoreDep
from api.rest.filters import GroupQuery, TeamsQuery, teams_asked
from api.rest.responses import PresenterDep, problems, team_of
from evaluator.wording import last_day

router = APIRouter(tags=["export"])

_YEAR = timedelta(days=366)


@router.get(
    "/calendar.ics",
    operation_id="getCalendar",
    response_class=Response,
    responses={
        200: {
            "description": "When sprints end and settle, quarters, holidays, closures, "
            "changes of targets and agreed dates: of the past year and of the next.",
            "content": {"text/calendar": {"schema": {"type": "string"}}},
        },
        **problems(_404="There is no such team or group."),
    },
)
def get_calendar(
    store: StoreDep,
    present: PresenterDep,
    now: NowDep,
    team: TeamsQuery = [],  # noqa: B006 - FastAPI copies it
    group: GroupQuery = None,
) -> Response:
    """Return when each sprint ends and settles, and what all share, as all-day events.

    They have no attendees.

    Narrowed to teams or a group, the sprints are theirs; what all share stays.
    """
    plan = present.plan
    teams = teams_asked(plan, team, group)
    for asked in team:
        team_of(plan, asked)
    names = {known.id: known.name for known in plan.teams}
    calendar = Calendar()
    calendar.add("prodid", "-//hearten//calendar//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", _text(plan.product_name))
    calendar.add("x-wr-timezone", plan.time_zone)
    for team_id, sprint, judged in store.results.sprints(teams=teams, end_from=now - _YEAR):
        gone = () if team_id in names else ("sprints", sprint.id)  # which keeps its address
        settles = sprint.settled_at.astimezone(plan.zone).date()
        for does, day in (("end", last_day(sprint.end, plan.zone)), ("settle", settles)):
            event = _all_day(f"{team_id}.{sprint.id}.{does}", day, day, judged)
            event.add("summary", _text(f"{names.get(team_id, team_id)}: {sprint.name} {does}s"))
            event.add("url", _text(present.page("teams", team_id, *gone)))
            calendar.add_component(event)
    today = now.astimezone(plan.zone).date()
    for each in ahead(plan, today - _YEAR, today + _YEAR):
        event = _all_day(each.name, each.first, each.last, plan.midnight(today))
        event.add("summary", _text(each.what))
        if each.target:
            event.add("url", present.page("targets", each.target))
        calendar.add_component(event)
    return Response(calendar.to_ical(), media_type="text/calendar; charset=utf-8")


def _all_day(name: str, first: date, last: date, known: datetime) -> Event:
    """An event that takes up nobody's time; calendars count the day after the last as its end."""
    event = Event()
    event.add("uid", _text(f"{name}@hearten"))
    event.add("dtstamp", known.astimezone(UTC))
    event.add("dtstart", first)
    event.add("dtend", last + timedelta(days=1))
    event.add("transp", "TRANSPARENT")
    return event


def _text(text: str) -> str:
    """The text without what RFC 5545 has in no text: control characters but tabs and line ends."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in lines if c in "\t\n" or unicodedata.category(c) not in {"Cc", "Cs"})
