"""Aggregates over a computed select: averages of counts, sums of different rows, sides by side."""

from collections.abc import Iterator, Sequence

from sqlglot import exp

from domain.plan import (
    AllOf,
    ColumnReference,
    Condition,
    Dimension,
    Measure,
    MeasureFunction,
    Output,
    Plan,
)
from planner.compiling.layered_select import flat
from planner.compiling.sql_values import UnreadError, stripped
from planner.reading.plan_parts import bounds_of_period
from planner.schema.labels import column_label, measure_label
from planner.schema.schema import Schema
from planner.sql_reading.sql_conditions import AGGREGATES

_LIMITS = ("where", "having", "order", "limit", "distinct")


def folds(outer: exp.Select) -> bool:
    """True for a select that takes aggregates over the rows of the one inside."""
    shown = [e.unalias() for e in outer.expressions]
    return any(isinstance(stripped(node), exp.AggFunc) for node in shown)


class Fold:
    """One select with aggregates over another one."""

    def __init__(self, plan: Plan, schema: Schema) -> None:
        self._plan = plan
        self._schema = schema
        self._outputs = {output.name.lower(): output for output in plan.outputs}

    def over(self, outer: exp.Select) -> Plan:
        """Returns the plan whose measures are taken over the groups or rows inside.

        Raises UnreadError where a plan cannot say it.
        """
        plan = self._plan
        narrowed = plan.limit is not None or plan.having or plan.combination
        if narrowed or any(outer.args.get(name) for name in _LIMITS):
            raise UnreadError(outer)
        group = outer.args.get("group")
        kept = [self._dimension(node) for node in (group.expressions if group else ())]
        measures: list[Measure] = []
        outputs: list[Output] = []
        for expression in outer.expressions:
            node = expression.unalias()
            if isinstance(node, exp.Column):
                place, kind = kept.index(self._dimension(node)), "dimension"
            else:
                measures.append(self._measure(node, kept))
                place, kind = len(measures) - 1, "measure"
            outputs.append(
                Output.model_validate(
                    {"kind": kind, "index": place, "name": expression.alias_or_name}
                )
            )
        update = {"measures": tuple(measures), "dimensions": tuple(kept), "columns": ()}
        return plan.model_copy(update={**update, "outputs": tuple(outputs), "distinct": False})

    def _dimension(self, node: exp.Expr) -> Dimension:
        output = self._outputs.get(_name(node))
        if output is None or output.kind == "measure":
            raise UnreadError(node)
        if output.kind == "dimension":
            return self._plan.dimensions[output.index].model_copy(update={"keys": ()})
        column = self._plan.columns[output.index]
        return Dimension(column=column, label=column_label(column, self._schema))

    def _measure(self, node: exp.Expr, kept: Sequence[Dimension]) -> Measure:
        aggregate = stripped(node)
        is_median = isinstance(aggregate, exp.ApproxQuantile | exp.Median)
        function = MeasureFunction.MEDIAN if is_median else AGGREGATES.get(type(aggregate))
        argument = stripped(aggregate.this) if isinstance(aggregate.this, exp.Expr) else node
        output = self._outputs.get(_name(argument))
        if function is None or output is None:
            raise UnreadError(node)
        if output.kind == "measure":
            return self._of_groups(function, self._plan.measures[output.index], kept)
        return self._of_rows(function, node, output, kept)

    def _of_groups(
        self, function: MeasureFunction, inner: Measure, kept: Sequence[Dimension]
    ) -> Measure:
        per = tuple(d for d in flat(self._plan.dimensions) if d not in kept)
        if not per:
            raise UnreadError(exp.Column(this=exp.to_identifier(inner.label)))
        each = " and ".join(dimension.label for dimension in per)
        return Measure(
            function=function,
            of=inner,
            per=per,
            label=f"{function.value} {inner.label} per {each}",
            unit=inner.unit,
        )

    def _of_rows(
        self,
        function: MeasureFunction,
        node: exp.Expr,
        output: Output,
        kept: Sequence[Dimension],
    ) -> Measure:
        """Different rows of a table, told apart by their key, are added once a group."""
        plan = self._plan
        if not plan.distinct or output.kind != "column":
            raise UnreadError(node)
        column = plan.columns[output.index]
        key = {
            ColumnReference(table=column.table, column=name)
            for name in self._schema.tables[column.table].primary_key
        }
        split = {dimension.column for dimension in kept}
        others = set(plan.columns) - split - {column}
        if not key or not others <= key or not key <= set(plan.columns):
            raise UnreadError(node)
        label = measure_label(function, column, self._schema)
        unit = self._schema.column(column.table, column.column).unit
        return Measure(function=function, column=column, label=label, unit=unit)


def branches(query: exp.Expr) -> Iterator[exp.Select]:
    """Yields the selects of a UNION ALL."""
    inner = query.unnest() if isinstance(query, exp.Subquery) else query
    if isinstance(inner, exp.Union) and not inner.args.get("distinct"):
        yield from branches(inner.left)
        yield from branches(inner.right)
    elif isinstance(inner, exp.Select):
        yield inner
    else:
        raise UnreadError(query)


def stand_side_by_side(plans: Sequence[Plan], names: Sequence[str]) -> Plan:
    """Returns one plan with the single figure of each, over the rows that each is of."""
    first = plans[0]
    shape = [(d.column, d.grain, d.part) for d in flat(first.dimensions)]
    for plan in plans:
        same = [(d.column, d.grain, d.part) for d in flat(plan.dimensions)] == shape
        if not same or len(plan.measures) != 1 or plan.having or plan.limit is not None:
            raise UnreadError(exp.Column(this=exp.to_identifier(names[0])))
    common = tuple(c for c in first.conditions if all(c in p.conditions for p in plans))
    period = first.period if all(p.period == first.period for p in plans) else None
    measures = [_conditioned(plan, common, alike=period is not None) for plan in plans]
    outputs = [o for o in first.outputs if o.kind == "dimension"]
    outputs += [Output(kind="measure", index=n, name=name) for n, name in enumerate(names)]
    update = {"measures": tuple(measures), "conditions": common, "period": period}
    return first.model_copy(update={**update, "outputs": tuple(outputs)})


def _conditioned(plan: Plan, common: tuple[Condition, ...], *, alike: bool) -> Measure:
    own = [c for c in plan.conditions if c not in common]
    if not alike and plan.period is not None:
        own += bounds_of_period(plan.period)
    if not own:
        return plan.measures[0]
    condition = own[0] if len(own) == 1 else AllOf(conditions=tuple(own))
    return plan.measures[0].model_copy(update={"condition": condition})


def _name(node: exp.Expr) -> str:
    return node.name.lower() if isinstance(node, exp.Column) else ""
