"""Arrow columns as Python values of a result."""

from typing import Any

import pyarrow as pa

from domain.errors import RepairableError
from domain.result_table import Value

_DAY_NANOSECONDS = 86_400_000_000_000


def column_values(column: pa.ChunkedArray) -> list[Value]:
    """Returns one Python value a row. Rows and maps become lists, intervals Trino's text.

    Raises RepairableError for years before 1 and after 9999.
    """
    if pa.types.is_timestamp(column.type) and column.type.unit == "ns":
        column = column.cast(pa.timestamp("us", tz=column.type.tz), safe=False)
    try:
        values = column.to_pylist()
    except (OverflowError, ValueError):
        raise RepairableError(
            "A result holds a time that cannot be shown: its year is not between 1 and 9999.",
            rule="unsupported_construct",
        ) from None
    return [_plain(value) for value in values] if _needs_work(column.type) else values


def _needs_work(arrow_type: pa.DataType) -> bool:
    return bool(pa.types.is_nested(arrow_type) or pa.types.is_interval(arrow_type))


def _plain(value: Any) -> Value:  # noqa: ANN401 - whatever Arrow holds
    if isinstance(value, dict):
        return [_plain(item) for item in value.values()]
    if isinstance(value, list | tuple) and not hasattr(value, "nanoseconds"):
        return [_plain(item) for item in value]
    if hasattr(value, "nanoseconds"):
        return _interval_text(value.days * _DAY_NANOSECONDS + value.nanoseconds, value.months)
    plain: Value = value
    return plain


def _interval_text(nanoseconds: int, months: int) -> str:
    if months:
        years, rest = divmod(abs(months), 12)
        return f"{'-' if months < 0 else ''}{years}-{rest}"
    milliseconds = abs(nanoseconds) // 1_000_000
    seconds, thousandths = divmod(milliseconds, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    sign = "-" if nanoseconds < 0 else ""
    return f"{sign}{days} {hours:02}:{minutes:02}:{seconds:02}.{thousandths:03}"
