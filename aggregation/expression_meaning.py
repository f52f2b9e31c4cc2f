"""What one projected expression means: whether it splits or counts, and if its values add up."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from sqlglot import exp
from sqlglot.optimizer.scope import Scope

from aggregation.arithmetic_meaning import product, quotient, sum_of_terms
from aggregation.calendar_column import stored_part
from aggregation.calendar_reading import read_extract, read_part, read_truncation
from aggregation.meaning import DIMENSION, MEASURE, SHARE, ExpressionMeaning, plain_words
from aggregation.ratio_reading import (
    bare,
    is_indicator,
)
from aggregation.statement_scope import (
    fans_out,
    has_subtotals,
    is_grouped,
    is_single_row,
    select_of,
    sources_of,
    table_entry,
)
from domain.dictionary import ColumnEntry, ColumnRole, Dictionary
from domain.plan import TimeGrain
from domain.summary import Additivity


@dataclass(frozen=True, slots=True)
class _Place:
    scope: Scope
    dictionary: Dictionary


def read_expression(
    expression: exp.Expr, scope: Scope, dictionary: Dictionary
) -> ExpressionMeaning:
    """Returns what the expression means in its scope; whatever is unsure is not additive."""
    return _read(expression, _Place(scope, dictionary))


def _read(expression: exp.Expr, place: _Place) -> ExpressionMeaning:
    reader = _READERS.get(type(expression), _read_other)
    return reader(expression, place)


def _read_inner(expression: exp.Expr, place: _Place) -> ExpressionMeaning:
    return _read(expression.this, place)


def _read_other(expression: exp.Expr, place: _Place) -> ExpressionMeaning:
    """Any function: a measure where it works on measures, and then never additive."""
    if isinstance(expression, exp.AggFunc):
        return MEASURE
    children = [
        _read(child, place)
        for child in expression.iter_expressions()
        if isinstance(child, exp.Condition) and not isinstance(child, exp.DataType)
    ]
    if children and all(child.is_constant for child in children):
        return replace(MEASURE, is_constant=True)
    if any(child.role == "measure" and not child.is_constant for child in children):
        return MEASURE
    return DIMENSION


def _read_case(expression: exp.Expr, place: _Place) -> ExpressionMeaning:
    """A CASE is what its branches are, whatever its conditions compare."""
    branches = [part.args.get("true") for part in expression.args.get("ifs") or [expression]]
    branches += [expression.args.get("default"), expression.args.get("false")]
    outcomes = [_read(branch, place) for branch in branches if branch is not None]
    varying = [outcome for outcome in outcomes if not outcome.is_constant]
    unit = varying[0].unit if varying else ""
    if any(outcome.role == "measure" for outcome in varying):
        return replace(MEASURE, unit=unit)
    return replace(DIMENSION, unit=unit)


def _read_literal(expression: exp.Expr, place: _Place) -> ExpressionMeaning:
    if isinstance(expression, exp.Literal) and expression.is_string:
        return replace(DIMENSION, is_constant=True)
    return replace(MEASURE, is_constant=True)


def _read_subquery(expression: exp.Expr, place: _Place) -> ExpressionMeaning:
    return replace(MEASURE, is_constant=not expression.find(exp.Where))


def _read_count(expression: exp.Expr, place: _Place) -> ExpressionMeaning:
    if isinstance(expression.this, exp.Distinct):
        counted = " and ".join(c.name for c in expression.this.expressions)
        return replace(MEASURE, words=f"number of distinct {plain_words(counted)}".strip())
    return replace(MEASURE, additivity=Additivity.SUM, words="count")


def _read_count_if(expression: exp.Expr, place: _Place) -> ExpressionMeaning:
    return replace(MEASURE, additivity=Additivity.SUM, words="count")


def _read_approximate_count(expression: exp.Expr, place: _Place) -> ExpressionMeaning:
    counted = plain_words(expression.this.name)
    return replace(MEASURE, words=f"approximate number of distinct {counted}".strip())


def _aggregate_reader(
    additivity: Additivity, word: str
) -> Callable[[exp.Expr, _Place], ExpressionMeaning]:
    def read(expression: exp.Expr, place: _Place) -> ExpressionMeaning:
        argument = expression.this
        if isinstance(argument, exp.Distinct):
            return MEASURE
        if expression.expressions:
            return MEASURE
        inner = _read(argument, place)
        words = f"{word} {inner.words or plain_words(argument.name)}".strip()
        adds = Additivity.NONE if _folds_different_rows(argument, place) else additivity
        return replace(MEASURE, additivity=adds, unit=inner.unit, words=words)

    return read


def _folds_different_rows(argument: exp.Expr, place: _Place) -> bool:
    """A row of SELECT DISTINCT may stand in several groups: their sums count it in each."""
    sources = sources_of(place.scope)
    inner = [sources.get(column.text("table")) for column in argument.find_all(exp.Column)]
    selects = [select_of(source) for source in inner if isinstance(source, Scope)]
    return any(select is not None and select.args.get("distinct") for select in selects)


def _read_average(expression: exp.Expr, place: _Place) -> ExpressionMeaning:
    meaning = _aggregate_reader(Additivity.NONE, "average")(expression, place)
    return replace(meaning, unit=SHARE) if is_indicator(bare(expression.this)) else meaning


def _read_window(expression: exp.Expr, place: _Place) -> ExpressionMeaning:
    """Cumulative and shifted values never add up; a grand total is the same in every row."""
    ordered = expression.args.get("partition_by") or expression.args.get("order")
    inner = _read(expression.this, place) if isinstance(expression.this, exp.AggFunc) else MEASURE
    return replace(MEASURE, unit=inner.unit, is_constant=not ordered and inner is not MEASURE)


def _of_sides(
    combine: Callable[[exp.Expr, ExpressionMeaning, ExpressionMeaning], ExpressionMeaning],
) -> Callable[[exp.Expr, _Place], ExpressionMeaning]:
    return lambda expression, place: combine(
        expression, _read(expression.this, place), _read(expression.expression, place)
    )


def _placeless(
    read: Callable[[exp.Expr], ExpressionMeaning],
) -> Callable[[exp.Expr, _Place], ExpressionMeaning]:
    return lambda expression, place: read(expression)


def _read_cast(expression: exp.Expr, place: _Place) -> ExpressionMeaning:
    inner = _read(expression.this, place)
    becomes_date = expression.args["to"].is_type(exp.DataType.Type.DATE)
    if becomes_date and inner.role == "dimension" and inner.grain is None:
        return replace(inner, grain=TimeGrain.DAY)
    return inner


def _read_column(expression: exp.Expr, place: _Place) -> ExpressionMeaning:
    source = sources_of(place.scope).get(expression.text("table"))
    if isinstance(source, Scope):
        return _read_inner_column(expression, source, place)
    entry = table_entry(source, place.dictionary) if source is not None else None
    column = entry.column(expression.name) if entry else None
    if column is None:
        return replace(DIMENSION, words=plain_words(expression.name))
    return _read_stored_column(expression, column, place)


def _read_stored_column(
    expression: exp.Expr, column: ColumnEntry, place: _Place
) -> ExpressionMeaning:
    select = select_of(place.scope)
    is_split = select is not None and is_grouped(select) and not _is_folded(expression)
    is_measure = column.role is ColumnRole.MEASURE and not is_split
    return ExpressionMeaning(
        role="measure" if is_measure else "dimension",
        unit=column.unit,
        words=_stored_words(expression, column, place),
        part=None if is_measure else stored_part(column),
        value_labels=column.value_labels,
        is_identifier=column.role is ColumnRole.KEY,
    )


def _stored_words(expression: exp.Expr, column: ColumnEntry, place: _Place) -> str:
    """Names of things say whose name they are: `airline name`, not `name`."""
    source = sources_of(place.scope).get(expression.text("table"))
    entry = table_entry(source, place.dictionary) if source is not None else None
    words, thing = plain_words(column.name), entry.row_meaning if entry else ""
    is_bare_name = column.role is ColumnRole.LABEL and thing and thing not in words
    return f"{thing} {words}" if is_bare_name else words


def _is_folded(expression: exp.Expr) -> bool:
    return isinstance(expression.find_ancestor(exp.AggFunc, exp.Query), exp.AggFunc)


def _read_inner_column(expression: exp.Expr, source: Scope, place: _Place) -> ExpressionMeaning:
    meaning = read_output(source, expression.name, place.dictionary)
    select = select_of(place.scope)
    if select is not None and is_grouped(select) and not _is_folded(expression):
        return replace(meaning, role="dimension", additivity=Additivity.NONE)
    return replace(meaning, **_after_joins(expression.text("table"), source, meaning, place))  # type: ignore[arg-type]


def _after_joins(
    name: str, source: Scope, meaning: ExpressionMeaning, place: _Place
) -> dict[str, object]:
    """A joined source may repeat another's rows: what is repeated can no longer be added."""
    others = [other for other in sources_of(place.scope) if other != name]
    if not any(fans_out(place.scope, other, place.dictionary) for other in others):
        return {}
    select = select_of(source)
    constant = meaning.role == "measure" and select is not None and is_single_row(select)
    return {"additivity": Additivity.NONE, "is_constant": constant}


def read_output(scope: Scope, name: str, dictionary: Dictionary) -> ExpressionMeaning:
    """Returns what the named output column of a scope means."""
    if isinstance(scope.expression, exp.SetOperation):
        meaning = read_output(scope.set_operation_scopes[0], name, dictionary)
        return replace(meaning, additivity=Additivity.NONE)
    select = select_of(scope)
    outputs = select.selects if select is not None else []
    projection = next((p for p in outputs if p.alias_or_name.lower() == name.lower()), None)
    if projection is None:
        return replace(DIMENSION, words=plain_words(name))
    return read_projection(projection, scope, dictionary)


def read_projection(
    projection: exp.Expr, scope: Scope, dictionary: Dictionary
) -> ExpressionMeaning:
    """Returns what one output of a SELECT means, with the groups it is computed over in mind."""
    meaning = read_expression(projection.unalias(), scope, dictionary)
    return (
        replace(meaning, additivity=Additivity.NONE) if has_subtotals(scope.expression) else meaning
    )


_READERS: dict[type[exp.Expr], Callable[[exp.Expr, _Place], ExpressionMeaning]] = {
    exp.Alias: _read_inner,
    exp.Paren: _read_inner,
    exp.Round: _read_inner,
    exp.Coalesce: _read_inner,
    exp.Nullif: _read_inner,
    exp.Filter: _read_inner,
    exp.Cast: _read_cast,
    exp.TryCast: _read_cast,
    exp.Case: _read_case,
    exp.If: _read_case,
    exp.Literal: _read_literal,
    exp.Neg: _read_inner,
    exp.Subquery: _read_subquery,
    exp.Count: _read_count,
    exp.CountIf: _read_count_if,
    exp.ApproxDistinct: _read_approximate_count,
    exp.Sum: _aggregate_reader(Additivity.SUM, "total"),
    exp.Min: _aggregate_reader(Additivity.MINIMUM, "lowest"),
    exp.Max: _aggregate_reader(Additivity.MAXIMUM, "highest"),
    exp.Avg: _read_average,
    exp.Median: _aggregate_reader(Additivity.NONE, "median"),
    exp.Window: _read_window,
    exp.Add: _of_sides(sum_of_terms),
    exp.Sub: _of_sides(sum_of_terms),
    exp.Mul: _of_sides(product),
    exp.Div: _of_sides(quotient),
    exp.TimestampTrunc: _placeless(read_truncation),
    exp.DateTrunc: _placeless(read_truncation),
    exp.Hour: _placeless(read_part),
    exp.DayOfWeek: _placeless(read_part),
    exp.DayOfWeekIso: _placeless(read_part),
    exp.Month: _placeless(read_part),
    exp.Extract: _placeless(read_extract),
    exp.Column: _read_column,
}
