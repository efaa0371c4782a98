"""Every page, put together."""

from fastapi import APIRouter

from api.pages import assets, between_teams, guides, sprints, teams

router = APIRouter()
for each in (assets, teams, sprints, between_teams, guides):
    router.include_router(each.router)
