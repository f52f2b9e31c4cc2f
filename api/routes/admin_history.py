"""`/admin`: runs, usage, feedback, logs and the audit trail of everyone."""

from datetime import UTC, date, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, JsonValue

from api.page import Cursor, Limit, LongLimit, Offset, next_cursor, part_of, position_of
from api.problem import Problem
from api.routes.query import IDENTIFIER
from api.state import State
from domain.errors import NotFoundError
from domain.run_history import FeedbackEntry, Rating, RunEntry, RunStatus, UsageEntry
from domain.run_record import RunRecord
from run_store.audit import AuditEntry, list_audit
from run_store.read_runs import RunFilter
from settings.recent_logs import RECENT_LOGS

router = APIRouter(prefix="/admin")
_USAGE_DAYS = 30
_Text = Annotated[str | None, Query(max_length=200)]
_Id = Annotated[str | None, Query(pattern=IDENTIFIER)]


class RunPage(BaseModel):
    """Runs, the newest first."""

    runs: list[RunEntry]
    next_cursor: str | None = None


class FeedbackPage(BaseModel):
    """Feedback, the newest first."""

    feedback: list[FeedbackEntry]
    next_cursor: str | None = None


class AuditPage(BaseModel):
    """Changes, the newest first."""

    entries: list[AuditEntry]
    next_cursor: str | None = None


class Usage(BaseModel):
    """What was taken, by day, user and model."""

    first: date
    last: date
    usage: list[UsageEntry]
    next_offset: int | None = None
    """None: these are the last."""


class LogLines(BaseModel):
    """Log lines of this process, the newest first."""

    lines: list[dict[str, JsonValue]]
    next_before: int | None = None
    """Where the page of older lines begins; None: these are the last that are kept."""


@router.get("/runs")
async def list_runs(
    state: State,
    user_id: _Text = None,
    thread_id: _Id = None,
    status: RunStatus | None = None,
    rating: Rating | None = None,
    since: datetime | None = None,
    text: _Text = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> RunPage:
    """Lists everyone's runs."""
    moment = since.replace(tzinfo=UTC) if since and since.tzinfo is None else since
    wanted = RunFilter(
        user_id=user_id, thread_id=thread_id, status=status, rating=rating, since=moment, text=text
    )
    found = await state.service.run_store.runs(wanted, position_of(cursor), limit)
    last = found[-1] if len(found) == limit else None
    return RunPage(
        runs=found, next_cursor=next_cursor(last.started_at, last.run_id) if last else None
    )


@router.get("/runs/{run_id}", responses={404: {"model": Problem}})
async def read_run(run_id: Annotated[str, Path(pattern=IDENTIFIER)], state: State) -> RunRecord:
    """Returns a run's whole record: attempts, model calls, timings, answer."""
    record = await state.service.run_store.record(run_id)
    if record is None:
        raise NotFoundError("There is no such run, or it has not ended.", "no_such_run")
    return record


@router.get("/usage")
async def read_usage(
    state: State,
    first: date | None = None,
    last: date | None = None,
    user_id: _Text = None,
    offset: Offset = 0,
    limit: LongLimit = 1_000,
) -> Usage:
    """Returns usage of the last 30 days, or of the days named (UTC)."""
    end = last or datetime.now(UTC).date()
    begin = first or max(date.min + timedelta(_USAGE_DAYS), end) - timedelta(_USAGE_DAYS)
    found = await state.service.run_store.usage(begin, end, user_id)
    part, following = part_of(found, offset, limit)
    return Usage(first=begin, last=end, usage=part, next_offset=following)


@router.get("/feedback")
async def list_feedback(
    state: State, rating: Rating | None = None, cursor: Cursor = None, limit: Limit = 50
) -> FeedbackPage:
    """Lists what users thought of answers."""
    found = await state.service.run_store.feedback(rating, position_of(cursor), limit)
    last = found[-1] if len(found) == limit else None
    return FeedbackPage(
        feedback=found, next_cursor=next_cursor(last.created_at, last.run_id) if last else None
    )


@router.get("/audit")
async def read_audit(
    state: State, action: _Text = None, cursor: Cursor = None, limit: Limit = 50
) -> AuditPage:
    """Lists what administrators changed."""
    store = state.service.run_store
    found = await store.work(list_audit, action, position_of(cursor), limit)
    last = found[-1] if len(found) == limit else None
    return AuditPage(entries=found, next_cursor=next_cursor(last.moment, last.id) if last else None)


@router.get("/logs")
async def read_logs(
    correlation_id: _Text = None,
    run_id: _Id = None,
    level: _Text = None,
    before: Annotated[int | None, Query(ge=1)] = None,
    limit: Limit = 100,
) -> LogLines:
    """Returns the latest lines, by the id that an error showed or by run."""
    found = RECENT_LOGS.find(
        limit + 1, before, correlation_id=correlation_id, run_id=run_id, level=level
    )
    page = found[:limit]
    is_last = len(found) <= limit
    lines = [line for _, line in page]
    return LogLines.model_validate(
        {"lines": lines, "next_before": None if is_last else page[-1][0]}
    )
