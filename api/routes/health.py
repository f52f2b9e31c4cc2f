"""`/healthz`: is the process alive. `/readyz`: can it take questions. `/metrics`: how it fares."""

import asyncio
from typing import Literal

from fastapi import APIRouter, Response
from fastapi.responses import PlainTextResponse
from pydantic import BaseModel

from api.state import ApiState, State
from domain.errors import UnavailableError

router = APIRouter()
_PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8"


class Health(BaseModel):
    """The process answers."""

    status: str = "ok"


class Readiness(BaseModel):
    """Whether new questions should be sent here, and what stands in the way."""

    status: Literal["ready", "degraded", "draining", "waiting"]
    """`degraded` takes questions too."""
    state_database: Literal["reachable", "away"]
    context: Literal["newest", "last_good"]
    """`last_good`: the newest version cannot be read; the log says why."""
    runs: int
    """How many go on."""


@router.get("/healthz")
async def healthz() -> Health:
    """Returns ok while the event loop turns."""
    return Health()


@router.get("/readyz", responses={503: {"model": Readiness}})
async def readyz(state: State, response: Response) -> Readiness:
    """Returns 200 where new questions are taken, else 503."""
    is_reachable = await _is_reachable(state)
    is_newest = await _is_context_newest(state)
    draining = state.runs.is_draining
    if draining or not is_reachable:
        response.status_code = 503
    taking: Literal["ready", "degraded"] = "ready" if is_newest else "degraded"
    return Readiness(
        status="draining" if draining else taking if is_reachable else "waiting",
        state_database="reachable" if is_reachable else "away",
        context="newest" if is_newest else "last_good",
        runs=state.runs.count,
    )


@router.get("/metrics", response_class=PlainTextResponse)
async def metrics(state: State) -> PlainTextResponse:
    """Returns counters in Prometheus' text form."""
    text = state.metrics.text(state.runs.count, await _is_context_newest(state))
    return PlainTextResponse(text, media_type=_PROMETHEUS)


async def _is_context_newest(state: ApiState) -> bool:
    return await asyncio.to_thread(state.service.context_alarm) is None


async def _is_reachable(state: State) -> bool:
    try:
        await state.service.run_store.ping()
    except UnavailableError:
        return False
    return True
