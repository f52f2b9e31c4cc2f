"""`/admin/evals/...`: evaluations are read, and runs that users rated down become samples."""

import asyncio
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse, Response
from pydantic import BaseModel, ConfigDict, Field

from api.audit_trail import note_change
from api.identity.current_user import CurrentUser
from api.problem import Problem
from api.reviewed_sql import check_sql
from api.routes.query import IDENTIFIER
from api.state import ApiState, State
from context_store.store import ContextStore
from domain.run_history import DislikedRun
from evals.production_suite import ProductionSuite, production_file
from evals.report.build_report import build_page, shared_data
from evals.run_list import RunSummary, find_run, list_runs

router = APIRouter()
_MOST_COLUMNS = 4
_SANDBOX = (
    "sandbox allow-scripts allow-downloads; default-src 'none'; style-src 'unsafe-inline';"
    " script-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none';"
)
"""The page is one file with its script in it, so it gets an origin of its own: it can reach
neither the console nor the service."""
_Names = Annotated[
    list[Annotated[str, Field(pattern=r"^\w[\w.-]*$", max_length=200)]],
    Query(min_length=1, max_length=_MOST_COLUMNS),
]


class EvalRuns(BaseModel):
    """Evaluations, the newest first."""

    runs: list[RunSummary]


class Inbox(BaseModel):
    """Runs that were rated down and are no samples yet, the newest first."""

    waiting: list[DislikedRun]


class RunToTake(BaseModel):
    """A run, and the Athena SQL that answers its question rightly where it is known."""

    model_config = ConfigDict(extra="forbid")

    run_id: str = Field(pattern=IDENTIFIER)
    gold: str = Field(default="", max_length=100_000)


class RunToDismiss(BaseModel):
    """A run whose answer is not at fault."""

    model_config = ConfigDict(extra="forbid")

    run_id: str = Field(pattern=IDENTIFIER)


class TakenSample(BaseModel):
    """The sample that a run became."""

    id: str
    suite: str
    """Path of the suite's file."""


@router.get("/admin/evals/runs")
async def list_evaluations(
    state: State, limit: Annotated[int, Query(ge=1, le=200)] = 50
) -> EvalRuns:
    """Lists evaluations with how many samples passed."""
    return EvalRuns(runs=await asyncio.to_thread(list_runs, _folder(state), limit))


@router.get("/admin/evals/report", response_class=HTMLResponse, responses={404: {"model": Problem}})
async def read_report(state: State, run: _Names) -> HTMLResponse:
    """Returns one page of one or several evaluations, without rows of any result."""
    data = await asyncio.to_thread(_data, _folder(state), run)
    return _page(build_page(data, ", ".join(run)), "frame-ancestors 'none'")


@router.get("/admin/evals/report/data", responses={404: {"model": Problem}})
async def read_report_data(state: State, run: _Names) -> Response:
    """Returns what that page shows, compressed, for the frame at `/evals/frame`."""
    data = await asyncio.to_thread(_data, _folder(state), run)
    return Response(data, media_type="application/gzip")


@router.get("/evals/frame", response_class=HTMLResponse)
async def read_frame() -> HTMLResponse:
    """Returns that page without anything in it: the console frames it and sends the data."""
    return _page(build_page(), "frame-ancestors 'self'", {"X-Frame-Options": "SAMEORIGIN"})


@router.get("/admin/evals/inbox")
async def list_inbox(state: State) -> Inbox:
    """Lists runs that users rated down, with what they said."""
    return Inbox(waiting=await _production(state).waiting())


@router.post(
    "/admin/evals/samples",
    responses={404: {"model": Problem}, 409: {"model": Problem}},
)
async def take_run(body: RunToTake, state: State, user: CurrentUser) -> TakenSample:
    """Makes a run a sample, and keeps the context and the model calls it stood on."""
    production, gold = _production(state), body.gold.replace("\0", "").strip()
    if gold:
        # Evaluators' commands run gold without a guard, so it passes one here.
        await check_sql(gold, state)
    sample = await production.take(body.run_id, gold)
    await note_change(state, user, "evals.take", body.run_id, after=sample.id)
    return TakenSample(id=sample.id, suite=str(production.path))


@router.post("/admin/evals/inbox/dismiss", status_code=204, responses={404: {"model": Problem}})
async def dismiss_run(body: RunToDismiss, state: State, user: CurrentUser) -> None:
    """Takes a run out of the inbox without making it a sample."""
    await _production(state).dismiss(body.run_id)
    await note_change(state, user, "evals.dismiss", body.run_id)


def _production(state: ApiState) -> ProductionSuite:
    settings, store = state.service.settings, state.service.run_store
    return ProductionSuite(production_file(settings), store, ContextStore(settings.context))


def _folder(state: ApiState) -> Path:
    return state.service.settings.evals / "runs"


def _data(folder: Path, names: list[str]) -> bytes:
    runs = [find_run(folder, name) for name in names]
    return shared_data([(run.manifest(), list(run.results())) for run in runs], ", ".join(names))


def _page(text: str, ancestors: str, headers: dict[str, str] | None = None) -> HTMLResponse:
    return HTMLResponse(
        text, headers={"Content-Security-Policy": f"{_SANDBOX} {ancestors}", **(headers or {})}
    )
