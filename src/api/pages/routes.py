"""Every page, put together."""

from fastapi import APIRouter

from api.pages import assets, guides, sprints, teams

router = APIRouter()
for each in (assets, teams, sprints, guides):
    router.include_router(each.router)
