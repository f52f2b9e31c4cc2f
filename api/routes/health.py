"""`GET /healthz`: is the process alive."""

from fastapi import APIRouter
from pydantic import BaseModel

router = APIRouter()


class Health(BaseModel):
    """The process answers."""

    status: str = "ok"


@router.get("/healthz")
async def healthz() -> Health:
    """Returns ok while the event loop turns."""
    return Health()
