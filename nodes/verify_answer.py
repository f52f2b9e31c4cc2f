"""Holds every figure of the prose against the summary: one rewrite, then the figure goes."""

from typing import TypedDict

from langgraph.runtime import Runtime

from aggregation.figures import remove_figures, unsupported_figures
from domain.answer import WriteRequest
from domain.model_call import ModelCall
from domain.run_event import AnswerReplaced
from domain.run_state import RunState
from nodes.call_log import CallLog
from nodes.dependencies import Dependencies
from nodes.failed_attempt import current_draft
from nodes.synthesize_answer import write_request

_REMOVED = "A figure that the result does not bear out was taken out of this answer."


class VerifyAnswerUpdate(TypedDict):
    """What this node writes."""

    text: str
    model_calls: tuple[ModelCall, ...]


async def verify_answer(state: RunState, runtime: Runtime[Dependencies]) -> VerifyAnswerUpdate:
    """Returns prose in which every figure is in, or derivable from, the summary."""
    text, log = state["text"], CallLog(state, runtime.context)
    wrong = _unsupported(state, text)
    if not wrong:
        return {"text": text, "model_calls": log.calls}
    text = await _rewrite(runtime.context, write_request(state, runtime.context, log.scope, wrong))
    wrong = _unsupported(state, text)
    if wrong:
        text = f"{remove_figures(text, wrong)}\n\n{_REMOVED}".strip()
    runtime.stream_writer(AnswerReplaced(text=text))
    return {"text": text, "model_calls": log.calls}


async def _rewrite(dependencies: Dependencies, request: WriteRequest) -> str:
    text: list[str] = []
    async for part in dependencies.writer.write(request):
        if part.is_restart:
            text.clear()
        text.append(part.text)
    return "".join(text)


def _unsupported(state: RunState, text: str) -> tuple[str, ...]:
    summary = state["summary"]
    if summary is None:
        raise TypeError("only an answer from a summary is verified")
    given = [assumption.text for assumption in current_draft(state).assumptions]
    return unsupported_figures(text, summary, (state["question"], *given, *state["notes"]))
