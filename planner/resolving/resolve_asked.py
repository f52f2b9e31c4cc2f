"""What is asked for where a question does not name it: by a rank, an adjective or a value."""

from dataclasses import replace

from domain.dictionary import ColumnRole
from domain.plan import (
    ColumnReference,
    MeasureFunction,
)
from planner.language.lexicon import Adjective
from planner.linking.mention import Mention
from planner.reading.reading import (
    Group,
    Item,
    Predicate,
    Rank,
    Reference,
)
from planner.resolving.binding_scores import adjective_score
from planner.resolving.resolve_contrasts import ContrastResolution
from planner.schema.binding_errors import UnreadableError
from planner.schema.schema_index import Target


class AskedResolution(ContrastResolution):
    """Completes what a reading asks for."""

    def _check_told(self) -> None:
        """`how many women bought ...`: the women are counted, and not what they bought."""
        for item in self._reading.items:
            values = item.told.of_kind("value") if item.told is not None else ()
            told = {t.table for t in values if self._index.label_of(t.table) != t.column}
            if item.told is not None and told and self._home not in told:
                text = item.told.text
                raise UnreadableError(f"It is not clear how many {text} there are.", (text,))
            if item.told is not None and item.share and told:
                item.reference = Reference(
                    replace(item.told, targets=(Target("table", self._home),))
                )

    def _split_drawn(self) -> None:
        """`a pie chart of the number of codes`: one number is no chart, one for each code is."""
        items, groups = self._reading.items, self._reading.groups
        if not self._reading.is_drawn or len(items) != 1 or groups or self._reading.ranks:
            return
        reference = items[0].reference
        if items[0].function is not MeasureFunction.COUNT or reference is None:
            return
        if not self._binder.is_table(reference):
            groups.append(Group(reference, position=items[0].position))

    def _measure_by_adjectives(self) -> None:
        """`the furthest destination` is no distance; `how big is a city` may be a population."""
        for item in self._reading.items:
            adjective = item.adjective.adjective if item.adjective is not None else None
            if adjective is None or item.reference is None or item.adjective is None:
                continue
            if item.function is MeasureFunction.COUNT:
                if self._is_measured(adjective):
                    item.reference, item.function = Reference(item.adjective), None
            elif not self._binder.is_table(item.reference):
                column = self._binder.column(item.reference)
                if self._is_thing(column, adjective):
                    item.function = None
                    rank = Rank(bool(adjective.high), adjective=item.adjective)
                    self._reading.ranks.append(rank)

    def _is_thing(self, column: ColumnReference, adjective: Adjective) -> bool:
        """True for a column that rows are told by, and nothing is measured in."""
        entry = self._index.column(column.table, column.column)
        if adjective_score(adjective, entry) is not None and self._binder.is_quantity(column):
            return False
        told = entry.role is ColumnRole.DIMENSION or self._index.is_key(column.table, column.column)
        return told or not self._binder.is_quantity(column)

    def _is_measured(self, adjective: Adjective) -> bool:
        try:
            self._binder.measured_by(adjective, self._home)
        except UnreadableError:
            return False
        return True

    def _average_extremes(self) -> None:
        """`the category with the longest sessions`: on average; one row makes no category long."""
        for rank in self._reading.ranks:
            named = rank.reference
            if rank.adjective is None or named is None or rank.limit is None or rank.skip:
                continue
            is_many = named.mention.text.lower().endswith("s") and self._binder.is_table(named)
            if not is_many or self._binder.table(named.mention) == self._home:
                continue
            rank.item = Item(named, MeasureFunction.AVERAGE, adjective=rank.adjective)
            rank.reference, rank.adjective = None, None

    def _compare_by_hints(self) -> None:
        """`higher than 100` with nothing counted: the column that the adjective measures."""
        for count in list(self._reading.counts):
            if count.hint is None or count.item.reference is not None:
                continue
            try:
                self._binder.measured_by(count.hint, self._home)
            except UnreadableError:
                continue
            self._reading.counts.remove(count)
            self._reading.predicates.append(
                Predicate(
                    None,
                    count.operator,
                    count.values,
                    joined_by_or=count.joined_by_or,
                    adjective=Mention("adjective", count.hint.base, 0, 0, adjective=count.hint),
                )
            )

    def _complete_items(self) -> None:
        """A question that asks for nothing by name asks for the first table it mentions."""
        reading = self._reading
        if reading.items:
            self._complete_extreme()
            self._count_events()
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
        if self._ranks_spans() or self._complete_by_rank() or self._complete_by_value():
            return
        raise UnreadableError("The question does not say what to show.")

    def _ranks_spans(self) -> bool:
        """`Which day of the week has the most purchases`: the span of the calendar is asked for."""
        timed = any(g.grain or g.part for g in self._reading.groups)
        ranked = [r for r in self._reading.ranks if r.limit is not None and r.reference is not None]
        return timed and len(ranked) == 1 == len(self._reading.ranks)

    def _complete_by_rank(self) -> bool:
        """`Top 3 destinations of Delta`: what is ranked is asked for, the commonest first."""
        rank = next((r for r in self._reading.ranks if r.limit is not None), None)
        if rank is None or rank.reference is None or rank.item is not None or rank.adds_up:
            return False
        reference = rank.reference
        if not self._binder.is_table(reference):
            if self._binder.is_quantity(self._binder.column(reference)):
                if rank.skip:
                    self._reading.items.append(Item(reference, distinct=True))
                return bool(rank.skip)
            rank.popular = rank.adjective is None
        elif self._measures_rows(rank) or rank.adjective is not None:
            self._ask_for_extreme(rank)
            return True
        else:
            rank.reference = None
        self._reading.items.append(Item(reference, position=rank.position))
        return True

    def _count_events(self) -> None:
        """`sessions in Q2`: things that happen and have no name are counted."""
        items = self._reading.items
        reference = items[0].reference if len(items) == 1 else None
        if not self._reading.is_fragment or reference is None or items[0].function:
            return
        if self._reading.ranks or self._reading.groups or not self._binder.is_table(reference):
            return
        table = self._index.tables[self._binder.table(reference.mention)]
        if table.time_column is not None and self._index.label_of(table.name) is None:
            items[0].function = MeasureFunction.COUNT

    def _complete_extreme(self) -> None:
        """`the longest session`, where sessions have no name."""
        items, ranks = self._reading.items, self._reading.ranks
        if len(items) != 1 or len(ranks) != 1 or self._reading.groups or items[0].function:
            return
        reference, rank = items[0].reference, ranks[0]
        if reference is None or rank.reference is None or not self._binder.is_table(reference):
            return
        is_same = rank.reference.mention is reference.mention
        is_measured = rank.adjective is not None and rank.adjective.adjective is not None
        named = self._is_called(self._binder.table(reference.mention))
        if is_same and is_measured and not named and not rank.skip:
            items.clear()
            self._ask_for_extreme(rank)

    def _is_called(self, table: str) -> bool:
        """True where rows have a name to be told by, a person's two names too."""
        return self._index.label_of(table) is not None or len(self._called(table)) > 1

    def _ask_for_extreme(self, rank: Rank) -> None:
        """`the largest purchase`: rows without a name are told by the figure itself."""
        reference, superlative = rank.reference, rank.adjective
        table = self._binder.table(reference.mention) if reference else self._home
        if self._is_called(table) or rank.limit != 1 or rank.skip or superlative is None:
            self._reading.items.append(Item(reference, position=rank.position))
            return
        adjective = superlative.adjective
        if adjective is None:
            return
        highest = self._binder.measured_by(adjective, table)[1] == rank.descending
        function = MeasureFunction.MAXIMUM if highest else MeasureFunction.MINIMUM
        self._reading.ranks.remove(rank)
        self._reading.items.append(Item(Reference(superlative), function))

    def _complete_by_value(self) -> bool:
        """`List the games`, where games are a kind of app: the apps are asked for."""
        valued = [p for p in self._reading.predicates if p.mention is not None and not p.negated]
        if len(self._reading.predicates) != 1 or not valued or valued[0].mention is None:
            return False
        table = self._binder.value_column(valued[0]).table
        if table not in self._index.tables:
            return False
        named = replace(valued[0].mention, targets=(Target("table", table),))
        self._reading.items.append(Item(Reference(named)))
        return True

    def _measures_rows(self, rank: Rank) -> bool:
        """`the highest mountain`: its height, where there is one, and no number of rows."""
        table = self._binder.table(rank.reference.mention) if rank.reference else ""
        if rank.hint is None or rank.hint.adjective is None or not table:
            return False
        if rank.adds_up or any(i.function for i in self._reading.items):
            return False
        try:
            measured, _ = self._binder.measured_by(rank.hint.adjective, table)
        except UnreadableError:
            return False
        if table not in (self._home, measured.table):
            return False
        rank.adjective = rank.hint
        return True
