"""Reads one select of SQL back as a plan: what it measures, splits by, keeps and sorts."""

from collections.abc import Callable
from typing import TypeAlias

from sqlglot import exp

from domain.plan import (
    ColumnReference,
    Condition,
    Dimension,
    Having,
    Measure,
    Membership,
    Operator,
    Order,
    Output,
    Plan,
)
from planner.compiling.plan_essence import with_period
from planner.compiling.sql_values import Field, Sources, UnreadError, read_field, read_value
from planner.compiling.tie_breaks import without_tie_breaks
from planner.schema.labels import calendar_label, column_label
from planner.schema.schema import Schema
from planner.sql_reading.sql_conditions import COMPARED, conjuncts, tables_of_select
from planner.sql_reading.sql_measures import MeasureReader

Reading: TypeAlias = Callable[[exp.Expr], object]


class SelectReader:
    """Reads a select over tables of the dictionary. What a plan cannot say is in `unread`."""

    def __init__(self, select: exp.Select, schema: Schema) -> None:
        """Raises UnreadError where a source is no table of the dictionary."""
        self._select = select
        self._schema = schema
        tables = tables_of_select(select, Sources({}, schema))
        self._base = next(iter(tables.values()))
        self._sources = Sources(tables, schema)
        self._values = MeasureReader(self._sources, self._base)
        self._measures: list[Measure] = []
        self._dimensions: list[Dimension] = []
        self._columns: list[ColumnReference] = []
        self._outputs: list[Output] = []
        self._aliases: dict[str, exp.Expr] = {}
        self.unread: list[str] = []

    def plan(self) -> Plan:
        """Returns the plan of the parts that could be read."""
        select = self._select
        self._aliases = {e.alias.lower(): e.unalias() for e in select.expressions if e.alias}
        groups = self._groups()
        for expression in select.expressions:
            self._attempt(expression, lambda e: self._output(e, groups))
        self._hide_groups(groups)
        having = self._having()
        orders = self._orders()
        limit = select.args.get("limit")
        plan = Plan(
            table=self._base,
            measures=tuple(self._measures),
            dimensions=tuple(self._dimensions),
            columns=tuple(self._columns),
            distinct=bool(select.args.get("distinct")),
            conditions=tuple(self._conditions()),
            having=tuple(having),
            order=tuple(orders),
            limit=_limit(limit),
            skip=_limit(select.args.get("offset")) or 0,
            outputs=tuple(self._outputs),
        )
        return without_tie_breaks(with_period(plan, self._schema), self._schema)

    def _attempt(self, node: exp.Expr, read: Reading) -> None:
        try:
            read(node)
        except UnreadError as piece:
            self.unread.append(str(piece))

    # --- what is shown -------------------------------------------------------------------

    def _groups(self) -> list[Field]:
        group = self._select.args.get("group")
        found: list[Field] = []
        for node in group.expressions if group is not None else ():
            self._attempt(node, lambda e: found.append(read_field(self._named(e), self._sources)))
        return found

    def _named(self, node: exp.Expr) -> exp.Expr:
        """What an alias or a position stands for."""
        if isinstance(node, exp.Literal) and not node.is_string:
            shown: exp.Expr = self._select.expressions[int(node.this) - 1].unalias()
            return shown
        if isinstance(node, exp.Column) and not node.table:
            return self._aliases.get(node.name.lower(), node)
        return node

    def _output(self, node: exp.Expr, groups: list[Field]) -> None:
        value, name = node.unalias(), node.alias_or_name
        try:
            field = read_field(value, self._sources)
        except UnreadError:
            self._show("measure", self._measure(self._values.read(value)), name)
            return
        if groups or field.grain or field.part:
            self._show("dimension", self._dimension(field), name)
            return
        if field.column not in self._columns:
            self._columns.append(field.column)
        self._show("column", self._columns.index(field.column), name)

    def _show(self, kind: str, index: int, name: str) -> None:
        self._outputs.append(Output.model_validate({"kind": kind, "index": index, "name": name}))

    def _measure(self, measure: Measure) -> int:
        if measure not in self._measures:
            self._measures.append(measure)
        return self._measures.index(measure)

    def _dimension(self, field: Field) -> int:
        label = (
            calendar_label(field.grain, field.part)
            if field.grain or field.part
            else column_label(field.column, self._schema)
        )
        found = Dimension(column=field.column, grain=field.grain, part=field.part, label=label)
        if found not in self._dimensions:
            self._dimensions.append(found)
        return self._dimensions.index(found)

    def _hide_groups(self, groups: list[Field]) -> None:
        """Rows of an entity are kept apart by its key: such a key belongs to what is shown."""
        shown = {(d.column, d.grain, d.part) for d in self._dimensions}
        for field in groups:
            if (field.column, field.grain, field.part) in shown:
                continue
            host = next(
                (n for n, d in enumerate(self._dimensions) if d.column.table == field.column.table),
                None,
            )
            if host is None or field.grain or field.part:
                self._dimension(field)
            else:
                keyed = self._dimensions[host]
                keys = (*keyed.keys, field.column)
                self._dimensions[host] = keyed.model_copy(update={"keys": keys})

    # --- which rows and groups -----------------------------------------------------------

    def _conditions(self) -> list[Condition]:
        found: list[Condition] = []
        where = self._select.args.get("where")
        parts = list(conjuncts(where.this if where else None))
        for join in self._select.args.get("joins", ()):
            absence = self._absence(join, parts)
            if absence is not None:
                found.append(absence)
            elif join.side or join.kind == "CROSS":
                self.unread.append(join.sql(dialect="athena"))
            parts += [p for p in conjuncts(join.args.get("on")) if _ends_of(p) is None]
        for part in parts:
            self._attempt(part, lambda e: found.append(self._values.condition(e)))
        return found

    def _absence(self, join: exp.Join, parts: list[exp.Expr]) -> Condition | None:
        """`LEFT JOIN t ... WHERE t.k IS NULL`: rows that have none in t."""
        alias = join.alias_or_name.lower()
        ties = [t for p in conjuncts(join.args.get("on")) if (t := _ends_of(p)) is not None]
        missing = next((p for p in parts if _is_missing(p, alias)), None)
        if join.side != "LEFT" or missing is None or not ties:
            return None
        parts.remove(missing)
        sides = [(a, b) if b.table.lower() == alias else (b, a) for a, b in ties]
        inner = tuple(self._sources.column(b) for _, b in sides)
        return Membership(
            columns=tuple(self._sources.column(a) for a, _ in sides),
            table=inner[0].table,
            other_columns=inner,
            negated=True,
        )

    def _having(self) -> list[Having]:
        found: list[Having] = []
        having = self._select.args.get("having")
        for part in conjuncts(having.this if having is not None else None):
            self._attempt(part, lambda e: found.append(self._kept_groups(e)))
        return found

    def _kept_groups(self, node: exp.Expr) -> Having:
        if isinstance(node, exp.Between):
            index = self._measure(self._values.read(self._named(node.this)))
            values = (read_value(node.args["low"]), read_value(node.args["high"]))
            return Having(measure_index=index, operator=Operator.BETWEEN, values=values)
        operator = COMPARED.get(type(node))
        if operator is None or not isinstance(node, exp.Binary):
            raise UnreadError(node)
        value = read_value(node.right)
        index = self._measure(self._values.read(self._named(node.left)))
        return Having(measure_index=index, operator=operator, values=(value,))

    # --- order ---------------------------------------------------------------------------

    def _orders(self) -> list[Order]:
        found: list[Order] = []
        order = self._select.args.get("order")
        for node in order.expressions if order is not None else ():
            self._attempt(node, lambda e: found.append(self.order(e)))
        return found

    def _ranking(self, measure: Measure) -> int:
        """What is shown as a share is sorted by the number it is a share of."""
        shares = [m.model_copy(update={"is_share": False}) for m in self._measures]
        return shares.index(measure) if measure in shares else self._measure(measure)

    def order(self, node: exp.Expr) -> Order:
        """Returns what one part of an ORDER BY sorts by. Raises UnreadError."""
        descending = bool(node.args.get("desc"))
        value = self._named(node.this if isinstance(node, exp.Ordered) else node)
        try:
            field = read_field(value, self._sources)
        except UnreadError:
            index = self._ranking(self._values.read(value))
            return Order(by="measure", index=index, descending=descending)
        for index, dimension in enumerate(self._dimensions):
            if (dimension.column, dimension.grain, dimension.part) == (
                field.column,
                field.grain,
                field.part,
            ):
                return Order(by="dimension", index=index, descending=descending)
        return Order(by="column", column=field.column, descending=descending)


def _limit(node: exp.Expr | None) -> int | None:
    if node is None:
        return None
    count = node.args.get("expression") or node.args.get("count")
    return int(str(read_value(count))) if count is not None else None


def _ends_of(node: exp.Expr) -> tuple[exp.Column, exp.Column] | None:
    """The two columns that a join holds equal."""
    if not isinstance(node, exp.EQ):
        return None
    left, right = node.left, node.right
    if isinstance(left, exp.Column) and isinstance(right, exp.Column):
        return left, right
    return None


def _is_missing(node: exp.Expr, alias: str) -> bool:
    return (
        isinstance(node, exp.Is)
        and isinstance(node.expression, exp.Null)
        and isinstance(node.this, exp.Column)
        and node.this.table.lower() == alias
    )
