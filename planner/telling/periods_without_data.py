"""Says so where the period of a question lies outside the time that the data are of."""

from collections.abc import Iterator

from domain.dictionary import Dictionary
from domain.plan import Plan
from planner.schema.labels import rows_label
from planner.schema.time_covered import days_covered, told_days


def on_period_without_data(plan: Plan | None, dictionary: Dictionary) -> Iterator[str]:
    """Yields one sentence where no day of the period is covered, else nothing."""
    period = plan.period if plan is not None else None
    table = dictionary.table(period.column.table) if period is not None else None
    if period is None or table is None or period.column.column != table.time_column:
        return
    days = days_covered(table)
    if days is None:
        return
    is_before = period.end is not None and period.end <= days[0]
    is_after = period.start is not None and period.start > days[1]
    if is_before or is_after:
        yield f"The {rows_label(table)} in the data are {told_days(days)}."
