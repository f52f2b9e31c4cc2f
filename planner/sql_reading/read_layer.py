"""A select over a computed one: what it keeps of the plan inside."""

from collections.abc import Callable, Iterator

from sqlglot import exp

from domain.plan import GroupBenchmark, Having, Measure, Order, Output, Plan
from planner.compiling.sql_values import UnreadError, read_value, stripped
from planner.sql_reading.layer_measures import LayerMeasures
from planner.sql_reading.sql_conditions import AGGREGATES, COMPARED, conjuncts


class Layer:
    """The outputs of a computed select by name, for the one around it."""

    def __init__(self, plan: Plan, read: Callable[[exp.Expr], Plan | None]) -> None:
        """`read` gives the plan of a select that stands inside a condition."""
        self._plan = plan
        self._read = read
        self._outputs = {output.name.lower(): output for output in plan.outputs}
        self._measures = list(plan.measures)
        named = {n: o for n, o in self._outputs.items() if o.kind == "measure"}
        self._figures = LayerMeasures({n: plan.measures[o.index] for n, o in named.items()})

    def over(self, outer: exp.Select, place: str, pieces: list[str]) -> Plan:
        """Returns the plan with what the outer select keeps of it. Appends what it cannot say.

        `place` is the name of a rank within groups, or empty.
        """
        update: dict[str, object] = {"outputs": tuple(self._shown(outer, place, pieces))}
        limit, having = self._plan.limit, list(self._plan.having)
        where = outer.args.get("where")
        for part in conjuncts(where.this if where is not None else None):
            if place and _name(part.this) == place:
                limit = _highest_place(part)
            elif (kept := self._having(part, outer)) is not None:
                having.append(kept)
            else:
                pieces.append(part.sql(dialect="athena"))
        computed = [outer.args[k] for k in ("group", "having", "distinct") if outer.args.get(k)]
        pieces.extend(piece.sql(dialect="athena") for piece in computed)
        order = [] if place else self._orders(outer)
        if order:
            update["order"] = tuple(order)
        if outer.args.get("limit") is not None:
            limit = int(str(read_value(outer.args["limit"].expression)))
        if outer.args.get("offset") is not None:
            update["skip"] = int(str(read_value(outer.args["offset"].expression)))
        update |= {"measures": tuple(self._measures), "having": tuple(having), "limit": limit}
        return self._plan.model_copy(update=update)

    def _shown(self, outer: exp.Select, place: str, pieces: list[str]) -> Iterator[Output]:
        for expression in outer.expressions:
            name = _name(expression.unalias())
            if place and name == place:
                continue
            output = self._output(expression.unalias())
            if output is not None:
                yield output.model_copy(update={"name": expression.alias_or_name})
            else:
                pieces.append(expression.sql(dialect="athena"))

    def _output(self, node: exp.Expr) -> Output | None:
        """What an expression shows of the plan inside: a column of it, or a figure of figures."""
        found = self._outputs.get(_name(node))
        if found is not None:
            return found
        measure = self._figure(node)
        if measure is None:
            return None
        if measure not in self._measures:
            self._measures.append(measure)
        return Output(kind="measure", index=self._measures.index(measure), name="")

    def _figure(self, node: exp.Expr) -> Measure | None:
        try:
            return self._figures.read(node)
        except UnreadError:
            return None

    def _having(self, node: exp.Expr, outer: exp.Select) -> Having | None:
        if not isinstance(node, exp.Binary):
            return None
        output, operator = self._output(node.left), COMPARED.get(type(node))
        if output is None or output.kind != "measure" or operator is None:
            return None
        kept = Having(measure_index=output.index, operator=operator)
        if not isinstance(node.expression, exp.Subquery):
            return kept.model_copy(update={"values": (read_value(node.expression),)})
        benchmark = self._benchmark(node.expression.unnest(), node.left, outer)
        return None if benchmark is None else kept.model_copy(update={"benchmark": benchmark})

    def _benchmark(
        self, select: exp.Expr, compared: exp.Expr, outer: exp.Select
    ) -> GroupBenchmark | None:
        if not isinstance(select, exp.Select) or len(select.expressions) != 1:
            return None
        aggregate = select.expressions[0].unalias()
        if _source(select) == _source(outer) != "":
            function = AGGREGATES.get(type(aggregate))
            is_same = function and _name(stripped(aggregate.this)) == _name(compared)
            return GroupBenchmark(function=function) if is_same else None
        plan = self._read(select)
        if plan is None or plan.dimensions or plan.period != self._plan.period:
            return None
        own = tuple(c for c in plan.conditions if c not in self._plan.conditions)
        return GroupBenchmark(conditions=own)

    def _orders(self, outer: exp.Select) -> list[Order]:
        order = outer.args.get("order")
        found = []
        for node in order.expressions if order is not None else ():
            output = self._ranked(node.this)
            if output is not None:
                descending = bool(node.args.get("desc"))
                found.append(Order(by=output.kind, index=output.index, descending=descending))
        return found

    def _ranked(self, node: exp.Expr) -> Output | None:
        """What is shown as a share is sorted by the number it is a share of."""
        measure = self._figure(node)
        shares = [
            m.model_copy(update={"is_share": False}) if m.is_share else None for m in self._measures
        ]
        if measure is not None and measure in shares:
            return Output(kind="measure", index=shares.index(measure), name="")
        return self._output(node)


def _name(node: exp.Expr | None) -> str:
    return node.name.lower() if isinstance(node, exp.Column) else ""


def _source(select: exp.Select) -> str:
    source = select.args["from_"].this if select.args.get("from_") else None
    return source.name.lower() if isinstance(source, exp.Table) else ""


def _highest_place(node: exp.Expr) -> int:
    value = int(str(read_value(node.expression)))
    return value - 1 if isinstance(node, exp.LT) else value
