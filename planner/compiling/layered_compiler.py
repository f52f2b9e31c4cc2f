"""Plans that one select cannot compute: each figure is computed on its own grain first."""

from collections.abc import Iterable, Iterator

from sqlglot import exp

from domain.plan import (
    ColumnReference,
    Condition,
    Having,
    Measure,
    MeasureFunction,
    Period,
    Plan,
)
from planner.compiling.compile_measures import ADDS_ROWS
from planner.compiling.compiler import Compiler, cut
from planner.compiling.layered_select import (
    VALUE,
    aliased,
    computed,
    derived,
    flat,
    key_name,
    named,
    over,
    side_by_side,
    value_name,
)
from planner.compiling.plan_essence import with_period
from planner.schema.select_scope import PlanError, Scope
from planner.schema.sql_literals import compare, identifier, literal, to_double

_MEASURED = "measured"
_COUNTS = (MeasureFunction.COUNT, MeasureFunction.COUNT_DISTINCT)


class LayeredCompiler(Compiler):
    """Compiles plans whose joins repeat rows, or that measure what was measured before."""

    def tree(self, plan: Plan) -> exp.Query:
        """Returns the tree of the whole plan, in one select where that gives the right figures."""
        leaves = list(dict.fromkeys(leaf for m in plan.measures for leaf in _leaves(m)))
        is_compared = any(h.benchmark is not None for h in plan.having)
        if not is_compared and not any(self._needs_layers(leaf, plan) for leaf in leaves):
            return super().tree(plan)
        self._check_shares(plan)
        if plan.limit_per_group or plan.combination is not None:
            label = plan.measures[0].label
            raise PlanError(f"{label} can be neither ranked within groups nor combined.")
        return self._outer(plan, leaves)

    def _needs_layers(self, measure: Measure, plan: Plan) -> bool:
        if measure.of is not None:
            return True
        column = measure.column
        if column is None or measure.function not in ADDS_ROWS:
            return False
        return Scope(plan, self._graph, self._index).repeats(column.table)

    def _check_shares(self, plan: Plan) -> None:
        """Raises PlanError for shares of groups that share rows: they are parts of no whole."""
        for measure in plan.measures:
            added = measure.function in ADDS_ROWS and measure.of is None
            if measure.is_share and added and self._needs_layers(measure, plan):
                raise PlanError(f"The groups overlap: {measure.label} has no share of a whole.")

    # --- the shell: names, order and limit -----------------------------------------------

    def _outer(self, plan: Plan, leaves: list[Measure]) -> exp.Select:
        keys = len(flat(plan.dimensions))
        values = [self.values(leaf, plan) for leaf in leaves]
        single = len(values) == 1
        source = values[0] if single else side_by_side(values, keys)
        shown = {
            leaf: computed(VALUE if single else value_name(place))
            for place, leaf in enumerate(leaves)
        }
        outputs = []
        for output in plan.outputs:
            value: exp.Expr = computed(key_name(output.index))
            if output.kind == "measure":
                value = _figure(plan.measures[output.index], shown)
            outputs.append(exp.Alias(this=value, alias=identifier(output.name)))
        select = exp.select(*outputs)
        if any(having.benchmark is not None for having in plan.having):
            select = select.with_(_MEASURED, as_=source).from_(exp.to_table(_MEASURED))
        else:
            select = select.from_(derived(source, _MEASURED))
        for having in plan.having:
            select = select.where(self._kept(having, plan, shown))
        for by in _sorted_by(plan, keys, shown):
            select = select.order_by(by)
        return cut(select, plan)

    def _kept(self, having: Having, plan: Plan, shown: dict[Measure, exp.Column]) -> exp.Expr:
        measure = plan.measures[having.measure_index]
        value = _figure(measure, shown)
        benchmark = having.benchmark
        if benchmark is None:
            return compare(having.operator, value, [literal(v) for v in having.values])
        if benchmark.function is None:
            others = plan.model_copy(
                update={"dimensions": (), "conditions": (*plan.conditions, *benchmark.conditions)}
            )
            inner = self.values(measure, others)
        else:
            folded = self._folded(benchmark.function, to_double(value.copy()))
            inner = exp.select(folded).from_(exp.to_table(_MEASURED))
        return compare(having.operator, value, [exp.Subquery(this=inner)])

    # --- one value a group ---------------------------------------------------------------

    def values(self, measure: Measure, plan: Plan) -> exp.Select:
        """Returns a select with one column a key of the plan's dimensions, and `value`."""
        conditions = (measure.condition,) if measure.condition is not None else ()
        bare = measure.model_copy(update={"condition": None, "is_share": False})
        update = {"having": (), "order": (), "limit": None, "outputs": ()}
        own = self._only(plan.model_copy(update=update), bare, conditions)
        if bare.of is not None:
            return self._over_inner(bare, bare.of, own)
        return self._of_rows(bare, own)

    def _only(self, plan: Plan, measure: Measure, conditions: Iterable[Condition]) -> Plan:
        """The plan with one measure, over the rows that its own condition keeps."""
        innermost = measure
        while innermost.of is not None:
            innermost = innermost.of
        named_table = innermost.column.table if innermost.column else innermost.table
        said = Plan(table=plan.table, conditions=tuple(conditions))
        own = with_period(said, self._index)
        if own.period and plan.period and own.period.column != plan.period.column:
            own = said
        update = {
            "table": named_table or plan.table,
            "measures": (measure,),
            "dimensions": flat(plan.dimensions),
            "conditions": (*plan.conditions, *own.conditions),
            "period": _within(own.period, plan.period),
        }
        return with_period(plan.model_copy(update=update), self._index)

    def _over_inner(self, measure: Measure, inner: Measure, plan: Plan) -> exp.Select:
        """`the average number of sessions per user`: counted for each user, then averaged."""
        keys = len(plan.dimensions)
        split = (*plan.dimensions, *flat(measure.per))
        parts = self.values(inner, plan.model_copy(update={"dimensions": split}))
        return over(parts, keys, self._folded(measure.function, to_double(computed(VALUE))))

    def _of_rows(self, measure: Measure, plan: Plan) -> exp.Select:
        scope = Scope(plan, self._graph, self._index)
        column = measure.column
        if column is not None and measure.function in ADDS_ROWS and scope.repeats(column.table):
            return self._of_different_rows(measure, column, plan, scope)
        return self._grouped(plan, scope, self._measure(measure, plan, scope))

    def _grouped(self, plan: Plan, scope: Scope, value: exp.Expr) -> exp.Select:
        keys = list(self._keys(plan, scope))
        select = self._from(plan.table, scope.steps).select(*aliased(keys), named(value, VALUE))
        select = self._restrict(select, plan, scope)
        return select.group_by(*(key.copy() for key in keys)) if keys else select

    def _of_different_rows(
        self, measure: Measure, column: ColumnReference, plan: Plan, scope: Scope
    ) -> exp.Select:
        """Adds each row once a group, however many rows it was joined with."""
        inner = self._different_rows(plan, scope, column.table, [column.column])
        value = self._number(column, computed(column.column))
        return over(inner, len(plan.dimensions), self._folded(measure.function, value))

    def _different_rows(
        self, plan: Plan, scope: Scope, table: str, columns: Iterable[str]
    ) -> exp.Select:
        """Returns the keys, and columns of a table's rows, each row once a key."""
        primary = self._index.tables[table].primary_key
        if not primary:
            raise PlanError(f"Rows of {table} would be added more than once: it has no key.")
        scope.check_tied(table)
        self._check_bridges(plan, table)
        keys = list(self._keys(plan, scope))
        shown = [
            named(scope.column(ColumnReference(table=table, column=name)), name)
            for name in dict.fromkeys((*primary, *columns))
        ]
        select = self._from(plan.table, scope.steps).select(*aliased(keys), *shown).distinct()
        return self._restrict(select, plan, scope)

    def _check_bridges(self, plan: Plan, table: str) -> None:
        """Raises PlanError where rows meet many rows that meet many of them, told by no key.

        `total credits by home city`, where a course has many students of one city: once, or once
        for each of them?
        """
        for dimension in plan.dimensions:
            column = dimension.column
            way = self._graph.path(table, column.table) or ()
            is_bridged = bool(way) and way[-1].to_parent and not all(s.to_parent for s in way)
            entry = self._index.tables[column.table]
            is_row = [column.column] == entry.primary_key or (
                self._index.column(column.table, column.column).distinct_count >= entry.row_count
            )
            if is_bridged and not is_row:
                raise PlanError(f"Rows of {table} would be added more than once for one group.")

    def _keys(self, plan: Plan, scope: Scope) -> Iterator[exp.Expr]:
        for dimension in plan.dimensions:
            yield self._dimension(dimension, scope)


def _within(inner: Period | None, outer: Period | None) -> Period | None:
    """The time that both periods of one column have in common."""
    if inner is None or outer is None:
        return inner or outer
    starts = [p.start for p in (inner, outer) if p.start is not None]
    ends = [p.end for p in (inner, outer) if p.end is not None]
    update = {"start": max(starts, default=None), "end": min(ends, default=None)}
    return inner.model_copy(update=update)


def _leaves(measure: Measure) -> Iterator[Measure]:
    """The figures that a measure is worked out of."""
    parts = [part for part in (measure.numerator, measure.denominator) if part is not None]
    if not parts:
        yield measure.model_copy(update={"is_share": False, "label": "", "unit": ""})
    for part in parts:
        yield from _leaves(part)


def _figure(measure: Measure, shown: dict[Measure, exp.Column]) -> exp.Expr:
    """A measure out of the values computed before."""
    if measure.numerator is None or measure.denominator is None:
        leaf = next(_leaves(measure))
        value: exp.Expr = shown[leaf].copy()
        if leaf.function in _COUNTS and len(shown) > 1:
            value = exp.Coalesce(this=value, expressions=[exp.Literal.number(0)])
    else:
        value = _quotient(measure, shown)
    if measure.is_share:
        total = exp.Window(this=exp.Sum(this=value.copy()))
        return exp.Div(this=to_double(value), expression=total)
    return value


def _quotient(measure: Measure, shown: dict[Measure, exp.Column]) -> exp.Expr:
    top, bottom = (
        _figure(part, shown) for part in (measure.numerator, measure.denominator) if part
    )
    if measure.function is MeasureFunction.DIFFERENCE:
        return exp.Paren(this=exp.Sub(this=top, expression=bottom))
    above: exp.Expr = to_double(top)
    if measure.function is MeasureFunction.CHANGE:
        above = exp.Paren(this=exp.Sub(this=above, expression=bottom.copy()))
    below = exp.Nullif(this=bottom, expression=exp.Literal.number(0))
    return exp.Div(this=above, expression=below)


def _sorted_by(plan: Plan, keys: int, shown: dict[Measure, exp.Column]) -> Iterator[exp.Expr]:
    columns = [dimension.column for dimension in flat(plan.dimensions)]
    rest = set(range(keys))
    for order in plan.order:
        if order.by == "measure":
            measure = plan.measures[order.index].model_copy(update={"is_share": False})
            by = _figure(measure, shown)
        elif order.column is None or order.column in columns:
            place = columns.index(order.column) if order.column else order.index
            rest.discard(place)
            by = computed(key_name(place))
        else:
            raise PlanError(f"Groups cannot be sorted by {order.column.column}.")
        yield exp.Ordered(this=by, desc=order.descending or None, nulls_first=False)
    if plan.order and plan.limit is not None:
        yield from (computed(key_name(number)) for number in sorted(rest))
