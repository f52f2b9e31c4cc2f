"""Gathers the events of a run into the outcome of a step."""

from dataclasses import dataclass, field

from domain.answer import Answer
from domain.model_call import ModelCall
from domain.run_event import (
    RunEvent,
    RunFailed,
    RunFinished,
    RunInterrupted,
    RunStarted,
    SqlActivity,
    SqlAttempted,
    StepFinished,
)
from evals.solution import StepSolution

_NOT_AN_ANSWER = "unusable_question"


@dataclass
class StepTranscript:
    """What one question led to."""

    question: str
    run_id: str = ""
    attempts: dict[int, SqlActivity] = field(default_factory=dict)
    timings_ms: dict[str, float] = field(default_factory=dict)
    answer: Answer | None = None
    failure: RunFailed | None = None
    wire: list[str] = field(default_factory=list)

    def add(self, event: RunEvent) -> None:
        """Takes note of one event."""
        self.wire.append(event.model_dump_json())
        match event:
            case RunStarted():
                self.run_id = event.run_id
            case StepFinished():
                spent = self.timings_ms.get(event.step, 0.0)
                self.timings_ms[event.step] = spent + event.duration_ms
            case SqlAttempted():
                self.attempts[event.content.attempt] = event.content
            case RunFinished() | RunInterrupted():
                self.answer = event.answer
            case RunFailed():
                self.failure = event
            case _:
                pass

    def solution(self, duration_ms: float, model_calls: tuple[ModelCall, ...] = ()) -> StepSolution:
        """Returns the outcome; a run without an answer failed."""
        answer, receipt = self.answer, self.answer.receipt if self.answer else None
        clarification = answer.clarification if answer else None
        # What cannot be read as a question is turned down, not broken.
        is_refusal = self.failure is not None and self.failure.code == _NOT_AN_ANSWER
        return StepSolution(
            question=self.question,
            run_id=self.run_id,
            status=answer.status if answer else "refused" if is_refusal else "failed",
            sql=receipt.sql if receipt else "",
            text=answer.text if answer else self.failure.message if self.failure else "",
            chart=answer.chart if answer else None,
            options=clarification.options if clarification else (),
            assumptions=receipt.assumptions if receipt else (),
            notes=receipt.notes if receipt else (),
            attempts=tuple(self.attempts.values()),
            receipt=receipt,
            model_calls=model_calls,
            timings_ms=self.timings_ms,
            duration_ms=duration_ms,
            error="" if answer or is_refusal else self._why(),
            wire="\n".join(self.wire),
        )

    def _why(self) -> str:
        return f"{self.failure.code}: {self.failure.message}" if self.failure else "no end"
