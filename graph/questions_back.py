"""Questions that a run asked back: what was asked, and the choice that answers it."""

from langchain_core.runnables import RunnableConfig
from langgraph.types import StateSnapshot

from domain.answer import Answer
from domain.draft import Clarification
from domain.errors import ConflictError, OperatorError
from domain.run_event import RunInterrupted
from graph.asked import Asked
from graph.builder import QuestionGraph


async def waiting_state(
    graph: QuestionGraph, config: RunnableConfig, option_id: str
) -> StateSnapshot:
    """Returns the state of a run that waits for this choice; raises ConflictError for none."""
    snapshot = await graph.aget_state(config)
    if not snapshot.interrupts:
        raise ConflictError("This conversation does not wait for a choice.", "not_waiting")
    if option_id not in {option.id for option in _asked_back(snapshot).options}:
        message = "That is not one of the options; choose one of those offered."
        raise ConflictError(message, "not_an_option")
    return snapshot


async def interruption(
    graph: QuestionGraph, config: RunnableConfig, asked: Asked
) -> RunInterrupted:
    """Returns the end of a run that waits for a choice; raises OperatorError where it does not."""
    snapshot = await graph.aget_state(config)
    if not snapshot.interrupts:
        raise OperatorError("the run ended without an answer")
    clarification = _asked_back(snapshot)
    answer = Answer(
        run_id=asked.run_id,
        thread_id=asked.thread_id,
        status="clarify",
        text=clarification.question,
        clarification=clarification,
    )
    return RunInterrupted(clarification=clarification, answer=answer)


def _asked_back(snapshot: StateSnapshot) -> Clarification:
    return Clarification.model_validate(snapshot.interrupts[0].value)
