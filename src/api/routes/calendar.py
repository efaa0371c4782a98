"""When sprints end, as a calendar to subscribe to."""

from datetime import timedelta

from fastapi import APIRouter, Response
from icalendar import Calendar, Event

from api.answers import PresenterDep, problems, team_of
from api.filters import GroupQuery, TeamsQuery, teams_asked
from api.service import NowDep, StoreDep

router = APIRouter(tags=["export"])

_PAST = timedelta(days=366)
_MOMENT = timedelta(microseconds=1)


@router.get(
    "/calendar.ics",
    operation_id="getCalendar",
    response_class=Response,
    responses={
        200: {
            "description": "Sprint ends of the past year and of the sprints that go.",
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
    """Return each sprint's last local day as an all-day event, without attendees."""
    plan = present.plan
    teams = teams_asked(plan, team, group)
    for each in team:
        team_of(plan, each)
    names = {each.id: each.name for each in plan.teams}
    calendar = Calendar()
    calendar.add("prodid", "-//hearten//sprints//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", f"{plan.product_name}: sprint ends")
    calendar.add("x-wr-timezone", plan.time_zone)
    for team_id, sprint, judged in store.sprints(teams=teams, end_from=now - _PAST):
        last = (sprint.end - _MOMENT).astimezone(plan.zone).date()
        event = Event()
        event.add("uid", f"{team_id}.{sprint.id}.end@hearten")
        event.add("dtstamp", judged)
        event.add("dtstart", last)
        event.add("dtend", last + timedelta(days=1))
        event.add("summary", f"{names.get(team_id, team_id)}: {sprint.name} ends")
        event.add("url", present.url("teams", team_id, "status"))
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    return Response(calendar.to_ical(), media_type="text/calendar; charset=utf-8")
