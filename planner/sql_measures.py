"""Reads aggregates of SQL back as measures of a plan."""

from sqlglot import exp

from domain.plan import Condition, Filter, Measure, MeasureFunction, Operator
from planner.labels import count_label, measure_label
from planner.sql_conditions import AGGREGATES, ConditionReader, tables_of_select
from planner.sql_values import Sources, UnreadError, read_field, read_value, stripped

_MEDIAN = 0.5
_PERCENT = 100
_RATIO = "ratio"


class MeasureReader:
    """Reads the measures of one select over a base table."""

    def __init__(self, sources: Sources, base: str) -> None:
        self._sources = sources
        self._base = base
        self._conditions = ConditionReader(sources)

    def read(self, node: exp.Expr) -> Measure:
        """Returns one measure. Raises UnreadError where a plan cannot say it."""
        inner = _unscaled(stripped(node))
        if isinstance(inner, exp.Div):
            return self._ratio(inner)
        if isinstance(inner, exp.Filter):
            condition = self._conditions.read(inner.expression.this)
            return self.read(inner.this).model_copy(update={"condition": condition})
        if isinstance(inner, exp.CountIf):
            return self._rows().model_copy(update={"condition": self._conditions.read(inner.this)})
        if isinstance(inner, exp.Count | exp.ApproxDistinct):
            return self._count(inner)
        if isinstance(inner, exp.ApproxQuantile) and read_value(inner.args["quantile"]) == _MEDIAN:
            return self._of_column(MeasureFunction.MEDIAN, inner.this)
        if isinstance(inner, exp.Median):
            return self._of_column(MeasureFunction.MEDIAN, inner.this)
        function = AGGREGATES.get(type(inner))
        if function is None:
            raise UnreadError(node)
        return self._of_column(function, inner.this)

    def _rows(self) -> Measure:
        label = count_label(self._sources.schema.tables[self._base])
        return Measure(function=MeasureFunction.COUNT, table=self._base, label=label)

    def _of_column(self, function: MeasureFunction, node: exp.Expr) -> Measure:
        inner = stripped(node)
        if isinstance(inner, exp.Case | exp.If):
            return self._conditional(function, inner)
        if isinstance(inner, exp.Distinct):
            raise UnreadError(node)
        column = read_field(inner, self._sources).column
        schema = self._sources.schema
        label = measure_label(function, column, schema)
        unit = schema.column(column.table, column.column).unit
        return Measure(function=function, column=column, label=label, unit=unit)

    def _conditional(self, function: MeasureFunction, node: exp.Expr) -> Measure:
        """`SUM(CASE WHEN c THEN x END)`: the sum of x over rows that pass; of 1, their number."""
        branches = node.args.get("ifs", [node]) if isinstance(node, exp.Case) else [node]
        default = node.args.get("default") or node.args.get("false")
        if len(branches) != 1 or (default is not None and read_value(default) not in (0, None)):
            raise UnreadError(node)
        condition = self._conditions.read(branches[0].this)
        shown = branches[0].args["true"]
        counts = isinstance(shown, exp.Literal)
        if counts and function is MeasureFunction.AVERAGE and default is not None:
            part = self._rows().model_copy(update={"condition": condition})
            return _ratio_of(part, self._rows())
        if counts and function in (MeasureFunction.SUM, MeasureFunction.COUNT):
            return self._rows().model_copy(update={"condition": condition})
        if default is not None and function is not MeasureFunction.SUM:
            raise UnreadError(node)
        return self._of_column(function, shown).model_copy(update={"condition": condition})

    def _count(self, node: exp.Expr) -> Measure:
        what = node.this
        if isinstance(what, exp.Star | exp.Literal):
            return self._rows()
        is_distinct = isinstance(what, exp.Distinct) or isinstance(node, exp.ApproxDistinct)
        if isinstance(what, exp.Distinct):
            if len(what.expressions) != 1:
                raise UnreadError(node)
            what = what.expressions[0]
        if isinstance(stripped(what), exp.Case | exp.If):
            counted = self._conditional(MeasureFunction.COUNT, stripped(what))
            if is_distinct and counted.column is not None:
                return counted.model_copy(update={"function": MeasureFunction.COUNT_DISTINCT})
            return counted
        return self._counted(what, is_distinct=is_distinct)

    def _counted(self, what: exp.Expr, *, is_distinct: bool) -> Measure:
        column = read_field(what, self._sources).column
        schema = self._sources.schema
        entry = schema.tables[column.table]
        if entry.primary_key == [column.column]:
            label = count_label(entry)
            return Measure(function=MeasureFunction.COUNT, table=column.table, label=label)
        if is_distinct:
            label = measure_label(MeasureFunction.COUNT_DISTINCT, column, schema)
            return Measure(function=MeasureFunction.COUNT_DISTINCT, column=column, label=label)
        known = Filter(column=column, operator=Operator.IS_NOT_NULL)
        rows = self._rows()
        has_nulls = schema.column(column.table, column.column).null_share > 0
        return rows.model_copy(update={"condition": known}) if has_nulls else rows

    def _ratio(self, node: exp.Div) -> Measure:
        above, below = _unscaled(stripped(node.left)), stripped(node.right)
        if isinstance(below, exp.Nullif):
            below = stripped(below.this)
        difference = above.unnest()
        if isinstance(difference, exp.Sub):
            return self._change(difference, below)
        if isinstance(below, exp.Window) and self._is_whole(above, below):
            return self.read(above).model_copy(update={"is_share": True})
        if isinstance(below, exp.Subquery):
            return self._share_of_all(above, below)
        return _ratio_of(self.read(above), self.read(below))

    def _change(self, difference: exp.Sub, below: exp.Expr) -> Measure:
        """`(later - earlier) / earlier`."""
        later, earlier = self.read(difference.left), self.read(difference.right)
        if self.read(below) != earlier:
            raise UnreadError(difference)
        return change_of(later, earlier, f"change of {earlier.label}")

    def _is_whole(self, above: exp.Expr, window: exp.Window) -> bool:
        total = stripped(window.this)
        whole = not window.args.get("partition_by") and not window.args.get("order")
        return whole and isinstance(total, exp.Sum) and stripped(total.this) == above

    def _share_of_all(self, above: exp.Expr, below: exp.Subquery) -> Measure:
        """`COUNT(*) / (SELECT COUNT(*) FROM t)`: a share, where the subquery takes all rows."""
        select = below.unnest()
        if not isinstance(select, exp.Select) or select.args.get("where"):
            raise UnreadError(below)
        tables = tables_of_select(select, self._sources)
        inner = MeasureReader(Sources(tables, self._sources.schema), next(iter(tables.values())))
        part, whole = self.read(above), inner.read(select.expressions[0].unalias())
        if part != whole:
            raise UnreadError(below)
        return part.model_copy(update={"is_share": True})

    def condition(self, node: exp.Expr) -> Condition:
        """Returns a condition on rows of the same select."""
        return self._conditions.read(node)


def change_of(later: Measure, earlier: Measure, label: str) -> Measure:
    """Returns how far one measure lies above another, as a part of it."""
    return Measure(
        function=MeasureFunction.CHANGE,
        numerator=later,
        denominator=earlier,
        label=label,
        unit="share",
    )


def _ratio_of(above: Measure, below: Measure) -> Measure:
    label = f"{above.label} per {below.label}" if above.label != below.label else _RATIO
    return Measure(function=MeasureFunction.RATIO, numerator=above, denominator=below, label=label)


def _unscaled(node: exp.Expr) -> exp.Expr:
    """A share told in percent is a share all the same."""
    if not isinstance(node, exp.Mul):
        return node
    for side, other in ((node.left, node.right), (node.right, node.left)):
        plain = stripped(side)
        if isinstance(plain, exp.Literal) and float(plain.this) in (1, _PERCENT):
            return stripped(other)
    return node
