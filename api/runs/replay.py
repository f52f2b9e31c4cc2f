"""The events of a run that is no longer in memory, told again from its record."""

from collections.abc import AsyncIterator, Iterator

from api.agui_stream import AguiMapper
from api.runs.event_log import EventLog
from api.runs.live_run import RunEnd
from domain.answer import Answer
from domain.error_codes import known_code
from domain.run_event import (
    AnswerDelta,
    ChartReady,
    ReceiptReady,
    RunEvent,
    RunFailed,
    RunFinished,
    RunInterrupted,
    RunStarted,
    StepFinished,
    StepStarted,
)
from domain.run_record import RunRecord
from run_store.delete_runs import INTERRUPTED

_NOT_ANSWERED = "This question was not answered."
_INTERRUPTED = "The service stopped while it worked on this question. Ask again."


def replay(record: RunRecord, after: int) -> AsyncIterator[bytes]:
    """Yields start, steps with times, answer, chart, receipt and end, numbered on from `after`.

    What happened within the steps is gone with the process that ran them.
    """
    log, mapper = EventLog(first_number=after + 1), AguiMapper()
    for event in _events(record):
        for wire_event in mapper.map(event):
            log.append(wire_event)
    log.close()
    return log.follow(after)


def _events(record: RunRecord) -> Iterator[RunEvent]:
    yield RunStarted(run_id=record.run_id, thread_id=record.thread_id)
    for step, duration_ms in record.timings_ms.items():
        yield StepStarted(step=step)
        yield StepFinished(step=step, duration_ms=duration_ms)
    answer = record.answer
    if answer is not None and answer.status != "clarify":
        if answer.text:
            yield AnswerDelta(text=answer.text)
        if answer.chart is not None:
            yield ChartReady(content=answer.chart)
        if answer.receipt is not None:
            yield ReceiptReady(content=answer.receipt)
    yield end_of(record)


def end_of(record: RunRecord) -> RunEnd:
    """Returns the last event of a run that ended."""
    answer = record.answer
    if record.status == "failed" and answer is None:
        message = _INTERRUPTED if record.error_code == INTERRUPTED else _NOT_ANSWERED
        return RunFailed(
            code=known_code(record.error_code), message=message, reference=record.reference
        )
    if answer is None:
        answer = Answer(run_id=record.run_id, thread_id=record.thread_id, status=record.status)
    if answer.clarification is not None:
        return RunInterrupted(clarification=answer.clarification, answer=answer)
    return RunFinished(answer=answer)
