"""Where a run stands whose worker is gone, by its thread's last checkpoint."""

from dataclasses import dataclass
from typing import Any

from langchain_core.runnables import RunnableConfig
from langgraph.types import Command

from domain.draft import FailedAttempt
from domain.model_call import ModelCall
from domain.run_event import RunClosed
from domain.run_state import RunInput
from graph.asked import Asked
from graph.builder import QuestionGraph

MAXIMUM_CRASHES = 1
"""A run that two workers did not outlive may be why: it is not tried on a third."""

GraphInput = RunInput | Command[None] | None
"""None: the graph goes on from its checkpoint."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a run came."""

    graph_input: GraphInput
    is_waiting: bool = False
    """It asked a question back, and was cut off before that was told."""
    closed: RunClosed | None = None
    """It had come to its end, and was cut off before that was told."""
    text: str = ""
    """The prose that was written, for readers who saw another part of it or none."""
    failed_attempts: tuple[FailedAttempt, ...] = ()
    model_calls: tuple[ModelCall, ...] = ()


async def find_standing(
    graph: QuestionGraph, config: RunnableConfig, asked: Asked, anew: RunInput, *, is_same: bool
) -> Standing:
    """Returns how a run goes on: from its checkpoint, or from its question.

    `is_same` False: context or policy are others now, so that what was judged by the old ones is
    not believed.
    """
    snapshot = await graph.aget_state(config)
    values = snapshot.values
    if values.get("run_id") != asked.run_id or not is_same:
        return Standing(anew)
    known: dict[str, Any] = {
        "text": values["text"],
        "failed_attempts": tuple(values["failed_attempts"]),
        "model_calls": tuple(values["model_calls"]),
    }
    if not snapshot.next:
        return Standing(None, closed=_closed(values), **known)
    if not snapshot.interrupts:
        return Standing(None, **known)
    if asked.option_id is not None and values["chosen_option"] is None:
        return Standing(Command(resume=asked.option_id), **known)
    return Standing(None, is_waiting=True, **known)


def _closed(values: dict[str, Any]) -> RunClosed:
    return RunClosed(
        answer=values["answer"],
        failure_code=values["failure_code"],
        cross_check=values["cross_check"],
        chosen_option=values["chosen_option"],
    )
