"""Dates and times: dates stay dates, differences count elapsed units, weeks begin on Monday."""

from sqlglot import exp

from domain.errors import RepairableError
from warehouse.athena_to_duckdb.macros import macro
from warehouse.athena_to_duckdb.value_types import TIMES, TYPE, digits_of
from warehouse.athena_to_duckdb.zones import offset_minutes, to_local, zone_of
from warehouse.query_errors import refusal

_DATE = TYPE.DATE
_PARTS = {
    "DOW": "ISODOW",
    "DAY_OF_WEEK": "ISODOW",
    "DOY": "DOY",
    "DAY_OF_YEAR": "DOY",
    "DAY_OF_MONTH": "DAY",
    "YOW": "ISOYEAR",
    "YEAR_OF_WEEK": "ISOYEAR",
}
_CLOCK_PARTS = ("DAY", "HOUR", "MINUTE", "SECOND", "MILLISECOND")
_CLOCK_UNITS = frozenset({"HOUR", "MINUTE", "SECOND", "MILLISECOND"})
_PART_BY_NODE: dict[type[exp.Expr], str] = {
    exp.Hour: "HOUR",
    exp.Minute: "MINUTE",
    exp.Second: "SECOND",
    exp.Day: "DAY",
    exp.DayOfMonth: "DAY",
}
_LENGTHS = {"DAY": 86_400_000, "HOUR": 3_600_000, "MINUTE": 60_000, "SECOND": 1_000}


_UNITS = frozenset(
    {"MILLISECOND", "SECOND", "MINUTE", "HOUR", "DAY", "WEEK", "MONTH", "QUARTER", "YEAR"}
)


def known_unit(node: exp.Expr) -> exp.Expr:
    """A unit is a literal that Trino knows: a computed one would be read as a name."""
    name = node.text("unit").upper()
    if name not in _UNITS:
        raise refusal(f"The unit {name.lower()!r} of a time")
    return node


def date_arithmetic(node: exp.Expr) -> exp.Expr:
    """A date plus or minus an interval is a date, not a timestamp."""
    if not isinstance(node, exp.Add | exp.Sub | exp.DateAdd | exp.DateSub):
        return node
    left, right = node.this, node.expression
    if isinstance(node, exp.DateAdd | exp.DateSub):
        return _date_added(node)
    if isinstance(node, exp.Sub) and left.is_type(_DATE) and right.is_type(_DATE):
        raise refusal("To subtract one date from another", "Use date_diff('day', earlier, later).")
    if isinstance(node, exp.Sub) and left.is_type(*TIMES) and right.is_type(*TIMES):
        return _difference(left, right)
    if isinstance(node, exp.Add) and left.is_type(TYPE.INTERVAL):
        left, right = right, left
    if not (right.is_type(TYPE.INTERVAL) and left.is_type(_DATE)):
        return node
    if any(i.text("unit").upper() in _CLOCK_UNITS for i in right.find_all(exp.Interval)):
        raise refusal("A date plus or minus hours")
    return exp.cast(node, _DATE)


def _difference(left: exp.Expr, right: exp.Expr) -> exp.Expr:
    if left.is_type(TYPE.TIME, TYPE.TIMETZ) or right.is_type(TYPE.TIME, TYPE.TIMETZ):
        raise refusal("A difference of times of day")
    elapsed = macro(
        "time_difference", *(exp.cast(side, TYPE.TIMESTAMPTZ) for side in (left, right))
    )
    elapsed.type = TYPE.INTERVAL.into_expr()
    return elapsed


def _date_added(node: exp.Expr) -> exp.Expr:
    unit = node.text("unit").upper()
    if node.this.is_type(_DATE):
        if unit in _CLOCK_UNITS:
            raise refusal(f"date_add() of a {unit.lower()} to a date")
        return exp.cast(node, _DATE)
    digits = digits_of(node.this)
    if unit == "MILLISECOND" and digits is not None and digits < 3:
        if node.this.is_type(TYPE.TIMESTAMPTZ):
            raise refusal("date_add() of milliseconds to a coarser timestamp with a time zone")
        rounded = macro("rounded", node, exp.Literal.number(digits))
        return exp.cast(rounded, node.this.type) if node.this.type else rounded
    return node


def truncated_date(node: exp.Expr) -> exp.Expr:
    """`date_trunc` of a date is a date, not a timestamp."""
    if isinstance(node, exp.TimestampTrunc | exp.DateTrunc) and node.this.is_type(_DATE):
        if node.text("unit").upper() in _CLOCK_UNITS:
            raise refusal("date_trunc() of a date to a time of day")
        return exp.cast(node, _DATE)
    return node


def elapsed_units(node: exp.Expr) -> exp.Expr:
    """`date_diff` counts whole elapsed units, not the boundaries crossed."""
    if not isinstance(node, exp.DateDiff):
        return node
    start, end = node.expression, node.this
    if start.is_type(_DATE) and end.is_type(_DATE) and node.text("unit").upper() in _CLOCK_UNITS:
        raise RepairableError(
            f"{node.text('unit').lower()!r} is not a valid DATE field.", rule="type_mismatch"
        )
    unit = exp.Literal.string(node.text("unit").lower() or "day")
    if {start.is_type(_DATE), end.is_type(_DATE)} == {True, False}:
        start, end = (exp.cast(side, TYPE.TIMESTAMP) for side in (start, end))
    return exp.Anonymous(this="datesub", expressions=[unit, start, end])


def extracted_part(node: exp.Expr) -> exp.Expr:
    """Monday is day 1 and Sunday day 7; weeks belong to ISO years; intervals carry over."""
    name, value = _part_of(node)
    if not name or value is None:
        return node
    if name.startswith("TIMEZONE_"):
        return _zone_part(name, value)
    if value.is_type(_DATE) and name in _CLOCK_UNITS:
        raise refusal(f"The {name.lower()} of a date")
    if name == "MILLISECOND" or (
        name in _CLOCK_PARTS and not value.is_type(_DATE, TYPE.TIMESTAMP, TYPE.TIMESTAMPTZ)
    ):
        return macro(f"part_{name.lower()}", value)
    if isinstance(node, exp.Extract):
        node.set("this", exp.var(_PARTS.get(name, name)))
    return node


def _part_of(node: exp.Expr) -> tuple[str, exp.Expr | None]:
    if isinstance(node, exp.Extract):
        return node.name.upper(), node.expression
    if isinstance(node, exp.Anonymous) and len(node.expressions) == 1:
        name = node.name.upper()
        known = name == "MILLISECOND" or name.startswith("TIMEZONE_")
        return (name, node.expressions[0]) if known else ("", None)
    return _PART_BY_NODE.get(type(node), ""), node.this if type(node) in _PART_BY_NODE else None


def _zone_part(name: str, value: exp.Expr) -> exp.Expr:
    if not value.is_type(TYPE.TIMESTAMPTZ):
        raise refusal(f"The {name.lower()} of a value without a time zone")
    zone = zone_of(value)
    minutes = exp.Paren(this=offset_minutes(value, zone))
    size = exp.Literal.number(60)
    if name == "TIMEZONE_HOUR":
        return exp.Anonymous(this="divide", expressions=[minutes, size])
    return exp.Mod(this=minutes, expression=size)


def zone_name(node: exp.Expr) -> exp.Expr:
    """`timezone` names the zone of a timestamp; `to_iso8601` prints with its offset."""
    if not isinstance(node, exp.Anonymous) or len(node.expressions) != 1:
        return node
    name, value = node.name.lower(), node.expressions[0]
    if name == "timezone":
        if not value.is_type(TYPE.TIMESTAMPTZ):
            raise refusal("timezone() of a value whose time zone is not known")
        return exp.Literal.string(zone_of(value))
    return _iso_text(value) if name == "to_iso8601" else node


def _iso_text(value: exp.Expr) -> exp.Expr:
    if value.is_type(_DATE):
        return exp.cast(value, TYPE.VARCHAR)
    digits = digits_of(value)
    if not value.is_type(TYPE.TIMESTAMP, TYPE.TIMESTAMPTZ):
        raise refusal("to_iso8601() of a value whose type is not known")
    shown = exp.Literal.number(6 if digits is None else digits)
    if value.is_type(TYPE.TIMESTAMP):
        return macro("iso_text", value, shown)
    offset = offset_minutes(value, zone_of(value))
    return macro("iso_zoned_text", to_local(value), shown, offset)


def interval_span(node: exp.Expr) -> exp.Expr:
    """`DAY TO SECOND` and `YEAR TO MONTH` literals become milliseconds and months."""
    if not isinstance(node, exp.Interval) or node.this is None:
        return node
    unit = node.args.get("unit")
    if node.text("unit").upper() in ("WEEK", "QUARTER"):
        raise RepairableError(
            f"Athena does not know INTERVAL ... {node.text('unit').upper()}.",
            hint="Write days or months.",
            rule="syntax",
        )
    text = node.this.name if isinstance(node.this, exp.Literal) else ""
    if not isinstance(unit, exp.IntervalSpan):
        return node
    first, last = unit.this.name.upper(), unit.expression.name.upper()
    amount, base = _months(text, first) if last == "MONTH" else _milliseconds(text, first)
    replacement = exp.Interval(this=exp.Literal.string(str(amount)), unit=exp.var(base))
    replacement.type = TYPE.INTERVAL.into_expr()
    return replacement


def _months(text: str, first: str) -> tuple[int, str]:
    sign = -1 if text.startswith("-") else 1
    parts = [int(part) for part in text.lstrip("+-").split("-")]
    if first == "YEAR":
        parts = [*parts, 0][:2]
        return sign * (parts[0] * 12 + parts[1]), "MONTH"
    return sign * parts[0], "MONTH"


def _milliseconds(text: str, first: str) -> tuple[int, str]:
    sign = -1 if text.startswith("-") else 1
    numbers = text.lstrip("+-").replace(" ", ":").split(":")
    units = list(_LENGTHS)[list(_LENGTHS).index(first) :]
    total = sum(round(float(n) * _LENGTHS[u]) for n, u in zip(numbers, units, strict=False))
    return sign * total, "MILLISECOND"
