"""Run events as AG-UI 1.0 events, mapped by hand so that no internal state is ever on the wire."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ag_ui.core import (
    ActivitySnapshotEvent,
    BaseEvent,
    Interrupt,
    RunErrorEvent,
    RunFinishedCancelledOutcome,
    RunFinishedEvent,
    RunFinishedInterruptOutcome,
    RunFinishedSuccessOutcome,
    RunStartedEvent,
    StepFinishedEvent,
    StepStartedEvent,
    TextMessageContentEvent,
    TextMessageEndEvent,
    TextMessageStartEvent,
)
from pydantic import BaseModel

from domain.answer import Answer
from domain.run_event import (
    AnswerDelta,
    AnswerReplaced,
    ChartReady,
    ContextRetrieved,
    ExecutionFinished,
    ReceiptReady,
    RunEvent,
    RunFailed,
    RunFinished,
    RunInterrupted,
    RunQueued,
    RunStarted,
    SqlAttempted,
    StepFinished,
    StepStarted,
)


class AguiMapper:
    """Maps the events of one run, in order; remembers only what an end has to close."""

    def __init__(self) -> None:
        self._run_id = ""
        self._thread_id = ""
        self._is_writing = False
        self._open_steps: list[str] = []

    def map(self, event: RunEvent) -> Iterator[BaseEvent]:
        """Yields the AG-UI events that one run event becomes."""
        if self._is_writing and not isinstance(event, AnswerDelta | ChartReady):
            self._is_writing = False
            yield TextMessageEndEvent(message_id=self._message_id)
        match event:
            case RunStarted():
                is_told = self._run_id == event.run_id
                self._run_id, self._thread_id = event.run_id, event.thread_id
                if is_told:
                    yield from self._close_steps()
                else:
                    yield RunStartedEvent(thread_id=event.thread_id, run_id=event.run_id)
            case StepStarted():
                self._open_steps.append(event.step)
                yield StepStartedEvent(step_name=event.step)
            case StepFinished():
                self._open_steps.remove(event.step)
                duration = {"duration_ms": event.duration_ms}
                yield StepFinishedEvent(step_name=event.step, metadata=duration)
            case AnswerDelta():
                yield from self._delta(event)
            case RunFinished() | RunInterrupted() | RunFailed():
                # A cancelled node cannot say that it ended.
                yield from self._close_steps()
                yield self._end(event)
            case _:
                yield self._activity(event)

    def recall(self, told: Iterable[Mapping[str, Any]]) -> None:
        """Takes note of what another worker told of the run, so that this one goes on from it."""
        for event in told:
            match event["type"]:
                case "RUN_STARTED":
                    self._run_id, self._thread_id = event["runId"], event["threadId"]
                case "STEP_STARTED":
                    self._open_steps.append(event["stepName"])
                case "STEP_FINISHED":
                    self._open_steps.remove(event["stepName"])
                case "TEXT_MESSAGE_START" | "TEXT_MESSAGE_END":
                    self._is_writing = event["type"] == "TEXT_MESSAGE_START"

    def _close_steps(self) -> Iterator[BaseEvent]:
        for step in reversed(self._open_steps):
            yield StepFinishedEvent(step_name=step)
        self._open_steps.clear()

    @property
    def _message_id(self) -> str:
        return f"{self._run_id}:answer"

    def _delta(self, event: AnswerDelta) -> Iterator[BaseEvent]:
        if not self._is_writing:
            self._is_writing = True
            yield TextMessageStartEvent(message_id=self._message_id, role="assistant")
        yield TextMessageContentEvent(message_id=self._message_id, delta=event.text)

    def _activity(
        self,
        event: RunQueued
        | ContextRetrieved
        | SqlAttempted
        | ExecutionFinished
        | ChartReady
        | ReceiptReady
        | AnswerReplaced,
    ) -> BaseEvent:
        match event:
            case RunQueued():
                return self._snapshot("queue", event.content)
            case ContextRetrieved():
                return self._snapshot("context", event.content)
            case SqlAttempted():
                return self._snapshot("sql", event.content, f":{event.content.attempt}")
            case ExecutionFinished():
                return self._snapshot("execution", event.content)
            case ChartReady():
                return self._snapshot("chart", event.content)
            case ReceiptReady():
                return self._snapshot("receipt", event.content)
            case AnswerReplaced():
                return self._snapshot("answer", AnswerText(text=event.text))

    def _snapshot(self, name: str, content: BaseModel, suffix: str = "") -> BaseEvent:
        return ActivitySnapshotEvent(
            message_id=f"{self._run_id}:{name}{suffix}",
            activity_type=f"vtion.{name}",
            content=content.model_dump(mode="json"),
        )

    def _end(self, event: RunFinished | RunInterrupted | RunFailed) -> BaseEvent:
        match event:
            case RunFailed():
                said = {"reference", "reason", "parameters"}
                return RunErrorEvent(
                    code=event.code, message=event.message, metadata=event.model_dump(include=said)
                )
            case RunInterrupted():
                interrupt = Interrupt(
                    id=f"{self._run_id}:clarify",
                    reason="clarification",
                    message=event.clarification.question,
                )
                outcome = RunFinishedInterruptOutcome(type="interrupt", interrupts=[interrupt])
                return self._finished(event.answer, outcome)
            case RunFinished(answer=answer) if answer.status == "cancelled":
                return self._finished(answer, RunFinishedCancelledOutcome(type="cancelled"))
            case RunFinished(answer=answer):
                return self._finished(answer, RunFinishedSuccessOutcome(type="success"))

    def _finished(
        self,
        answer: Answer,
        outcome: RunFinishedSuccessOutcome
        | RunFinishedInterruptOutcome
        | RunFinishedCancelledOutcome,
    ) -> BaseEvent:
        return RunFinishedEvent(
            thread_id=self._thread_id,
            run_id=self._run_id,
            result=answer.model_dump(mode="json"),
            outcome=outcome,
        )


class AnswerText(BaseModel):
    """`vtion.answer`: the whole prose, in place of what was streamed."""

    text: str
