"""Reads the conditions of a select back as filters and memberships of a plan."""

from collections.abc import Iterator
from typing import Any

from sqlglot import exp

from domain.plan import (
    AllOf,
    Benchmark,
    ColumnReference,
    Condition,
    Filter,
    MeasureFunction,
    Membership,
    Operator,
)
from planner.compiling.sql_values import Sources, UnreadError, read_field, read_value, stripped
from planner.reading.plan_parts import OPPOSITES, any_of, mirrored

COMPARED: dict[type[exp.Expr], Operator] = {
    exp.EQ: Operator.EQUAL,
    exp.NEQ: Operator.NOT_EQUAL,
    exp.LT: Operator.LESS,
    exp.LTE: Operator.LESS_OR_EQUAL,
    exp.GT: Operator.GREATER,
    exp.GTE: Operator.GREATER_OR_EQUAL,
}
AGGREGATES: dict[type[exp.Expr], MeasureFunction] = {
    exp.Sum: MeasureFunction.SUM,
    exp.Avg: MeasureFunction.AVERAGE,
    exp.Min: MeasureFunction.MINIMUM,
    exp.Max: MeasureFunction.MAXIMUM,
}


def conjuncts(node: exp.Expr | None) -> Iterator[exp.Expr]:
    """Yields the parts of a condition that must all hold."""
    if node is None:
        return
    inner = node.unnest()
    if isinstance(inner, exp.And):
        yield from conjuncts(inner.this)
        yield from conjuncts(inner.expression)
    else:
        yield inner


def tables_of_select(select: exp.Select, sources_of: Sources) -> dict[str, str]:
    """Returns a select's tables by alias. Raises UnreadError for one the dictionary lacks."""
    known = {name.lower(): name for name in sources_of.schema.tables}
    found: dict[str, str] = {}
    nodes = [select.args.get("from_"), *select.args.get("joins", [])]
    for node in nodes:
        table = node.this if node is not None else None
        if not isinstance(table, exp.Table) or table.name.lower() not in known:
            raise UnreadError(table if table is not None else select)
        found[table.alias_or_name.lower()] = known[table.name.lower()]
    if len(set(found.values())) < len(found):
        raise UnreadError(select)
    return found


class ConditionReader:
    """Reads the conditions of one select."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources

    def read(self, node: exp.Expr) -> Condition:
        """Returns one condition. Raises UnreadError where a plan cannot say it."""
        inner = node.unnest()
        if isinstance(inner, exp.And | exp.Or):
            return self._several(inner)
        if isinstance(inner, exp.Not):
            return self._denied(inner)
        if isinstance(inner, exp.In):
            return self._in(inner)
        if isinstance(inner, exp.Exists):
            return self._exists(inner)
        if isinstance(inner, exp.Like | exp.ILike):
            return self._like(inner)
        if isinstance(inner, exp.Between):
            values = (read_value(inner.args["low"]), read_value(inner.args["high"]))
            return self._filter(inner.this, Operator.BETWEEN, values)
        if isinstance(inner, exp.Is) and isinstance(inner.expression, exp.Null):
            return self._filter(inner.this, Operator.IS_NULL, ())
        operator = COMPARED.get(type(inner))
        if operator is None or not isinstance(inner, exp.Binary):
            raise UnreadError(node)
        return self._comparison(inner, operator)

    def _several(self, node: exp.Connector) -> Condition:
        parts = tuple(self.read(part) for part in node.flatten())
        if isinstance(node, exp.And):
            return AllOf(conditions=parts)
        return any_of(list(parts))

    def _denied(self, node: exp.Not) -> Condition:
        inner = self.read(node.this)
        if isinstance(inner, Membership):
            return inner.model_copy(update={"negated": not inner.negated})
        if isinstance(inner, Filter) and inner.operator in OPPOSITES:
            return inner.model_copy(update={"operator": OPPOSITES[inner.operator]})
        raise UnreadError(node)

    def _filter(self, node: exp.Expr, operator: Operator, values: tuple[object, ...]) -> Filter:
        field = read_field(_plain_text(node), self._sources)
        if field.grain is not None:
            raise UnreadError(node)
        return Filter.model_validate(
            {"column": field.column, "part": field.part, "operator": operator, "values": values}
        )

    def _comparison(self, node: exp.Binary, operator: Operator) -> Condition:
        left, right = node.left, node.right
        if not _names_column(left) and _names_column(right):
            left, right, operator = right, left, mirrored(operator)
        if isinstance(right, exp.Subquery):
            return self._benchmark(left, operator, right)
        if isinstance(stripped(right), exp.Column):
            other = read_field(right, self._sources).column
            return self._filter(left, operator, ()).model_copy(update={"other": other})
        return self._filter(left, operator, (read_value(right),))

    def _benchmark(self, left: exp.Expr, operator: Operator, right: exp.Subquery) -> Condition:
        select = right.unnest()
        if not isinstance(select, exp.Select) or len(select.expressions) != 1:
            raise UnreadError(right)
        sources = Sources(tables_of_select(select, self._sources), self._sources.schema)
        aggregate = stripped(select.expressions[0].unalias())
        function = AGGREGATES.get(type(aggregate))
        if function is None or select.args.get("group"):
            raise UnreadError(right)
        benchmark = Benchmark(
            function=function,
            column=read_field(aggregate.this, sources).column,
            conditions=ConditionReader(sources).all_of(select),
        )
        return self._filter(left, operator, ()).model_copy(update={"benchmark": benchmark})

    def all_of(self, select: exp.Select) -> tuple[Condition, ...]:
        """Returns every condition of a select's WHERE."""
        where = select.args.get("where")
        return tuple(self.read(part) for part in conjuncts(where.this if where else None))

    def _in(self, node: exp.In) -> Condition:
        query = node.args.get("query")
        if query is None:
            values = tuple(read_value(value) for value in node.expressions)
            return self._filter(node.this, Operator.IN, values)
        select = query.unnest()
        if not isinstance(select, exp.Select):
            raise UnreadError(node)
        left = node.this.expressions if isinstance(node.this, exp.Tuple) else [node.this]
        sources = Sources(tables_of_select(select, self._sources), self._sources.schema)
        others = tuple(read_field(e.unalias(), sources).column for e in select.expressions)
        counted = _counted(select, sources)
        reader = ConditionReader(sources)
        conditions = tuple(c for c in reader.all_of(select) if not _keeps_known(c, others))
        return Membership(
            columns=tuple(read_field(e, self._sources).column for e in left),
            table=others[0].table,
            other_columns=others,
            conditions=conditions,
            **counted,
        )

    def _exists(self, node: exp.Exists) -> Condition:
        """`EXISTS (SELECT 1 FROM t WHERE t.k = outer.k)`, the same as a membership."""
        select = node.this.unnest()
        if not isinstance(select, exp.Select):
            raise UnreadError(node)
        sources = Sources(
            tables_of_select(select, self._sources), self._sources.schema, self._sources
        )
        reader = ConditionReader(sources)
        where = select.args.get("where")
        ties: list[tuple[ColumnReference, ColumnReference]] = []
        conditions: list[Condition] = []
        for part in conjuncts(where.this if where else None):
            tie = _tie(part, sources)
            if tie is not None:
                ties.append(tie)
            else:
                conditions.append(reader.read(part))
        if not ties:
            raise UnreadError(node)
        return Membership(
            columns=tuple(outer for outer, _ in ties),
            table=ties[0][1].table,
            other_columns=tuple(inner for _, inner in ties),
            conditions=tuple(conditions),
        )

    def _like(self, node: exp.Like | exp.ILike) -> Condition:
        pattern = str(read_value(node.expression))
        text = pattern.strip("%")
        if "%" in text or "_" in text.replace("\\_", ""):
            raise UnreadError(node)
        ends = (pattern.startswith("%"), pattern.endswith("%"))
        operator = {
            (True, True): Operator.CONTAINS,
            (False, True): Operator.STARTS_WITH,
            (True, False): Operator.ENDS_WITH,
            (False, False): Operator.EQUAL,
        }[ends]
        return self._filter(node.this, operator, (text,))


def _counted(select: exp.Select, sources: Sources) -> dict[str, Any]:
    """`GROUP BY k HAVING COUNT(*) >= 3`: how many rows, or values, a member must have."""
    group, having = select.args.get("group"), select.args.get("having")
    if group is None and having is None:
        return {}
    shown = [e.unalias() for e in select.expressions]
    test = having.this if having is not None else None
    operator = COMPARED.get(type(test)) if isinstance(test, exp.Binary) else None
    if not isinstance(test, exp.Binary) or operator is None or not isinstance(test.left, exp.Count):
        raise UnreadError(select)
    is_same = group is not None and list(group.expressions) == shown
    told = {"operator": operator, "count": read_value(test.right)}
    inside = test.left.this
    if is_same and isinstance(inside, exp.Star):
        return told
    if is_same and isinstance(inside, exp.Distinct) and len(inside.expressions) == 1:
        return {**told, "counted": read_field(inside.expressions[0], sources).column}
    raise UnreadError(select)


def _plain_text(node: exp.Expr) -> exp.Expr:
    """Case folding around a column: the comparison is with the column all the same."""
    inner = stripped(node)
    return inner.this if isinstance(inner, exp.Lower | exp.Upper | exp.Trim) else node


def _names_column(node: exp.Expr) -> bool:
    return node.find(exp.Column) is not None and not isinstance(node, exp.Subquery)


def _keeps_known(condition: Condition, columns: tuple[ColumnReference, ...]) -> bool:
    """`WHERE k IS NOT NULL` inside NOT IN keeps nulls from swallowing the answer."""
    return (
        isinstance(condition, Filter)
        and condition.operator is Operator.IS_NOT_NULL
        and condition.column in columns
    )


def _tie(node: exp.Expr, inner: Sources) -> tuple[ColumnReference, ColumnReference] | None:
    if not isinstance(node, exp.EQ):
        return None
    sides = [stripped(node.left), stripped(node.right)]
    columns = [side for side in sides if isinstance(side, exp.Column)]
    own = [inner.owns(column) for column in columns]
    if len(columns) != len(sides) or own.count(True) != 1:
        return None
    mine, other = columns if own[0] else reversed(columns)
    return inner.column(other), inner.column(mine)
