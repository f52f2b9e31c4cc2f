"""`/admin/context/...`, `/admin/verified/...`: people review the dictionary and its queries."""

import asyncio
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Annotated, Literal, TypeVar

from fastapi import APIRouter, Query
from fastapi.responses import PlainTextResponse
from pydantic import BaseModel, Field

from api.audit_trail import note_change
from api.identity.current_user import CurrentUser
from api.page import LongLimit, Offset, part_of
from api.reviewed_sql import check_sql
from api.state import ApiState, State
from context_store.drift import DriftReport
from context_store.exchange import export_yaml
from context_store.lines import Line, LineKey, LineValue
from context_store.query_review import QueryReview
from context_store.review import ContextReview, LineFilter
from context_store.sheet import export_sheet
from context_store.store import ContextStore
from domain.dictionary import Dictionary, VerifiedQuery
from domain.errors import NotFoundError
from domain.provenance import Provenance

router = APIRouter(prefix="/admin")
_MOST_LINES = 500
_LONGEST_FILE = 4_000_000
"""Characters; larger exports are imported by `vtion context import`."""
Done = TypeVar("Done")


class LineName(BaseModel):
    """Names a line: no table for the dictionary's own, no column for a table's."""

    table: str = ""
    column: str = ""
    field: str

    @property
    def key(self) -> LineKey:
        """The name as the store knows it."""
        return LineKey(self.table, self.column, self.field)


class ShownLine(LineName):
    """A line, and who stands for it."""

    value: LineValue
    provenance: Provenance


class LineList(BaseModel):
    """Lines of the dictionary that serves."""

    lines: list[ShownLine]


class LineNames(BaseModel):
    """Lines to approve or reject."""

    lines: list[LineName] = Field(min_length=1, max_length=_MOST_LINES)


class Correction(LineName):
    """What a line should say."""

    value: LineValue


class EditedExport(BaseModel):
    """An edited export; the name's ending says the form."""

    name: str = Field(max_length=200)
    text: str = Field(max_length=_LONGEST_FILE)


class NewVersion(BaseModel):
    """The version that serves after a change."""

    version: str
    changed: int
    replayed: int = 0
    """Of an approved query: how many samples of suites were asked again because of it."""


class ProposedQuery(BaseModel):
    """A question and the SQL that answers it."""

    question: str = Field(min_length=1, max_length=4_000)
    sql: str = Field(min_length=1, max_length=100_000)


class QueryName(BaseModel):
    """Names a query by its question."""

    question: str


class WaitingList(BaseModel):
    """Queries in quarantine."""

    waiting: list[VerifiedQuery]
    next_offset: int | None = None
    """None: these are the last."""


@router.get("/context/lines")
async def list_lines(
    state: State,
    table: str = "",
    unreviewed: bool = False,
    offset: Annotated[int, Query(ge=0)] = 0,
    limit: Annotated[int, Query(ge=1, le=_MOST_LINES)] = 200,
) -> LineList:
    """Lists lines with their source, confidence, reviewer and date."""
    wanted = LineFilter(table=table, only_unreviewed=unreviewed)
    found = await _in_thread(lambda: _review(state).list_lines(wanted, offset, limit))
    return LineList(lines=[_shown(line) for line in found])


@router.post("/context/lines/approve")
async def approve_lines(body: LineNames, state: State, user: CurrentUser) -> NewVersion:
    """Puts the caller's name to lines as they stand."""
    keys = [line.key for line in body.lines]
    version = await _in_thread(lambda: _review(state).approve(keys, _name(user)))
    return await _changed(state, user, "context.approve", version, keys)


@router.post("/context/lines/reject")
async def reject_lines(body: LineNames, state: State, user: CurrentUser) -> NewVersion:
    """Empties lines; no later build fills them again."""
    keys = [line.key for line in body.lines]
    version = await _in_thread(lambda: _review(state).reject(keys, _name(user)))
    return await _changed(state, user, "context.reject", version, keys)


@router.post("/context/lines/correct")
async def correct_line(body: Correction, state: State, user: CurrentUser) -> NewVersion:
    """Replaces a line with what the caller says."""
    version = await _in_thread(lambda: _review(state).correct(body.key, body.value, _name(user)))
    return await _changed(state, user, "context.correct", version, [body.key])


@router.get("/context/export", response_class=PlainTextResponse)
async def export_lines(state: State, form: Literal["yaml", "csv"] = "yaml") -> str:
    """Returns every line as a file that can be edited and imported."""
    dictionary = (await state.service.dependencies()).context.dictionary
    write = export_sheet if form == "csv" else export_yaml
    return await _in_thread(lambda: write(dictionary))


@router.post("/context/import")
async def import_lines(body: EditedExport, state: State, user: CurrentUser) -> NewVersion:
    """Takes over what differs in an edited export."""
    version, taken = await _in_thread(
        lambda: _review(state).import_file(body.name, body.text, _name(user))
    )
    return await _changed(state, user, "context.import", version, [line.key for line in taken])


@router.get("/context/drift")
async def read_drift(state: State, before: str = "", after: str = "") -> DriftReport:
    """Returns what changed in the data, and which reviewed lines and queries it touches."""
    return await _in_thread(lambda: _review(state).drift(before, after))


@router.get("/verified/waiting")
async def list_waiting(state: State, offset: Offset = 0, limit: LongLimit = 500) -> WaitingList:
    """Lists proposed queries: nothing uses them yet."""
    found, following = part_of(await _in_thread(_queries(state).waiting), offset, limit)
    return WaitingList(waiting=found, next_offset=following)


@router.post("/verified/propose")
async def propose_query(body: ProposedQuery, state: State, user: CurrentUser) -> NewVersion:
    """Puts a query into quarantine."""
    version = await _in_thread(
        lambda: _queries(state).propose(body.question, body.sql, _name(user))
    )
    return await _query_changed(state, user, "verified.propose", version, body.question)


@router.post("/verified/approve")
async def approve_query(body: QueryName, state: State, user: CurrentUser) -> NewVersion:
    """Takes a query into use, if the guard allows it and no sample of a suite is lost by it.

    The warehouse has to be able to plan it too.
    """
    await _check(body.question, state)
    replayed: list[int] = []

    def check(candidate: Dictionary, query: VerifiedQuery) -> int:
        replayed.append(state.check_approval(candidate, query))
        return replayed[-1]

    store = ContextStore(state.service.settings.context)
    review = QueryReview(store, _today, check)
    version = await _in_thread(lambda: review.approve(body.question, _name(user)))
    changed = await _query_changed(state, user, "verified.approve", version, body.question)
    return changed.model_copy(update={"replayed": sum(replayed)})


@router.post("/verified/remove")
async def remove_query(body: QueryName, state: State, user: CurrentUser) -> NewVersion:
    """Takes a query out."""
    version = await _in_thread(lambda: _queries(state).remove(body.question, _name(user)))
    return await _query_changed(state, user, "verified.remove", version, body.question)


async def _check(question: str, state: ApiState) -> None:
    waiting = await _in_thread(_queries(state).waiting)
    wanted = question.strip().casefold()
    query = next((query for query in waiting if query.question.casefold() == wanted), None)
    if query is None:
        raise NotFoundError("There is no such query in quarantine.", "no_such_query")
    await check_sql(query.sql, state)


async def _changed(
    state: ApiState, user: CurrentUser, action: str, version: str, keys: list[LineKey]
) -> NewVersion:
    subject = ", ".join(str(key) for key in keys[:10])
    before = state.service.context.dictionary.version
    await note_change(state, user, action, subject, before, version)
    await state.service.dependencies()
    return NewVersion(version=version, changed=len(keys))


async def _query_changed(
    state: ApiState, user: CurrentUser, action: str, version: str, question: str
) -> NewVersion:
    before = state.service.context.dictionary.version
    await note_change(state, user, action, question, before, version)
    await state.service.dependencies()
    return NewVersion(version=version, changed=1)


def _name(user: CurrentUser) -> str:
    """Returns who stands for a change; in local mode, where nobody signs in, that is said."""
    return user.id or "local user"


async def _in_thread(work: Callable[[], Done]) -> Done:
    """Keeps files, buckets and index building off the loop that serves."""
    return await asyncio.to_thread(work)


def _review(state: ApiState) -> ContextReview:
    return ContextReview(ContextStore(state.service.settings.context), _today)


def _queries(state: ApiState) -> QueryReview:
    return QueryReview(ContextStore(state.service.settings.context), _today, state.check_approval)


def _today() -> date:
    return datetime.now(UTC).date()


def _shown(line: Line) -> ShownLine:
    key = line.key
    return ShownLine(
        table=key.table,
        column=key.column,
        field=key.field,
        value=line.value,
        provenance=line.provenance,
    )
