"""A plan to Athena SQL, by building a sqlglot tree. Knows nothing of the question."""

from sqlglot import Dialect, exp

from domain.plan import ColumnReference, Order, Plan
from planner.compiling.compile_measures import MeasureCompiler
from planner.compiling.tie_breaks import tie_breaks
from planner.schema.select_scope import Scope
from planner.schema.sql_literals import identifier

_DIALECT = Dialect.get_or_raise("athena")


class Compiler(MeasureCompiler):
    """Compiles plans over one dictionary."""

    def sql(self, plan: Plan) -> str:
        """Returns Athena SQL. Raises PlanError where tables of the plan cannot be joined."""
        return self.tree(plan).sql(dialect=_DIALECT, pretty=True, copy=False)

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
        if plan.columns:
            scope.check_tied(plan.table)
        select = self._from(plan.table, scope.steps)
        shown = [self._output(plan, scope, number) for number in range(len(plan.outputs))]
        select = select.select(*shown)
        if plan.distinct and not _sorts_by_hidden(plan):
            select = select.distinct()
        elif plan.distinct:
            select = select.group_by(*(scope.column(c) for c in plan.columns))
        select = self._restrict(select, plan, scope)
        if plan.measures:
            select = self._group(select, plan, scope)
        for order in (*plan.order, *tie_breaks(plan, self._index)):
            select = select.order_by(self._order(order, plan, scope))
        return cut(select, plan)

    def _group(self, select: exp.Select, plan: Plan, scope: Scope) -> exp.Select:
        for dimension in plan.dimensions:
            for key in dimension.keys:
                select = select.group_by(scope.column(key))
            select = select.group_by(self._dimension(dimension, scope))
        for having in plan.having:
            select = select.having(self._having(having, plan, scope))
        return select

    def _output(self, plan: Plan, scope: Scope, number: int) -> exp.Expr:
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

    def _order(self, order: Order, plan: Plan, scope: Scope) -> exp.Ordered:
        if order.by == "measure":
            ranked = plan.measures[order.index].model_copy(update={"is_share": False})
            value = self._measure(ranked, plan, scope)
        elif order.by == "dimension":
            value = self._dimension(plan.dimensions[order.index], scope)
        elif order.column is not None:
            value = self._sortable(order.column, scope)
            if plan.distinct and order.column not in plan.columns:
                value = exp.Max(this=value) if order.descending else exp.Min(this=value)
        else:
            value = scope.column(plan.columns[order.index])
        return exp.Ordered(this=value, desc=order.descending or None, nulls_first=False)

    def _sortable(self, column: ColumnReference, scope: Scope) -> exp.Expr:
        return scope.column(column)

    # --- top N within groups -------------------------------------------------------------

    def _ranked(self, plan: Plan) -> exp.Select:
        sorted_by = tuple(o.column.table for o in plan.order if o.column is not None)
        update = {"order": (), "limit": None, "limit_per_group": False}
        inner_plan = plan.model_copy(update={**update, "joined": (*plan.joined, *sorted_by)})
        scope = Scope(plan, self._graph, self._index)
        inner = self._select(inner_plan)
        partition = [self._dimension(plan.dimensions[0], scope)] if plan.dimensions else []
        orders = (*plan.order, *tie_breaks(plan, self._index))
        order = exp.Order(expressions=[self._order(o, plan, scope) for o in orders])
        window = exp.Window(this=exp.RowNumber(), partition_by=partition, order=order)
        inner = inner.select(exp.Alias(this=window, alias=identifier("place")))
        names = [exp.Column(this=identifier(o.name)) for o in plan.outputs]
        outer = exp.select(*names).from_(
            exp.Subquery(this=inner, alias=exp.TableAlias(this=identifier("ranked")))
        )
        limit = exp.Literal.number(plan.limit or 1)
        outer = outer.where(exp.LTE(this=exp.Column(this=identifier("place")), expression=limit))
        return outer.order_by(names[0], exp.Column(this=identifier("place")))


def cut(select: exp.Select, plan: Plan) -> exp.Select:
    """Keeps the rows that the plan's limit shows."""
    if plan.limit is None:
        return select
    return (select.offset(plan.skip) if plan.skip else select).limit(plan.limit)


def _sorts_by_hidden(plan: Plan) -> bool:
    """True for different rows in an order that they do not show: each by its first place."""
    return any(o.column is not None and o.column not in plan.columns for o in plan.order)
