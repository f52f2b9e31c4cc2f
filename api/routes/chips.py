"""`/runs/{id}/chips`: what an answer rests on, changed in place and run again without a model."""

from typing import Literal, TypeAlias

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from api.identity.current_user import CurrentUser
from api.problem import Problem
from api.routes.query import RUN_RESPONSES, Accept, run_response
from api.routes.runs import RunId, own_entry
from api.state import ApiState, State
from domain.answer import Receipt
from domain.dictionary import Dictionary
from domain.draft import Assumption, SqlDraft
from domain.errors import ConflictError
from graph.asked import Asked
from planner.language.names import name_words
from planner.suggesting.piece import Piece, PieceEdit, PieceKind
from planner.suggesting.sql_pieces import edit_sql, pieces_of

router = APIRouter()
_KEPT = ("measure", "dimension", "order")
_ChipKind: TypeAlias = Literal["measure", "dimension", "filter", "limit"]
_KINDS: dict[PieceKind, _ChipKind] = {
    "condition": "filter",
    "limit": "limit",
    "measure": "measure",
    "split": "dimension",
    "new_split": "dimension",
}


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
    row_cap, dictionary = await _basis(state)
    return Chips(chips=pieces_of(receipt.sql, row_cap, dictionary))


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
    row_cap, dictionary = await _basis(state)
    before = pieces_of(receipt.sql, row_cap, dictionary)
    changed = {piece.kind for piece in before if piece.number in {e.number for e in body.edits}}
    sql = edit_sql(receipt.sql, body.edits, row_cap, dictionary)
    after = pieces_of(sql, row_cap, dictionary)
    assumptions = _marked(_assumptions(receipt, after, changed), before, body.edits)
    asked = Asked(
        question=entry.question,
        thread_id=entry.thread_id,
        given=SqlDraft(sql=sql, assumptions=assumptions, confidence=1.0),
        user=user,
    )
    run = await state.runs.start(asked)
    return await run_response(run, request, accept, state.heartbeat_seconds)


async def _receipt(state: ApiState, run_id: str) -> Receipt:
    record = await state.service.run_store.record(run_id)
    answer = record.answer if record is not None else None
    if answer is None or answer.receipt is None or not answer.receipt.sql:
        message = "This run has no SQL that could be changed."
        raise ConflictError(message, "nothing_to_change")
    return answer.receipt


async def _basis(state: ApiState) -> tuple[int, Dictionary]:
    return (await state.service.dependencies()).policy.row_cap, state.service.context.dictionary


def _assumptions(
    receipt: Receipt, pieces: tuple[Piece, ...], changed: set[PieceKind]
) -> tuple[Assumption, ...]:
    """Returns what is still so, and the rest as the SQL now has it."""
    gone = {_KINDS[kind] for kind in changed} | ({"order"} if "split" in changed else set())
    kept = tuple(
        chip for chip in receipt.assumptions if chip.kind in _KEPT and chip.kind not in gone
    )
    kinds = {_KINDS[kind] for kind in changed}
    said = [
        piece
        for piece in pieces
        if piece.kind != "new_split"
        and (_KINDS[piece.kind] in kinds or _KINDS[piece.kind] not in _KEPT)
    ]
    return (*kept, *map(_said, said))


def _marked(
    assumptions: tuple[Assumption, ...], before: tuple[Piece, ...], edits: tuple[PieceEdit, ...]
) -> tuple[Assumption, ...]:
    """Returns the assumptions with what was changed marked, and what was taken away named."""
    old = {_said(piece) for piece in before if piece.kind != "new_split"}
    edited = {edit.number: edit for edit in edits}
    removed = [piece for piece in before if (e := edited.get(piece.number)) and e.remove]
    kinds = {_KINDS[piece.kind] for piece in before if piece.number in edited}
    marked = [
        chip.model_copy(update={"is_changed": chip.kind in kinds and chip not in old})
        for chip in assumptions
    ]
    return (*marked, *map(_without, removed))


def _without(piece: Piece) -> Assumption:
    text = _said(piece).text
    named = f"the split {text}" if piece.kind == "split" else text
    return Assumption(kind="note", text=f"without {named}", is_changed=True)


def _said(piece: Piece) -> Assumption:
    text = " and ".join(piece.values)
    if piece.kind == "measure":
        text = " ".join([piece.values[0], *name_words(piece.values[1])])
    elif piece.kind == "split":
        text = " ".join(["by", *name_words(piece.values[0])])
    else:
        text = f"{piece.label} {text}"
    return Assumption(kind=_KINDS[piece.kind], text=text)
