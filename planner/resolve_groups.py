"""Readings that measure groups of rows."""

import math

from domain.plan import (
    AllOf,
    CalendarPart,
    ColumnReference,
    Dimension,
    Having,
    Measure,
    MeasureFunction,
    Order,
    Output,
    TimeGrain,
)
from planner.binder import UnreadableError
from planner.grammar_words import SURE
from planner.labels import calendar_label, column_label, thing_label
from planner.names import name_words
from planner.plan_parts import CALENDAR_WORDS, MOSTLY, part_of_rows, words
from planner.reading import (
    CountCondition,
    Group,
    Item,
    Rank,
    Reference,
)
from planner.resolve_listings import ListingResolution
from planner.spoken_conditions import label_of_part

_HOURLY_DAYS = 3
"""Over more days than that, `by hour` means the hours of the day."""
_GRAINS = (
    (TimeGrain.HOUR, 1),
    (TimeGrain.DAY, 62),
    (TimeGrain.WEEK, 190),
    (TimeGrain.MONTH, 1900),
)
"""Periods of up to so many days are followed by this grain."""


class GroupResolution(ListingResolution):
    """Dimensions, groups kept and their order."""

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
        self._count_rows_of_groups()
        self._parts.base = self._home
        if reading.counts and not self._parts.dimensions:
            raise UnreadableError("It is not clear which groups have to have so many.")
        for condition in reading.counts:
            self._count_having(condition)
        for rank in reading.ranks:
            self._order_groups(rank)
        self._order_time()
        self._rebase_on_measures()

    def _count_rows_of_groups(self) -> None:
        """Within one director there is one director: the rows are what is counted."""
        split = {d.column for d in self._parts.dimensions}
        for number, measure in enumerate(self._parts.measures):
            column = measure.column
            if measure.function is MeasureFunction.COUNT_DISTINCT and column in split and column:
                self._parts.measures[number] = self._rows_of(column.table)

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
        if parts.skip or any(r.skip for r in limited):
            raise UnreadableError("Which place within each group is meant is not clear.")
        parts.per_group = True

    def _group_dimensions(self) -> dict[int, Dimension]:
        found: dict[int, Dimension] = {}
        self._drop_said_groups()
        for group in self._reading.groups:
            found[id(group)] = self._group_dimension(group)
        return found

    def _drop_said_groups(self) -> None:
        """`each apartment type code ... for each type`: the second is the first, said shortly."""
        groups = self._reading.groups
        for place, group in reversed(list(enumerate(groups))):
            if group.reference is None or group.reference.is_table:
                continue
            short = group.reference.mention
            named = {(t.table, t.column) for t in short.of_kind("column")}
            sure = {
                (t.table, t.column)
                for earlier in groups[:place]
                if earlier.reference is not None
                for t in earlier.reference.mention.of_kind("column")
                if t.score >= SURE
            }
            if short.best("column") < SURE and named & sure:
                groups.remove(group)

    def _group_dimension(self, group: Group) -> Dimension:
        if group.is_trend:
            return self._trend_dimension(group.grain)
        if group.reference is not None and (group.grain or group.part):
            return self._binned(group, group.reference)
        if group.reference is None:
            grain, part = group.grain, group.part
            if grain is TimeGrain.HOUR and self._days_asked() > _HOURLY_DAYS:
                grain, part = None, CalendarPart.HOUR_OF_DAY
            hourly = grain is TimeGrain.HOUR or part is CalendarPart.HOUR_OF_DAY
            column = self._binder.time_column(self._home, precise=True, timed=hourly)
            label = calendar_label(grain, part)
            return Dimension(column=column, grain=grain, part=part, label=label)
        asked = self._asked_column(group)
        if asked is not None:
            return self._column_dimension(asked)
        if self._binder.is_table(group.reference):
            return self._entity_dimension(self._binder.table(group.reference.mention))
        return self._column_dimension(self._binder.column(group.reference, splits=True))

    def _binned(self, group: Group, reference: Reference) -> Dimension:
        column = self._binder.column(reference)
        if not self._index.column(column.table, column.column).family.is_temporal:
            raise UnreadableError(f"{words(column.column)} holds no dates.")
        label = calendar_label(group.grain, group.part)
        return Dimension(column=column, grain=group.grain, part=group.part, label=label)

    def _asked_column(self, group: Group) -> ColumnReference | None:
        """`card type codes and the number of cards in each type`: the column asked for."""
        if group.reference is None or group.reference.mention.best("table") >= SURE:
            return None
        named = {(t.table, t.column) for t in group.reference.mention.of_kind("column")}
        for item in self._reading.items:
            if item.function or item.reference is None or self._binder.is_table(item.reference):
                continue
            column = self._binder.column(item.reference)
            if (column.table, column.column) in named:
                return column
        return None

    def _days_asked(self) -> float:
        """How many days the question is about; without end where it does not say."""
        span = self._reading.span
        return (span.end - span.start).days if span and span.start and span.end else math.inf

    def _trend_dimension(self, said: TimeGrain | None) -> Dimension:
        """A course over time, by the grain that gives few points and not too few."""
        days = self._days_asked()
        grain = TimeGrain.MONTH
        if days < math.inf:
            grain = next((g for g, most in _GRAINS if days <= most), TimeGrain.YEAR)
        grain = said or grain
        hourly = grain is TimeGrain.HOUR
        column = self._binder.time_column(self._home, precise=True, timed=hourly)
        return Dimension(column=column, grain=grain, label=calendar_label(grain, None))

    def _column_dimension(self, column: ColumnReference) -> Dimension:
        return Dimension(column=column, label=column_label(column, self._index))

    def _entity_dimension(self, table: str) -> Dimension:
        column = self._entity(table)
        label = thing_label(self._index.tables[table])
        return Dimension(column=column, keys=self._keys(table, column), label=label)

    def _grouped_item(self, item: Item, groups: dict[int, Dimension]) -> None:
        if item.function is not None:
            part = self._part_of_groups(item) if item.share else None
            whole = self._measure(item)
            self._show_measure(part or whole, whole.label)
            return
        for column in self._listed(item):
            tables = {d.column.table for d in groups.values() if d.keys}
            keyed = column.table in tables or self._groups_by_entity(item, column)
            keys = self._keys(column.table, column) if keyed else ()
            label = column_label(column, self._index)
            self._show_dimension(Dimension(column=column, keys=keys, label=label))

    def _part_of_groups(self, item: Item) -> Measure | None:
        """`share of flights that left late by carrier`: of each carrier's own flights."""
        if item.reference is None or not self._binder.is_table(item.reference):
            return None
        begins = min((g.position for g in self._reading.groups), default=0)
        inner = [p for p in self._reading.predicates if item.position <= p.position <= begins]
        if not inner or any(p.joined_by_or or p.both or p.inside or p.negated for p in inner):
            return None
        conditions = [self._apart(self._condition(p)) for p in inner]
        for predicate in inner:
            self._reading.predicates.remove(predicate)
        part = conditions[0] if len(conditions) == 1 else AllOf(conditions=tuple(conditions))
        whole = self._measure(item)
        return part_of_rows(whole, part, label_of_part(whole.label, part, self._index))

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
            is_own or entry.distinct_count >= MOSTLY * rows or column == self._entity(column.table)
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
            parts.limit, parts.skip = rank.limit, rank.skip
        measure = self._rank_measure(rank)
        if measure is not None and measure.function is MeasureFunction.COUNT_DISTINCT:
            column = measure.column
            if column is not None and any(d.column == column for d in parts.dimensions):
                measure = self._rows_of(column.table)
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
        raise UnreadableError(f"Groups cannot be sorted by {words(column.column)}.")

    def _order_time(self) -> None:
        """Groups of a calendar stand in its order where no other is asked for."""
        parts = self._parts
        if parts.order:
            return
        for number, dimension in enumerate(parts.dimensions):
            entry = self._index.column(dimension.column.table, dimension.column.column)
            calendar = set(name_words(dimension.column.column)) & CALENDAR_WORDS
            is_time = dimension.grain or dimension.part or entry.family.is_temporal
            if is_time or calendar:
                parts.order.append(Order(by="dimension", index=number))

    def _group_order_column(self, rank: Rank) -> tuple[ColumnReference, bool]:
        bare = rank.reference is None and rank.adjective is None and rank.limit is None
        if bare and self._parts.dimensions:
            return self._parts.dimensions[0].column, rank.descending
        return self._rank_column(rank)

    def _rank_measure(self, rank: Rank) -> Measure | None:
        """What groups are ranked by; None where it is a column of the groups themselves."""
        if rank.item is not None:
            return self._measure(rank.item)
        if rank.axis == "y" and self._parts.measures:
            return self._parts.measures[0]
        if rank.popular:
            return self._popularity(rank)
        if rank.reference is None:
            return self._unsaid_rank(rank)
        if self._binder.is_table(rank.reference):
            return self._rows_of(self._binder.table(rank.reference.mention))
        column = self._binder.column(rank.reference, numeric=True)
        if column.column == self._index.tables[column.table].person_key:
            return self._measure(Item(rank.reference, MeasureFunction.COUNT, distinct=True))
        if rank.adds_up and self._index.column(column.table, column.column).additive:
            return self._measure(Item(rank.reference, MeasureFunction.SUM))
        if rank.limit is not None and not self._is_sortable(column):
            return self._rows_of(column.table)
        return None

    def _popularity(self, rank: Rank) -> Measure:
        shown = [m for m in self._parts.measures if m.function is MeasureFunction.COUNT]
        if shown:
            return shown[0]
        if rank.reference is not None and not self._binder.is_table(rank.reference):
            return self._rows_of(self._binder.column(rank.reference).table)
        return self._rows_of(self._home)

    def _unsaid_rank(self, rank: Rank) -> Measure | None:
        if rank.limit is None:
            return None
        if self._parts.measures:
            return self._parts.measures[0]
        keyed = [d for d in self._parts.dimensions if d.column == self._entity(self._home)]
        return self._rows_of(self._facts_of(self._home, rank.verb) if keyed else self._home)
