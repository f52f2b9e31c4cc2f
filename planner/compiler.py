"""A plan to Athena SQL, by building a sqlglot tree. Knows nothing of the question."""

import re
from collections.abc import Iterable, Iterator
from datetime import date

from sqlglot import exp

from domain.column_type import TypeFamily
from domain.dictionary import Cell
from domain.plan import (
    AllOf,
    AnyOf,
    Benchmark,
    CalendarPart,
    ColumnReference,
    Condition,
    Dimension,
    Filter,
    Having,
    Measure,
    MeasureFunction,
    Membership,
    Operator,
    Order,
    Period,
    Plan,
)
from planner.join_path import JoinGraph, Step
from planner.lexicon import load_lexicon
from planner.schema import Schema

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_COMPARISONS: dict[Operator, type[exp.Binary]] = {
    Operator.EQUAL: exp.EQ,
    Operator.NOT_EQUAL: exp.NEQ,
    Operator.LESS: exp.LT,
    Operator.LESS_OR_EQUAL: exp.LTE,
    Operator.GREATER: exp.GT,
    Operator.GREATER_OR_EQUAL: exp.GTE,
}


class PlanError(Exception):
    """The plan cannot be computed over this dictionary; the message says why."""


def identifier(name: str) -> exp.Identifier:
    """Returns an identifier, quoted only where Athena needs it."""
    plain = _PLAIN.match(name) is not None and name.lower() not in load_lexicon().reserved
    return exp.to_identifier(name, quoted=not plain)


class Compiler:
    """Compiles plans over one dictionary."""

    def __init__(self, index: Schema, graph: JoinGraph) -> None:
        self._index = index
        self._graph = graph

    def sql(self, plan: Plan) -> str:
        """Returns Athena SQL. Raises PlanError where tables of the plan cannot be joined."""
        return self.tree(plan).sql(dialect="athena", pretty=True)

    def tree(self, plan: Plan) -> exp.Query:
        """Returns the tree of the whole plan, set operations included."""
        query: exp.Query = self._ranked(plan) if plan.limit_per_group else self._select(plan)
        if plan.combination is not None:
            other = self.tree(plan.combination.plan)
            builder = {"intersect": exp.intersect, "union": exp.union, "except": exp.except_}
            query = builder[plan.combination.operation](query, other, copy=False)
        return query

    # --- one select ----------------------------------------------------------------------

    def _select(self, plan: Plan) -> exp.Select:
        scope = Scope(plan, self._graph, self._index)
        select = self._from(plan.table, scope.steps)
        shown = [self._output(plan, scope, number) for number in range(len(plan.outputs))]
        select = select.select(*shown)
        if plan.distinct:
            select = select.distinct()
        select = self._restrict(select, plan, scope)
        if plan.measures:
            select = self._group(select, plan, scope)
        for order in plan.order:
            select = select.order_by(self._order(order, plan, scope))
        return select.limit(plan.limit) if plan.limit is not None else select

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

    def _restrict(self, select: exp.Select, plan: Plan, scope: "Scope") -> exp.Select:
        for condition in plan.conditions:
            select = select.where(self._condition(condition, scope))
        if plan.period is not None:
            for bound in self._period(plan.period, scope):
                select = select.where(bound)
        return select

    def _group(self, select: exp.Select, plan: Plan, scope: "Scope") -> exp.Select:
        for dimension in plan.dimensions:
            for key in dimension.keys:
                select = select.group_by(scope.column(key))
            select = select.group_by(self._dimension(dimension, scope))
        for having in plan.having:
            select = select.having(self._having(having, plan, scope))
        return select

    def _output(self, plan: Plan, scope: "Scope", number: int) -> exp.Expr:
        output = plan.outputs[number]
        if output.kind == "measure":
            value = self._measure(plan.measures[output.index], plan, scope)
        elif output.kind == "dimension":
            value = self._dimension(plan.dimensions[output.index], scope)
        else:
            value = scope.column(plan.columns[output.index])
        if isinstance(value, exp.Column) and value.name.lower() == output.name.lower():
            return value
        return exp.Alias(this=value, alias=identifier(output.name))

    def _order(self, order: Order, plan: Plan, scope: "Scope") -> exp.Ordered:
        if order.by == "measure":
            ranked = plan.measures[order.index].model_copy(update={"is_share": False})
            value = self._measure(ranked, plan, scope)
        elif order.by == "dimension":
            value = self._dimension(plan.dimensions[order.index], scope)
        elif order.column is not None:
            value = self._sortable(order.column, scope)
        else:
            value = scope.column(plan.columns[order.index])
        return exp.Ordered(this=value, desc=order.descending or None, nulls_first=False)

    def _sortable(self, column: ColumnReference, scope: "Scope") -> exp.Expr:
        return scope.column(column)

    # --- values --------------------------------------------------------------------------

    def _family(self, column: ColumnReference) -> TypeFamily:
        return self._index.column(column.table, column.column).family

    def _dimension(self, dimension: Dimension, scope: "Scope") -> exp.Expr:
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

    def _measure(self, measure: Measure, plan: Plan, scope: "Scope") -> exp.Expr:
        if measure.function is MeasureFunction.RATIO:
            value = self._ratio(measure, plan, scope)
        else:
            value = self._aggregate(measure, scope)
        if measure.is_share:
            total = exp.Window(this=exp.Sum(this=value.copy()))
            return exp.Div(this=to_double(value), expression=total)
        return value

    def _ratio(self, measure: Measure, plan: Plan, scope: "Scope") -> exp.Expr:
        if measure.numerator is None or measure.denominator is None:
            raise PlanError("a ratio needs two measures")
        top = self._measure(measure.numerator, plan, scope)
        bottom = self._measure(measure.denominator, plan, scope)
        return exp.Div(
            this=to_double(top),
            expression=exp.Nullif(this=bottom, expression=exp.Literal.number(0)),
        )

    def _aggregate(self, measure: Measure, scope: "Scope") -> exp.Expr:
        argument = self._argument(measure, scope)
        self._check_grain(measure, scope)
        if measure.function is MeasureFunction.COUNT and measure.column is None:
            value: exp.Expr = self._rows(measure, scope)
        elif measure.function is MeasureFunction.COUNT:
            value = exp.Count(this=argument, big_int=True)
        elif measure.function is MeasureFunction.COUNT_DISTINCT:
            value = exp.Count(this=exp.Distinct(expressions=[argument]), big_int=True)
        elif measure.function is MeasureFunction.MEDIAN:
            value = exp.ApproxQuantile(this=argument, quantile=exp.Literal.number("0.5"))
        else:
            kinds = {
                MeasureFunction.SUM: exp.Sum,
                MeasureFunction.AVERAGE: exp.Avg,
                MeasureFunction.MINIMUM: exp.Min,
                MeasureFunction.MAXIMUM: exp.Max,
            }
            value = kinds[measure.function](this=argument)
        if measure.condition is not None:
            where = exp.Where(this=self._condition(measure.condition, scope))
            return exp.Filter(this=value, expression=where)
        return value

    def _rows(self, measure: Measure, scope: "Scope") -> exp.Expr:
        """A count of rows; of different keys where joins repeat the rows."""
        table = measure.table
        if table is None or not scope.repeats(table):
            return exp.Count(this=exp.Star(), big_int=True)
        key = self._index.tables[table].primary_key
        if len(key) != 1:
            raise PlanError(f"Rows of {table} would be counted more than once.")
        column = scope.column(ColumnReference(table=table, column=key[0]))
        return exp.Count(this=exp.Distinct(expressions=[column]), big_int=True)

    @staticmethod
    def _check_grain(measure: Measure, scope: "Scope") -> None:
        column = measure.column
        if column is None or measure.function not in _COUNTS_ROWS:
            return
        if scope.repeats(column.table):
            raise PlanError(f"{column.column} would be added more than once for the same row.")

    def _argument(self, measure: Measure, scope: "Scope") -> exp.Expr:
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

    # --- conditions ----------------------------------------------------------------------

    def _having(self, having: Having, plan: Plan, scope: "Scope") -> exp.Expr:
        value = self._measure(plan.measures[having.measure_index], plan, scope)
        if having.operator is Operator.BETWEEN:
            low, high = (literal(v) for v in having.values)
            return exp.Between(this=value, low=low, high=high)
        return _COMPARISONS[having.operator](this=value, expression=literal(having.values[0]))

    def _period(self, period: Period, scope: "Scope") -> Iterator[exp.Expr]:
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

    def _condition(self, condition: Condition, scope: "Scope") -> exp.Expr:
        if isinstance(condition, AnyOf):
            return exp.or_(*(self._condition(c, scope) for c in condition.conditions))
        if isinstance(condition, AllOf):
            return exp.and_(*(self._condition(c, scope) for c in condition.conditions))
        if isinstance(condition, Membership):
            return self._membership(condition, scope)
        return self._filter(condition, scope)

    def _membership(self, membership: Membership, scope: "Scope") -> exp.Expr:
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
        here = [scope.column(c) for c in membership.columns]
        left: exp.Expr = here[0] if len(here) == 1 else exp.Tuple(expressions=here)
        found = exp.In(this=left, query=exp.Subquery(this=select))
        return exp.Not(this=found) if membership.negated else found

    def _filter(self, condition: Filter, scope: "Scope") -> exp.Expr:
        column: exp.Expr = scope.column(condition.column)
        if condition.part is not None:
            column = self._part(condition.column, column, condition.part)
        if condition.benchmark is not None:
            right: exp.Expr = self._benchmark(condition.benchmark)
            number = self._number(condition.column, column)
            return _COMPARISONS[condition.operator](this=number, expression=right)
        if condition.other is not None:
            return _COMPARISONS[condition.operator](
                this=column, expression=scope.column(condition.other)
            )
        return self._compared(condition, column)

    def _compared(self, condition: Filter, column: exp.Expr) -> exp.Expr:
        family = TypeFamily.INTEGER if condition.part else self._family(condition.column)
        values = [typed_literal(v, family) for v in condition.values]
        left = column
        if condition.operator in _TEXTUAL:
            return self._like(condition, column)
        if family is TypeFamily.TEXT and _are_numbers(condition.values):
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

    # --- top N within groups -------------------------------------------------------------

    def _ranked(self, plan: Plan) -> exp.Select:
        inner_plan = plan.model_copy(update={"order": (), "limit": None, "limit_per_group": False})
        scope = Scope(plan, self._graph, self._index)
        inner = self._select(inner_plan)
        partition = [self._dimension(plan.dimensions[0], scope)] if plan.dimensions else []
        order = exp.Order(expressions=[self._order(o, plan, scope) for o in plan.order])
        window = exp.Window(this=exp.RowNumber(), partition_by=partition, order=order)
        inner = inner.select(exp.Alias(this=window, alias=identifier("place")))
        names = [exp.Column(this=identifier(o.name)) for o in plan.outputs]
        outer = exp.select(*names).from_(
            exp.Subquery(this=inner, alias=exp.TableAlias(this=identifier("ranked")))
        )
        limit = exp.Literal.number(plan.limit or 1)
        outer = outer.where(exp.LTE(this=exp.Column(this=identifier("place")), expression=limit))
        return outer.order_by(names[0], exp.Column(this=identifier("place")))


_COUNTS_ROWS = (MeasureFunction.SUM, MeasureFunction.AVERAGE, MeasureFunction.MEDIAN)
_TEXTUAL = (Operator.CONTAINS, Operator.NOT_CONTAINS, Operator.STARTS_WITH, Operator.ENDS_WITH)


def check_single(graph: JoinGraph, step: Step) -> None:
    """Raises PlanError where the same two tables can be joined in another way just as well."""
    rivals = graph.rivals(step)
    if rivals:
        ways = [
            " ".join(s.start_columns if s.to_parent else s.end_columns) for s in (step, *rivals)
        ]
        raise PlanError(
            f"{step.start} and {step.end} are linked in several ways: say {' or '.join(ways)}."
        )


class Scope:
    """Tables of one select: which are joined, and whether names need their table."""

    def __init__(self, plan: Plan, graph: JoinGraph, index: Schema) -> None:
        self._base = plan.table
        tables = list(dict.fromkeys(_tables(plan)))
        try:
            self.steps = graph.tree(plan.table, tables)
        except LookupError as error:
            raise PlanError(
                f"No relationship leads from {plan.table} to {error.args[0]}."
            ) from error
        self._joined = bool(self.steps)
        self._index = index
        self._graph = graph
        for step in self.steps:
            check_single(graph, step)

    def repeats(self, table: str) -> bool:
        """True where a row of the table may stand in several joined rows."""
        joined = {self._base, *(step.end for step in self.steps)}
        return any(not self._graph.keeps_rows(table, t) for t in joined if t != table)

    def column(self, reference: ColumnReference) -> exp.Column:
        """Returns the column, with its table where several are joined."""
        table = identifier(reference.table) if self._joined else None
        return exp.Column(this=identifier(reference.column), table=table)


def _tables(plan: Plan) -> Iterator[str]:
    for column in plan.columns:
        yield column.table
    for dimension in plan.dimensions:
        yield dimension.column.table
        yield from (key.table for key in dimension.keys)
    for measure in plan.measures:
        yield from _measure_tables(measure)
    for condition in plan.conditions:
        yield from _condition_tables(condition)
    if plan.period is not None:
        yield plan.period.column.table
    yield from (o.column.table for o in plan.order if o.column is not None)
    yield from plan.joined


def _measure_tables(measure: Measure) -> Iterator[str]:
    if measure.column is not None:
        yield measure.column.table
    if measure.table is not None:
        yield measure.table
    if measure.condition is not None:
        yield from _condition_tables(measure.condition)
    for part in (measure.numerator, measure.denominator):
        if part is not None:
            yield from _measure_tables(part)


def _condition_tables(condition: Condition) -> Iterator[str]:
    if isinstance(condition, AnyOf | AllOf):
        for part in condition.conditions:
            yield from _condition_tables(part)
    elif isinstance(condition, Membership):
        yield from (column.table for column in condition.columns)
    else:
        yield condition.column.table


def _are_numbers(values: tuple[Cell, ...]) -> bool:
    return bool(values) and all(
        isinstance(v, int | float) and not isinstance(v, bool) for v in values
    )


def to_double(value: exp.Expr) -> exp.Expr:
    """Returns the value as DOUBLE: integer division would truncate."""
    return exp.Cast(this=value, to=exp.DataType.build("double"))


def moment(day: date, kind: str) -> exp.Expr:
    """Returns the start of a day as a `date` or a `timestamp`."""
    text = f"{day.isoformat()} 00:00:00" if kind == "timestamp" else day.isoformat()
    return exp.Cast(this=exp.Literal.string(text), to=exp.DataType.build(kind))


def literal(value: Cell) -> exp.Expr:
    """Returns a value as SQL."""
    if value is None:
        return exp.Null()
    if isinstance(value, bool):
        return exp.Boolean(this=value)
    if isinstance(value, int | float):
        return exp.Literal.number(value)
    return exp.Literal.string(value)


def typed_literal(value: Cell, family: TypeFamily) -> exp.Expr:
    """Returns a value as SQL of the column's type, so that engines need not guess."""
    if family.is_temporal and isinstance(value, str):
        kind = "timestamp" if family is TypeFamily.TIMESTAMP else "date"
        return exp.Cast(this=exp.Literal.string(value), to=exp.DataType.build(kind))
    if family.is_numeric and isinstance(value, str):
        return exp.TryCast(this=exp.Literal.string(value), to=exp.DataType.build("double"))
    if family is TypeFamily.BOOLEAN and not isinstance(value, bool):
        return exp.Boolean(this=str(value).lower() in ("1", "true", "t", "yes", "y"))
    return literal(value)


def compare(operator: Operator, left: exp.Expr, values: list[exp.Expr]) -> exp.Expr:
    """Returns the comparison of an expression with as many values as the operator takes."""
    if operator in _COMPARISONS:
        return _COMPARISONS[operator](this=left, expression=values[0])
    if operator in (Operator.BETWEEN, Operator.NOT_BETWEEN):
        between = exp.Between(this=left, low=values[0], high=values[1])
        return exp.Not(this=between) if operator is Operator.NOT_BETWEEN else between
    if operator in (Operator.IN, Operator.NOT_IN):
        found = exp.In(this=left, expressions=values)
        return exp.Not(this=found) if operator is Operator.NOT_IN else found
    is_null = exp.Is(this=left, expression=exp.Null())
    return exp.Not(this=is_null) if operator is Operator.IS_NOT_NULL else is_null
