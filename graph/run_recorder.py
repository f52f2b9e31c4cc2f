"""Gathers a run's record, and one log line, from its events."""

import asyncio
import time
from collections import defaultdict
from datetime import UTC, datetime
from typing import Protocol

import structlog

from domain.answer import Answer, AnswerStatus
from domain.cross_check import CrossCheck
from domain.draft import ClarificationOption, FailedAttempt
from domain.model_call import ModelCall, total_cost
from domain.run_event import (
    RunClosed,
    RunEvent,
    RunFailed,
    RunFinished,
    RunInterrupted,
    SqlAttempted,
    StepFinished,
)
from domain.run_history import RunBegun
from domain.run_record import RunRecord
from graph.asked import Asked

_log = structlog.get_logger(__name__)


class RunKeeper(Protocol):
    """Where runs are kept. Neither call waits for the database."""

    def begin(self, run: RunBegun) -> asyncio.Future[None]:
        """Notes that a run began; the future is done when that will be found after a crash."""

    def save(self, record: RunRecord) -> object:
        """Keeps the record of a run that ended."""


class RunRecorder:
    """One run's: made at its start, told of every event, read at its end."""

    def __init__(self, asked: Asked, question: str) -> None:
        self._asked = asked
        self._question = question
        self._started_at = asked.begun_at or datetime.now(UTC)
        # Of a run that was taken up, the wall clock alone knows when it began.
        before = (datetime.now(UTC) - self._started_at).total_seconds() if asked.begun_at else 0.0
        self._started = time.perf_counter() - max(0.0, before)
        self._timings: dict[str, float] = defaultdict(float)
        self._failed_attempts: list[FailedAttempt] = []
        self._end: RunFinished | RunInterrupted | RunFailed | None = None
        self.is_cancelled = False
        self._model_calls: tuple[ModelCall, ...] = ()
        self._cross_check: CrossCheck | None = None
        self._chosen_option: ClarificationOption | None = None

    def observe_calls(self, calls: tuple[ModelCall, ...]) -> None:
        """Takes note of all model calls so far."""
        self._model_calls = calls

    def begun(self, model: str, basis: str) -> RunBegun:
        """Returns what is known at the start."""
        return RunBegun(
            run_id=self._asked.run_id,
            thread_id=self._asked.thread_id,
            user_id=self._asked.user.id,
            question=self._question,
            started_at=self._started_at,
            model=model,
            request=self._asked.request(basis),
        )

    def recall(
        self, failed_attempts: tuple[FailedAttempt, ...], model_calls: tuple[ModelCall, ...]
    ) -> None:
        """Takes note of what went before the run was taken up."""
        self._failed_attempts = list(failed_attempts)
        self._model_calls = model_calls

    def close(self, closed: RunClosed) -> None:
        """Takes note of what the record has beside the answer."""
        self._cross_check = closed.cross_check
        self._chosen_option = closed.chosen_option

    def add(self, event: RunEvent) -> None:
        """Takes note of an event."""
        match event:
            case StepFinished():
                self._timings[event.step] += event.duration_ms
            case SqlAttempted(content=content) if content.status in ("rejected", "failed"):
                attempt = FailedAttempt(sql=content.sql, reasons=content.reasons)
                self._failed_attempts.append(attempt)
            case RunFinished() | RunInterrupted() | RunFailed():
                self._end = event

    def record(self) -> RunRecord:
        """Returns the record; a run without an end was cancelled, or something broke."""
        failure = self._end if isinstance(self._end, RunFailed) else None
        is_broken = self._status == "failed" and failure is None
        return RunRecord(
            run_id=self._asked.run_id,
            thread_id=self._asked.thread_id,
            user_id=self._asked.user.id,
            question=self._question,
            status=self._status,
            started_at=self._started_at,
            duration_ms=round((time.perf_counter() - self._started) * 1000, 1),
            timings_ms={step: round(spent, 2) for step, spent in self._timings.items()},
            answer=self._answer,
            failed_attempts=tuple(self._failed_attempts),
            model_calls=self._model_calls,
            cross_check=self._cross_check,
            chosen_option=self._chosen_option,
            error_code=failure.code if failure else "internal" if is_broken else "",
            reference=failure.reference if failure else self._asked.run_id if is_broken else "",
        )

    @property
    def _status(self) -> AnswerStatus:
        if isinstance(self._end, RunFailed):
            return "failed"
        if self._end is None:
            return "cancelled" if self.is_cancelled else "failed"
        return self._end.answer.status

    @property
    def _answer(self) -> Answer | None:
        has_answer = isinstance(self._end, RunFinished | RunInterrupted)
        return self._end.answer if has_answer and self._end is not None else None  # type: ignore[union-attr]


def log_run(record: RunRecord, *, with_question: bool) -> None:
    """Writes one line: how the run ended and where the time went, never what was asked."""
    fields: dict[str, object] = {"question": record.question} if with_question else {}
    code = f":{record.error_code}" if record.error_code else ""
    _log.info(
        "run_ended",
        status=f"{record.status}{code}",
        duration_ms=record.duration_ms,
        timings_ms=record.timings_ms,
        **_models_and_prompts(record),
        **fields,
    )


def _models_and_prompts(record: RunRecord) -> dict[str, object]:
    """Returns what a line says of model calls; nothing where there were none."""
    calls = record.model_calls
    if not calls:
        return {}
    return {
        "models": sorted({call.model for call in calls}),
        "prompt_versions": {call.prompt: call.prompt_version for call in calls},
        "tokens_in": sum(call.tokens_in for call in calls),
        "tokens_out": sum(call.tokens_out for call in calls),
        "model_cost_usd": total_cost(calls),
    }
