"""Makes a typed tree mean in Postgres what it means in Athena, or refuses it by name."""

from collections.abc import Callable

from sqlglot import exp

from domain.errors import RepairableError
from warehouse.sql_engines.regex_case import spell_out_case

_DATE = exp.DataType.Type.DATE
_DOUBLE = exp.DataType.Type.DOUBLE
_DECIMAL = exp.DataType.Type.DECIMAL
_BIGINT = exp.DataType.Type.BIGINT
_REFUSED: tuple[type[exp.Expr], ...] = (
    exp.ArgMax,
    exp.ArgMin,
    exp.JSONExtract,
    exp.JSONExtractScalar,
    exp.RegexpExtract,
    exp.SplitPart,
    exp.TryCast,
    exp.Unnest,
)
"""What Postgres lacks, or takes without a word and answers otherwise."""


_PARTS: dict[type[exp.Expr], str] = {
    exp.Year: "YEAR",
    exp.Quarter: "QUARTER",
    exp.Month: "MONTH",
    exp.Week: "WEEK",
    exp.WeekOfYear: "WEEK",
    exp.Day: "DAY",
    exp.DayOfMonth: "DAY",
    exp.DayOfWeek: "ISODOW",
    exp.DayOfWeekIso: "ISODOW",
    exp.DayOfYear: "DOY",
    exp.Hour: "HOUR",
    exp.Minute: "MINUTE",
    exp.Second: "SECOND",
}


_CLASSES = (("\\p{L}", "[[:alpha:]]"), ("\\p{N}", "[[:digit:]]"))


def mend(tree: exp.Expr) -> None:
    """Rewrites the tree in place, the inner nodes first.

    Raises RepairableError for a construct whose meaning cannot be kept.
    """
    for node in reversed(list(tree.walk())):
        if isinstance(node, _REFUSED):
            raise refusal(type(node).__name__)
        for kinds, rewrite in _REWRITES:
            if isinstance(node, kinds):
                rewrite(node)
                break


def refusal(words: str) -> RepairableError:
    """Returns the error for a construct that the engine has no equal of."""
    return RepairableError(
        f"This engine cannot run this as Athena would: {words}", rule="unsupported_construct"
    )


def _stay_date(node: exp.Expr) -> None:
    if not isinstance(node.parent, exp.Cast):
        node.replace(exp.cast(node.copy(), _DATE))


def _count_exactly(node: exp.Expr) -> None:
    """An exact count is within any error that an approximate one may have."""
    node.replace(exp.Count(this=exp.Distinct(expressions=[node.this.copy()])))


def _percentile(node: exp.Expr) -> None:
    """An exact percentile is within any error that an approximate one may have."""
    share = node.args.get("quantile")
    if not isinstance(share, exp.Literal | exp.Array) or node.args.get("weight") is not None:
        raise refusal("approx_percentile with weights")
    order = exp.Order(expressions=[exp.Ordered(this=node.this.copy())])
    disc = exp.PercentileDisc(this=share.copy())
    node.replace(exp.WithinGroup(this=disc, expression=order))


def _ignore_case_by_letters(node: exp.Expr) -> None:
    pattern = node.expression
    if isinstance(pattern, exp.Literal) and "(?i:" in pattern.name:
        node.set("expression", exp.Literal.string(spell_out_case(pattern.name)))


def _replace_everywhere(node: exp.Expr) -> None:
    """Athena replaces every match; Postgres the first, and names classes of letters otherwise."""
    pattern = node.expression
    if isinstance(pattern, exp.Literal):
        text = spell_out_case(pattern.name)
        for unicode_class, posix_class in _CLASSES:
            text = text.replace(unicode_class, posix_class)
        node.set("expression", exp.Literal.string(text))
    if node.args.get("replacement") is None:
        node.set("replacement", exp.Literal.string(""))


def _count_where(node: exp.Expr) -> None:
    """Of no rows the count is 0; a sum, as sqlglot would write it, is NULL."""
    one_where = exp.Case().when(node.this.copy(), exp.Literal.number(1))
    node.replace(exp.Count(this=one_where))


def _keep_date(node: exp.Expr) -> None:
    """A date that is truncated or moved stays a date; in Postgres it becomes a timestamp."""
    if node.this.is_type(_DATE):
        _stay_date(node)


def _keep_whole(node: exp.Expr) -> None:
    """A part of a date is a whole number; in Postgres a numeric, of seconds with a fraction."""
    whole = exp.Floor(this=node.copy())
    node.replace(exp.cast(whole, _BIGINT))


def _part_of_date(node: exp.Expr) -> None:
    """Postgres has no functions for the parts, and EXTRACT instead; its ISO weeks are Athena's."""
    name = next(name for kind, name in _PARTS.items() if isinstance(node, kind))
    part = exp.Extract(this=exp.var(name), expression=node.this.copy())
    node.replace(exp.cast(exp.Floor(this=part), _BIGINT))


def _any(node: exp.Expr) -> None:
    """The least is as good as any."""
    node.replace(exp.Min(this=node.this.copy()))


def _average(node: exp.Expr) -> None:
    """The mean of whole numbers is a double, that of decimals keeps their scale."""
    if node.this.is_type(*exp.DataType.INTEGER_TYPES):
        node.set("this", exp.cast(node.this.copy(), _DOUBLE))
    elif (scale := _scale(node.this)) is not None:
        node.replace(exp.Round(this=node.copy(), decimals=exp.Literal.number(scale)))


def _divide(node: exp.Expr) -> None:
    """A quotient of decimals has the larger scale of the two, rounded."""
    scales = [_scale(part) for part in (node.this, node.expression)]
    known = [scale for scale in scales if scale is not None]
    both_exact = all(
        part.is_type(_DECIMAL, *exp.DataType.INTEGER_TYPES) for part in (node.this, node.expression)
    )
    if known and both_exact:
        scale = exp.Literal.number(max(known))
        node.replace(exp.Round(this=exp.paren(node.copy()), decimals=scale))


def _scale(node: exp.Expr) -> int | None:
    """Returns the scale of a decimal, None for any other type."""
    unwrapped = node.unnest()
    if isinstance(unwrapped, exp.Literal) and unwrapped.is_number and "." in unwrapped.name:
        return len(unwrapped.name.partition(".")[2]) if "e" not in unwrapped.name.lower() else None
    kind = unwrapped.type
    if kind is None or not kind.is_type(_DECIMAL):
        return None
    sizes = [int(size.name) for size in kind.expressions]
    return sizes[1] if len(sizes) > 1 else 0 if sizes else None


def _null_where_any_is(node: exp.Expr) -> None:
    """The greatest of a NULL is NULL; Postgres passes it over."""
    values = [node.this, *node.expressions]
    is_any_null = exp.or_(*(value.copy().is_(exp.null()) for value in values))
    node.replace(exp.Case().when(is_any_null, exp.null()).else_(node.copy()))


def _round_half_up(node: exp.Expr) -> None:
    """Halves of a double are rounded up; in Postgres to the even one."""
    if node.this.is_type(*exp.DataType.FLOAT_TYPES):
        node.set("this", exp.cast(node.this.copy(), _DECIMAL))
        node.replace(exp.cast(node.copy(), _DOUBLE))


def _cast_half_up(node: exp.Expr) -> None:
    """As for rounding: a double becomes a whole number by way of a decimal.

    Plain DECIMAL is DECIMAL(38, 0) in Athena; in Postgres it keeps every digit.
    """
    if not isinstance(node, exp.Cast):
        return
    if node.to.is_type(_DECIMAL) and not node.to.expressions:
        node.set("to", exp.DataType.build("DECIMAL(38, 0)", dialect="postgres"))
    is_to_integer = node.to.this in exp.DataType.INTEGER_TYPES
    if is_to_integer and node.this.is_type(*exp.DataType.FLOAT_TYPES):
        node.set("this", exp.cast(node.this.copy(), _DECIMAL))


def _from_the_front(node: exp.Expr) -> None:
    """Athena counts a negative start from the end; Postgres from before the front."""
    start = node.args.get("start")
    if not (isinstance(start, exp.Literal) and start.is_int and int(start.name) > 0):
        raise refusal("substr with a start that is no positive number")


_REWRITES: tuple[tuple[tuple[type[exp.Expr], ...], Callable[[exp.Expr], None]], ...] = (
    ((exp.ApproxDistinct,), _count_exactly),
    ((exp.CountIf,), _count_where),
    ((exp.RegexpLike,), _ignore_case_by_letters),
    ((exp.RegexpReplace,), _replace_everywhere),
    ((exp.ApproxQuantile,), _percentile),
    ((exp.DateTrunc, exp.TimestampTrunc), _keep_date),
    ((exp.DateAdd, exp.DateSub, exp.Add, exp.Sub), _keep_date),
    (tuple(_PARTS), _part_of_date),
    ((exp.Extract,), _keep_whole),
    ((exp.AnyValue,), _any),
    ((exp.Avg,), _average),
    ((exp.Div,), _divide),
    ((exp.Greatest, exp.Least), _null_where_any_is),
    ((exp.Round,), _round_half_up),
    ((exp.TryCast, exp.Cast), _cast_half_up),
    ((exp.Substring,), _from_the_front),
)
