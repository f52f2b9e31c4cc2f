"""Columns, calendar parts and joins of a plan as SQL trees."""

from collections.abc import Iterable

from sqlglot import exp

from domain.column_type import TypeFamily
from domain.plan import CalendarPart, ColumnReference, Dimension
from planner.schema.join_path import JoinGraph, Step
from planner.schema.schema import Schema
from planner.schema.select_scope import Scope
from planner.schema.sql_literals import identifier


class ValueCompiler:
    """Compiles what a select reads and groups by."""

    def __init__(self, index: Schema, graph: JoinGraph) -> None:
        self._index = index
        self._graph = graph

    def _from(self, base: str, steps: Iterable[Step]) -> exp.Select:
        select = exp.select().from_(exp.Table(this=identifier(base)))
        for step in steps:
            pairs = zip(step.start_columns, step.end_columns, strict=True)
            on = exp.and_(
                *(
                    exp.EQ(
                        this=exp.Column(this=identifier(a), table=identifier(step.start)),
                        expression=exp.Column(this=identifier(b), table=identifier(step.end)),
                    )
                    for a, b in pairs
                )
            )
            select = select.join(exp.Table(this=identifier(step.end)), on=on)
        return select

    def _family(self, column: ColumnReference) -> TypeFamily:
        return self._index.column(column.table, column.column).family

    def _dimension(self, dimension: Dimension, scope: Scope) -> exp.Expr:
        column = scope.column(dimension.column)
        if dimension.grain is not None:
            value = self._temporal(dimension.column, column)
            unit = exp.Literal.string(dimension.grain.value)
            return exp.DateTrunc(this=value, unit=unit)  # type: ignore[no-untyped-call]
        if dimension.part is not None:
            return self._part(dimension.column, column, dimension.part)
        return column

    def _temporal(self, reference: ColumnReference, column: exp.Expr) -> exp.Expr:
        if self._family(reference).is_temporal:
            return column
        return exp.TryCast(this=column, to=exp.DataType.build("date"))

    def _part(self, reference: ColumnReference, column: exp.Expr, part: CalendarPart) -> exp.Expr:
        value = self._temporal(reference, column)
        if part is CalendarPart.DAY_OF_WEEK:
            return exp.DayOfWeekIso(this=value)
        names = {
            CalendarPart.HOUR_OF_DAY: "HOUR",
            CalendarPart.MONTH_OF_YEAR: "MONTH",
            CalendarPart.YEAR: "YEAR",
        }
        if part is CalendarPart.YEAR and self._family(reference) is TypeFamily.INTEGER:
            return column
        return exp.Extract(this=exp.var(names[part]), expression=value)

    def _number(self, reference: ColumnReference, column: exp.Expr) -> exp.Expr:
        if self._family(reference) in (TypeFamily.TEXT, TypeFamily.OTHER):
            return exp.TryCast(this=column, to=exp.DataType.build("double"))
        return column
