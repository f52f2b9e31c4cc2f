"""A reading to a plan, about one table: rows are listed, or measured, as the question asks."""

from typing import Literal

from domain.plan import (
    ColumnReference,
    Combination,
    Condition,
    Filter,
    MeasureFunction,
    Membership,
    Operator,
    Plan,
)
from planner.reading.metric_reading import mark_metrics
from planner.reading.plan_parts import NO_WAY, any_of, excludes, positive, unique_names
from planner.reading.plan_reach import plan_tables
from planner.reading.reading import (
    Rank,
)
from planner.resolving.drawn_rows import draw_rows
from planner.resolving.resolve_extremes import ExtremeResolution
from planner.schema.binding_errors import UnreadableError


class Resolution(ExtremeResolution):
    """The work on one reading."""

    def plan(self) -> Plan:
        """Returns the plan. Raises UnreadableError, AmbiguousError or PlanError."""
        reading = self._reading
        self._complete_items()
        self._check_told()
        self._measure_by_adjectives()
        self._average_extremes()
        self._compare_by_hints()
        mark_metrics(reading)
        self._name_shares()
        self._split_drawn()
        self._sum_split_quantities()
        if reading.later is not None:
            self._compare_periods()
            self._conditions()
            return self._built()
        if reading.day_sets:
            self._compare_days()
            self._conditions()
            self._period()
            return self._built()
        self._nest_extremes()
        self._average_persons()
        self._count_words()
        self._count_within()
        grouped = self._is_grouped()
        if grouped:
            self._grouped()
        elif self._share_of_total():
            self._period()
            return self._built()
        elif any(i.function for i in reading.items):
            self._totals()
        else:
            self._listing()
            if reading.is_drawn:
                draw_rows(self._parts, self._index)
        return self._restricted(grouped=grouped)

    def _restricted(self, *, grouped: bool) -> Plan:
        """What is measured or listed, of the rows that pass; of one set of them or of two."""
        self._conditions()
        if not grouped:
            self._of_extremes()
        self._join_counted()
        combination = self._both() or self._contradiction()
        self._period()
        if self._parts.measures and combination is None:
            self._check_contrary()
        if combination is None:
            self._check_tells_something()
        plan = self._built()
        if self._parts.absent:
            return _without(plan, self._parts.absent)
        return plan if combination is None else _combined(plan, *combination)

    def _check_tells_something(self) -> None:
        """Raises UnreadableError where the only thing listed is the value that was said."""
        parts = self._parts
        if parts.measures or len(parts.columns) != 1:
            return
        for said in parts.conditions:
            equal = isinstance(said, Filter) and said.operator is Operator.EQUAL and said.values
            if equal and isinstance(said, Filter) and said.column == parts.columns[0]:
                text = str(said.values[0])
                raise UnreadableError(f"What is wanted of {text!r} is not clear.", (text,))

    def _check_contrary(self) -> None:
        """`How many are male and how many female?`: no row is both, so each is told apart."""
        parts = self._parts
        equal = [
            c for c in parts.conditions if isinstance(c, Filter) and c.operator is Operator.EQUAL
        ]
        for first in equal:
            others = [c for c in equal if c is not first and excludes(first, c)]
            if not others:
                continue
            if parts.dimensions:
                raise UnreadableError("No row has both of these values.")
            contrary = [first, *others]
            parts.conditions = [c for c in parts.conditions if c not in contrary]
            parts.conditions.append(any_of(list(contrary)))
            self._show_dimension(self._column_dimension(first.column))
            return

    def _built(self) -> Plan:
        parts = self._parts
        return Plan(
            table=parts.base,
            measures=tuple(parts.measures),
            dimensions=tuple(parts.dimensions),
            columns=tuple(parts.columns),
            distinct=parts.distinct,
            conditions=tuple(parts.conditions),
            period=parts.period,
            having=tuple(parts.having),
            order=tuple(parts.order),
            limit=parts.limit,
            skip=parts.skip,
            limit_per_group=parts.per_group,
            outputs=unique_names(parts.outputs),
            joined=tuple(parts.joined),
        )

    def is_table_said(self) -> bool:
        """True where the question names what it is about."""
        return bool(self._binder.mentioned)

    def doubt(self) -> float:
        """How far the names that were chosen are from what was said; 0 where all are exact.

        Several names of one table are one decision for the way to it.
        """
        ways: dict[str, float] = {}
        for table, away in self._binder.ways.values():
            ways[table] = max(away, ways.get(table, 0.0))
        return sum(self._binder.doubts.values()) + sum(ways.values())

    def most_doubtful(self) -> str:
        """The word whose meaning was the farthest from what was said."""
        doubts, ways = self._binder.doubts, self._binder.ways
        return max(doubts, key=lambda word: doubts[word] + ways[word][1], default="the question")

    def cost(self, plan: Plan) -> float:
        """How far the plan is from what was said, and how many tables it takes."""
        tables = {*plan_tables(plan), *self._parts.implied}
        doubtful = sum(1.0 for t in tables if self._graph.distance(plan.table, t) >= NO_WAY)
        unsaid = 0.3 if plan.table not in self._binder.mentioned else 0.0
        return sum(self._binder.spent.values()) + 0.4 * len(tables) + unsaid + 10 * doubtful

    def _is_grouped(self) -> bool:
        reading = self._reading
        self._quantities()
        self._drop_pointless_groups()
        functions = [i for i in reading.items if i.function]
        plain = [i for i in reading.items if not i.function]
        if functions and (plain or reading.groups):
            return True
        if reading.counts:
            return True
        return any(self._ranks_by_count(rank) for rank in reading.ranks)

    def _ranks_by_count(self, rank: Rank) -> bool:
        if rank.popular:
            return True
        if rank.item is not None:
            return not self._is_own_quantity(rank)
        if rank.adjective is not None:
            return False
        if rank.reference is None:
            return rank.limit is not None
        if self._binder.is_table(rank.reference):
            if self._measures_rows(rank):
                return False
            other = self._binder.table(rank.reference.mention) != self._home
            return other or rank.adds_up or self._groups_rows()
        if rank.adds_up and self._groups_rows():
            return True
        if rank.limit is None:
            return False
        column = self._binder.column(rank.reference, numeric=True)
        return not self._is_sortable(column) or self._adds_up_elsewhere(rank, column)

    def _adds_up_elsewhere(self, rank: Rank, column: ColumnReference) -> bool:
        """`apps that women spend the most time on`: the time of an app is that of its sessions."""
        if not rank.adds_up or not self._index.column(column.table, column.column).additive:
            return False
        asked = [i.reference for i in self._reading.items if i.reference is not None]
        homes = {
            self._binder.table(r.mention)
            if self._binder.is_table(r)
            else self._binder.column(r).table
            for r in asked
        }
        return bool(homes) and all(
            home != column.table and self._graph.keeps_rows(column.table, home) for home in homes
        )

    def _is_own_quantity(self, rank: Rank) -> bool:
        """`the largest number of bedrooms`, a column of the row: ranked by the column."""
        if rank.item is None or rank.item.function is not MeasureFunction.COUNT:
            return False
        measure = self._measure(rank.item)
        own = measure.function is MeasureFunction.SUM and measure.column is not None
        if not own or measure.column is None or measure.column.table != self._home:
            return False
        if self._reading.groups or any(i.function for i in self._reading.items):
            return False
        rank.reference, rank.item = rank.item.reference, None
        return True

    def _totals(self) -> None:
        for item in self._reading.items:
            measure = self._measure(item)
            if measure.is_share:
                raise UnreadableError("It is not clear what the share is of.")
            self._show_measure(measure)
        self._rebase_on_measures()


def _without(plan: Plan, absent: list[Condition]) -> Plan:
    """What is listed, less all that has any row that passes."""
    ruled_out = plan.model_copy(update={"conditions": (*plan.conditions, *absent), "order": ()})
    combination = Combination(operation="except", plan=ruled_out)
    return plan.model_copy(update={"combination": combination})


def _combined(plan: Plan, first: Condition, second: Condition) -> Plan:
    """Rows that have both: by their keys where they have such rows elsewhere, else as two sets."""
    if isinstance(first, Membership) and isinstance(second, Membership):
        return plan.model_copy(update={"conditions": (*plan.conditions, first, second)})
    operation: Literal["intersect", "except"] = "intersect"
    if isinstance(second, Filter) and second.operator in (Operator.NOT_EQUAL,):
        operation, second = "except", positive(second)
    left = plan.model_copy(update={"conditions": (*plan.conditions, first)})
    right = plan.model_copy(update={"conditions": (*plan.conditions, second)})
    return left.model_copy(update={"combination": Combination(operation=operation, plan=right)})
