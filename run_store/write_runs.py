"""Writes runs: their beginning, their record, and what they add to usage."""

from collections.abc import Sequence
from datetime import UTC

from sqlalchemy import Connection

from domain.run_history import RunBegun
from domain.run_record import RunRecord
from run_store.tables import RUNS, THREADS, USAGE
from run_store.upsert import add_up, upsert

_RECORD_COLUMNS = {column.name for column in RUNS.c} - {
    "run_id",
    "started_at",
    "resumptions",
    "crashes",
}
_HELD_BY_NOBODY: dict[str, object] = {
    "worker": "",
    "resumptions": 0,
    "crashes": 0,
    "is_cancel_asked": False,
    "followed_at": None,
    "request": None,
}
_SUMS = {"runs", "tokens_in", "tokens_out", "bytes_scanned", "cost_usd"}
_TITLE_CHARACTERS = 200


def write_begun(connection: Connection, runs: Sequence[RunBegun], worker: str) -> None:
    """Notes that runs began, and who works on them; a conversation is made by its first."""
    _write_threads(connection, runs)
    rows = [
        {
            **_HELD_BY_NOBODY,
            **run.model_dump(exclude={"request"}),
            "request": run.request.model_dump(mode="json") if run.request else None,
            "worker": worker,
            "status": "running",
            "duration_ms": 0.0,
            "tokens_in": 0,
            "tokens_out": 0,
            "bytes_scanned": 0,
            "cost_usd": 0.0,
            "error_code": "",
            "reference": "",
            "record": None,
        }
        for run in runs
    ]
    # A run that an analyst's choice resumes begins a second time.
    upsert(connection, RUNS, rows, replace={"status", *_HELD_BY_NOBODY})


def write_records(connection: Connection, records: Sequence[RunRecord]) -> None:
    """Keeps records, and adds what they took to the usage of their day."""
    _write_threads(connection, records)
    upsert(connection, RUNS, [_row(record) for record in records], replace=_RECORD_COLUMNS)
    usage = [line for record in records for line in _usage(record)]
    add_up(connection, USAGE, usage, sums=_SUMS)


def _write_threads(connection: Connection, runs: Sequence[RunBegun | RunRecord]) -> None:
    rows = [
        {
            "thread_id": run.thread_id,
            "user_id": run.user_id,
            "title": run.question[:_TITLE_CHARACTERS],
            "created_at": run.started_at,
            "updated_at": run.started_at,
        }
        for run in runs
    ]
    upsert(connection, THREADS, rows, replace={"updated_at"})


def model_of(record: RunRecord) -> str:
    """Returns the model that answered: the drafter's, or the embedded one's name."""
    if record.model_calls:
        return record.model_calls[0].model
    return record.answer.receipt.drafter if record.answer and record.answer.receipt else ""


def _row(record: RunRecord) -> dict[str, object]:
    calls = record.model_calls
    bytes_scanned, cost_usd = _warehouse_meters(record)
    return {
        "run_id": record.run_id,
        "thread_id": record.thread_id,
        "user_id": record.user_id,
        "question": record.question,
        "status": record.status,
        "started_at": record.started_at,
        "duration_ms": record.duration_ms,
        "model": model_of(record),
        "tokens_in": sum(call.tokens_in for call in calls),
        "tokens_out": sum(call.tokens_out for call in calls),
        "bytes_scanned": bytes_scanned,
        "cost_usd": cost_usd + sum(call.cost_usd or 0.0 for call in calls),
        "error_code": record.error_code,
        "reference": record.reference,
        "record": record.model_dump(mode="json"),
        **_HELD_BY_NOBODY,
    }


def _usage(record: RunRecord) -> list[dict[str, object]]:
    """Returns one line for the run with its warehouse meters, and one for each model call."""
    key = {"day": record.started_at.astimezone(UTC).date(), "user_id": record.user_id}
    bytes_scanned, cost_usd = _warehouse_meters(record)
    run = {"runs": 1, "tokens_in": 0, "tokens_out": 0}
    run_line = {**run, "bytes_scanned": bytes_scanned, "cost_usd": cost_usd}
    lines: list[dict[str, object]] = [{**key, "model": model_of(record), **run_line}]
    lines.extend(
        {
            **key,
            "model": call.model,
            "runs": 0,
            "tokens_in": call.tokens_in,
            "tokens_out": call.tokens_out,
            "bytes_scanned": 0,
            "cost_usd": call.cost_usd or 0.0,
        }
        for call in record.model_calls
    )
    return lines


def _warehouse_meters(record: RunRecord) -> tuple[int, float]:
    receipt = record.answer.receipt if record.answer else None
    if receipt is None:
        return 0, 0.0
    return receipt.bytes_scanned or 0, receipt.cost_usd or 0.0
