"""What a plan measures, as SQL trees, each figure on its right grain."""

from sqlglot import exp

from domain.plan import ColumnReference, Having, Measure, MeasureFunction, Operator, Plan
from planner.compiling.compile_conditions import ConditionCompiler
from planner.schema.select_scope import PlanError, Scope
from planner.schema.sql_literals import COMPARISONS, literal, to_double

FOLDS: dict[MeasureFunction, type[exp.AggFunc]] = {
    MeasureFunction.SUM: exp.Sum,
    MeasureFunction.AVERAGE: exp.Avg,
    MeasureFunction.MINIMUM: exp.Min,
    MeasureFunction.MAXIMUM: exp.Max,
}
_WORKED_OUT = (MeasureFunction.RATIO, MeasureFunction.CHANGE, MeasureFunction.DIFFERENCE)
ADDS_ROWS = (MeasureFunction.SUM, MeasureFunction.AVERAGE, MeasureFunction.MEDIAN)


class MeasureCompiler(ConditionCompiler):
    """Compiles measures, and conditions on them."""

    def _measure(self, measure: Measure, plan: Plan, scope: Scope) -> exp.Expr:
        if measure.function in _WORKED_OUT:
            value = self._ratio(measure, plan, scope)
        else:
            value = self._aggregate(measure, scope)
        if measure.is_share:
            total = exp.Window(this=exp.Sum(this=value.copy()))
            return exp.Div(this=to_double(value), expression=total)
        return value

    def _ratio(self, measure: Measure, plan: Plan, scope: Scope) -> exp.Expr:
        if measure.numerator is None or measure.denominator is None:
            raise PlanError("a ratio needs two measures")
        top = self._measure(measure.numerator, plan, scope)
        bottom = self._measure(measure.denominator, plan, scope)
        if measure.function is MeasureFunction.DIFFERENCE:
            return exp.Paren(this=exp.Sub(this=top, expression=bottom))
        above: exp.Expr = to_double(top)
        if measure.function is MeasureFunction.CHANGE:
            above = exp.Paren(this=exp.Sub(this=above, expression=bottom.copy()))
        return exp.Div(
            this=above,
            expression=exp.Nullif(this=bottom, expression=exp.Literal.number(0)),
        )

    def _aggregate(self, measure: Measure, scope: Scope) -> exp.Expr:
        argument = self._argument(measure, scope)
        self._check_grain(measure, scope)
        if measure.function is MeasureFunction.COUNT and measure.column is None:
            value: exp.Expr = self._rows(measure, scope)
        elif measure.function is MeasureFunction.COUNT:
            value = exp.Count(this=argument, big_int=True)
        elif measure.function is MeasureFunction.COUNT_DISTINCT:
            value = exp.Count(this=exp.Distinct(expressions=[argument]), big_int=True)
        else:
            value = self._folded(measure.function, argument)
        if measure.condition is not None:
            where = exp.Where(this=self._condition(measure.condition, scope))
            return exp.Filter(this=value, expression=where)
        return value

    @staticmethod
    def _folded(function: MeasureFunction, argument: exp.Expr) -> exp.Expr:
        """Many values as one."""
        if function is MeasureFunction.MEDIAN:
            return exp.ApproxQuantile(this=argument, quantile=exp.Literal.number("0.5"))
        return FOLDS[function](this=argument)

    def _rows(self, measure: Measure, scope: Scope) -> exp.Expr:
        """A count of rows; of different keys where joins repeat the rows."""
        table = measure.table
        if table is None or not scope.repeats(table):
            return exp.Count(this=exp.Star(), big_int=True)
        scope.check_tied(table)
        key = self._index.tables[table].primary_key
        if len(key) != 1:
            raise PlanError(f"Rows of {table} would be counted more than once.")
        column = scope.column(ColumnReference(table=table, column=key[0]))
        return exp.Count(this=exp.Distinct(expressions=[column]), big_int=True)

    @staticmethod
    def _check_grain(measure: Measure, scope: Scope) -> None:
        column = measure.column
        if column is None or measure.function not in ADDS_ROWS:
            return
        if scope.repeats(column.table):
            raise PlanError(f"{column.column} would be added more than once for the same row.")

    def _argument(self, measure: Measure, scope: Scope) -> exp.Expr:
        column = measure.column
        if column is not None:
            plain = measure.function in (
                MeasureFunction.COUNT,
                MeasureFunction.COUNT_DISTINCT,
                MeasureFunction.MINIMUM,
                MeasureFunction.MAXIMUM,
            )
            value = scope.column(column)
            return value if plain else self._number(column, value)
        return exp.Star()

    def _having(self, having: Having, plan: Plan, scope: Scope) -> exp.Expr:
        value = self._measure(plan.measures[having.measure_index], plan, scope)
        if having.operator is Operator.BETWEEN:
            low, high = (literal(v) for v in having.values)
            return exp.Between(this=value, low=low, high=high)
        return COMPARISONS[having.operator](this=value, expression=literal(having.values[0]))
