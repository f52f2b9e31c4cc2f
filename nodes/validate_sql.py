"""Lets the guard judge and rewrite the draft, then has the engine plan it without running."""

from typing import TypedDict

from langgraph.runtime import Runtime

from domain.errors import RepairableError
from domain.run_state import RunState
from domain.verdict import Verdict
from nodes.dependencies import Dependencies
from nodes.failed_attempt import (
    AttemptFailedUpdate,
    current_draft,
    fail_attempt,
    report_attempt,
    violation_of,
)
from warehouse.protocol import ScanEstimate


class ValidateSqlUpdate(TypedDict):
    """What this node writes for an accepted draft."""

    verdict: Verdict
    notes: tuple[str, ...]


async def validate_sql(
    state: RunState, runtime: Runtime[Dependencies]
) -> ValidateSqlUpdate | AttemptFailedUpdate:
    """Returns the verdict of an accepted draft; otherwise the reasons go back to the drafter."""
    dependencies = runtime.context
    verdict = dependencies.guard.check(current_draft(state).sql, dependencies.caller_attributes)
    if not verdict.allowed:
        return fail_attempt(state, runtime, "rejected", verdict.violations)
    warehouse = dependencies.warehouse
    try:
        await warehouse.validate(verdict.sql)
    except RepairableError as error:
        return fail_attempt(state, runtime, "rejected", (violation_of(error),))
    estimate = await warehouse.estimate(verdict.sql)
    if estimate.bytes is not None:
        budget = await dependencies.scan_budget()
        excess = budget.require(estimate, warehouse.limits.scan_bytes)
        if excess is not None:
            return fail_attempt(state, runtime, "rejected", (excess,))
        verdict = _with_estimate(verdict, estimate)
    report_attempt(state, runtime, "accepted", verdict.sql, verdict.warnings)
    return {"verdict": verdict, "notes": verdict.notes}


def _with_estimate(verdict: Verdict, estimate: ScanEstimate) -> Verdict:
    """Returns the verdict with the bytes; a lint that knows them takes the guard's place."""
    measured = {lint.rule for lint in estimate.lints}
    kept = tuple(warning for warning in verdict.warnings if warning.rule not in measured)
    return verdict.model_copy(
        update={"warnings": (*kept, *estimate.lints), "bytes_estimated": estimate.bytes}
    )
