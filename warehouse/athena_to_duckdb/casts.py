"""Casts: values are rounded and printed as Trino does, and never cut or stretched silently."""

from sqlglot import exp

from warehouse.athena_to_duckdb.castable import check_cast
from warehouse.athena_to_duckdb.macros import macro
from warehouse.athena_to_duckdb.text_casts import read_text
from warehouse.athena_to_duckdb.value_types import (
    FLOATS,
    INTEGERS,
    NESTED,
    TYPE,
    digits_of,
    element_type,
)
from warehouse.athena_to_duckdb.zones import to_local, zone_of, zoned_text
from warehouse.query_errors import refusal

_TEXT = exp.DataType.TEXT_TYPES
_FINEST = 6
_DEFAULT_DIGITS = 3
_JSON_SAFE = (*INTEGERS, TYPE.BOOLEAN, TYPE.JSON, TYPE.DECIMAL)


def cast(node: exp.Expr) -> exp.Expr:
    """Applies the rule of the type that is cast to."""
    if not isinstance(node, exp.Cast) or isinstance(node, exp.JSONCast):
        return node
    wanted = node.to
    check_cast(node)
    _check(node)
    if wanted.is_type(*_TEXT):
        return _to_text(node)
    if wanted.is_type(TYPE.TIMESTAMP):
        return _to_timestamp(node)
    if wanted.is_type(TYPE.DATE, TYPE.TIME) and node.this.is_type(TYPE.TIMESTAMPTZ):
        node.set("this", to_local(node.this))
    read_text(node)
    if wanted.is_type(TYPE.TIME):
        return _to_time(node)
    if wanted.is_type(*INTEGERS):
        return _to_integer(node)
    if wanted.is_type(TYPE.DECIMAL) and not wanted.expressions:
        node.set("to", exp.DataType.build("DECIMAL(38, 0)"))
    if wanted.is_type(TYPE.JSON):
        return _to_json(node)
    return node


def _check(node: exp.Cast) -> None:
    wanted = node.to
    if wanted.is_type(TYPE.CHAR, TYPE.NCHAR):
        raise refusal("CAST AS CHAR, which pads with spaces,")
    if wanted.is_type(TYPE.TIME, TYPE.TIMETZ) and (digits_of(node) or 0) > _FINEST:
        raise refusal("A time finer than microseconds")
    if wanted.is_type(*NESTED):
        _check_nested(wanted)


def _to_text(node: exp.Cast) -> exp.Expr:
    size = node.to.expressions[0].this if node.to.expressions else None
    source = node.this
    if isinstance(source, exp.Null) or source.is_type(TYPE.UNKNOWN, TYPE.NULL):
        return macro("to_varchar_of", source, size) if size is not None else _unknown(node)
    if source.is_type(*_TEXT):
        node.set("to", exp.DataType.build("VARCHAR"))
        if size is None:
            return node
        return exp.Substring(this=node, start=exp.Literal.number(1), length=size)
    text = _text_of(node)
    return macro("fitting", text, size) if size is not None else text


def _unknown(node: exp.Cast) -> exp.Expr:
    return node if isinstance(node.this, exp.Null) else macro("to_varchar", node.this)


def _text_of(node: exp.Cast) -> exp.Expr:
    source = node.this
    if source.is_type(*NESTED):
        raise refusal("CAST of an array, map or row AS VARCHAR")
    if source.is_type(*FLOATS):
        return macro("real_text" if source.is_type(TYPE.FLOAT) else "float_text", source)
    if source.is_type(TYPE.JSON):
        return macro("json_text", source)
    if source.is_type(TYPE.INTERVAL):
        return macro("interval_text", source)
    if source.is_type(TYPE.TIMESTAMPTZ):
        return zoned_text(source)
    if source.is_type(TYPE.TIMESTAMP):
        digits = digits_of(source)
        return macro("time_text", source, exp.Literal.number(_FINEST if digits is None else digits))
    if source.is_type(TYPE.TIME, TYPE.TIMETZ):
        raise refusal("CAST of a time of day AS VARCHAR")
    if source.is_type(TYPE.BINARY, TYPE.VARBINARY):
        raise refusal("CAST of a binary value AS VARCHAR")
    node.set("to", exp.DataType.build("VARCHAR"))
    return macro("decimal_text", node) if source.is_type(TYPE.DECIMAL) else node


def _to_timestamp(node: exp.Cast) -> exp.Expr:
    wanted = digits_of(node)
    wanted = _DEFAULT_DIGITS if wanted is None else wanted
    if wanted > _FINEST:
        raise refusal("A timestamp finer than microseconds")
    source = node.this
    if zone_of(source) != "UTC":
        node.set("this", to_local(source))
    read_text(node)
    node.set("to", exp.DataType.build("TIMESTAMP"))
    node.type = exp.DataType.build(f"TIMESTAMP({wanted})", dialect="athena")
    if wanted == _FINEST or source.is_type(TYPE.DATE) or _held_digits(source) <= wanted:
        return node
    rounded = macro("rounded", node, exp.Literal.number(wanted))
    rounded.type = node.type
    return rounded


def _to_time(node: exp.Cast) -> exp.Expr:
    """Rounds a time of day; a literal keeps its digits."""
    sizes = node.to.expressions
    is_literal = isinstance(node.this, exp.Literal) and not sizes
    wanted = int(sizes[0].name) if sizes else _DEFAULT_DIGITS
    node.set("to", exp.DataType.build("TIME"))
    if is_literal or wanted >= _FINEST:
        return node
    rounded = macro("rounded_time", node, exp.Literal.number(wanted))
    rounded.type = node.type
    return rounded


def _held_digits(source: exp.Expr) -> int:
    """Returns how many digits of a second's fraction a value may have."""
    if isinstance(source, exp.Literal) and source.is_string:
        return len(source.name.partition(".")[2])
    digits = digits_of(source) if source.is_type(TYPE.TIMESTAMP, TYPE.TIMESTAMPTZ) else None
    return _FINEST if digits is None else digits


def _to_integer(node: exp.Cast) -> exp.Expr:
    source = node.this
    if source.is_type(*FLOATS):
        node.set("this", exp.Round(this=source))
    elif source.is_type(TYPE.UNKNOWN) and not isinstance(source, exp.Null):
        node.set("this", macro("whole", source))
    return node


def _to_json(node: exp.Cast) -> exp.Expr:
    source = node.this
    if source.is_type(*_TEXT):
        return exp.Anonymous(this="to_json", expressions=[source])
    if source.is_type(*FLOATS):
        return macro("json_number", source)
    if isinstance(source, exp.Null) or source.is_type(*_JSON_SAFE):
        return node
    if source.is_type(TYPE.DATE, TYPE.TIMESTAMP):
        text = _text_of(exp.cast(source, TYPE.VARCHAR))
        return exp.Anonymous(this="to_json", expressions=[text])
    element = element_type(source)
    if element is not None and element.is_type(*INTEGERS, TYPE.BOOLEAN, *_TEXT):
        return exp.Anonymous(this="to_json", expressions=[source])
    raise refusal("CAST of this value AS JSON")


def _check_nested(wanted: exp.DataType) -> None:
    for part in wanted.find_all(exp.DataType):
        if part.is_type(*_TEXT) and part.expressions:
            raise refusal("CAST AS a nested VARCHAR of a given length")
        if part.is_type(TYPE.TIMESTAMP, TYPE.TIMESTAMPTZ, TYPE.TIME):
            part.set("expressions", [])
