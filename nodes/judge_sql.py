"""What decides whether a statement may run: the guard, the engine's plan, the scan budget."""

from domain.errors import RepairableError
from domain.verdict import Verdict
from nodes.dependencies import Dependencies
from nodes.failed_attempt import violation_of
from warehouse.protocol import ScanEstimate


async def judge_sql(sql: str, dependencies: Dependencies) -> Verdict:
    """Returns the verdict, with the bytes where the warehouse can tell them.

    Raises ScanBudgetSpentError where the statement would take the user past the day's budget.
    """
    verdict = dependencies.guard.check(sql, dependencies.caller_attributes)
    return await judge_guarded(verdict, dependencies)


async def judge_guarded(verdict: Verdict, dependencies: Dependencies) -> Verdict:
    """Returns the verdict on what the guard has judged already, as `judge_sql` does."""
    if not verdict.allowed:
        return verdict
    warehouse = dependencies.warehouse
    try:
        await warehouse.validate(verdict.sql)
    except RepairableError as error:
        return Verdict(violations=(violation_of(error),))
    estimate = await warehouse.estimate(verdict.sql)
    if estimate.bytes is None:
        return verdict
    excess = await dependencies.scan_budget.require(estimate, warehouse.limits.scan_bytes)
    return Verdict(violations=(excess,)) if excess else _with_estimate(verdict, estimate)


def _with_estimate(verdict: Verdict, estimate: ScanEstimate) -> Verdict:
    """Returns the verdict with the bytes; a lint that knows them takes the guard's place."""
    measured = {lint.rule for lint in estimate.lints}
    kept = tuple(warning for warning in verdict.warnings if warning.rule not in measured)
    return verdict.model_copy(
        update={"warnings": (*kept, *estimate.lints), "bytes_estimated": estimate.bytes}
    )
