"""Every kind of run event, as AG-UI's own models read it."""

import json

import pytest
from ag_ui.core import Event
from pydantic import TypeAdapter

from api.agui_stream import AguiMapper
from api.runs.event_log import EventLog
from domain.answer import Answer, Receipt
from domain.chart_spec import ChartSeries, ChartSpec
from domain.draft import Clarification, ClarificationOption
from domain.run_event import (
    AnswerDelta,
    AnswerReplaced,
    ChartReady,
    ContextActivity,
    ContextRetrieved,
    ExecutionActivity,
    ExecutionFinished,
    QueueActivity,
    ReceiptReady,
    RunEvent,
    RunFailed,
    RunFinished,
    RunInterrupted,
    RunQueued,
    RunStarted,
    SqlActivity,
    SqlAttempted,
    StepFinished,
    StepStarted,
)

_EVENT: TypeAdapter[Event] = TypeAdapter(Event)
_OPTIONS = tuple(ClarificationOption(id=name, label=name, effect=name) for name in "ab")
_CLARIFICATION = Clarification(question="Which?", options=_OPTIONS)
_ANSWER = Answer(
    run_id="r", thread_id="t", status="answered", text="ü", receipt=Receipt(run_id="r")
)
_CHART = ChartSpec(
    type="number", title="", x="", series=(ChartSeries(field="n", label="n"),), data=({"n": 2**70},)
)
_EVENTS: tuple[RunEvent, ...] = (
    RunStarted(run_id="r", thread_id="t"),
    RunQueued(content=QueueActivity(position=2)),
    StepStarted(step="draft_sql"),
    ContextRetrieved(content=ContextActivity(tables=(), values=(), context_version="v")),
    SqlAttempted(content=SqlActivity(attempt=1, sql="SELECT 1", status="drafted", drafter="d")),
    ExecutionFinished(
        content=ExecutionActivity(
            row_count=1, bytes_scanned=None, duration_ms=1, cost_usd=None, warehouse="duckdb"
        )
    ),
    StepFinished(step="draft_sql", duration_ms=1.5),
    AnswerDelta(text="a"),
    AnswerDelta(text="b"),
    ChartReady(content=_CHART),
    AnswerReplaced(text="c"),
    ReceiptReady(content=Receipt(run_id="r")),
    StepStarted(step="record_run"),
)
_ENDS: tuple[RunEvent, ...] = (
    RunFinished(answer=_ANSWER),
    RunFinished(answer=_ANSWER.model_copy(update={"status": "cancelled"})),
    RunInterrupted(clarification=_CLARIFICATION, answer=_ANSWER),
    RunFailed(code="internal", message="m", reference="f"),
)


async def _told(end: RunEvent) -> list[str]:
    mapper, log = AguiMapper(), EventLog()
    for event in (*_EVENTS, end):
        for wire in mapper.map(event):
            log.append(wire)
    log.close()
    frames = b"".join([frame async for frame in log.follow()]).decode().split("\n\n")
    return [frame.partition("\ndata: ")[2] for frame in frames[:-1]]


@pytest.mark.parametrize("end", _ENDS, ids=lambda end: end.kind)
async def test_each_event_is_what_ag_ui_would_write_itself(end: RunEvent) -> None:
    told = await _told(end)
    for line in told:
        event = _EVENT.validate_json(line)
        assert json.loads(event.model_dump_json(by_alias=True)) == json.loads(line)
    assert [json.loads(line)["type"] for line in told[-2:]] == [
        "STEP_FINISHED",
        "RUN_ERROR" if isinstance(end, RunFailed) else "RUN_FINISHED",
    ]
