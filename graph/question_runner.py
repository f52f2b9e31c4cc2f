"""A question's way through the graph, as a stream of run events."""

import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from uuid import uuid4

import structlog
from langchain_core.runnables import RunnableConfig
from langgraph.types import Command

from domain.answer import Answer
from domain.draft import Clarification
from domain.errors import ConflictError, OperatorError, UserError
from domain.run_event import (
    RunEvent,
    RunFailed,
    RunFinished,
    RunInterrupted,
    RunStarted,
    StepFinished,
)
from domain.run_state import RunInput, new_run
from graph.builder import QuestionGraph
from graph.question_check import check_question
from nodes.dependencies import Dependencies

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Asked:
    """One request: a question, or the choice that resumes a run which waits for it."""

    question: str = ""
    thread_id: str = field(default_factory=lambda: uuid4().hex)
    option_id: str | None = None
    prompt_versions: Mapping[str, str] = field(default_factory=dict)
    """Prompt name to version, for those who may try one."""


class QuestionRunner:
    """Runs questions. `dependencies` returns the present set; each run keeps the one it got."""

    def __init__(
        self,
        graph: QuestionGraph,
        dependencies: Callable[[], Awaitable[Dependencies]],
        today: Callable[[], date],
        maximum_question_characters: int = 4_000,
        log_questions: bool = False,
        model_seconds: float | None = None,
    ) -> None:
        self._graph = graph
        self._dependencies = dependencies
        self._today = today
        self._maximum_question_characters = maximum_question_characters
        self._log_questions = log_questions
        self._model_seconds = model_seconds
        self._busy_threads: set[str] = set()

    async def check(self, asked: Asked) -> None:
        """Raises a UserError for what can be refused before anything runs."""
        self._require_idle(asked.thread_id)
        await self._input(asked)

    async def run(self, asked: Asked) -> AsyncIterator[RunEvent]:
        """Yields what happens. Errors that were raised on purpose end as `RunFailed`."""
        record = _RunLog(asked.question if self._log_questions else None)
        try:
            async with self._thread(asked.thread_id):
                async for event in self._events(asked):
                    record.add(event)
                    yield event
        except (UserError, OperatorError) as error:
            failed = _failed(error)
            record.add(failed)
            yield failed
        finally:
            record.write()

    async def _events(self, asked: Asked) -> AsyncIterator[RunEvent]:
        run_id, graph_input = await self._input(asked)
        structlog.contextvars.bind_contextvars(run_id=run_id, thread_id=asked.thread_id)
        yield RunStarted(run_id=run_id, thread_id=asked.thread_id)
        stream: AsyncIterator[Any] = self._graph.astream(
            graph_input,
            _config(asked.thread_id),
            context=await self._of_run(asked),
            stream_mode="custom",
            durability="exit",
        )
        async for event in stream:
            yield event
        yield await self._outcome(run_id, asked.thread_id)

    async def _of_run(self, asked: Asked) -> Dependencies:
        """Returns the present dependencies with what is this run's own."""
        seconds = self._model_seconds
        return replace(
            await self._dependencies(),
            prompt_versions=asked.prompt_versions,
            model_deadline=None if seconds is None else time.monotonic() + seconds,
        )

    async def _input(self, asked: Asked) -> tuple[str, RunInput | Command[None]]:
        """Returns the run's id and what the graph is started with."""
        if asked.option_id is None:
            check_question(asked.question, self._maximum_question_characters)
            run_id = uuid4().hex
            return run_id, new_run(run_id, asked.thread_id, asked.question, self._today())
        snapshot = await self._graph.aget_state(_config(asked.thread_id))
        if not snapshot.interrupts:
            raise ConflictError("This conversation does not wait for a choice.")
        options = Clarification.model_validate(snapshot.interrupts[0].value).options
        if asked.option_id not in {option.id for option in options}:
            raise ConflictError("That is not one of the options; choose one of those offered.")
        return str(snapshot.values["run_id"]), Command(resume=asked.option_id)

    async def _outcome(self, run_id: str, thread_id: str) -> RunEvent:
        snapshot = await self._graph.aget_state(_config(thread_id))
        if snapshot.interrupts:
            clarification = Clarification.model_validate(snapshot.interrupts[0].value)
            answer = Answer(
                run_id=run_id,
                thread_id=thread_id,
                status="clarify",
                text=clarification.question,
                clarification=clarification,
            )
            return RunInterrupted(clarification=clarification, answer=answer)
        final = snapshot.values.get("answer")
        if not isinstance(final, Answer):
            raise OperatorError("the run ended without an answer")
        return RunFinished(answer=final)

    def _require_idle(self, thread_id: str) -> None:
        if thread_id in self._busy_threads:
            raise ConflictError("This conversation is still working on an earlier question.")

    @asynccontextmanager
    async def _thread(self, thread_id: str) -> AsyncIterator[None]:
        self._require_idle(thread_id)
        self._busy_threads.add(thread_id)
        try:
            yield
        finally:
            self._busy_threads.discard(thread_id)


def _config(thread_id: str) -> RunnableConfig:
    return {"configurable": {"thread_id": thread_id}}


def _failed(error: UserError | OperatorError) -> RunFailed:
    reference = uuid4().hex[:12]
    if isinstance(error, UserError):
        return RunFailed(code=error.code, message=error.message, reference=reference)
    _log.error("run_failed", reference=reference, error=error.message, remedy=error.remedy)
    message = "Something is wrong on our side. Please try again, or give support the reference."
    return RunFailed(code="internal", message=message, reference=reference)


class _RunLog:
    """One log line a run: how it ended and where the time went, never what was asked."""

    def __init__(self, question: str | None) -> None:
        self._started = time.perf_counter()
        self._timings: dict[str, float] = {}
        self._question = question
        self._status = "abandoned"

    def add(self, event: RunEvent) -> None:
        """Takes note of a step's time and of the end."""
        match event:
            case StepFinished():
                spent = self._timings.get(event.step, 0.0)
                self._timings[event.step] = spent + event.duration_ms
            case RunFinished() | RunInterrupted():
                self._status = event.answer.status
            case RunFailed():
                self._status = f"failed:{event.code}"

    def write(self) -> None:
        """Writes the line."""
        fields: dict[str, object] = {"question": self._question} if self._question else {}
        duration_ms = round((time.perf_counter() - self._started) * 1000, 1)
        _log.info(
            "run_ended",
            status=self._status,
            duration_ms=duration_ms,
            timings_ms=self._timings,
            **fields,
        )
