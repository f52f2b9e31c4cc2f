"""SQL that a reviewer writes: it is read-only and can be planned before it is kept."""

from api.state import ApiState
from domain.errors import RepairableError, UserError


async def check_sql(sql: str, state: ApiState) -> None:
    """Raises UserError where the guard does not allow the SQL or the warehouse cannot plan it."""
    dependencies = await state.service.dependencies()
    verdict = dependencies.guard.check(sql, {})
    if not verdict.allowed:
        reasons = " ".join(violation.message for violation in verdict.violations)
        message = f"The guard does not allow this SQL: {reasons}"
        raise UserError(message, "guard_refuses", cause=reasons)
    try:
        await dependencies.warehouse.validate(verdict.sql)
    except RepairableError as error:
        message = f"The warehouse cannot plan this SQL: {error.message}"
        raise UserError(message, "warehouse_refuses", cause=error.message) from error
