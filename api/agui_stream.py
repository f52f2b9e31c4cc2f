"""Run events as AG-UI 1.0 events, mapped by hand so that no internal state is ever on the wire.

They are made as the wire has them: to build `ag_ui`'s models only to serialize them takes several
times as long. A test reads every kind of event with those models.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeAlias

from ag_ui.core import EventType
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

WireEvent: TypeAlias = dict[str, object]
"""An event as its JSON names its fields; models of ours stand in it as they are."""


class AguiMapper:
    """Maps the events of one run, in order; remembers only what an end has to close."""

    def __init__(self) -> None:
        self._run_id = ""
        self._thread_id = ""
        self._is_writing = False
        self._open_steps: list[str] = []

    def map(self, event: RunEvent) -> Iterator[WireEvent]:
        """Yields the AG-UI events that one run event becomes."""
        if self._is_writing and not isinstance(event, AnswerDelta | ChartReady):
            self._is_writing = False
            yield {"type": EventType.TEXT_MESSAGE_END, "messageId": self._message_id}
        match event:
            case RunStarted():
                is_told = self._run_id == event.run_id
                self._run_id, self._thread_id = event.run_id, event.thread_id
                if is_told:
                    yield from self._close_steps()
                else:
                    yield self._of_run(EventType.RUN_STARTED)
            case StepStarted():
                self._open_steps.append(event.step)
                yield {"type": EventType.STEP_STARTED, "stepName": event.step}
            case StepFinished():
                self._open_steps.remove(event.step)
                duration = {"duration_ms": event.duration_ms}
                yield {**_step_finished(event.step), "metadata": duration}
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

    def _close_steps(self) -> Iterator[WireEvent]:
        for step in reversed(self._open_steps):
            yield _step_finished(step)
        self._open_steps.clear()

    @property
    def _message_id(self) -> str:
        return f"{self._run_id}:answer"

    def _delta(self, event: AnswerDelta) -> Iterator[WireEvent]:
        if not self._is_writing:
            self._is_writing = True
            yield {
                "type": EventType.TEXT_MESSAGE_START,
                "messageId": self._message_id,
                "role": "assistant",
            }
        yield {
            "type": EventType.TEXT_MESSAGE_CONTENT,
            "messageId": self._message_id,
            "delta": event.text,
        }

    def _activity(
        self,
        event: RunQueued
        | ContextRetrieved
        | SqlAttempted
        | ExecutionFinished
        | ChartReady
        | ReceiptReady
        | AnswerReplaced,
    ) -> WireEvent:
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

    def _snapshot(self, name: str, content: BaseModel, suffix: str = "") -> WireEvent:
        return {
            "type": EventType.ACTIVITY_SNAPSHOT,
            "messageId": f"{self._run_id}:{name}{suffix}",
            "activityType": f"vtion.{name}",
            "content": content,
        }

    def _end(self, event: RunFinished | RunInterrupted | RunFailed) -> WireEvent:
        match event:
            case RunFailed():
                said = {"reference", "reason", "parameters"}
                return {
                    "type": EventType.RUN_ERROR,
                    "code": event.code,
                    "message": event.message,
                    "metadata": event.model_dump(include=said),
                }
            case RunInterrupted():
                interrupt = {
                    "id": f"{self._run_id}:clarify",
                    "reason": "clarification",
                    "message": event.clarification.question,
                }
                return self._finished(event.answer, "interrupt", interrupts=[interrupt])
            case RunFinished(answer=answer) if answer.status == "cancelled":
                return self._finished(answer, "cancelled")
            case RunFinished(answer=answer):
                return self._finished(answer, "success")

    def _finished(self, answer: Answer, outcome: str, **more: object) -> WireEvent:
        return {
            **self._of_run(EventType.RUN_FINISHED),
            "result": answer,
            "outcome": {"type": outcome, **more},
        }

    def _of_run(self, kind: EventType) -> WireEvent:
        return {"type": kind, "threadId": self._thread_id, "runId": self._run_id}


def _step_finished(step: str) -> WireEvent:
    return {"type": EventType.STEP_FINISHED, "stepName": step}


class AnswerText(BaseModel):
    """`vtion.answer`: the whole prose, in place of what was streamed."""

    text: str
