"""A select over a computed one: what it keeps of the plan inside."""

from collections.abc import Iterator

from sqlglot import exp

from domain.plan import Having, Order, Output, Plan
from planner.sql_conditions import COMPARED, conjuncts
from planner.sql_values import read_value


class Layer:
    """The outputs of a computed select by name, for the one around it."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._outputs = {output.name.lower(): output for output in plan.outputs}

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
            elif (kept := self._having(part)) is not None:
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
        return self._plan.model_copy(update={**update, "having": tuple(having), "limit": limit})

    def _shown(self, outer: exp.Select, place: str, pieces: list[str]) -> Iterator[Output]:
        for expression in outer.expressions:
            name = _name(expression.unalias())
            output = self._outputs.get(name)
            if output is not None:
                yield output.model_copy(update={"name": expression.alias_or_name})
            elif not place or name != place:
                pieces.append(expression.sql(dialect="athena"))

    def _having(self, node: exp.Expr) -> Having | None:
        output = self._outputs.get(_name(node.this)) if isinstance(node, exp.Binary) else None
        operator = COMPARED.get(type(node))
        if output is None or output.kind != "measure" or operator is None:
            return None
        value = read_value(node.expression)
        return Having(measure_index=output.index, operator=operator, values=(value,))

    def _orders(self, outer: exp.Select) -> list[Order]:
        order = outer.args.get("order")
        found = []
        for node in order.expressions if order is not None else ():
            output = self._outputs.get(_name(node.this))
            if output is not None:
                descending = bool(node.args.get("desc"))
                found.append(Order(by=output.kind, index=output.index, descending=descending))
        return found


def _name(node: exp.Expr | None) -> str:
    return node.name.lower() if isinstance(node, exp.Column) else ""


def _highest_place(node: exp.Expr) -> int:
    value = int(str(read_value(node.expression)))
    return value - 1 if isinstance(node, exp.LT) else value
