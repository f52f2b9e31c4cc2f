"""Which rows a plan keeps, as SQL trees: filters, memberships, periods."""

from abc import abstractmethod
from collections.abc import Iterator

from sqlglot import exp

from domain.column_type import TypeFamily
from domain.plan import (
    AllOf,
    AnyOf,
    Benchmark,
    ColumnReference,
    Condition,
    Filter,
    Measure,
    Membership,
    Operator,
    Period,
    Plan,
)
from planner.compiling.compile_values import ValueCompiler
from planner.schema.select_scope import Scope
from planner.schema.sql_literals import COMPARISONS, are_numbers, compare, moment, typed_literal

_TEXTUAL = (Operator.CONTAINS, Operator.NOT_CONTAINS, Operator.STARTS_WITH, Operator.ENDS_WITH)


class ConditionCompiler(ValueCompiler):
    """Compiles conditions."""

    def _restrict(self, select: exp.Select, plan: Plan, scope: Scope) -> exp.Select:
        for condition in plan.conditions:
            select = select.where(self._condition(condition, scope))
        if plan.period is not None:
            for bound in self._period(plan.period, scope):
                select = select.where(bound)
        return select

    def _period(self, period: Period, scope: Scope) -> Iterator[exp.Expr]:
        column = scope.column(period.column)
        family = self._family(period.column)
        if family is TypeFamily.INTEGER:
            yield from self._years(period, column)
            return
        value = self._temporal(period.column, column)
        kind = "timestamp" if family is TypeFamily.TIMESTAMP else "date"
        if period.start is not None:
            yield exp.GTE(this=value.copy(), expression=moment(period.start, kind))
        if period.end is not None:
            yield exp.LT(this=value.copy(), expression=moment(period.end, kind))

    @staticmethod
    def _years(period: Period, column: exp.Expr) -> Iterator[exp.Expr]:
        if period.start and period.end and period.end.year == period.start.year + 1:
            yield exp.EQ(this=column, expression=exp.Literal.number(period.start.year))
            return
        if period.start is not None:
            yield exp.GTE(this=column.copy(), expression=exp.Literal.number(period.start.year))
        if period.end is not None:
            yield exp.LT(this=column.copy(), expression=exp.Literal.number(period.end.year))

    def _condition(self, condition: Condition, scope: Scope) -> exp.Expr:
        if isinstance(condition, AnyOf):
            return exp.or_(*(self._condition(c, scope) for c in condition.conditions))
        if isinstance(condition, AllOf):
            return exp.and_(*(self._condition(c, scope) for c in condition.conditions))
        if isinstance(condition, Membership):
            return self._membership(condition, scope)
        return self._filter(condition, scope)

    def _membership(self, membership: Membership, scope: Scope) -> exp.Expr:
        others = [
            ColumnReference(table=membership.table, column=c.column)
            for c in membership.other_columns
        ]
        inner_plan = Plan(
            table=membership.table, conditions=membership.conditions, columns=tuple(others)
        )
        inner = Scope(inner_plan, self._graph, self._index)
        select = self._from(membership.table, inner.steps).select(
            *(inner.column(c) for c in others)
        )
        select = self._restrict(select, inner_plan, inner)
        if membership.negated:
            for column in others:
                select = select.where(
                    exp.Not(this=exp.Is(this=inner.column(column), expression=exp.Null()))
                )
        if membership.operator is not None:
            counted: exp.Expr = exp.Star()
            if membership.counted is not None:
                counted = exp.Distinct(expressions=[inner.column(membership.counted)])
            many = COMPARISONS[membership.operator](
                this=exp.Count(this=counted, big_int=True),
                expression=exp.Literal.number(membership.count),
            )
            select = select.group_by(*(inner.column(c) for c in others)).having(many)
        here = [scope.column(c) for c in membership.columns]
        left: exp.Expr = here[0] if len(here) == 1 else exp.Tuple(expressions=here)
        found = exp.In(this=left, query=exp.Subquery(this=select))
        return exp.Not(this=found) if membership.negated else found

    def _filter(self, condition: Filter, scope: Scope) -> exp.Expr:
        column: exp.Expr = scope.column(condition.column)
        if condition.part is not None:
            column = self._part(condition.column, column, condition.part)
        if condition.benchmark is not None:
            right: exp.Expr = self._benchmark(condition.benchmark)
            number = self._number(condition.column, column)
            return COMPARISONS[condition.operator](this=number, expression=right)
        if condition.other is not None:
            return COMPARISONS[condition.operator](
                this=column, expression=scope.column(condition.other)
            )
        return self._compared(condition, column)

    def _compared(self, condition: Filter, column: exp.Expr) -> exp.Expr:
        family = TypeFamily.INTEGER if condition.part else self._family(condition.column)
        values = [typed_literal(v, family) for v in condition.values]
        left = column
        if condition.operator in _TEXTUAL:
            return self._like(condition, column)
        if family is TypeFamily.TEXT and are_numbers(condition.values):
            if condition.operator in (
                Operator.EQUAL,
                Operator.NOT_EQUAL,
                Operator.IN,
                Operator.NOT_IN,
            ):
                values = [exp.Literal.string(str(v)) for v in condition.values]
            else:
                left = exp.TryCast(this=column, to=exp.DataType.build("double"))
        return compare(condition.operator, left, values)

    def _like(self, condition: Filter, column: exp.Expr) -> exp.Expr:
        text = str(condition.values[0]).lower()
        pattern = {
            Operator.CONTAINS: f"%{text}%",
            Operator.NOT_CONTAINS: f"%{text}%",
            Operator.STARTS_WITH: f"{text}%",
            Operator.ENDS_WITH: f"%{text}",
        }[condition.operator]
        value = column
        if self._family(condition.column) is not TypeFamily.TEXT:
            value = exp.Cast(this=column, to=exp.DataType.build("varchar"))
        like = exp.Like(this=exp.Lower(this=value), expression=exp.Literal.string(pattern))
        return exp.Not(this=like) if condition.operator is Operator.NOT_CONTAINS else like

    def _benchmark(self, benchmark: Benchmark) -> exp.Expr:
        table = benchmark.column.table
        measure = Measure(function=benchmark.function, column=benchmark.column, label="benchmark")
        plan = Plan(table=table, measures=(measure,), conditions=benchmark.conditions)
        scope = Scope(plan, self._graph, self._index)
        select = self._from(table, scope.steps).select(self._aggregate(measure, scope))
        return exp.Subquery(this=self._restrict(select, plan, scope))

    @abstractmethod
    def _aggregate(self, measure: Measure, scope: Scope) -> exp.Expr:
        """Returns a measure's own aggregate: a benchmark is one."""
