"""Where a run goes next: pure functions of the state."""

from typing import Literal

from domain.draft import CannotAnswer, Clarification, SqlDraft
from domain.run_state import RunState

AfterDraft = Literal["validate_sql", "clarify", "explain_refusal"]
AfterValidation = Literal["execute_sql", "draft_sql", "explain_refusal"]
AfterExecution = Literal["aggregate_rows", "cross_check", "draft_sql", "explain_refusal"]
AfterCrossCheck = Literal["aggregate_rows", "draft_sql"]


def then_draft(state: RunState) -> Literal["draft_sql"]:
    """What was found, or chosen, is drafted from."""
    return "draft_sql"


def then_synthesize(state: RunState) -> Literal["synthesize_answer"]:
    """What was rolled up is written about."""
    return "synthesize_answer"


def then_verify(state: RunState) -> Literal["verify_answer"]:
    """What was written is held against the figures."""
    return "verify_answer"


def then_record(state: RunState) -> Literal["record_run"]:
    """What was said is recorded."""
    return "record_run"


def then_end(state: RunState) -> Literal["__end__"]:
    """A run that is recorded has ended."""
    return "__end__"


def route_draft(state: RunState) -> AfterDraft:
    """SQL is checked, a question back is asked, an honest no is explained."""
    if state["failure"]:
        return "explain_refusal"
    match state["draft"]:
        case Clarification():
            return "clarify"
        case CannotAnswer() | None:
            return "explain_refusal"
        case _:
            return "validate_sql"


def route_cross_check(state: RunState) -> AfterCrossCheck:
    """The result that is believed is rolled up; without one the drafter is asked once more."""
    return "draft_sql" if state["execution"] is None else "aggregate_rows"


def _has_alternatives(state: RunState) -> bool:
    draft = state["draft"]
    return isinstance(draft, SqlDraft) and bool(draft.alternatives)


class AttemptRouting:
    """Routes that know how many drafts a question may take."""

    def __init__(self, maximum_attempts: int) -> None:
        self._maximum_attempts = maximum_attempts

    def route_validation(self, state: RunState) -> AfterValidation:
        """An accepted statement runs; a rejected one goes back while attempts are left."""
        if state["verdict"] is not None:
            return "execute_sql"
        return self._retry(state)

    def route_execution(self, state: RunState) -> AfterExecution:
        """A result is rolled up; what other SQL could mend goes back while attempts are left."""
        if state["failure"]:
            return "explain_refusal"
        if state["execution"] is not None:
            return "cross_check" if _has_alternatives(state) else "aggregate_rows"
        return self._retry(state)

    def _retry(self, state: RunState) -> Literal["draft_sql", "explain_refusal"]:
        attempts_left = len(state["failed_attempts"]) < self._maximum_attempts
        return "draft_sql" if attempts_left else "explain_refusal"
