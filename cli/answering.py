"""Answers questions in this process and reports what they led to."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, BinaryIO
from uuid import uuid4

import structlog
from pydantic import BaseModel, ConfigDict
from rich.console import Console
from rich.markdown import Markdown
from rich.syntax import Syntax

from cli.json_lines import write_item
from domain.answer import Answer
from domain.errors import UserError
from domain.result_table import ResultColumn, ResultTable, Value
from domain.run_event import (
    RunEvent,
    RunFailed,
    RunFinished,
    RunInterrupted,
    SqlAttempted,
    StepFinished,
)
from graph.asked import Asked
from graph.question_runner import QuestionRunner
from graph.service import open_service
from settings.settings import Settings
from warehouse.trino_text import trino_text

_log = structlog.get_logger(__name__)
_CRASHED = "Something is wrong on our side; the log says what."


class BatchLine(BaseModel):
    """One question of a batch."""

    model_config = ConfigDict(extra="ignore")

    id: str | int
    question: str
    thread_id: str | None = None


@dataclass
class Transcript:
    """What one question led to, gathered from its events."""

    rows: ResultTable | None = None
    sql: str = ""
    attempts: int = 0
    timings_ms: dict[str, float] = field(default_factory=dict)
    last: RunEvent | None = None

    def add(self, event: RunEvent) -> None:
        """Takes note of what the batch form reports."""
        self.last = event
        if isinstance(event, StepFinished):
            self.timings_ms[event.step] = event.duration_ms
        elif isinstance(event, SqlAttempted):
            self.sql, self.attempts = event.content.sql, event.content.attempt

    @property
    def answer(self) -> Answer | None:
        """The outcome; None where the run failed."""
        is_end = isinstance(self.last, RunFinished | RunInterrupted)
        return self.last.answer if is_end else None  # type: ignore[union-attr]


async def ask_one(question: str, *, as_json: bool, sql_only: bool) -> bool:
    """Asks one question and prints its answer, or its SQL alone. Returns False where it broke."""
    async with open_service(answering_settings(with_ranking=True)) as (_, runner):
        transcript = await transcribe(runner, Asked(question=question))
    if as_json:
        write_item(sys.stdout.buffer, _report("", transcript, is_with_rows=False))
    elif sql_only:
        print(transcript.sql)
    else:
        _print_answer(transcript)
    return _status(transcript) != "failed"


async def ask_batch(items: Sequence[BatchLine], stream: BinaryIO, *, is_with_rows: bool) -> None:
    """Asks one question after the other and writes a line for each."""
    transcript = Transcript()

    def observe_rows(table: ResultTable) -> None:
        transcript.rows = table

    # Harnesses compare columns one by one, so a batch holds what was asked and no more.
    settings = answering_settings(with_ranking=False)
    async with open_service(settings, observe_rows=observe_rows) as (_, runner):
        for item in items:
            transcript = Transcript()
            asked = Asked(question=item.question, thread_id=item.thread_id or uuid4().hex)
            await transcribe(runner, asked, transcript)
            write_item(stream, _report(item.id, transcript, is_with_rows))


def answering_settings(*, with_ranking: bool) -> Settings:
    """Returns the settings, with threads that end with the process."""
    settings = Settings(state="sqlite:///:memory:")
    return settings.model_copy(update={"with_ranking": with_ranking and settings.with_ranking})


async def transcribe(
    runner: QuestionRunner, asked: Asked, transcript: Transcript | None = None
) -> Transcript:
    """Runs one question to its end; an error that was not raised on purpose ends it as failed."""
    transcript = transcript or Transcript()
    try:
        async for event in runner.run(asked):
            transcript.add(event)
    except UserError as error:
        transcript.add(RunFailed(code=error.code, message=error.message, reference=""))
    except Exception:  # noqa: BLE001 the edge: one question must not end a batch
        _log.exception("run_crashed")
        transcript.add(RunFailed(code="internal", message=_CRASHED, reference=""))
    return transcript


def _status(transcript: Transcript) -> str:
    if isinstance(transcript.last, RunFailed):
        # What cannot be read as a question is turned down, not broken.
        return "failed" if transcript.last.code == "internal" else "refused"
    return transcript.answer.status if transcript.answer else "failed"


def _report(identifier: str | int, transcript: Transcript, is_with_rows: bool) -> dict[str, Any]:
    answer, table = transcript.answer, transcript.rows
    text = transcript.last.message if isinstance(transcript.last, RunFailed) else ""
    report: dict[str, Any] = {
        "id": identifier,
        "status": _status(transcript),
        "sql": transcript.sql,
        "columns": [column.name for column in table.columns] if table else [],
        "answer": answer.text if answer else text,
        "chart": answer.chart.model_dump(mode="json") if answer and answer.chart else None,
        "attempts": transcript.attempts,
        "timings_ms": transcript.timings_ms,
    }
    if answer and answer.clarification:
        report["options"] = [option.label for option in answer.clarification.options]
    if is_with_rows:
        report["rows"] = _json_rows(table) if table else []
    return report


def _json_rows(table: ResultTable) -> list[list[Any]]:
    return [
        [_json_value(value, column) for value, column in zip(row, table.columns, strict=True)]
        for row in table.rows
    ]


def _json_value(value: Value, column: ResultColumn) -> Any:  # noqa: ANN401 any cell
    """Numbers stay numbers; what JSON has no word for is text as Trino prints it."""
    if value is None or isinstance(value, str | int | float):
        return value
    return trino_text(value, column.type)


def _print_answer(transcript: Transcript) -> None:
    console = Console()
    answer = transcript.answer
    if answer is None:
        message = transcript.last.message if isinstance(transcript.last, RunFailed) else ""
        console.print(f"[red]{message}[/red]", highlight=False)
        return
    console.print(Markdown(answer.text))
    if answer.clarification:
        for option in answer.clarification.options:
            console.print(f"  - {option.label}: {option.effect}", highlight=False)
    for suggestion in answer.suggestions:
        console.print(f"  - {suggestion}", highlight=False)
    if answer.receipt and answer.receipt.sql:
        console.print()
        console.print(Syntax(answer.receipt.sql, "sql", word_wrap=True, background_color="default"))
