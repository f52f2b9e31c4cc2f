"""Records for tests."""

from datetime import UTC, datetime, timedelta

from domain.answer import Answer, Receipt
from domain.model_call import ModelCall
from domain.run_record import RunRecord

START = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)


def run_record(run_id: str, minutes: int = 0, **changes: object) -> RunRecord:
    """Returns the record of an answered run, begun some minutes after `START`."""
    thread_id = str(changes.get("thread_id", "thread"))
    receipt = Receipt(run_id=run_id, sql="SELECT 1", drafter="embedded", bytes_scanned=100)
    answer = Answer(
        run_id=run_id, thread_id=thread_id, status="answered", text="One.", receipt=receipt
    )
    record = RunRecord(
        run_id=run_id,
        thread_id=thread_id,
        user_id="ada",
        question=f"What is {run_id}?",
        status="answered",
        started_at=START + timedelta(minutes=minutes),
        duration_ms=12.5,
        timings_ms={"draft_sql": 3.0},
        answer=answer,
    )
    return record.model_copy(update=changes)


def model_call(model: str, tokens_in: int, tokens_out: int) -> ModelCall:
    """Returns a call that succeeded."""
    return ModelCall(
        prompt="draft_sql",
        prompt_version="1",
        model=model,
        tokens_in=tokens_in,
        tokens_out=tokens_out,
        cost_usd=0.5,
    )
