"""Timestamps with a time zone: DuckDB keeps the instant, the statement says the zone.

A zone other than UTC is followed through the tree. What reads the local time converts to it first;
a place that would lose the zone is refused.
"""

import re

from sqlglot import exp

from warehouse.athena_to_duckdb.macros import macro
from warehouse.athena_to_duckdb.value_types import TYPE, digits_of
from warehouse.query_errors import refusal

_ZONE = "zone"
_LITERAL = re.compile(r"^\s*(\S+(?:\s+[\d:.]+)?)\s+([A-Za-z][\w/+-]*|[+-]\d\d?:?\d\d)\s*$")
_OFFSET = re.compile(r"^([+-])(\d\d?):?(\d\d)$")
_UTC = frozenset({"UTC", "Z", "GMT", "UCT", "+00:00", "Etc/UTC", "Zulu", "Universal"})
_KEEPS = (exp.Paren, exp.Min, exp.Max, exp.AnyValue, exp.Try, exp.Ordered, exp.Order)
_INSTANTS = (
    exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Between, exp.In, exp.Is,
    exp.NullSafeEQ, exp.NullSafeNEQ, exp.Count, exp.Distinct, exp.TimeToUnix,
)  # fmt: skip
_SHIFTS = (exp.Add, exp.Sub, exp.DateAdd, exp.DateSub)
_CLOCK_UNITS = frozenset({"HOUR", "MINUTE", "SECOND", "MILLISECOND"})
_LOCAL = (
    exp.Extract, exp.Year, exp.Quarter, exp.Month, exp.WeekOfYear, exp.Day, exp.DayOfMonth,
    exp.DayOfWeekIso, exp.DayOfYear, exp.Hour, exp.Minute, exp.Second, exp.YearOfWeek,
    exp.TimeToStr, exp.LastDay, exp.Date,
)  # fmt: skip
_LOCAL_NAMES = frozenset({"millisecond"})


def zone_of(node: exp.Expr) -> str:
    """Returns the zone in which a timestamp's local time is read."""
    return str(node.meta.get(_ZONE, "UTC"))


def zoned(node: exp.Expr) -> exp.Expr:
    """Follows zones: sets them, converts for what reads local time, refuses to lose them."""
    made = _made(node)
    if made is not None:
        return made
    carriers = [child for child in node.iter_expressions() if zone_of(child) != "UTC"]
    if not carriers or isinstance(node, _INSTANTS):
        return node
    if isinstance(node, _KEEPS):
        return _with_zone(node, zone_of(carriers[0]))
    return _read(node, carriers)


def _made(node: exp.Expr) -> exp.Expr | None:
    if isinstance(node, exp.AtTimeZone):
        if node.this.is_type(TYPE.DATE):
            raise refusal("A date AT TIME ZONE")
        return _at_zone(node.this, node.args["zone"])
    if isinstance(node, exp.Anonymous) and len(node.expressions) == 2:
        name = node.name.lower()
        if name == "at_timezone":
            return _at_zone(*node.expressions)
        if name == "with_timezone":
            zone = _literal_zone(node.expressions[1])
            if node.expressions[0].is_type(TYPE.TIMESTAMPTZ):
                raise refusal("with_timezone() of a timestamp that has one")
            return _with_zone(to_instant(node.expressions[0], zone), zone, node.expressions[0])
    if isinstance(node, exp.UnixToTime):
        return _from_unix(node)
    if isinstance(node, exp.Cast) and node.to.is_type(TYPE.TIMESTAMPTZ):
        return _cast_to_zoned(node)
    return None


def _read(node: exp.Expr, carriers: list[exp.Expr]) -> exp.Expr:
    zone = zone_of(carriers[0])
    if isinstance(node, _SHIFTS) and node.is_type(TYPE.TIMESTAMPTZ):
        return _shifted(node, carriers[0], zone)
    if isinstance(node, exp.Sub | exp.Cast):
        return node
    if isinstance(node, exp.TimestampTrunc):
        node.set("this", to_local(node.this))
        return _with_zone(to_instant(node, zone), zone, node)
    if isinstance(node, exp.DateDiff):
        return _difference(node)
    return _read_local(node, carriers, zone)


def _read_local(node: exp.Expr, carriers: list[exp.Expr], zone: str) -> exp.Expr:
    if isinstance(node, exp.Extract) and node.name.upper().startswith("TIMEZONE_"):
        return node
    reads_local = isinstance(node, _LOCAL) or (
        isinstance(node, exp.Anonymous) and node.name.lower() in _LOCAL_NAMES
    )
    if reads_local:
        for carrier in carriers:
            carrier.replace(to_local(carrier.copy()))
        return node
    if isinstance(node, exp.Anonymous) and node.name.lower() in _READ_LATER:
        return node
    if isinstance(node, exp.Alias) and _is_shown(node):
        node.set("this", zoned_text(node.this))
        return node
    raise refusal(f"A timestamp in the time zone {zone} in this place")


_READ_LATER = frozenset(
    {"timezone", "timezone_hour", "timezone_minute", "to_iso8601", "format_datetime"}
)
"""Functions whose own rewrite asks for the zone."""


def _is_shown(node: exp.Expr) -> bool:
    select = node.parent
    return (
        isinstance(select, exp.Select)
        and select.parent is None
        and not any(select.args.get(part) for part in ("order", "distinct", "group"))
    )


def to_local(node: exp.Expr) -> exp.Expr:
    """Returns the local time of an instant as a timestamp without a zone."""
    zone = zone_of(node)
    node.meta.pop(_ZONE, None)
    minutes = _offset_minutes(zone)
    name = exp.Literal.string("UTC" if minutes is not None else zone)
    local: exp.Expr = exp.Anonymous(this="timezone", expressions=[name, node])
    if minutes:
        local = exp.Paren(this=exp.Add(this=local, expression=_minutes(minutes)))
    local.type = exp.DataType(this=TYPE.TIMESTAMP, expressions=_digits(node))
    return local


def offset_minutes(value: exp.Expr, zone: str) -> exp.Expr:
    """Returns by how many minutes the zone is ahead of UTC at an instant."""
    if zone == "UTC":
        return exp.Literal.number(0)
    instant = value.copy()
    instant.meta.pop(_ZONE, None)
    utc = exp.Anonymous(this="timezone", expressions=[exp.Literal.string("UTC"), instant])
    unit = exp.Literal.string("minute")
    return exp.Anonymous(this="datesub", expressions=[unit, utc, to_local(value.copy())])


def to_instant(local: exp.Expr, zone: str) -> exp.Expr:
    """Returns the instant at which it is this local time in the zone."""
    minutes = _offset_minutes(zone)
    if minutes:
        local = exp.Paren(this=exp.Sub(this=local, expression=_minutes(minutes)))
    name = exp.Literal.string("UTC" if minutes is not None else zone)
    return exp.Anonymous(this="timezone", expressions=[name, exp.cast(local, TYPE.TIMESTAMP)])


def zoned_text(node: exp.Expr) -> exp.Expr:
    """Returns Trino's text of a zoned timestamp."""
    zone, digits = zone_of(node), digits_of(node)
    shown = macro("time_text", to_local(node), exp.Literal.number(6 if digits is None else digits))
    suffix = exp.Literal.string(f" {zone}")
    text = exp.Paren(this=exp.DPipe(this=shown, expression=suffix))
    text.type = TYPE.VARCHAR.into_expr()
    return text


def _digits(node: exp.Expr) -> list[exp.Expr]:
    return [size.copy() for size in node.type.expressions] if node.type is not None else []


def _minutes(count: int) -> exp.Expr:
    return exp.Interval(this=exp.Literal.string(str(count)), unit=exp.var("MINUTE"))


def _offset_minutes(zone: str) -> int | None:
    """Returns the minutes of a fixed offset; None for a named zone."""
    match = _OFFSET.match(zone)
    if match is None:
        return None
    minutes = int(match[2]) * 60 + int(match[3])
    return -minutes if match[1] == "-" else minutes


def _literal_zone(node: exp.Expr) -> str:
    if isinstance(node, exp.Literal) and node.is_string:
        return "UTC" if node.name in _UTC else node.name
    raise refusal("A time zone that is computed")


def _with_zone(node: exp.Expr, zone: str, typed: exp.Expr | None = None) -> exp.Expr:
    if zone != "UTC":
        node.meta[_ZONE] = zone
    if node.type is None or not node.is_type(TYPE.TIMESTAMPTZ):
        node.type = exp.DataType(this=TYPE.TIMESTAMPTZ, expressions=_digits(typed or node))
    return node


def _at_zone(value: exp.Expr, zone: exp.Expr) -> exp.Expr:
    name = _literal_zone(zone)
    if value.is_type(TYPE.TIMESTAMPTZ):
        value.meta.pop(_ZONE, None)
        return _with_zone(value, name)
    if value.is_type(TYPE.TIME, TYPE.TIMETZ):
        raise refusal("A time of day with a time zone")
    return _with_zone(exp.cast(value, TYPE.TIMESTAMPTZ), name, value)


def _from_unix(node: exp.UnixToTime) -> exp.Expr:
    hours, minutes = node.args.get("hours"), node.args.get("minutes")
    zone = "UTC"
    if hours is not None and minutes is not None:
        if not (hours.is_int and minutes.is_int):
            raise refusal("A time zone that is computed")
        total = int(hours.to_py()) * 60 + int(minutes.to_py())
        zone = f"{'-' if total < 0 else '+'}{abs(total) // 60:02}:{abs(total) % 60:02}"
    elif node.args.get("zone") is not None:
        zone = _literal_zone(node.args["zone"])
    seconds = exp.Round(this=exp.cast(node.this, TYPE.DOUBLE), decimals=exp.Literal.number(3))
    instant = exp.Anonymous(this="to_timestamp", expressions=[seconds])
    instant.type = node.type
    return _with_zone(instant, zone)


def _cast_to_zoned(node: exp.Cast) -> exp.Expr:
    source = node.this
    match = _LITERAL.match(source.name) if isinstance(source, exp.Literal) else None
    if match and match[2]:
        zone = "UTC" if match[2] in _UTC else match[2]
        text = exp.Literal.string(match[1])
        instant = to_instant(exp.cast(text, TYPE.TIMESTAMP), zone)
    elif source.is_type(TYPE.DATE, TYPE.TIMESTAMP, TYPE.TIMESTAMPTZ):
        zone, instant = zone_of(source), exp.cast(source, TYPE.TIMESTAMPTZ)
        source.meta.pop(_ZONE, None)
    else:
        raise refusal("CAST of this value AS TIMESTAMP WITH TIME ZONE")
    wanted = digits_of(node)
    held = digits_of(source) if not match else wanted
    wanted = 3 if wanted is None else wanted
    if wanted > _FINEST:
        raise refusal("A timestamp finer than microseconds")
    if wanted < _FINEST and not source.is_type(TYPE.DATE) and (held is None or held > wanted):
        utc = exp.Anonymous(this="timezone", expressions=[exp.Literal.string("UTC"), instant])
        rounded = macro("rounded", utc, exp.Literal.number(wanted))
        instant = exp.cast(rounded, TYPE.TIMESTAMPTZ)
    instant.type = node.type
    return _with_zone(instant, zone)


_FINEST = 6


def _shifted(node: exp.Expr, carrier: exp.Expr, zone: str) -> exp.Expr:
    unit = node.text("unit").upper() or next(
        (i.text("unit").upper() for i in node.find_all(exp.Interval)), ""
    )
    # An interval of days is so many hours; `date_add` of days keeps the local time.
    is_elapsed = unit in _CLOCK_UNITS or (unit == "DAY" and isinstance(node, exp.Add | exp.Sub))
    if is_elapsed:
        carrier.meta.pop(_ZONE, None)
        return _with_zone(node, zone)
    typed = node.type
    carrier.replace(to_local(carrier.copy()))
    node.type = TYPE.TIMESTAMP.into_expr()
    moved = to_instant(node, zone)
    moved.type = typed
    return _with_zone(moved, zone)


def _difference(node: exp.DateDiff) -> exp.Expr:
    if node.text("unit").upper() in _CLOCK_UNITS:
        return node
    zone = zone_of(node.expression)
    for key in ("this", "expression"):
        side = node.args[key]
        if not side.is_type(TYPE.TIMESTAMPTZ):
            raise refusal(f"date_diff() of a timestamp in the time zone {zone} and another type")
        if zone != "UTC":
            side.meta[_ZONE] = zone
        else:
            side.meta.pop(_ZONE, None)
        node.set(key, to_local(side))
    return node
