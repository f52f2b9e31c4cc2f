"""Where a run goes next."""

from datetime import date

import pytest

from domain.draft import CannotAnswer, Clarification, ClarificationOption, FailedAttempt, SqlDraft
from domain.run_state import Execution, RunState, new_run
from domain.verdict import Verdict
from graph.routing import AttemptRouting, route_draft

_OPTION = ClarificationOption(id="1", label="a", effect="b")


def _state(**changes: object) -> RunState:
    state: RunState = {**new_run("r", "t", "q", date(2026, 1, 1)), "turns": (), **changes}  # type: ignore[typeddict-item]
    return state


@pytest.mark.parametrize(
    ("draft", "step"),
    [
        (SqlDraft(sql="SELECT 1"), "validate_sql"),
        (Clarification(question="which?", options=(_OPTION, _OPTION)), "clarify"),
        (CannotAnswer(reason="no such data"), "explain_refusal"),
    ],
)
def test_a_draft_is_checked_a_question_asked_a_no_explained(draft: object, step: str) -> None:
    assert route_draft(_state(draft=draft)) == step


@pytest.mark.parametrize("attempts", [1, 2, 3])
def test_drafts_go_back_until_the_attempts_are_used_up(attempts: int) -> None:
    failed = tuple(FailedAttempt(sql="x", reasons=()) for _ in range(attempts))
    routing = AttemptRouting(maximum_attempts=3)
    expected = "draft_sql" if attempts < 3 else "explain_refusal"
    assert routing.route_validation(_state(failed_attempts=failed)) == expected
    assert routing.route_execution(_state(failed_attempts=failed)) == expected


def test_an_accepted_statement_runs_and_its_result_is_rolled_up() -> None:
    routing = AttemptRouting(maximum_attempts=3)
    execution = Execution(query_id="q", row_count=1)
    assert routing.route_validation(_state(verdict=Verdict(sql="SELECT 1"))) == "execute_sql"
    assert routing.route_execution(_state(execution=execution)) == "aggregate_rows"


def test_what_no_other_sql_would_mend_is_explained() -> None:
    state = _state(failure="It took too long.")
    assert AttemptRouting(maximum_attempts=3).route_execution(state) == "explain_refusal"
