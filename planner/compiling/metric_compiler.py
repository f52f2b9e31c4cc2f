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
from domain.plan import ColumnReference, Measure, MeasureFunction, Plan, TimeGrain
from planner.compiling.agreed_measures import in_parts
from planner.compiling.layered_compiler import LayeredCompiler
from planner.compiling.layered_select import (
    VALUE,
    aliased,
    computed,
    derived,
    key_name,
    named,
    over,
)
from planner.schema.join_path import JoinGraph
from planner.schema.schema import Schema
from planner.schema.select_scope import PlanError, Scope
from planner.schema.sql_literals import identifier, moment, to_double

_ENTITY = "entity"
_BUCKET = "bucket"


class MetricCompiler(LayeredCompiler):
    """Compiles plans whose measures may be metrics."""

    def __init__(self, index: Schema, graph: JoinGraph, metrics: Mapping[str, Metric]) -> None:
        super().__init__(index, graph)
        self._metrics = metrics

    def tree(self, plan: Plan) -> exp.Query:
        """Returns the tree of the whole plan, ratios of metrics told as their parts."""
        measures = tuple(in_parts(measure, self._metrics) for measure in plan.measures)
        return super().tree(plan.model_copy(update={"measures": measures}))

    def _needs_layers(self, measure: Measure, plan: Plan) -> bool:
        if measure.function is not MeasureFunction.METRIC:
            return super()._needs_layers(measure, plan)
        formula = self._formula(measure)
        if not isinstance(formula, AggregateFormula):
            return True
        return Scope(plan, self._graph, self._index).repeats(formula.table)

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

    # --- one value a group ---------------------------------------------------------------

    def _of_rows(self, measure: Measure, plan: Plan) -> exp.Select:
        if measure.function is not MeasureFunction.METRIC:
            return super()._of_rows(measure, plan)
        return self._metric_values(self._formula(measure), plan)

    def _metric_values(self, formula: MetricFormula, plan: Plan) -> exp.Select:
        match formula:
            case AggregateFormula():
                return self._agreed_aggregate(formula, plan)
            case ActiveEntitiesFormula():
                return self._active_entities(formula, plan)
            case WeightedReachFormula():
                return self._weighted_reach(formula, plan)
            case RatioFormula():
                raise PlanError("A ratio of metrics is computed from its parts.")

    def _agreed_aggregate(self, formula: AggregateFormula, plan: Plan) -> exp.Select:
        scope = self._scope(plan, formula.table)
        own = plan.model_copy(update={"table": formula.table})
        if not scope.repeats(formula.table):
            return self._grouped(own, scope, _expression(formula, scope))
        value = sqlglot.parse_one(formula.expression, read="athena")
        columns = [column.name for column in value.find_all(exp.Column)]
        inner = self._different_rows(own, scope, formula.table, columns)
        return over(inner, len(plan.dimensions), value)

    def _scope(self, plan: Plan, table: str) -> Scope:
        return Scope(plan.model_copy(update={"table": table}), self._graph, self._index)

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
            *aliased(keys), named(bucket, _BUCKET), named(count, VALUE)
        )
        inner = self._restrict(inner, plan, scope)
        inner = inner.group_by(*(key.copy() for key in keys), bucket.copy())
        average = exp.Avg(this=to_double(computed(VALUE)))
        return over(inner, len(keys), average)

    def _weighted_reach(self, formula: WeightedReachFormula, plan: Plan) -> exp.Select:
        """Each entity counts once a group, with its mean weight over the group's weeks."""
        scope = self._scope(plan, formula.table)
        entity = scope.column(_reference(formula.table, formula.entity_column))
        keys = list(self._keys(plan, scope))
        reached = self._from(formula.table, scope.steps).select(
            *aliased(keys), named(entity, _ENTITY)
        )
        reached = self._restrict(reached.distinct(), plan, scope)
        here = [computed(key_name(number), "reached") for number in range(len(keys))]
        person = computed(_ENTITY, "reached")
        weight = computed(formula.weight_column, "weights")
        on = [
            exp.EQ(
                this=person.copy(),
                expression=computed(formula.weight_entity_column, "weights"),
            ),
            *self._weeks(formula, plan, here),
        ]
        weighed = (
            exp.select(*aliased(here), named(exp.Avg(this=weight), VALUE))
            .from_(derived(reached, "reached"))
            .join(
                exp.Table(
                    this=identifier(formula.weight_table),
                    alias=exp.TableAlias(this=identifier("weights")),
                ),
                on=exp.and_(*on),
            )
            .group_by(*(key.copy() for key in here), person.copy())
        )
        return over(weighed, len(keys), exp.Sum(this=computed(VALUE)))

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
