"""Metrics of the dictionary and the figures that they stand for."""

from collections.abc import Mapping

import sqlglot
from sqlglot import exp

from domain.metric import ActiveEntitiesFormula, AggregateFormula, Metric, RatioFormula
from domain.plan import ColumnReference, Dimension, Measure, MeasureFunction, TimeGrain
from planner.schema.labels import metric_unit
from planner.schema.schema import Schema


def as_figure(measure: Measure, schema: Schema) -> Measure:
    """Returns a metric as the figure it is defined to be, where a plan can say that figure."""
    metrics = {m.name: m for m in schema.dictionary.metrics}
    metric = metrics.get(measure.metric or "")
    if metric is not None and isinstance(metric.formula, RatioFormula):
        return in_parts(measure, metrics)
    if metric is None or not isinstance(metric.formula, ActiveEntitiesFormula):
        return measure
    formula = metric.formula
    entity = ColumnReference(table=formula.table, column=formula.entity_column)
    time = ColumnReference(table=formula.table, column=formula.time_column)
    count = Measure(function=MeasureFunction.COUNT_DISTINCT, column=entity, label="")
    span = Dimension(column=time, grain=TimeGrain(formula.grain), label="")
    update = {"function": MeasureFunction.AVERAGE, "metric": None, "of": count, "per": (span,)}
    return measure.model_copy(update=update)


def in_parts(measure: Measure, metrics: Mapping[str, Metric]) -> Measure:
    """Returns a metric that divides two others as the ratio of the two, over the same rows."""
    parts = {
        name: in_parts(part, metrics) if part is not None else None
        for name, part in (("numerator", measure.numerator), ("denominator", measure.denominator))
    }
    metric = metrics.get(measure.metric or "")
    if metric is None or not isinstance(metric.formula, RatioFormula):
        return measure.model_copy(update=parts)
    named = {"numerator": metric.formula.numerator, "denominator": metric.formula.denominator}
    for place, name in named.items():
        part = measure.model_copy(update={"metric": name, "label": name})
        parts[place] = in_parts(part, metrics)
    update = {"function": MeasureFunction.RATIO, "metric": None, "condition": None}
    return measure.model_copy(update={**update, **parts})


def agreed_measure(node: exp.Expr, tables: frozenset[str], schema: Schema) -> Measure | None:
    """Returns the metric whose own expression this is, over one of the tables; or None."""
    wanted = _bare(node)
    for metric in schema.dictionary.metrics:
        formula = metric.formula
        if not isinstance(formula, AggregateFormula) or formula.table not in tables:
            continue
        if _bare(sqlglot.parse_one(formula.expression, read="athena")) == wanted:
            return measure_of(metric, formula.table, schema)
    return None


def measure_of(metric: Metric, table: str, schema: Schema) -> Measure:
    """Returns the measure of a metric over a table's rows."""
    metrics = {m.name: m for m in schema.dictionary.metrics}
    return Measure(
        function=MeasureFunction.METRIC,
        metric=metric.name,
        table=table,
        label=metric.name,
        unit=metric_unit(metric, metrics),
    )


def _bare(node: exp.Expr) -> str:
    """The expression without tables and quotes."""
    plain = node.copy()
    for column in plain.find_all(exp.Column):
        column.replace(exp.column(column.name.lower()))
    if isinstance(plain, exp.Column):
        return plain.name.lower()
    return plain.sql(dialect="athena").lower()
