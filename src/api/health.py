"""Whether the process lives, and whether it can do its work; for probes, open to all."""

from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel

from api.dependencies import StoreDep

router = APIRouter(tags=["health"])


class Healthy(BaseModel):
    """All is well."""

    status: Literal["ok"] = "ok"


@router.get("/healthz", operation_id="healthz")
async def healthz() -> Healthy:  # takes no thread: all may wait for the database
    """Say that the process answers."""
    return Healthy()


@router.get("/readyz", operation_id="readyz")
def readyz(store: StoreDep) -> Healthy:
    """Say that the database answers and its tables are those of this version; else 503."""
    store.ready()
    return Healthy()
