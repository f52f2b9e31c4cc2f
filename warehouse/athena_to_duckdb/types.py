"""Trino's types of expressions, where sqlglot's general rules say something else."""

from collections.abc import Callable
from typing import Any

from sqlglot import Dialect, exp

from warehouse.athena_to_duckdb.value_types import (
    FLOATS,
    INTEGERS,
    TIMES,
    TYPE,
    WIDEST,
    common_type,
    decimal_size,
    decimal_type,
    digits_of,
)

_INTEGER_LIMIT = 2**31
_INTERVAL_DIGITS = 3


def _literal(annotator: Any, node: exp.Expr) -> exp.Expr:  # noqa: ANN401 - sqlglot's own class
    text = node.name
    if node.args.get("is_string"):
        return _set(annotator, node, TYPE.VARCHAR)
    if "e" in text.lower():
        return _set(annotator, node, TYPE.DOUBLE)
    if "." in text:
        whole, _, fraction = text.partition(".")
        digits = len(whole.lstrip("0")) + len(fraction)
        return _set(annotator, node, decimal_type(max(digits, 1), len(fraction)))
    return _set(annotator, node, TYPE.INT if int(text) < _INTEGER_LIMIT else TYPE.BIGINT)


def _set(annotator: Any, node: exp.Expr, found: object) -> exp.Expr:  # noqa: ANN401
    typed: exp.Expr = annotator._set_type(node, found)
    return typed


def _arithmetic(annotator: Any, node: exp.Expr) -> exp.Expr:  # noqa: ANN401
    left, right = node.this, node.expression
    if left.is_type(*FLOATS) or right.is_type(*FLOATS):
        others = (*INTEGERS, TYPE.FLOAT, TYPE.DECIMAL)
        wide = not all(side.is_type(*others) for side in (left, right))
        return _set(annotator, node, TYPE.DOUBLE if wide else TYPE.FLOAT)
    sizes = decimal_size(left), decimal_size(right)
    if left.is_type(TYPE.DECIMAL) or right.is_type(TYPE.DECIMAL):
        known = _decimal_result(node, *sizes[0], *sizes[1]) if sizes[0] and sizes[1] else None
        return _set(annotator, node, known or TYPE.UNKNOWN)
    if sizes[0] and sizes[1]:
        wider = left if sizes[0][0] >= sizes[1][0] else right
        return _set(annotator, node, wider.type)
    return _temporal_arithmetic(annotator, node)


def _decimal_result(node: exp.Expr, p: int, s: int, q: int, t: int) -> exp.DataType:
    """Trino's rules for DECIMAL(p, s) and DECIMAL(q, t)."""
    if isinstance(node, exp.Mul):
        return decimal_type(p + q, s + t)
    if isinstance(node, exp.Div):
        return decimal_type(p + t + max(t - s, 0), max(s, t))
    if isinstance(node, exp.Mod):
        return decimal_type(min(p - s, q - t) + max(s, t), max(s, t))
    return decimal_type(max(s, t) + max(p - s, q - t) + 1, max(s, t))


def _temporal_arithmetic(annotator: Any, node: exp.Expr) -> exp.Expr:  # noqa: ANN401
    left, right = node.this, node.expression
    if isinstance(node, exp.Add | exp.Sub):
        if right.is_type(TYPE.INTERVAL) and left.is_type(*TIMES, TYPE.INTERVAL):
            return _set(annotator, node, _shifted_type(left, right))
        if left.is_type(TYPE.INTERVAL) and right.is_type(*TIMES):
            return _set(annotator, node, _shifted_type(right, left))
        if left.is_type(*TIMES) and right.is_type(*TIMES):
            return _set(annotator, node, TYPE.INTERVAL)
    elif left.is_type(TYPE.INTERVAL) or right.is_type(TYPE.INTERVAL):
        return _set(annotator, node, TYPE.INTERVAL)
    return _set(annotator, node, TYPE.UNKNOWN)


def _shifted_type(value: exp.Expr, interval: exp.Expr) -> exp.DataType | None:
    """An interval of days or less has three digits of a second's fraction."""
    digits = digits_of(value)
    literal = interval.unnest()
    unit = literal.text("unit").upper() if isinstance(literal, exp.Interval) else ""
    is_coarse = digits is not None and digits < _INTERVAL_DIGITS
    if not is_coarse or unit in ("YEAR", "MONTH") or value.type is None:
        return value.type
    wider = value.type.copy()
    wider.set("expressions", [exp.DataTypeParam(this=exp.Literal.number(_INTERVAL_DIGITS))])
    return wider


def _named(annotator: Any, node: exp.Expr) -> exp.Expr:  # noqa: ANN401
    found = _BY_NAME.get(node.name.lower(), TYPE.UNKNOWN)
    return _set(annotator, node, found)


def _as_argument(annotator: Any, node: exp.Expr) -> exp.Expr:  # noqa: ANN401
    return _set(annotator, node, node.this.type)


def _rounded(annotator: Any, node: exp.Expr) -> exp.Expr:  # noqa: ANN401
    size = decimal_size(node.this)
    if node.this.is_type(TYPE.DECIMAL) and (size is None or node.args.get("decimals") is None):
        precision, scale = size or (WIDEST, 0)
        found = decimal_type(precision - scale + min(scale, 1), 0) if size else TYPE.UNKNOWN
        return _set(annotator, node, found)
    return _as_argument(annotator, node)


def _average(annotator: Any, node: exp.Expr) -> exp.Expr:  # noqa: ANN401
    argument = node.this.expressions[0] if isinstance(node.this, exp.Distinct) else node.this
    keeps = argument.is_type(TYPE.DECIMAL, TYPE.FLOAT, TYPE.INTERVAL, TYPE.UNKNOWN)
    return _set(annotator, node, argument.type if keeps else TYPE.DOUBLE)


def _total(annotator: Any, node: exp.Expr) -> exp.Expr:  # noqa: ANN401
    argument = node.this.expressions[0] if isinstance(node.this, exp.Distinct) else node.this
    if argument.is_type(*INTEGERS):
        return _set(annotator, node, TYPE.BIGINT)
    size = decimal_size(argument)
    if argument.is_type(TYPE.DECIMAL):
        return _set(annotator, node, decimal_type(WIDEST, size[1]) if size else TYPE.UNKNOWN)
    return _set(annotator, node, argument.type)


def _array(annotator: Any, node: exp.Expr) -> exp.Expr:  # noqa: ANN401
    element = common_type(node.expressions)
    inner = [TYPE.UNKNOWN.into_expr() if element is None else element]
    return _set(annotator, node, exp.DataType(this=TYPE.ARRAY, expressions=inner, nested=True))


def _chosen(annotator: Any, node: exp.Expr) -> exp.Expr:  # noqa: ANN401
    """Gives a choice among values the type that holds each of them."""
    return _set(annotator, node, common_type(_choices(node)) or TYPE.UNKNOWN)


def _choices(node: exp.Expr) -> list[exp.Expr]:
    if isinstance(node, exp.Case):
        values = [part.args["true"] for part in node.args["ifs"]]
        return [*values, *([node.args["default"]] if node.args.get("default") else [])]
    if isinstance(node, exp.If):
        return [node.args["true"], *([node.args["false"]] if node.args.get("false") else [])]
    return [node.this, *node.expressions]


def _returns(found: str) -> dict[str, Any]:
    built = exp.DataType.build(found, dialect="athena")
    return {"annotator": lambda annotator, node: _set(annotator, node, built.copy())}


_BIGINTS = (
    exp.Count, exp.CountIf, exp.DateDiff, exp.Extract, exp.Year, exp.Quarter, exp.Month, exp.Week,
    exp.WeekOfYear, exp.Day, exp.DayOfMonth, exp.DayOfWeek, exp.DayOfWeekIso, exp.DayOfYear,
    exp.Hour, exp.Minute, exp.Second, exp.YearOfWeek, exp.YearOfWeekIso, exp.ArraySize,
    exp.ArrayPosition, exp.Length, exp.StrPosition, exp.Levenshtein,
)  # fmt: skip
_TEXTS = (
    exp.RegexpExtract, exp.RegexpReplace, exp.Replace, exp.SplitPart, exp.JSONExtractScalar,
    exp.JSONFormat, exp.ArrayToString, exp.Pad,
)  # fmt: skip
_ARGUMENTS = (
    exp.DateAdd, exp.DateSub, exp.TimestampTrunc, exp.DateTrunc, exp.Paren, exp.Neg, exp.Abs,
    exp.ArrayDistinct, exp.ArrayFilter, exp.ArrayRemove, exp.ArrayExcept, exp.Reverse,
    exp.AnyValue, exp.ArgMax, exp.ArgMin, exp.Try, exp.ArraySlice, exp.ArraySort, exp.AtTimeZone,
)  # fmt: skip
_BY_NAME = {
    **dict.fromkeys(("nan", "infinity", "e", "dot_product", "geometric_mean"), TYPE.DOUBLE),
    **dict.fromkeys(("codepoint", "bit_count", "millisecond", "json_array_length"), TYPE.BIGINT),
    **dict.fromkeys(("json_size", "regexp_position", "hamming_distance"), TYPE.BIGINT),
    **dict.fromkeys(("timezone_hour", "timezone_minute"), TYPE.BIGINT),
    **dict.fromkeys(("to_base", "format_datetime", "to_iso8601", "timezone"), TYPE.VARCHAR),
    **dict.fromkeys(("url_extract_host", "url_extract_path", "url_extract_query"), TYPE.VARCHAR),
    **dict.fromkeys(("any_match", "all_match", "none_match", "arrays_overlap"), TYPE.BOOLEAN),
}
"""Types of functions that sqlglot has no node for."""
_ARITHMETIC = (exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Mod)


def _zoned(annotator: Any, node: exp.Expr) -> exp.Expr:  # noqa: ANN401
    if node.this.is_type(TYPE.TIMESTAMP, TYPE.TIMESTAMPTZ) and node.this.type is not None:
        sizes = [size.copy() for size in node.this.type.expressions]
        return _set(annotator, node, exp.DataType(this=TYPE.TIMESTAMPTZ, expressions=sizes))
    return _set(annotator, node, TYPE.TIMESTAMPTZ)


def _unnested(annotator: Any, node: exp.Expr) -> exp.Expr:  # noqa: ANN401
    """Gives each column of an UNNEST its own type: sqlglot gives all the first array's."""
    kinds = [kind for value in node.expressions for kind in _columns_of(value.type)]
    columns = [
        exp.ColumnDef(this=exp.to_identifier(name), kind=kind.copy())
        for name, kind in zip(node.alias_column_names, kinds, strict=False)
    ]
    return _set(annotator, node, exp.DataType(this=TYPE.STRUCT, expressions=columns, nested=True))


def _columns_of(found: exp.DataType | None) -> list[exp.DataType]:
    """Returns the types of the columns that an array or a map gives; rows give their fields."""
    unknown = exp.DataType(this=TYPE.UNKNOWN)
    if found is None or not found.is_type(TYPE.ARRAY, TYPE.LIST, TYPE.MAP):
        return [unknown]
    kinds = [kind if isinstance(kind, exp.DataType) else unknown for kind in found.expressions]
    if len(kinds) == 1 and kinds[0].is_type(TYPE.STRUCT):
        return [
            field.kind if isinstance(field, exp.ColumnDef) and field.kind else unknown
            for field in kinds[0].expressions
        ]
    return kinds or [unknown]


def _metadata() -> dict[type[exp.Expr], dict[str, Any]]:
    by_rule: dict[Callable[..., exp.Expr], tuple[type[exp.Expr], ...]] = {
        _arithmetic: _ARITHMETIC,
        _as_argument: _ARGUMENTS,
        _literal: (exp.Literal,),
        _rounded: (exp.Round, exp.Ceil, exp.Floor, exp.Trunc),
        _average: (exp.Avg,),
        _total: (exp.Sum,),
        _zoned: (exp.AtTimeZone,),
        _named: (exp.Anonymous,),
        _array: (exp.Array,),
        _chosen: (exp.Coalesce, exp.Case, exp.If, exp.Greatest, exp.Least),
        _unnested: (exp.Unnest,),
    }
    metadata: dict[type[exp.Expr], dict[str, Any]] = {
        **Dialect.get_or_raise("athena").EXPRESSION_METADATA
    }
    metadata.update({node: _returns("bigint") for node in _BIGINTS})
    metadata.update({node: _returns("varchar") for node in _TEXTS})
    for rule, nodes in by_rule.items():
        metadata.update({node: {"annotator": rule} for node in nodes})
    metadata[exp.Split] = metadata[exp.RegexpExtractAll] = _returns("array(varchar)")
    metadata[exp.RegexpSplit] = _returns("array(varchar)")
    metadata[exp.JSONExtract] = metadata[exp.ParseJSON] = _returns("json")
    metadata[exp.StrToMap] = _returns("map(varchar, varchar)")
    metadata[exp.StrToTime] = _returns("timestamp(3)")
    metadata[exp.ParseDatetime] = _returns("timestamp(3) with time zone")
    metadata[exp.UnixToTime] = _returns("timestamp(3) with time zone")
    metadata[exp.CurrentTimestamp] = _returns("timestamp(3) with time zone")
    metadata[exp.FromISO8601Timestamp] = _returns("timestamp(3) with time zone")
    metadata[exp.Localtimestamp] = _returns("timestamp(3)")
    metadata[exp.TimeToUnix] = _returns("double")
    return metadata


TRINO_TYPES = _metadata()
"""Annotators for `annotate_types`."""
