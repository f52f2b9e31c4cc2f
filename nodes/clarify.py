"""Asks the analyst which reading is meant; the answer resumes the same run."""

from typing import TypedDict

from langgraph.runtime import Runtime
from langgraph.types import interrupt

from domain.draft import Clarification, ClarificationOption
from domain.errors import ConflictError
from domain.run_state import RunState
from nodes.dependencies import Dependencies


class ClarifyUpdate(TypedDict):
    """What this node writes."""

    chosen_option: ClarificationOption


async def clarify(state: RunState, runtime: Runtime[Dependencies]) -> ClarifyUpdate:
    """Waits for the id of an option and returns that option."""
    clarification = state["draft"]
    if not isinstance(clarification, Clarification):
        raise TypeError("only a question back is asked")
    option_id = interrupt(clarification.model_dump())
    for option in clarification.options:
        if option.id == option_id:
            return {"chosen_option": option}
    raise ConflictError(
        "That is not one of the options; choose one of those offered.", "not_an_option"
    )
