"""Every page, put together."""

from fastapi import APIRouter

from api.pages import assets, sprints, teams

router = APIRouter()
for each in (assets, teams, sprints):
    router.include_router(each.router)
