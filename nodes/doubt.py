"""SQL that may run but likely misleads: the model that wrote it is asked to mend it, once."""

from domain.run_state import RunState
from domain.verdict import Verdict, Violation
from nodes.dependencies import Dependencies
from nodes.failed_attempt import current_draft
from nodes.unknown_values import find_unknown_values

_DOUBTFUL = frozenset({"fan_out", "truncated_division"})


def doubts_of(
    verdict: Verdict, state: RunState, dependencies: Dependencies
) -> tuple[Violation, ...]:
    """Returns what is doubtful of an allowed draft; nothing where no model wrote it."""
    draft = current_draft(state)
    is_models = draft.author in ("", dependencies.drafter.name) and bool(state["model_calls"])
    if draft.plan is not None or not is_models:
        return ()
    warned = tuple(warning for warning in verdict.warnings if warning.rule in _DOUBTFUL)
    return warned + find_unknown_values(verdict.sql, dependencies.context.dictionary)


def goes_back(doubts: tuple[Violation, ...], state: RunState, dependencies: Dependencies) -> bool:
    """True for a first draft: a model that stands by it is believed, and the doubts are shown."""
    is_first = not state["failed_attempts"] and dependencies.maximum_attempts > 1
    return bool(doubts) and is_first
