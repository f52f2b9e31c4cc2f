"""`/runs/{id}/chips`: what an answer rests on, changed in place and run again without a model."""

from typing import Literal

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from api.identity.current_user import CurrentUser
from api.problem import Problem
from api.routes.query import RUN_RESPONSES, Accept, run_response
from api.routes.runs import RunId, own_entry
from api.state import ApiState, State
from domain.answer import Receipt
from domain.draft import Assumption, SqlDraft
from domain.errors import ConflictError
from graph.asked import Asked
from planner.sql_pieces import Piece, PieceEdit, edit_sql, pieces_of

router = APIRouter()
_KEPT = ("measure", "dimension", "order")


class Chips(BaseModel):
    """The parts of a run's SQL that can be changed."""

    chips: tuple[Piece, ...]


class ChipEdits(BaseModel):
    """Changes, all of which are made at once."""

    model_config = ConfigDict(extra="forbid")

    edits: tuple[PieceEdit, ...] = Field(min_length=1, max_length=50)


@router.get("/runs/{run_id}/chips", responses={404: {"model": Problem}})
async def read_chips(run_id: RunId, state: State, user: CurrentUser) -> Chips:
    """Returns what of a run's SQL can be changed without writing SQL."""
    await own_entry(state, user, run_id)
    receipt = await _receipt(state, run_id)
    return Chips(chips=pieces_of(receipt.sql, await _row_cap(state)))


@router.post("/runs/{run_id}/chips", responses=RUN_RESPONSES, response_model=None)
async def change_chips(
    run_id: RunId,
    body: ChipEdits,
    request: Request,
    state: State,
    user: CurrentUser,
    accept: Accept = "text/event-stream",
) -> Response:
    """Asks the run's question again with parts of its SQL changed: no model is called."""
    entry = await own_entry(state, user, run_id)
    receipt = await _receipt(state, run_id)
    row_cap = await _row_cap(state)
    sql = edit_sql(receipt.sql, body.edits, row_cap)
    asked = Asked(
        question=entry.question,
        thread_id=entry.thread_id,
        given=SqlDraft(sql=sql, assumptions=_assumptions(receipt, sql, row_cap), confidence=1.0),
        user=user,
    )
    run = await state.runs.start(asked)
    return await run_response(run, request, accept, state.heartbeat_seconds)


async def _receipt(state: ApiState, run_id: str) -> Receipt:
    record = await state.service.run_store.record(run_id)
    answer = record.answer if record is not None else None
    if answer is None or answer.receipt is None or not answer.receipt.sql:
        raise ConflictError("This run has no SQL that could be changed.")
    return answer.receipt


async def _row_cap(state: ApiState) -> int:
    return (await state.service.dependencies()).policy.row_cap


def _assumptions(receipt: Receipt, sql: str, row_cap: int) -> tuple[Assumption, ...]:
    """Returns what is still so, and the conditions and limits as the SQL now has them."""
    kept = tuple(chip for chip in receipt.assumptions if chip.kind in _KEPT)
    return (*kept, *(_said(piece) for piece in pieces_of(sql, row_cap)))


def _said(piece: Piece) -> Assumption:
    kind: Literal["limit", "filter"] = "limit" if piece.kind == "limit" else "filter"
    return Assumption(kind=kind, text=f"{piece.label} {' and '.join(piece.values)}")
