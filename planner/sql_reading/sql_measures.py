"""Reads aggregates of SQL back as measures of a plan."""

from sqlglot import exp

from domain.plan import Condition, Filter, Measure, MeasureFunction, Operator
from planner.compiling.agreed_measures import agreed_measure
from planner.compiling.sql_values import Sources, UnreadError, read_field, read_value, stripped
from planner.schema.labels import count_label, measure_label
from planner.sql_reading.sql_conditions import AGGREGATES, ConditionReader, tables_of_select
from planner.sql_reading.sql_figures import FigureReader, ratio_of

_MEDIAN = 0.5


class MeasureReader(FigureReader):
    """Reads the measures of one select over a base table."""

    def __init__(self, sources: Sources, base: str) -> None:
        self._sources = sources
        self._base = base
        self._conditions = ConditionReader(sources)

    def read(self, node: exp.Expr) -> Measure:
        """Returns one measure; a metric by its own expression where no plainer one says it."""
        try:
            return super().read(node)
        except UnreadError:
            agreed = agreed_measure(node, self._sources.names, self._sources.schema)
            if agreed is None:
                raise
            return agreed

    def _leaf(self, node: exp.Expr) -> Measure:
        inner = stripped(node)
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
            return ratio_of(part, self._rows())
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
