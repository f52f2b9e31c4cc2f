"""Readings that measure groups of rows."""

from dataclasses import replace

from domain.plan import (
    ColumnReference,
    Condition,
    Dimension,
    GroupBenchmark,
    Having,
    Measure,
    MeasureFunction,
    Order,
    Output,
)
from planner.language.names import name_words
from planner.reading.plan_parts import CALENDAR_WORDS, MOSTLY, words
from planner.reading.reading import (
    CountCondition,
    Group,
    Item,
    Predicate,
    Rank,
)
from planner.resolving.resolve_shares import ShareResolution
from planner.schema.binding_errors import UnreadableError
from planner.schema.labels import column_label


class GroupResolution(ShareResolution):
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

    def _grouped_item(self, item: Item, groups: dict[int, Dimension]) -> None:
        if item.function is not None:
            part = self._part_of_groups(item) if item.share else None
            whole = self._measure(item)
            self._show_measure(part or whole, whole.label)
            return
        for column in self._listed(item):
            tables = {d.column.table for d in groups.values() if d.keys}
            is_split = any(d.column == column and not d.keys for d in groups.values())
            keyed = column.table in tables or self._groups_by_entity(item, column)
            keyed &= not is_split
            keys = self._keys(column.table, column) if keyed else ()
            label = column_label(column, self._index)
            self._show_dimension(Dimension(column=column, keys=keys, label=label))

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
        benchmark = None
        if condition.benchmark is not None:
            benchmark = GroupBenchmark(function=condition.benchmark)
        elif condition.other is not None:
            benchmark = GroupBenchmark(conditions=(self._group_named(condition.other),))
        self._parts.having.append(
            Having(
                measure_index=number,
                operator=condition.operator,
                values=condition.values,
                benchmark=benchmark,
            )
        )

    def _group_named(self, predicate: Predicate) -> Condition:
        """The group that others are compared with: a value of what they are split by."""
        split = {(d.column.table, d.column.column) for d in self._parts.dimensions}
        said = predicate.mention
        values = said.of_kind("value") if said is not None else ()
        named = tuple(t for t in values if (t.table, t.column) in split)
        if said is None or not named:
            text = said.text if said is not None else ""
            raise UnreadableError(f"{text} is none of the groups.", (text,))
        return self._condition(replace(predicate, mention=replace(said, targets=named)))

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
            self._check_counted(rank, measure)
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

    def _check_counted(self, rank: Rank, measure: Measure) -> None:
        """Raises UnreadableError for `the best restaurant`, where only their number is known."""
        counts = measure.function in (MeasureFunction.COUNT, MeasureFunction.COUNT_DISTINCT)
        if rank.sized_by and rank.item is None and counts and measure not in self._parts.measures:
            text = f"Nothing says what is {rank.sized_by}: name what it is measured by."
            raise UnreadableError(text, (rank.sized_by,))

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
            if rank.adjective is not None:
                text = f"What the {rank.adjective.text.lower()} is taken of is not clear."
                raise UnreadableError(text, (rank.adjective.text,))
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
        return self._rows_of(self._facts_of(self._home) if self._is_split_by_rows() else self._home)

    def _is_split_by_rows(self) -> bool:
        """`the least used app`: each app is one row, so what happened to it is counted."""
        entity, table = self._entity(self._home), self._index.tables[self._home]
        entry = self._index.column(entity.table, entity.column)
        split = [d for d in self._parts.dimensions if d.column == entity]
        return bool(split) and entry.distinct_count >= max(table.row_count, 2)

    def _unsaid_rank(self, rank: Rank) -> Measure | None:
        if rank.limit is None:
            return None
        if self._parts.measures:
            return self._parts.measures[0]
        keyed = [d for d in self._parts.dimensions if d.column == self._entity(self._home)]
        return self._rows_of(self._facts_of(self._home, rank.verb) if keyed else self._home)
