"""A reading to a plan: names bound, measures chosen, joins and memberships decided."""

from dataclasses import dataclass, field
from typing import Literal

from domain.column_type import TypeFamily
from domain.dictionary import Dictionary
from domain.plan import (
    AllOf,
    AnyOf,
    Benchmark,
    CalendarPart,
    ColumnReference,
    Combination,
    Condition,
    Dimension,
    Filter,
    Having,
    Measure,
    MeasureFunction,
    Membership,
    Operator,
    Order,
    Output,
    Period,
    Plan,
)
from planner.binder import AmbiguousError, Binder, UnreadableError
from planner.join_path import JoinGraph, Step
from planner.metric_reading import mark_metrics, measure_metric
from planner.reading import (
    CountCondition,
    Group,
    Item,
    Predicate,
    Presence,
    Rank,
    Reading,
    Reference,
)
from planner.schema_index import SchemaIndex, name_words

_LATER_HOME = 0.05
_NO_WAY = 90.0
_MOSTLY = 0.95
_FUNCTION_LABELS = {
    MeasureFunction.SUM: "total",
    MeasureFunction.AVERAGE: "average",
    MeasureFunction.MEDIAN: "median",
    MeasureFunction.MINIMUM: "minimum",
    MeasureFunction.MAXIMUM: "maximum",
}


_CALENDAR_WORDS = {"year", "quarter", "month", "week", "day", "hour"}
_ORDERED = (
    Operator.LESS,
    Operator.GREATER,
    Operator.BETWEEN,
    Operator.LESS_OR_EQUAL,
    Operator.GREATER_OR_EQUAL,
)


@dataclass
class _Parts:
    """A plan in the making."""

    base: str
    measures: list[Measure] = field(default_factory=list)
    dimensions: list[Dimension] = field(default_factory=list)
    columns: list[ColumnReference] = field(default_factory=list)
    outputs: list[Output] = field(default_factory=list)
    conditions: list[Condition] = field(default_factory=list)
    having: list[Having] = field(default_factory=list)
    order: list[Order] = field(default_factory=list)
    limit: int | None = None
    distinct: bool = False
    per_group: bool = False
    period: Period | None = None
    joined: list[str] = field(default_factory=list)


_DATE_WORDS = frozenset({"date", "day", "month", "time", "year"})


class Resolver:
    """Resolves readings over one dictionary."""

    def __init__(self, dictionary: Dictionary, index: SchemaIndex, graph: JoinGraph) -> None:
        self._dictionary = dictionary
        self._index = index
        self._graph = graph

    def resolve(self, reading: Reading, *, decided: bool = False) -> Plan:
        """Returns the plan of the table that fits best.

        Raises UnreadableError where something finds no place, and AmbiguousError where a word
        means two things alike, unless the analyst has `decided` already.
        """
        if reading.unplaced:
            raise UnreadableError(_not_found(reading.unplaced), tuple(reading.unplaced))
        if reading.problems:
            raise UnreadableError(f"The part about {reading.problems[0]!r} is not clear.")
        homes = Binder(self._index, self._graph, reading).homes
        found: list[tuple[float, Plan]] = []
        problems: list[UnreadableError | AmbiguousError] = []
        for place, home in enumerate(homes):
            resolution = _Resolution(self._index, self._graph, reading.copy(), home, decided)
            try:
                plan = resolution.plan()
            except (UnreadableError, AmbiguousError) as problem:
                problems.append(problem)
                continue
            found.append((resolution.cost(plan) + _LATER_HOME * place, plan))
        unsettled = next((p for p in problems if isinstance(p, AmbiguousError)), None)
        if unsettled is not None:
            raise unsettled
        if not found:
            raise problems[0]
        return min(found, key=lambda choice: choice[0])[1]


class _Resolution:
    """The work on one reading."""

    def __init__(
        self, index: SchemaIndex, graph: JoinGraph, reading: Reading, home: str, decided: bool
    ) -> None:
        self._index = index
        self._graph = graph
        self._reading = reading
        self._binder = Binder(index, graph, reading)
        self._binder.home = home
        self._binder.decided = decided
        self._home = home
        self._parts = _Parts(self._home)

    def plan(self) -> Plan:
        reading = self._reading
        self._complete_items()
        mark_metrics(reading)
        grouped = self._is_grouped()
        if grouped:
            self._grouped()
        elif self._share_of_rows():
            self._period()
            return self._built()
        elif any(i.function for i in reading.items):
            self._totals()
        else:
            self._listing()
        self._conditions()
        self._period()
        combination = self._both() or self._contradiction()
        operation: Literal["intersect", "except"] = "intersect"
        plan = self._built()
        if combination is None:
            return plan
        first, second = combination
        if isinstance(second, Filter) and second.operator in (Operator.NOT_EQUAL,):
            operation, second = "except", _positive(second)
        left = plan.model_copy(update={"conditions": (*plan.conditions, first)})
        right = plan.model_copy(update={"conditions": (*plan.conditions, second)})
        return left.model_copy(update={"combination": Combination(operation=operation, plan=right)})

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
            limit_per_group=parts.per_group,
            outputs=_unique_names(parts.outputs),
            joined=tuple(parts.joined),
        )

    def cost(self, plan: Plan) -> float:
        """How far the plan is from what was said, and how many tables it takes."""
        tables = set(tables_of(plan))
        doubtful = sum(1.0 for t in tables if self._graph.distance(plan.table, t) >= _NO_WAY)
        unsaid = 0.3 if plan.table not in self._binder.mentioned else 0.0
        return sum(self._binder.spent.values()) + 0.4 * len(tables) + unsaid + 10 * doubtful

    # --- shape ---------------------------------------------------------------------------

    def _complete_items(self) -> None:
        """A question that asks for nothing by name asks for the first table it mentions."""
        reading = self._reading
        if reading.items:
            return
        for group in reading.groups:
            if group.reference is not None:
                reading.items.append(Item(group.reference, position=group.position))
        if reading.items:
            return
        if reading.presences and not reading.presences[0].negated:
            presence = reading.presences.pop(0)
            reading.items.append(Item(presence.reference))
            return
        if reading.context:
            reading.items.append(Item(reading.context[0]))
            return
        raise UnreadableError("The question does not say what to show.")

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

    def _quantities(self) -> None:
        """`description and number of credits`: beside columns of one row a quantity is one too."""
        items = self._reading.items
        if self._reading.groups or not any(i.function is None for i in items):
            return
        for item in items:
            if item.function is MeasureFunction.COUNT and item.reference and not item.share:
                measure = self._measure(item)
                if measure.function is MeasureFunction.SUM:
                    item.function = None

    def _drop_pointless_groups(self) -> None:
        """`the average points of each gymnast`, one row each: the average over all is meant."""
        functions = [i for i in self._reading.items if i.function]
        if not functions or len(functions) != len(self._reading.items):
            return
        measures = [self._measure(i) for i in functions]
        tables = {m.column.table if m.column else None for m in measures}
        for group in list(self._reading.groups):
            if group.reference is not None and self._binder.is_table(group.reference):
                if {self._binder.table(group.reference.mention)} == tables:
                    self._reading.groups.remove(group)

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
            other = self._binder.table(rank.reference.mention) != self._home
            return other or rank.adds_up or self._groups_rows()
        if rank.adds_up and self._groups_rows():
            return True
        if rank.limit is None:
            return False
        column = self._binder.column(rank.reference, numeric=True)
        return not self._is_sortable(column)

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

    def _groups_rows(self) -> bool:
        """True where a column that repeats is asked for: rows can be counted by it."""
        for item in self._reading.items:
            if item.reference is None or item.function or self._binder.is_table(item.reference):
                continue
            column = self._binder.column(item.reference)
            entry = self._index.column(column.table, column.column)
            rows = self._index.tables[column.table].row_count
            return entry.distinct_count < _MOSTLY * rows and not entry.family.is_numeric
        return False

    def _is_sortable(self, column: ColumnReference) -> bool:
        entry = self._index.column(column.table, column.column)
        if entry.family.is_numeric or entry.family.is_temporal:
            return not self._index.is_key(column.table, column.column)
        words = name_words(column.column)
        return "date" in words or "year" in words or "time" in words

    # --- listings ------------------------------------------------------------------------

    def _listing(self) -> None:
        parts = self._parts
        for item in self._reading.items:
            for column in self._listed(item):
                self._show_column(column)
        if not parts.columns:
            raise UnreadableError("The question does not say what to show.")
        parts.distinct = any(i.distinct for i in self._reading.items) or self._names_a_set()
        tables = {c.table for c in parts.columns}
        if self._home not in tables and len(tables) == 1:
            parts.base = next(iter(tables)) if self._rebase(next(iter(tables))) else self._home
        for rank in self._reading.ranks:
            self._order_listing(rank)

    def _rebase(self, table: str) -> bool:
        return not any(self._needs(self._home))

    def _needs(self, table: str) -> list[str]:
        return [table]

    def _names_a_set(self) -> bool:
        """`Which countries ...`: one attribute that rows share is asked for as a set."""
        parts = self._parts
        if len(parts.columns) != 1 or self._reading.ranks:
            return False
        column = parts.columns[0]
        entry = self._index.column(column.table, column.column)
        rows = self._index.tables[column.table].row_count
        owned = any(i.reference is not None and i.reference.owner for i in self._reading.items)
        repeats = entry.distinct_count < _MOSTLY * rows
        return repeats and not owned and column != self._entity(column.table)

    def _show_column(self, column: ColumnReference) -> None:
        parts = self._parts
        if column in parts.columns:
            return
        parts.outputs.append(Output(kind="column", index=len(parts.columns), name=column.column))
        parts.columns.append(column)

    def _listed(self, item: Item) -> list[ColumnReference]:
        if item.everything:
            return self._all_columns(self._home)
        reference = item.reference
        if reference is None:
            return []
        if not self._binder.is_table(reference):
            return [self._binder.column(reference)]
        table = self._binder.table(reference.mention)
        others = [i for i in self._reading.items if i is not item]
        if any(self._belongs(i, table) for i in others):
            return []
        return self._called(table)

    def _belongs(self, item: Item, table: str) -> bool:
        if item.everything:
            return True
        if item.reference is None or self._binder.is_table(item.reference) or item.function:
            return False
        return self._binder.column(item.reference).table == table

    def _all_columns(self, table: str) -> list[ColumnReference]:
        return [
            ColumnReference(table=table, column=c.name) for c in self._index.tables[table].columns
        ]

    def _entity(self, table: str) -> ColumnReference:
        """The column that stands for a row: its label, else its key, else its first column."""
        label = self._index.label_of(table)
        entry = self._index.tables[table]
        if label is None:
            label = entry.primary_key[0] if entry.primary_key else entry.columns[0].name
        return ColumnReference(table=table, column=label)

    def _called(self, table: str) -> list[ColumnReference]:
        """What a row is called by: its label, or a person's first and last name."""
        entity = self._entity(table)
        first = self._named(table, ("first", "name"))
        last = self._named(table, ("last", "name"))
        return [first, last] if first and last and entity in (first, last) else [entity]

    def _named(self, table: str, stems: tuple[str, ...]) -> ColumnReference | None:
        for target in self._index.find_names(stems):
            if target.kind == "column" and target.table == table and target.score >= _MOSTLY:
                return ColumnReference(table=table, column=target.column)
        return None

    def _order_listing(self, rank: Rank) -> None:
        parts = self._parts
        column, descending = self._rank_column(rank)
        parts.order.append(Order(by="column", column=column, descending=descending))
        if rank.limit is not None:
            parts.limit = rank.limit
            if self._reading.groups:
                raise UnreadableError("The first rows of each group are not clear here.")

    def _rank_column(self, rank: Rank) -> tuple[ColumnReference, bool]:
        if rank.reference is not None and self._binder.is_table(rank.reference):
            return self._rank_in_table(rank, self._binder.table(rank.reference.mention))
        if rank.reference is not None:
            column = self._binder.column(rank.reference, numeric=rank.limit is not None)
            if rank.adjective is not None and rank.adjective.adjective is not None:
                return column, bool(rank.adjective.adjective.high)
            return column, rank.descending
        if rank.adjective is not None and rank.adjective.adjective is not None:
            return self._binder.measured_by(rank.adjective.adjective, self._home)
        if rank.limit is None and self._parts.columns:
            return self._parts.columns[0], rank.descending
        raise UnreadableError("It is not clear what to rank by.")

    def _rank_in_table(self, rank: Rank, table: str) -> tuple[ColumnReference, bool]:
        """`the shortest trip`, `the amount of the largest payment`."""
        if rank.adjective is not None and rank.adjective.adjective is not None:
            return self._binder.measured_by(rank.adjective.adjective, table)
        quantities = [c for c in self._parts.columns if self._binder.is_quantity(c)]
        if len(quantities) == 1 and not self._index.is_key(
            quantities[0].table, quantities[0].column
        ):
            return quantities[0], rank.descending
        raise UnreadableError("It is not clear what to rank by.")

    # --- totals --------------------------------------------------------------------------

    def _share_of_rows(self) -> bool:
        """`What share of flights left from X`: the rows that pass, of all rows."""
        items = self._reading.items
        if len(items) != 1 or not items[0].share or items[0].reference is None:
            return False
        if not self._binder.is_table(items[0].reference):
            return False
        self._conditions()
        conditions = [self._apart(c) for c in self._parts.conditions]
        if not conditions:
            raise UnreadableError("It is not clear what the share is of.")
        self._parts.conditions = []
        part = conditions[0] if len(conditions) == 1 else AllOf(conditions=tuple(conditions))
        whole = self._measure(items[0]).model_copy(update={"is_share": False, "label": "all"})
        some = whole.model_copy(update={"condition": part, "label": "part"})
        label = f"share of {_words(self._home)}"
        ratio = Measure(
            function=MeasureFunction.RATIO, numerator=some, denominator=whole, label=label
        )
        self._show_measure(ratio)
        return True

    def _apart(self, condition: Condition) -> Condition:
        """A condition on another table, as one on rows here: no join may drop the other rows."""
        tables = [t for t in _tables_of(condition) if t != self._home]
        if not tables or isinstance(condition, Membership):
            return condition
        return self._member(self._home, tables[0], (condition,), False)

    def _totals(self) -> None:
        for item in self._reading.items:
            self._show_measure(self._measure(item))
        if any(rank.limit is not None for rank in self._reading.ranks):
            raise UnreadableError("A ranking within a total is not clear.")
        self._rebase_on_measures()

    def _rebase_on_measures(self) -> None:
        """Rows are counted where the measures live, not where the question began."""
        tables = {m.column.table if m.column else m.table for m in self._parts.measures}
        if len(tables) == 1:
            table = next(iter(tables))
            if table is not None:
                self._parts.base = table

    def _show_measure(self, measure: Measure) -> int:
        number = self._hide_measure(measure)
        name = _snake(measure.label)
        self._parts.outputs.append(Output(kind="measure", index=number, name=name))
        return number

    def _hide_measure(self, measure: Measure) -> int:
        if measure in self._parts.measures:
            return self._parts.measures.index(measure)
        self._parts.measures.append(measure)
        return len(self._parts.measures) - 1

    def _measure(self, item: Item) -> Measure:
        reference, function = item.reference, item.function or MeasureFunction.COUNT
        if reference is None:
            return Measure(
                function=MeasureFunction.COUNT,
                table=self._home,
                label=f"number of {_words(self._home)}",
            )
        if function is MeasureFunction.METRIC:
            return measure_metric(reference, self._index)
        if function is MeasureFunction.COUNT:
            return self._counted(item, reference)
        if self._binder.is_table(reference):
            column = self._amount_of(self._binder.table(reference.mention), reference)
        else:
            column = self._binder.column(reference, numeric=True)
        entry = self._index.column(column.table, column.column)
        if function not in (MeasureFunction.MINIMUM, MeasureFunction.MAXIMUM) and entry.family in (
            TypeFamily.BOOLEAN,
            TypeFamily.DATE,
            TypeFamily.TIMESTAMP,
        ):
            raise UnreadableError(f"{column.column} cannot be added up.", (reference.mention.text,))
        label = f"{_FUNCTION_LABELS[function]} {_words(column.column)}"
        return Measure(function=function, column=column, label=label, unit=entry.unit)

    def _amount_of(self, table: str, reference: Reference) -> ColumnReference:
        """`total amount of payments`: the only column of the table that is an amount."""
        found = [
            t
            for t in self._index.find_names(("amount",))
            if t.kind == "column" and t.table == table and self._index.is_numeric(table, t.column)
        ]
        if len(found) != 1:
            text = reference.mention.text
            raise UnreadableError(f"{text} is not a quantity.", (text,))
        return ColumnReference(table=table, column=found[0].column)

    def _counted(self, item: Item, reference: Reference) -> Measure:
        share = item.share
        if self._binder.is_table(reference):
            table = self._binder.table(reference.mention)
            label = f"number of {_words(table)}" if not share else f"share of {_words(table)}"
            return Measure(function=MeasureFunction.COUNT, table=table, is_share=share, label=label)
        column = self._binder.column(reference)
        entry = self._index.column(column.table, column.column)
        is_key = self._index.is_key(column.table, column.column)
        quantity = entry.additive and entry.family.is_numeric and not is_key
        if quantity and not item.distinct:
            return Measure(
                function=MeasureFunction.SUM,
                column=column,
                label=f"total {_words(column.column)}",
                unit=entry.unit,
            )
        if not item.distinct and [column.column] == self._index.tables[column.table].primary_key:
            return Measure(
                function=MeasureFunction.COUNT,
                table=column.table,
                label=f"number of {_words(column.table)}",
            )
        label = f"number of {_words(column.column)}"
        return Measure(function=MeasureFunction.COUNT_DISTINCT, column=column, label=label)

    # --- groups --------------------------------------------------------------------------

    def _grouped(self) -> None:
        reading = self._reading
        plain = [i for i in reading.items if not i.function]
        group_columns = self._group_dimensions()
        ordered = sorted(
            [("item", i.position, i) for i in reading.items]
            + [("group", g.position, g) for g in reading.groups],
            key=lambda entry: entry[1],
        )
        for kind, _, thing in ordered:
            if kind == "item" and isinstance(thing, Item):
                self._grouped_item(thing, group_columns)
            elif isinstance(thing, Group) and not plain:
                self._show_dimension(group_columns[id(thing)])
        self._rank_within_groups(list(group_columns.values()))
        for group in group_columns.values():
            if not any(d.column == group.column for d in self._parts.dimensions):
                keyed = [
                    d
                    for d in self._parts.dimensions
                    if group.column in d.keys or d.column.table == group.column.table
                ]
                if not keyed:
                    self._parts.dimensions.append(group)
        self._parts.base = self._home
        for condition in reading.counts:
            self._count_having(condition)
        for rank in reading.ranks:
            self._order_groups(rank)
        self._order_time()
        self._rebase_on_measures()

    def _rank_within_groups(self, groups: list[Dimension]) -> None:
        """`the top 3 carriers per origin`: the first rows within each group."""
        parts = self._parts
        limited = [r for r in self._reading.ranks if r.limit is not None]
        apart = [g for g in groups if not any(d.column == g.column for d in parts.dimensions)]
        if not limited or not apart or not parts.dimensions:
            return
        first = apart[0]
        shifted = [
            o.model_copy(update={"index": o.index + 1}) if o.kind == "dimension" else o
            for o in parts.outputs
        ]
        name = first.column.column if first.grain is None and first.part is None else first.label
        parts.dimensions.insert(0, first)
        parts.outputs = [Output(kind="dimension", index=0, name=name), *shifted]
        parts.per_group = True

    def _group_dimensions(self) -> dict[int, Dimension]:
        found: dict[int, Dimension] = {}
        for group in self._reading.groups:
            found[id(group)] = self._group_dimension(group)
        return found

    def _group_dimension(self, group: Group) -> Dimension:
        if group.reference is None:
            column = self._binder.time_column(self._home, precise=True)
            label = (group.grain or group.part or CalendarPart.YEAR).value
            return Dimension(column=column, grain=group.grain, part=group.part, label=label)
        if self._binder.is_table(group.reference):
            return self._entity_dimension(self._binder.table(group.reference.mention))
        return self._column_dimension(self._binder.column(group.reference))

    def _column_dimension(self, column: ColumnReference) -> Dimension:
        return Dimension(column=column, label=_words(column.column))

    def _entity_dimension(self, table: str) -> Dimension:
        column = self._entity(table)
        return Dimension(column=column, keys=self._keys(table, column), label=_words(table))

    def _keys(self, table: str, shown: ColumnReference) -> tuple[ColumnReference, ...]:
        keys = [
            ColumnReference(table=table, column=k) for k in self._index.tables[table].primary_key
        ]
        return tuple(k for k in keys if k != shown)

    def _show_dimension(self, dimension: Dimension) -> None:
        parts = self._parts
        if any(
            d.column == dimension.column and d.grain == dimension.grain for d in parts.dimensions
        ):
            return
        name = (
            dimension.column.column
            if dimension.grain is None and dimension.part is None
            else dimension.label
        )
        parts.outputs.append(Output(kind="dimension", index=len(parts.dimensions), name=name))
        parts.dimensions.append(dimension)

    def _grouped_item(self, item: Item, groups: dict[int, Dimension]) -> None:
        if item.function is not None:
            self._show_measure(self._measure(item))
            return
        for column in self._listed(item):
            tables = {d.column.table for d in groups.values() if d.keys}
            keyed = column.table in tables or self._groups_by_entity(item, column)
            keys = self._keys(column.table, column) if keyed else ()
            self._show_dimension(Dimension(column=column, keys=keys, label=_words(column.column)))

    def _groups_by_entity(self, item: Item, column: ColumnReference) -> bool:
        """Rows of an entity are kept apart where something else is counted for each of them."""
        if any(rank.popular for rank in self._reading.ranks):
            return False
        if item.reference is not None and self._binder.is_table(item.reference):
            return True
        counted = self._counted_tables()
        if not counted or column.table in counted:
            return False
        entry = self._index.column(column.table, column.column)
        rows = self._index.tables[column.table].row_count
        is_own = item.reference is not None and item.reference.owner is not None
        return (
            is_own or entry.distinct_count >= _MOSTLY * rows or column == self._entity(column.table)
        )

    def _counted_tables(self) -> set[str]:
        reading = self._reading
        items = [c.item for c in reading.counts]
        items += [r.item for r in reading.ranks if r.item is not None]
        items += [i for i in reading.items if i.function]
        found: set[str] = set()
        for item in items:
            if item.reference is not None:
                measure = self._measure(item)
                found.add(measure.column.table if measure.column else measure.table or self._home)
        for rank in reading.ranks:
            if rank.reference is not None and self._binder.is_table(rank.reference):
                found.add(self._binder.table(rank.reference.mention))
        return found

    def _count_having(self, condition: CountCondition) -> None:
        number = self._hide_measure(self._measure(condition.item))
        self._parts.having.append(
            Having(measure_index=number, operator=condition.operator, values=condition.values)
        )

    def _order_groups(self, rank: Rank) -> None:
        parts = self._parts
        if rank.limit is not None:
            parts.limit = rank.limit
        measure = self._rank_measure(rank)
        if measure is not None:
            number = self._hide_measure(measure)
            parts.order.append(Order(by="measure", index=number, descending=rank.descending))
            return
        column, descending = self._group_order_column(rank)
        for number, dimension in enumerate(parts.dimensions):
            if dimension.column == column:
                parts.order.append(Order(by="dimension", index=number, descending=descending))
                return
        for number, known in enumerate(parts.measures):
            if known.column == column:
                parts.order.append(Order(by="measure", index=number, descending=descending))
                return
        raise UnreadableError(f"Groups cannot be sorted by {_words(column.column)}.")

    def _order_time(self) -> None:
        """Groups of a calendar stand in its order where no other is asked for."""
        parts = self._parts
        if parts.order:
            return
        for number, dimension in enumerate(parts.dimensions):
            entry = self._index.column(dimension.column.table, dimension.column.column)
            calendar = set(name_words(dimension.column.column)) & _CALENDAR_WORDS
            is_time = dimension.grain or dimension.part or entry.family.is_temporal
            if is_time or (calendar and entry.family.is_numeric):
                parts.order.append(Order(by="dimension", index=number))

    def _group_order_column(self, rank: Rank) -> tuple[ColumnReference, bool]:
        bare = rank.reference is None and rank.adjective is None and rank.limit is None
        if bare and self._parts.dimensions:
            return self._parts.dimensions[0].column, rank.descending
        return self._rank_column(rank)

    def _rank_measure(self, rank: Rank) -> Measure | None:
        if rank.item is not None:
            return self._measure(rank.item)
        if rank.popular:
            shown = [m for m in self._parts.measures if m.function is MeasureFunction.COUNT]
            if shown:
                return shown[0]
            table = self._home
            if rank.reference is not None and not self._binder.is_table(rank.reference):
                table = self._binder.column(rank.reference).table
            return Measure(
                function=MeasureFunction.COUNT, table=table, label=f"number of {_words(table)}"
            )
        if rank.reference is None:
            if rank.limit is None:
                return None
            if self._parts.measures:
                return self._parts.measures[0]
            return Measure(
                function=MeasureFunction.COUNT,
                table=self._home,
                label=f"number of {_words(self._home)}",
            )
        if self._binder.is_table(rank.reference):
            table = self._binder.table(rank.reference.mention)
            return Measure(
                function=MeasureFunction.COUNT, table=table, label=f"number of {_words(table)}"
            )
        column = self._binder.column(rank.reference, numeric=True)
        if rank.adds_up and self._index.column(column.table, column.column).additive:
            return self._measure(Item(rank.reference, MeasureFunction.SUM))
        if rank.limit is not None and not self._is_sortable(column):
            return Measure(
                function=MeasureFunction.COUNT,
                table=column.table,
                label=f"number of {_words(column.table)}",
            )
        return None

    # --- conditions ----------------------------------------------------------------------

    def _conditions(self) -> None:
        base = self._parts.base
        negative = [p for p in self._reading.presences if p.negated]
        groups: list[list[Condition]] = []
        inside: dict[int, list[Condition]] = {id(p): [] for p in negative}
        for predicate in self._reading.predicates:
            if predicate.inside is not None or (predicate.both and predicate.mention is not None):
                continue
            condition = self._condition(predicate)
            host = self._host(condition, negative, predicate)
            if host is not None:
                inside[id(host)].append(condition)
                continue
            if predicate.joined_by_or and groups:
                groups[-1].append(condition)
            else:
                groups.append([condition])
        for group in groups:
            joined: Condition = group[0] if len(group) == 1 else _any(group)
            self._parts.conditions.append(self._placed(joined, base))
        for presence in self._reading.presences:
            self._add_presence(presence, base, inside.get(id(presence), []))
        for reference in self._reading.context:
            is_column = not self._binder.is_table(reference)
            if is_column and reference.mention.best("column") == 0:
                text = reference.mention.text
                raise UnreadableError(f"It is not clear what is wanted of {text!r}.", (text,))
            if is_column:
                column = self._binder.column(reference)
                if column == self._entity(column.table):
                    continue
                raise UnreadableError(
                    f"It is not clear what is wanted of {reference.mention.text!r}.",
                    (reference.mention.text,),
                )

    def _host(
        self, condition: Condition, negative: list[Presence], predicate: Predicate
    ) -> Presence | None:
        """The absence that a later condition belongs to: `no pets of type cat`."""
        if not isinstance(condition, Filter) or condition.column.table == self._parts.base:
            return None
        for presence in negative:
            if presence.position < predicate.position:
                return presence
        return None

    def _condition(self, predicate: Predicate) -> Condition:
        if predicate.benchmark is not None:
            return self._benchmark(predicate)
        if predicate.adjective is not None and predicate.adjective.adjective is not None:
            column, high = self._binder.measured_by(predicate.adjective.adjective, self._home)
            operator = predicate.operator
            if bool(predicate.adjective.adjective.high) != high:
                operator = _mirrored(operator)
            return Filter(column=column, operator=operator, values=predicate.values)
        if predicate.mention is not None and predicate.operator in (
            Operator.EQUAL,
            Operator.NOT_EQUAL,
        ):
            target = self._binder.value_column(predicate)
            column = ColumnReference(table=target.table, column=target.column)
            return Filter(column=column, operator=_signed(predicate), values=(target.value,))
        column = self._predicate_column(predicate)
        if predicate.operator in _ORDERED and not self._binder.is_quantity(column):
            return self._hinted(predicate, column)
        entry = self._index.column(column.table, column.column)
        if entry.family.is_temporal and any(isinstance(v, int | float) for v in predicate.values):
            raise UnreadableError(f"{_words(column.column)} holds dates, not numbers.")
        return Filter(column=column, operator=_signed(predicate), values=predicate.values)

    def _hinted(self, predicate: Predicate, column: ColumnReference) -> Condition:
        """A comparison with no quantity named: the comparing word may measure one itself."""
        if predicate.hint is None:
            if any(isinstance(value, str) for value in predicate.values):
                return Filter(column=column, operator=predicate.operator, values=predicate.values)
            raise UnreadableError(f"{_words(column.column)} holds no numbers to compare.")
        column, high = self._binder.measured_by(predicate.hint, self._home)
        operator = predicate.operator
        if bool(predicate.hint.high) != high:
            operator = _mirrored(operator)
        return Filter(column=column, operator=operator, values=predicate.values)

    def _predicate_column(self, predicate: Predicate) -> ColumnReference:
        if predicate.reference is None:
            text = str(predicate.values[0]) if predicate.values else ""
            raise UnreadableError(f"{text!r} was not found in the data.", (text,))
        if (
            self._binder.is_table(predicate.reference)
            and predicate.reference.mention.best("column") == 0
        ):
            return self._entity(self._binder.table(predicate.reference.mention))
        numeric = predicate.operator in _ORDERED
        return self._binder.column(predicate.reference, numeric=numeric)

    def _benchmark(self, predicate: Predicate) -> Condition:
        item = predicate.benchmark_item
        if predicate.adjective is not None and predicate.adjective.adjective is not None:
            column, high = self._binder.measured_by(predicate.adjective.adjective, self._home)
            operator = (
                predicate.operator
                if bool(predicate.adjective.adjective.high) == high
                else _mirrored(predicate.operator)
            )
        elif predicate.reference is not None:
            column, operator = (
                self._binder.column(predicate.reference, numeric=True),
                predicate.operator,
            )
        else:
            raise UnreadableError("It is not clear what is compared.")
        other = column
        if (
            item is not None
            and item.reference is not None
            and not self._binder.is_table(item.reference)
        ):
            other = self._binder.column(item.reference, numeric=True)
        if not self._binder.is_quantity(column) or not self._binder.is_quantity(other):
            raise UnreadableError(f"{_words(column.column)} holds no numbers to compare.")
        inside = [p for p in self._reading.predicates if p.inside is predicate]
        benchmark = Benchmark(
            function=predicate.benchmark or MeasureFunction.AVERAGE,
            column=other,
            conditions=tuple(self._placed(self._condition(p), other.table) for p in inside),
        )
        return Filter(column=column, operator=operator, benchmark=benchmark)

    def _placed(self, condition: Condition, base: str) -> Condition:
        """Keeps a condition where its table joins without repeating rows, else wraps it."""
        tables = _tables_of(condition)
        foreign = [t for t in tables if t != base and not self._graph.keeps_rows(base, t)]
        if not foreign or set(foreign) <= self._shown_tables():
            return condition
        if len(tables) > 1:
            return condition
        return self._member(base, foreign[0], (condition,), False)

    def _shown_tables(self) -> set[str]:
        parts = self._parts
        found = {c.table for c in parts.columns} | {d.column.table for d in parts.dimensions}
        return found | {
            m.column.table if m.column else m.table or parts.base for m in parts.measures
        }

    def _member(
        self, base: str, table: str, conditions: tuple[Condition, ...], negated: bool
    ) -> Condition:
        steps = self._graph.path(base, table)
        if not steps:
            raise UnreadableError(
                f"Nothing links {_words(base)} and {_words(table)}.", (_words(table),)
            )
        negative = negated
        if (
            all(
                isinstance(c, Filter) and c.operator in (Operator.NOT_EQUAL, Operator.NOT_IN)
                for c in conditions
            )
            and conditions
        ):
            conditions = tuple(_positive(c) for c in conditions if isinstance(c, Filter))
            negative = not negated
        return self._nested(steps, conditions, negative)

    def _nested(
        self, steps: tuple[Step, ...], conditions: tuple[Condition, ...], negated: bool
    ) -> Membership:
        first = steps[0]
        rest = steps[1:]
        inner = conditions
        if rest:
            inner = (self._nested(rest, conditions, False),)
        return Membership(
            columns=tuple(
                ColumnReference(table=first.start, column=c) for c in first.start_columns
            ),
            table=first.end,
            other_columns=tuple(
                ColumnReference(table=first.end, column=c) for c in first.end_columns
            ),
            conditions=inner,
            negated=negated,
        )

    def _add_presence(self, presence: Presence, base: str, conditions: list[Condition]) -> None:
        table = self._binder.table(presence.reference.mention)
        if table == base and presence.negated:
            raise UnreadableError(f"{_words(table)} cannot be left out of itself.")
        if table == base:
            return
        shown = self._shown_tables()
        if not presence.negated and table in shown:
            return
        touched = {t for c in self._parts.conditions for t in _deep_tables(c)}
        if not presence.negated and table in touched:
            return
        self._parts.conditions.append(
            self._member(base, table, tuple(conditions), presence.negated)
        )

    def _both(self) -> tuple[Condition, Condition] | None:
        both = [p for p in self._reading.predicates if p.both and p.mention is not None]
        if not both:
            return None
        conditions = [self._condition(p) for p in both]
        base = self._parts.base
        if self._parts.measures:
            self._both_of_measured(conditions, base)
            return None
        if len(conditions) != 2:  # noqa: PLR2004
            raise UnreadableError("`both` needs two values.")
        first, second = conditions
        return self._placed(first, base), self._placed(second, base)

    def _both_of_measured(self, conditions: list[Condition], base: str) -> None:
        """Rows of either value are measured; an entity must have rows of each."""
        if all(_tables_of(c) == [base] for c in conditions):
            self._parts.conditions.append(_any(conditions))
        else:
            self._parts.conditions.extend(self._placed(c, base) for c in conditions)

    def _contradiction(self) -> tuple[Condition, Condition] | None:
        """Two conditions that no row can pass at once speak of two rows: sets are intersected."""
        parts = self._parts
        if parts.measures or not parts.columns:
            return None
        for number, first in enumerate(parts.conditions):
            for second in parts.conditions[number + 1 :]:
                if _excludes(first, second):
                    parts.conditions.remove(first)
                    parts.conditions.remove(second)
                    return first, second
        return None

    def _weekdays(self) -> None:
        for part, values, negated in self._reading.parts:
            column = self._binder.time_column(self._parts.base, precise=True)
            operator = Operator.NOT_IN if negated else Operator.IN
            self._parts.conditions.append(
                Filter(column=column, operator=operator, values=values, part=part)
            )

    def _period(self) -> None:
        self._weekdays()
        span = self._reading.span
        if span is None:
            return
        column = self._dated_column(self._reading.span_column)
        if column is None:
            column = self._binder.time_column(self._parts.base, precise=span.precise)
        self._parts.period = Period(column=column, start=span.start, end=span.end, label=span.label)

    def _dated_column(self, reference: Reference | None) -> ColumnReference | None:
        """Returns the column that stands before a period, where it can hold dates or years."""
        if reference is None or self._binder.is_table(reference):
            return None
        if not reference.mention.of_kind("column"):
            return None
        column = self._binder.column(reference)
        entry = self._index.column(column.table, column.column)
        is_dated = entry.family.is_temporal or _DATE_WORDS & set(name_words(column.column))
        return column if is_dated else None


def tables_of(plan: Plan) -> list[str]:
    """Tables that a plan reads, memberships included."""
    found = [plan.table, *(c.table for c in plan.columns), *plan.joined]
    for dimension in plan.dimensions:
        found += [dimension.column.table, *(k.table for k in dimension.keys)]
    found += [m.column.table for m in plan.measures if m.column is not None]
    found += [m.table for m in plan.measures if m.table is not None]
    found += [o.column.table for o in plan.order if o.column is not None]
    found += [t for c in plan.conditions for t in _deep_tables(c)]
    if plan.period is not None:
        found.append(plan.period.column.table)
    return list(dict.fromkeys(found))


def _excludes(first: Condition, second: Condition) -> bool:
    """True where both conditions on one column cannot hold, or the second adds nothing."""
    if not isinstance(first, Filter) or not isinstance(second, Filter):
        return False
    plain = first.benchmark is None and second.benchmark is None and first.values and second.values
    if first.column != second.column or not plain:
        return False
    low, high = first.values[0], second.values[0]
    if first.operator is Operator.EQUAL:
        return second.operator in (Operator.EQUAL, Operator.NOT_EQUAL) and low != high
    if not isinstance(low, int | float) or not isinstance(high, int | float):
        return False
    upper = (Operator.GREATER, Operator.GREATER_OR_EQUAL)
    lower = (Operator.LESS, Operator.LESS_OR_EQUAL)
    if first.operator in upper and second.operator in lower:
        return low >= high
    return first.operator in lower and second.operator in upper and low <= high


def _signed(predicate: Predicate) -> Operator:
    opposite = {Operator.EQUAL: Operator.NOT_EQUAL, Operator.CONTAINS: Operator.NOT_CONTAINS}
    return (
        opposite.get(predicate.operator, predicate.operator)
        if predicate.negated
        else predicate.operator
    )


def _mirrored(operator: Operator) -> Operator:
    return {
        Operator.LESS: Operator.GREATER,
        Operator.GREATER: Operator.LESS,
        Operator.LESS_OR_EQUAL: Operator.GREATER_OR_EQUAL,
        Operator.GREATER_OR_EQUAL: Operator.LESS_OR_EQUAL,
    }.get(operator, operator)


def _positive(condition: Filter) -> Filter:
    operator = Operator.EQUAL if condition.operator is Operator.NOT_EQUAL else Operator.IN
    return condition.model_copy(update={"operator": operator})


def _any(conditions: list[Condition]) -> Condition:
    filters = [c for c in conditions if isinstance(c, Filter)]
    first = filters[0] if filters else None
    same = (
        len(filters) == len(conditions)
        and first is not None
        and all(
            f.column == first.column and f.operator is Operator.EQUAL and f.benchmark is None
            for f in filters
        )
    )
    if same and first is not None:
        values = tuple(v for f in filters for v in f.values)
        return first.model_copy(update={"operator": Operator.IN, "values": values})
    return AnyOf(conditions=tuple(conditions))


def _tables_of(condition: Condition) -> list[str]:
    if isinstance(condition, AnyOf | AllOf):
        return list(dict.fromkeys(t for c in condition.conditions for t in _tables_of(c)))
    if isinstance(condition, Membership):
        return [condition.columns[0].table]
    return [condition.column.table]


def _deep_tables(condition: Condition) -> list[str]:
    if isinstance(condition, Membership):
        return [condition.table, *(t for c in condition.conditions for t in _deep_tables(c))]
    return _tables_of(condition)


def _words(name: str) -> str:
    return " ".join(name_words(name)) or name


def _snake(label: str) -> str:
    return "_".join(label.lower().split())


def _unique_names(outputs: list[Output]) -> tuple[Output, ...]:
    seen: dict[str, int] = {}
    unique: list[Output] = []
    for output in outputs:
        key = output.name.lower()
        seen[key] = seen.get(key, 0) + 1
        name = output.name if seen[key] == 1 else f"{output.name}_{seen[key]}"
        unique.append(output.model_copy(update={"name": name}))
    return tuple(unique)


def _not_found(words: list[str]) -> str:
    quoted = ", ".join(f"“{word}”" for word in words[:5])
    return f"I could not place {quoted} in the data."
