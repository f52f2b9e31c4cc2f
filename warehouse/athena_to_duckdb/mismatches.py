"""Types that Trino does not compare or combine, and DuckDB would cast without a word."""

from collections.abc import Iterator

from sqlglot import exp

from domain.errors import RepairableError
from warehouse.athena_to_duckdb.value_types import FLOATS, INTEGERS, NESTED, TYPE, element_type

_TEXT, _NUMBER, _DATE, _TRUTH = "varchar", "number", "date or timestamp", "boolean"
_ARRAY = "array, map or row"
_FAMILIES = {
    _TEXT: exp.DataType.TEXT_TYPES,
    _NUMBER: (*INTEGERS, *FLOATS, TYPE.DECIMAL),
    _DATE: (TYPE.DATE, TYPE.TIMESTAMP, TYPE.TIMESTAMPTZ),
    "time": (TYPE.TIME, TYPE.TIMETZ),
    _TRUTH: (TYPE.BOOLEAN,),
    "interval": (TYPE.INTERVAL,),
    _ARRAY: NESTED,
}
_FAMILY = {kind: family for family, kinds in _FAMILIES.items() for kind in kinds}
_COMPARISONS = (exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.NullSafeEQ, exp.NullSafeNEQ)
_SUBTRACTED = frozenset({_DATE, "time"})
_ARITHMETIC = (exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Mod)
_TEXT_FUNCTIONS = (
    exp.Lower, exp.Upper, exp.Length, exp.Trim, exp.Substring, exp.StrPosition, exp.Split,
    exp.SplitPart, exp.Replace, exp.RegexpLike, exp.RegexpReplace, exp.RegexpExtract, exp.Pad,
    exp.Like,
)  # fmt: skip
_NUMBER_FUNCTIONS = (
    exp.Stddev, exp.StddevPop, exp.StddevSamp, exp.Variance, exp.VariancePop, exp.Abs, exp.Sqrt,
    exp.Exp, exp.Ln, exp.Pow, exp.Ceil, exp.Floor, exp.Round,
)  # fmt: skip
_TIME_FUNCTIONS = (
    exp.TimestampTrunc, exp.DateTrunc, exp.DateAdd, exp.DateSub, exp.Year, exp.Quarter, exp.Month,
    exp.Week, exp.WeekOfYear, exp.Day, exp.DayOfMonth, exp.DayOfWeek, exp.DayOfWeekIso,
    exp.DayOfYear, exp.TimeToStr, exp.LastDay,
)  # fmt: skip
_WANTED: tuple[tuple[tuple[type[exp.Expr], ...], frozenset[str]], ...] = (
    (_TEXT_FUNCTIONS, frozenset({_TEXT})),
    ((exp.DPipe,), frozenset({_TEXT, _ARRAY})),
    (_NUMBER_FUNCTIONS, frozenset({_NUMBER})),
    ((exp.Sum, exp.Avg), frozenset({_NUMBER, "interval"})),
    (_TIME_FUNCTIONS, frozenset({_DATE, "time", "interval"})),
    ((exp.Where, exp.Having, exp.Not, exp.And, exp.Or), frozenset({_TRUTH})),
)


def check_types(tree: exp.Expr) -> None:
    """Raises RepairableError, in Trino's words, where operands have types that do not meet.

    Needs `annotate_types` to have run; what has no known type is left alone.
    """
    for node in tree.walk():
        for left, right in _pairs(node):
            if _differ(node, left, right):
                raise _mismatch(node, left, right)
        for operand, wanted in _operands(node):
            found = _family(operand)
            if found is not None and found not in wanted:
                raise _unfit(node, operand, found, wanted)


def _pairs(node: exp.Expr) -> Iterator[tuple[exp.Expr, exp.Expr]]:
    """Yields the operands that have to be of one family."""
    if isinstance(node, _COMPARISONS):
        if not isinstance(node.expression, exp.All | exp.Any):
            yield node.this, node.expression
    elif isinstance(node, exp.Between):
        yield node.this, node.args["low"]
        yield node.this, node.args["high"]
    elif isinstance(node, exp.In | exp.Coalesce):
        yield from ((node.this, item) for item in node.expressions)
    elif isinstance(node, _ARITHMETIC):
        yield from _arithmetic(node)
    elif isinstance(node, exp.DateDiff):
        yield node.this, node.expression
    elif isinstance(node, exp.Case):
        results = [part.args["true"] for part in node.args["ifs"]]
        yield from _to_first([*results, node.args.get("default")])
    elif isinstance(node, exp.If) and not isinstance(node.parent, exp.Case):
        yield from _to_first([node.args["true"], node.args.get("false")])
    elif isinstance(node, exp.SetOperation):
        yield from _columns(node)


def _to_first(results: list[exp.Expr | None]) -> Iterator[tuple[exp.Expr, exp.Expr]]:
    known = [result for result in results if result is not None and _family(result) is not None]
    yield from ((known[0], other) for other in known[1:])


def _columns(node: exp.SetOperation) -> Iterator[tuple[exp.Expr, exp.Expr]]:
    sides = [side.unnest() for side in (node.this, node.expression)]
    if all(isinstance(side, exp.Select) and not side.is_star for side in sides):
        yield from zip(sides[0].selects, sides[1].selects, strict=False)


def _arithmetic(node: exp.Expr) -> Iterator[tuple[exp.Expr, exp.Expr]]:
    left, right = node.this, node.expression
    families = {_family(left), _family(right)}
    if None in families or "interval" in families:
        return
    is_difference = isinstance(node, exp.Sub) and len(families) == 1 and families < _SUBTRACTED
    if families != {_NUMBER} and not is_difference:
        yield left, right


def _operands(node: exp.Expr) -> Iterator[tuple[exp.Expr, frozenset[str]]]:
    """Yields the operands that have to be of a certain family."""
    if isinstance(node, exp.DPipe) and _ARRAY in map(_family, (node.this, node.expression)):
        return
    for kinds, wanted in _WANTED:
        if isinstance(node, kinds):
            yield node.this, wanted
            if isinstance(node, exp.Connector | exp.DPipe):
                yield node.expression, wanted
    if isinstance(node, exp.DateDiff):
        for side in (node.this, node.expression):
            yield side, frozenset({_DATE, "time"})


def _differ(node: exp.Expr, left: exp.Expr, right: exp.Expr) -> bool:
    families = _family(left), _family(right)
    if None in families:
        return False
    if families[0] == families[1] == _ARRAY:
        elements = [element_type(side) for side in (left, right)]
        kinds = {_FAMILY.get(kind.this) for kind in elements if kind is not None}
        return len(kinds - {None}) > 1 or isinstance(node, _ARITHMETIC)
    return families[0] != families[1] or isinstance(node, _ARITHMETIC)


def _family(node: exp.Expr) -> str | None:
    if isinstance(node.unalias(), exp.Null) or node.type is None:
        return None
    return _FAMILY.get(node.type.this)


def _mismatch(node: exp.Expr, left: exp.Expr, right: exp.Expr) -> RepairableError:
    families = _family(left), _family(right)
    hint = "Cast one side, or compare with a literal of the same type."
    if _TEXT in families and _DATE in families:
        hint = "Write a literal as DATE '2026-01-31' or TIMESTAMP '2026-01-31 10:00:00'."
    return RepairableError(
        f"Cannot apply {node.key.upper()} to {families[0]} and {families[1]}: "
        f"{_shown(left)}, {_shown(right)}.",
        hint=hint,
        rule="type_mismatch",
    )


def _unfit(
    node: exp.Expr, operand: exp.Expr, found: str, wanted: frozenset[str]
) -> RepairableError:
    return RepairableError(
        f"{_named(node)} takes {' or '.join(sorted(wanted))}, not {found}: {_shown(operand)}.",
        hint="Cast it first, or choose another column.",
        rule="type_mismatch",
    )


def _named(node: exp.Expr) -> str:
    if isinstance(node, exp.Func) and not isinstance(node, exp.Connector):
        return f"{node.sql_name().lower()}()"
    return node.key.upper()


def _shown(node: exp.Expr) -> str:
    return node.unalias().sql("athena")[:80]
