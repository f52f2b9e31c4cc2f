"""Readings that list rows as they are."""

from abc import abstractmethod
from collections.abc import Iterator

from domain.plan import ColumnReference, Dimension, Order, Output
from planner.language.lexicon import load_lexicon, stem
from planner.language.names import name_words
from planner.reading.plan_parts import MOSTLY
from planner.reading.reading import (
    Group,
    Item,
    Rank,
    Reference,
)
from planner.resolving.resolve_periods import PeriodResolution
from planner.schema.binding_errors import UnreadableError


class ListingResolution(PeriodResolution):
    """Columns to list, and their order."""

    def _listing(self) -> None:
        parts = self._parts
        shown: dict[ColumnReference, Item] = {}
        for item in self._reading.items:
            columns = self._listed(item)
            for column in columns:
                if len(columns) == 1:
                    self._check_different(column, shown.get(column), item)
                    shown[column] = item
                self._show_column(column)
        if not parts.columns:
            raise UnreadableError("The question does not say what to show.")
        parts.distinct = any(i.distinct for i in self._reading.items) or self._names_a_set()
        for rank in self._reading.ranks:
            self._order_listing(rank)
        if any(g.grain or g.part for g in self._reading.groups) and not parts.dimensions:
            raise UnreadableError("It is not clear what is counted or measured over time.")

    def _check_different(self, column: ColumnReference, first: Item | None, second: Item) -> None:
        """Raises UnreadableError where two things that were asked for are read as one column."""
        if first is None or first.reference is None or second.reference is None:
            return
        one, other = (set(_said(i.reference)) for i in (first, second) if i.reference)
        whole = {stem(word) for word in name_words(column.column)}
        is_apart = one - other - whole or other - one - whole
        if first.sentence == second.sentence and one - other and other - one and is_apart:
            text = second.reference.mention.text
            told = f"{first.reference.mention.text!r} and {text!r}"
            raise UnreadableError(f"It is not clear how {told} differ.", (text,))

    def _names_a_set(self) -> bool:
        """`Which countries ...`: one attribute that rows share is asked for as a set."""
        parts = self._parts
        if len(parts.columns) != 1 or self._reading.ranks:
            return False
        column = parts.columns[0]
        table = self._index.tables[column.table]
        asks_which = self._reading.said[0].text.lower() == "which"
        if self._reading.predicates and not (table.is_of_persons and asks_which):
            return False
        entry = self._index.column(column.table, column.column)
        rows = self._index.tables[column.table].row_count
        owned = any(i.reference is not None and i.reference.owner for i in self._reading.items)
        repeats = entry.distinct_count < MOSTLY * rows
        return repeats and not owned and column != self._entity(column.table)

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
            return self._own_column(reference, table)
        if self._index.label_of(table) is None and not self._index.tables[table].primary_key:
            return self._all_columns(table)
        return self._called(table)

    def _own_column(self, reference: Reference, table: str) -> list[ColumnReference]:
        """`the participants and the years played`, where players are a column of the players."""
        best = reference.mention.best("table")
        own = [
            t
            for t in reference.mention.of_kind("column")
            if t.table == table and t.score >= best and not self._index.is_key(table, t.column)
        ]
        return [ColumnReference(table=table, column=own[0].column)] if own else []

    def _belongs(self, item: Item, table: str) -> bool:
        if item.everything:
            return True
        if item.reference is None or self._binder.is_table(item.reference) or item.function:
            return False
        return self._binder.column(item.reference).table == table

    def _order_listing(self, rank: Rank) -> None:
        parts = self._parts
        column, descending = self._rank_column(rank)
        parts.order.append(Order(by="column", column=column, descending=descending))
        if rank.limit is not None:
            parts.limit, parts.skip = rank.limit, rank.skip
            if self._reading.groups:
                self._rank_rows_within()

    def _rank_rows_within(self) -> None:
        """`the school with the smallest enrollment in each state`: the first rows of each group."""
        parts, groups = self._parts, self._reading.groups
        if len(groups) > 1 or len(self._reading.ranks) > 1 or parts.distinct or parts.skip:
            raise UnreadableError("The first rows of each group are not clear here.")
        group = self._group_dimension(groups[0])
        if group.keys and group.column.table == self._home:
            raise UnreadableError("The first rows of each group are not clear here.")
        if group.column in parts.columns:
            place = parts.columns.index(group.column)
            shown = next(o for o in parts.outputs if o.kind == "column" and o.index == place)
            parts.outputs.remove(shown)
        name = group.column.column if group.grain is None and group.part is None else group.label
        parts.dimensions.append(group)
        parts.outputs.insert(0, Output(kind="dimension", index=0, name=name))
        parts.per_group = True

    @abstractmethod
    def _group_dimension(self, group: Group) -> Dimension:
        """See `resolve_groups`."""

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


def _said(reference: Reference) -> Iterator[str]:
    """The stems of a name and of what it is said to belong to."""
    for mention in (reference.mention, reference.owner):
        words = mention.text.lower().split() if mention is not None else []
        yield from (stem(word) for word in words if word not in load_lexicon().fillers)
