"""Weighted reach in SQL, told by compiling it anew."""

from collections.abc import Callable

import sqlglot
from sqlglot import exp

from domain.metric import Metric, WeightedReachFormula
from domain.plan import Output, Plan
from planner.compiling.agreed_measures import measure_of
from planner.compiling.layered_select import VALUE, flat, key_name
from planner.compiling.metric_compiler import MetricCompiler
from planner.compiling.sql_values import UnreadError
from planner.schema.join_path import JoinGraph
from planner.schema.schema import Schema
from planner.schema.select_scope import PlanError
from planner.sql_reading.read_select import SelectReader

Flatten = Callable[[exp.Expr], exp.Expr]


def read_metric(select: exp.Select, schema: Schema, flatten: Flatten) -> Plan | None:
    """Returns the plan of a select that is just what such a metric compiles to, or None.

    `flatten` brings a compiled tree into the form that the select is in.
    """
    metrics = {m.name: m for m in schema.dictionary.metrics}
    layered = [m for m in metrics.values() if _is_layered(m)]
    innermost = _innermost(select)
    if not layered or innermost is None or innermost is select:
        return None
    try:
        split = _split_of(innermost, schema)
    except UnreadError:
        return None
    compiler = MetricCompiler(schema, JoinGraph(schema.dictionary), metrics)
    wanted = select.sql()
    for metric in layered:
        plan = _measured(split, metric, schema)
        try:
            tree = compiler.values(plan.measures[0], plan)
        except PlanError:
            continue
        written = sqlglot.parse_one(tree.sql(dialect="athena"), read="athena")
        if flatten(written).sql() == wanted:
            return plan
    return None


def _is_layered(metric: Metric) -> bool:
    return isinstance(metric.formula, WeightedReachFormula)


def _innermost(select: exp.Select) -> exp.Select | None:
    """The first select that reads tables alone."""
    source = select.args["from_"].this if select.args.get("from_") else None
    if isinstance(source, exp.Table):
        return select
    inner = source.unnest() if isinstance(source, exp.Subquery) else None
    return _innermost(inner) if isinstance(inner, exp.Select) else None


def _split_of(select: exp.Select, schema: Schema) -> Plan:
    """The plan of a select's keys and conditions, whatever else it shows."""
    probe = select.copy()
    names = [e.alias_or_name for e in probe.expressions]
    wanted = {key_name(number) for number in range(len(names))}
    keys = [e for e in probe.expressions if e.alias_or_name in wanted]
    probe.set("expressions", keys)
    probe.set("distinct", None)
    probe.set("group", exp.Group(expressions=[e.unalias().copy() for e in keys]))
    reader = SelectReader(probe, schema)
    plan = reader.plan()
    if reader.unread:
        raise UnreadError(select)
    return plan


def _measured(split: Plan, metric: Metric, schema: Schema) -> Plan:
    formula = metric.formula
    table = formula.table if isinstance(formula, WeightedReachFormula) else split.table
    measure = measure_of(metric, table, schema)
    keys = flat(split.dimensions)
    outputs = [Output(kind="dimension", index=n, name=key_name(n)) for n in range(len(keys))]
    outputs.append(Output(kind="measure", index=0, name=VALUE))
    update = {"table": table, "measures": (measure,), "dimensions": keys}
    return split.model_copy(update={**update, "outputs": tuple(outputs)})
