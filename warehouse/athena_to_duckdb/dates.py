"""Dates and times: dates stay dates, differences count elapsed units, weeks begin on Monday."""

from sqlglot import exp

from domain.errors import RepairableError

_DATE = exp.DataType.Type.DATE
_TIMESTAMPS = (exp.DataType.Type.TIMESTAMP, exp.DataType.Type.TIMESTAMPTZ)
_DUCKDB_PART = {
    "DOW": "ISODOW",
    "DAY_OF_WEEK": "ISODOW",
    "DOY": "DOY",
    "DAY_OF_YEAR": "DOY",
    "DAY_OF_MONTH": "DAY",
    "YOW": "ISOYEAR",
    "YEAR_OF_WEEK": "ISOYEAR",
}


def date_arithmetic(node: exp.Expr) -> exp.Expr:
    """A date plus or minus an interval is a date, not a timestamp."""
    if not isinstance(node, exp.Add | exp.Sub | exp.DateAdd | exp.DateSub):
        return node
    left, right = node.this, node.expression
    if isinstance(node, exp.Sub) and left.is_type(_DATE) and right.is_type(_DATE):
        raise RepairableError(
            "Athena cannot subtract one date from another.",
            hint="Use date_diff('day', earlier, later).",
            rule="unsupported_construct",
        )
    if isinstance(node, exp.Add) and isinstance(left, exp.Interval):
        left, right = right, left
    is_shift = isinstance(right, exp.Interval) or isinstance(node, exp.DateAdd | exp.DateSub)
    return exp.cast(node, _DATE) if is_shift and left.is_type(_DATE) else node


def truncated_date(node: exp.Expr) -> exp.Expr:
    """`date_trunc` of a date is a date, not a timestamp."""
    if isinstance(node, exp.TimestampTrunc | exp.DateTrunc) and node.this.is_type(_DATE):
        return exp.cast(node, _DATE)
    return node


def elapsed_units(node: exp.Expr) -> exp.Expr:
    """`date_diff` counts whole elapsed units, not the boundaries crossed."""
    if not isinstance(node, exp.DateDiff):
        return node
    start, end = node.expression, node.this
    unit = exp.Literal.string(node.text("unit").lower() or "day")
    if {start.is_type(_DATE), end.is_type(_DATE)} == {True, False}:
        start, end = (exp.cast(side, exp.DataType.Type.TIMESTAMP) for side in (start, end))
    return exp.Anonymous(this="datesub", expressions=[unit, start, end])


def extracted_part(node: exp.Expr) -> exp.Expr:
    """Monday is day 1 and Sunday day 7; weeks belong to ISO years."""
    if isinstance(node, exp.Extract):
        name = node.name.upper()
        node.set("this", exp.var(_DUCKDB_PART.get(name, name)))
    return node
