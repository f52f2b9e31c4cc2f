"""Says honestly why there is no answer, and what could be asked instead."""

from typing import TypedDict

from langgraph.runtime import Runtime

from domain.draft import CannotAnswer
from domain.run_event import AnswerDelta
from domain.run_state import RunState
from nodes.dependencies import Dependencies


class ExplainRefusalUpdate(TypedDict):
    """What this node writes."""

    text: str
    follow_ups: tuple[str, ...]


async def explain_refusal(state: RunState, runtime: Runtime[Dependencies]) -> ExplainRefusalUpdate:
    """Returns the reason in the analyst's words."""
    draft = state["draft"]
    suggestions: tuple[str, ...] = ()
    if state["failure"]:
        text = state["failure"]
    elif isinstance(draft, CannotAnswer):
        text, suggestions = draft.reason, draft.suggestions
    else:
        text = _after_all_attempts(state)
    suggestions = suggestions or tuple(runtime.context.context.dictionary.example_questions[:3])
    if not state["failure_code"]:
        # A run that failed ends with its error, not with an answer.
        runtime.stream_writer(AnswerDelta(text=text))
    return {"text": text, "follow_ups": suggestions}


def _after_all_attempts(state: RunState) -> str:
    attempts = state["failed_attempts"]
    last = attempts[-1].reasons[0].message if attempts and attempts[-1].reasons else ""
    count = "one attempt" if len(attempts) == 1 else f"{len(attempts)} attempts"
    return f"I could not write SQL for this that passes the checks, after {count}. {last}".strip()
