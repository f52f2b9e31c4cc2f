"""Gathers what the model calls of one node took, for the state."""

from domain.model_call import CallScope, ModelCall
from domain.run_state import RunState
from nodes.dependencies import Dependencies


class CallLog:
    """The calls of a run: those of earlier nodes, then those of this one."""

    def __init__(self, state: RunState, dependencies: Dependencies) -> None:
        self._calls = list(state["model_calls"])
        self._observe = dependencies.observe_calls
        self._observe(self.calls)
        self.scope = CallScope(
            run_id=state["run_id"],
            on_call=self._add,
            deadline=dependencies.model_deadline,
            prompt_versions=dependencies.prompt_versions,
        )

    @property
    def calls(self) -> tuple[ModelCall, ...]:
        """Every call of the run so far, the failed ones too."""
        return tuple(self._calls)

    def _add(self, call: ModelCall) -> None:
        self._calls.append(call)
        # A node that is cancelled writes no state; the run's record has its calls all the same.
        self._observe(self.calls)
