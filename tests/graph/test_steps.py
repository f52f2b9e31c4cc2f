"""How far a step goes on, and where LangGraph takes over."""

from collections.abc import Mapping
from datetime import date
from typing import cast

import pytest
from langgraph.runtime import Runtime

from domain.draft import CannotAnswer, Clarification, ClarificationOption, DraftOutcome, SqlDraft
from domain.model_call import ModelCall
from domain.run_event import StepFinished, StepStarted
from domain.run_state import Execution, RunState, new_run
from domain.verdict import Verdict
from graph import builder
from graph.pace import Pace
from graph.routing import AttemptRouting
from graph.steps import Steps
from graph.timed_step import Node
from nodes.dependencies import Dependencies

_OPTION = ClarificationOption(id="1", label="a", effect="b")
_ASKED = Clarification(question="which?", options=(_OPTION, _OPTION))
_SQL = SqlDraft(sql="SELECT 1")


class _Nothing:
    emit = None


def _writes(update: Mapping[str, object]) -> Node:
    async def node(state: RunState, runtime: Runtime[Dependencies]) -> Mapping[str, object]:
        return update

    return node


def _call(milliseconds: float) -> ModelCall:
    return ModelCall(prompt="p", prompt_version="v1", model="m", duration_ms=milliseconds)


async def _steps_from(
    pace: Pace, draft: DraftOutcome = _SQL, model_ms: float = 1.0, first: str = "retrieve_context"
) -> tuple[list[str], str]:
    """Returns the nodes that one step runs, and the one that it leaves to LangGraph."""
    updates: dict[str, Mapping[str, object]] = {
        "draft_sql": {"draft": draft, "model_calls": (_call(model_ms),)},
        "validate_sql": {"verdict": Verdict(sql="SELECT 1")},
        "execute_sql": {"execution": Execution(query_id="q", row_count=1)},
    }
    nodes = {name: _writes(updates.get(name, {})) for name in builder._NODES}
    steps = Steps(nodes, builder._routes(AttemptRouting(3)), pace)
    state = cast(RunState, {**new_run("r", "t", "q", date(2026, 1, 1)), "turns": ()})
    if first != "retrieve_context":
        state = cast(RunState, {**state, "draft": draft, "verdict": Verdict(sql="SELECT 1")})
    told: list[object] = []
    runtime = Runtime(context=cast(Dependencies, _Nothing()), stream_writer=told.append)
    command = await steps.beginning_with(first)(state, runtime)
    begun = [event.step for event in told if isinstance(event, StepStarted)]
    assert begun == [event.step for event in told if isinstance(event, StepFinished)]
    return begun, str(command.goto)


async def test_what_is_quick_on_an_embedded_engine_is_one_step() -> None:
    begun, following = await _steps_from(Pace(keeps_statements=False))
    assert begun == [
        "retrieve_context", "draft_sql", "validate_sql", "execute_sql", "aggregate_rows",
        "synthesize_answer", "verify_answer", "record_run",
    ]  # fmt: skip
    assert following == "__end__"


@pytest.mark.parametrize(
    ("pace", "draft", "model_ms", "first", "last", "following"),
    [
        (Pace(), _SQL, 1.0, "retrieve_context", "validate_sql", "execute_sql"),
        (Pace(), _SQL, 1.0, "execute_sql", "aggregate_rows", "synthesize_answer"),
        (Pace(False), _ASKED, 1.0, "retrieve_context", "draft_sql", "clarify"),
        (Pace(False), _SQL, 600.0, "retrieve_context", "draft_sql", "validate_sql"),
        (Pace(False), CannotAnswer(reason="no"), 1.0, "retrieve_context", "record_run", "__end__"),
        (Pace(False, True), _SQL, 1.0, "retrieve_context", "retrieve_context", "draft_sql"),
    ],
    ids=["before_statement", "rolled_up", "asked_back", "dear_draft", "refused", "traced"],
)
async def test_a_step_ends_where_a_checkpoint_is_due(
    pace: Pace, draft: DraftOutcome, model_ms: float, first: str, last: str, following: str
) -> None:
    begun, left = await _steps_from(pace, draft, model_ms, first)
    assert (begun[0], begun[-1], left) == (first, last, following)
