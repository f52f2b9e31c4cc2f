"""Plans that measure the dictionary's own metrics: reach, active users, ratios of the two."""

from collections.abc import Iterator, Mapping

import sqlglot
from sqlglot import exp

from domain.metric import (
    ActiveEntitiesFormula,
    AggregateFormula,
    Metric,
    MetricFormula,
    RatioFormula,
    WeightedReachFormula,
)
from domain.plan import ColumnReference, Having, Measure, MeasureFunction, Plan, TimeGrain
from planner.compiler import Compiler, cut
from planner.join_path import JoinGraph
from planner.schema import Schema
from planner.select_scope import PlanError, Scope
from planner.sql_literals import compare, identifier, literal, moment, to_double

_VALUE = "value"
_ENTITY = "entity"
_BUCKET = "bucket"


class MetricCompiler(Compiler):
    """Compiles plans whose measures may be metrics."""

    def __init__(self, index: Schema, graph: JoinGraph, metrics: Mapping[str, Metric]) -> None:
        super().__init__(index, graph)
        self._metrics = metrics

    def tree(self, plan: Plan) -> exp.Query:
        """Returns the tree of the whole plan; an aggregate metric is a measure like any other."""
        layered = [m for m in plan.measures if self._is_layered(m)]
        if not layered:
            return super().tree(plan)
        if len(plan.measures) > 1 or plan.limit_per_group or plan.combination is not None:
            raise PlanError(f"{layered[0].metric} can only be asked for alone.")
        return self._outer(plan, self._values(self._formula(plan.measures[0]), plan))

    def _is_layered(self, measure: Measure) -> bool:
        is_metric = measure.function is MeasureFunction.METRIC
        if measure.numerator is not None:
            return self._is_layered(measure.numerator)
        return is_metric and not isinstance(self._formula(measure), AggregateFormula)

    def _formula(self, measure: Measure) -> MetricFormula:
        return self._metric(measure.metric or "").formula

    def _metric(self, name: str) -> Metric:
        if name not in self._metrics:
            raise PlanError(f"There is no metric called {name}.")
        return self._metrics[name]

    def _aggregate(self, measure: Measure, scope: Scope) -> exp.Expr:
        if measure.function is not MeasureFunction.METRIC:
            return super()._aggregate(measure, scope)
        formula = self._formula(measure)
        if not isinstance(formula, AggregateFormula):
            raise PlanError(f"{measure.metric} can only be asked for alone.")
        value = _expression(formula, scope)
        if measure.condition is None:
            return value
        kept = exp.Where(this=self._condition(measure.condition, scope))
        return value.transform(lambda node: _filtered(node, kept))

    # --- the shell: names, order and limit -----------------------------------------------

    def _outer(self, plan: Plan, values: exp.Select) -> exp.Select:
        value = _column(_VALUE)
        shown: exp.Expr = value
        if plan.measures[0].is_share:
            total = exp.Window(this=exp.Sum(this=value.copy()))
            shown = exp.Div(this=to_double(value.copy()), expression=total)
        outputs = []
        for output in plan.outputs:
            source = shown if output.kind == "measure" else _column(_key(output.index))
            outputs.append(exp.Alias(this=source.copy(), alias=identifier(output.name)))
        table = _derived(values, "measured")
        select = exp.select(*outputs).from_(table)
        for having in plan.having:
            select = select.where(compare(having.operator, value.copy(), _literals(having)))
        for order in plan.order:
            by = value if order.by == "measure" else _column(_key(order.index))
            ordered = exp.Ordered(this=by.copy(), desc=order.descending or None, nulls_first=False)
            select = select.order_by(ordered)
        if plan.order and plan.limit is not None:
            keys = sum(1 + len(dimension.keys) for dimension in plan.dimensions)
            select = select.order_by(*(_column(_key(number)) for number in range(keys)))
        return cut(select, plan)

    # --- one value a group ---------------------------------------------------------------

    def _values(self, formula: MetricFormula, plan: Plan) -> exp.Select:
        """Returns a select with one column a key of the plan's dimensions, and `value`."""
        match formula:
            case AggregateFormula():
                scope = self._scope(plan, formula.table)
                value = _expression(formula, scope)
                return self._grouped(plan, scope, formula.table, value)
            case ActiveEntitiesFormula():
                return self._active_entities(formula, plan)
            case WeightedReachFormula():
                return self._weighted_reach(formula, plan)
            case RatioFormula():
                return self._metric_ratio(formula, plan)

    def _scope(self, plan: Plan, table: str) -> Scope:
        return Scope(plan.model_copy(update={"table": table}), self._graph, self._index)

    def _grouped(self, plan: Plan, scope: Scope, table: str, value: exp.Expr) -> exp.Select:
        keys = list(self._keys(plan, scope))
        select = self._from(table, scope.steps).select(*_aliased(keys), _as(value, _VALUE))
        select = self._restrict(select, plan, scope)
        return select.group_by(*(key.copy() for key in keys)) if keys else select

    def _keys(self, plan: Plan, scope: Scope) -> Iterator[exp.Expr]:
        for dimension in plan.dimensions:
            yield self._dimension(dimension, scope)
        # Rows of an entity may share one name: they stay apart here, though it is not shown.
        for dimension in plan.dimensions:
            for key in dimension.keys:
                yield scope.column(key)

    def _active_entities(self, formula: ActiveEntitiesFormula, plan: Plan) -> exp.Select:
        scope = self._scope(plan, formula.table)
        entity = scope.column(_reference(formula.table, formula.entity_column))
        moment_column = scope.column(_reference(formula.table, formula.time_column))
        bucket = exp.DateTrunc(  # type: ignore[no-untyped-call]
            this=moment_column, unit=exp.Literal.string(formula.grain)
        )
        keys = list(self._keys(plan, scope))
        count = exp.Count(this=exp.Distinct(expressions=[entity]), big_int=True)
        inner = self._from(formula.table, scope.steps).select(
            *_aliased(keys), _as(bucket, _BUCKET), _as(count, _VALUE)
        )
        inner = self._restrict(inner, plan, scope)
        inner = inner.group_by(*(key.copy() for key in keys), bucket.copy())
        average = exp.Avg(this=to_double(_column(_VALUE)))
        return _over(inner, len(keys), average)

    def _weighted_reach(self, formula: WeightedReachFormula, plan: Plan) -> exp.Select:
        """Each entity counts once a group, with its mean weight over the group's weeks."""
        scope = self._scope(plan, formula.table)
        entity = scope.column(_reference(formula.table, formula.entity_column))
        keys = list(self._keys(plan, scope))
        reached = self._from(formula.table, scope.steps).select(
            *_aliased(keys), _as(entity, _ENTITY)
        )
        reached = self._restrict(reached.distinct(), plan, scope)
        here = [_column(_key(number), "reached") for number in range(len(keys))]
        person = _column(_ENTITY, "reached")
        weight = _column(formula.weight_column, "weights")
        on = [
            exp.EQ(
                this=person.copy(),
                expression=_column(formula.weight_entity_column, "weights"),
            ),
            *self._weeks(formula, plan, here),
        ]
        weighed = (
            exp.select(*_aliased(here), _as(exp.Avg(this=weight), _VALUE))
            .from_(_derived(reached, "reached"))
            .join(
                exp.Table(
                    this=identifier(formula.weight_table),
                    alias=exp.TableAlias(this=identifier("weights")),
                ),
                on=exp.and_(*on),
            )
            .group_by(*(key.copy() for key in here), person.copy())
        )
        return _over(weighed, len(keys), exp.Sum(this=_column(_VALUE)))

    def _weeks(
        self, formula: WeightedReachFormula, plan: Plan, keys: list[exp.Column]
    ) -> Iterator[exp.Expr]:
        """Ties the weights to the weeks of the group's time, or else of the question's period."""
        if formula.weight_period_column is None:
            return
        week = exp.Column(
            this=identifier(formula.weight_period_column), table=identifier("weights")
        )
        for dimension, key in zip(plan.dimensions, keys, strict=False):
            if dimension.grain is not None:
                start = exp.Cast(this=key.copy(), to=exp.DataType.build("date"))
                yield exp.GTE(this=week.copy(), expression=_week_of(start))
                yield exp.LT(this=week.copy(), expression=_next(start, dimension.grain))
                return
        if plan.period is not None and plan.period.start is not None:
            yield exp.GTE(this=week.copy(), expression=_week_of(moment(plan.period.start, "date")))
        if plan.period is not None and plan.period.end is not None:
            yield exp.LT(this=week.copy(), expression=moment(plan.period.end, "date"))

    def _metric_ratio(self, formula: RatioFormula, plan: Plan) -> exp.Select:
        above = self._values(self._metric(formula.numerator).formula, plan)
        below = self._values(self._metric(formula.denominator).formula, plan)
        keys = sum(1 + len(dimension.keys) for dimension in plan.dimensions)
        top = _column(_VALUE, "above")
        bottom = _column(_VALUE, "below")
        ratio = exp.Div(
            this=to_double(top),
            expression=exp.Nullif(this=to_double(bottom), expression=exp.Literal.number(0)),
        )
        shown = [_column(_key(n), "above") for n in range(keys)]
        same = [
            exp.NullSafeEQ(
                this=key.copy(),
                expression=exp.Column(this=key.this.copy(), table=identifier("below")),
            )
            for key in shown
        ]
        select = exp.select(*_aliased(shown), _as(ratio, _VALUE)).from_(_derived(above, "above"))
        other = _derived(below, "below")
        if not same:
            return select.join(other, join_type="cross")
        return select.join(other, on=exp.and_(*same))


def _expression(formula: AggregateFormula, scope: Scope) -> exp.Expr:
    """Returns a metric's own expression with its columns bound to this select."""
    tree = sqlglot.parse_one(formula.expression, read="athena")

    def bind(node: exp.Expr) -> exp.Expr:
        if isinstance(node, exp.Column):
            return scope.column(_reference(formula.table, node.name))
        return node

    return tree.transform(bind)


def _filtered(node: exp.Expr, kept: exp.Where) -> exp.Expr:
    """An aggregate over just the rows that pass."""
    if not isinstance(node, exp.AggFunc) or isinstance(node.parent, exp.Filter):
        return node
    return exp.Filter(this=node.copy(), expression=kept.copy())


def _over(inner: exp.Select, keys: int, value: exp.Expr) -> exp.Select:
    """Returns `value` over a select, by its keys."""
    columns = [_column(_key(number)) for number in range(keys)]
    select = exp.select(*columns, _as(value, _VALUE)).from_(_derived(inner, "parts"))
    return select.group_by(*(column.copy() for column in columns)) if columns else select


def _aliased(keys: list[exp.Expr] | list[exp.Column]) -> list[exp.Alias]:
    return [_as(key, _key(n)) for n, key in enumerate(keys)]


def _as(value: exp.Expr, name: str) -> exp.Alias:
    return exp.Alias(this=value.copy(), alias=identifier(name))


def _key(number: int) -> str:
    return f"key_{number + 1}"


def _column(name: str, table: str | None = None) -> exp.Column:
    return exp.Column(this=identifier(name), table=identifier(table) if table else None)


def _table(name: str, alias: str) -> exp.Table:
    return exp.Table(this=identifier(name), alias=exp.TableAlias(this=identifier(alias)))


def _derived(select: exp.Select, alias: str) -> exp.Subquery:
    return exp.Subquery(this=select, alias=exp.TableAlias(this=identifier(alias)))


def _literals(having: Having) -> list[exp.Expr]:
    return [literal(value) for value in having.values]


def _reference(table: str, column: str) -> ColumnReference:
    return ColumnReference(table=table, column=column)


def _week_of(day: exp.Expr) -> exp.Expr:
    unit = exp.Literal.string(TimeGrain.WEEK.value)
    return exp.DateTrunc(this=day.copy(), unit=unit)  # type: ignore[no-untyped-call]


def _next(start: exp.Expr, grain: TimeGrain) -> exp.Expr:
    unit = TimeGrain.DAY if grain is TimeGrain.HOUR else grain
    return exp.DateAdd(
        this=start.copy(), expression=exp.Literal.number(1), unit=exp.var(unit.value)
    )
