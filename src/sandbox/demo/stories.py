"""What two of the demonstration's teams wrote of their sprints, each in its own repository."""

from datetime import timedelta

from sandbox.demo.boards import BOARDS
from sandbox.demo.calendar import Calendar
from sandbox.demo.releases import BROKEN, PUT_OFF
from sandbox.demo.work import OWNER
from sandbox.world import World

_HERON = """target: reached-production

We split the booking form into **four small changes**. Each went out on its own day:

- the first two moved words only
- the third could be switched off
- the last took the old form away

Nobody noticed, which is what we wanted.
"""
_CURLEW = """target: tickets-done

We stopped starting. For two weeks we finished what was open, and only then took up new work.
"""


def build_stories(world: World) -> None:
    """Add the stories, of sprints that are over; nothing was deployed since."""
    calendar = Calendar(world.now)
    at = world.now - timedelta(minutes=30)
    sprints = world.sites["jira"].boards[BOARDS["HER"]].sprints
    told = {f"stories/jira-{sprints[n].ident}.md": _HERON for n in (PUT_OFF, BROKEN)}
    world.repositories[f"{OWNER}/booking-web"].commit(at=at, files=(), texts=told)
    finished = calendar.monday(PUT_OFF)
    text = {f"stories/{finished.isoformat()}.md": _CURLEW}
    world.repositories[f"{OWNER}/queue"].commit(at=at, files=(), texts=text)
