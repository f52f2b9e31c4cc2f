"""Figures within an entity: which column tells the entities apart where they are counted."""

from collections.abc import Set as AbstractSet
from dataclasses import replace

from domain.metric import AggregateFormula
from domain.plan import ColumnReference, Dimension, Measure, MeasureFunction, TimeGrain
from planner.language.lexicon import load_lexicon, stem
from planner.language.names import name_words
from planner.reading.metric_reading import means_metric, measure_metric
from planner.reading.plan_parts import words
from planner.reading.reading import Group, Item, Reference
from planner.resolving.resolve_measures import MeasureResolution
from planner.schema.binding_errors import UnreadableError
from planner.schema.join_path import Step
from planner.schema.labels import calendar_label, column_label, measure_label, thing_label

_WORDS = {
    MeasureFunction.AVERAGE: "average",
    MeasureFunction.MEDIAN: "median",
    MeasureFunction.MINIMUM: "lowest",
    MeasureFunction.MAXIMUM: "peak",
}
_BY_FAR = 3
_MEANS = (MeasureFunction.AVERAGE, MeasureFunction.MEDIAN)


class FoldResolution(MeasureResolution):
    """Measures of what was measured for each entity, day or value first."""

    def _average_persons(self) -> None:
        """`spend per panelist by city`: persons are never listed, so their mean is meant."""
        reading = self._reading
        persons = [g for g in reading.groups if self._is_person(g)]
        items = reading.items
        if len(persons) != 1 or not items or any(i.share for i in items):
            return
        if reading.ranks or reading.counts or not all(self._adds_up(i) for i in items):
            return
        reading.groups = [g for g in reading.groups if g is not persons[0]]
        for item in items:
            if item.over is not None:
                item.per = [persons[0], *item.per]
                continue
            over = item.function if item.function in _MEANS else MeasureFunction.AVERAGE
            item.function = MeasureFunction.SUM if item.function in _MEANS else item.function
            item.over, item.per = over, [persons[0]]

    def _is_person(self, group: Group) -> bool:
        if group.reference is None or group.grain or group.part:
            return False
        if not self._binder.is_table(group.reference):
            column = self._binder.column(group.reference)
            said = {stem(word) for word in name_words(group.reference.mention.text)}
            is_number = {stem(word) for word in name_words(column.column)} <= said
            return column.column == self._index.tables[column.table].person_key and not is_number
        table = self._index.tables[self._binder.table(group.reference.mention)]
        return table.is_of_persons

    def _adds_up(self, item: Item) -> bool:
        """A count or a sum; an average too where it is not said to be one of rows."""
        if item.reference is None or item.function is None or item.distinct:
            return False
        if item.function is MeasureFunction.COUNT:
            return True
        if means_metric(item.reference.mention, item.function):
            formula = self._index.metrics[measure_metric(item.reference, self._index).label].formula
            return isinstance(formula, AggregateFormula) and formula.expression.startswith("SUM(")
        if item.function not in (MeasureFunction.SUM, *_MEANS):
            return False
        if self._binder.is_table(item.reference):
            return False
        column = self._binder.column(item.reference, numeric=True)
        table = self._index.tables[column.table]
        row = {stem(word) for word in name_words(table.row_meaning or table.name)}
        said = {stem(word) for word in name_words(item.reference.mention.text)}
        is_of_rows = item.function in _MEANS and bool(row & said)
        return self._index.column(column.table, column.column).additive and not is_of_rows

    def _measure(self, item: Item) -> Measure:
        if item.over is None:
            return super()._measure(item)
        inner = super()._measure(self._inner(item))
        if not item.per:
            raise UnreadableError(f"It is not said for each of what the {inner.label} is meant.")
        per: list[Dimension] = []
        for group in item.per:
            inner, dimension = self._per(group, inner)
            per.append(dimension)
        each = " and ".join(dimension.label for dimension in per)
        return Measure(
            function=item.over,
            of=inner,
            per=tuple(per),
            table=_home_of(inner),
            label=f"{_WORDS[item.over]} {inner.label} per {each}",
            unit=inner.unit,
        )

    def _inner(self, item: Item) -> Item:
        """What is computed first; keys are counted, they do not add up."""
        reference = item.reference
        is_column = reference is not None and not self._binder.is_table(reference)
        if item.function is MeasureFunction.SUM and reference is not None and is_column:
            column = self._binder.column(reference)
            if self._index.is_key(column.table, column.column):
                return Item(reference, MeasureFunction.COUNT, distinct=True)
        return replace(item, over=None)

    def _per(self, group: Group, inner: Measure) -> tuple[Measure, Dimension]:
        table = _home_of(inner)
        grain = self._unit_of(group, table)
        if group.reference is None or grain is not None:
            grain = grain or group.grain
            column = self._binder.time_column(table, precise=True)
            label = calendar_label(grain, group.part)
            return inner, Dimension(column=column, grain=grain, part=group.part, label=label)
        if self._binder.is_table(group.reference):
            return self._per_entity(group.reference, inner, table)
        column = self._binder.column(group.reference, splits=True)
        return inner, Dimension(column=column, label=self._label_of_each(column))

    def _label_of_each(self, column: ColumnReference) -> str:
        """What a key of others tells apart: the thing itself, not its number."""
        for link in self._index.dictionary.relationships:
            own = (link.child_table, [*link.child_columns])
            if own == (column.table, [column.column]):
                return thing_label(self._index.tables[link.parent_table])
        return column_label(column, self._index)

    def _unit_of(self, group: Group, table: str) -> TimeGrain | None:
        """`per day` are the days there were, even where a column numbers the days of a month."""
        said = group.reference.mention.text.lower() if group.reference is not None else ""
        unit = load_lexicon().calendar.units.get(said)
        is_timed = self._index.tables[table].time_column is not None
        return TimeGrain(unit) if unit is not None and is_timed else None

    def _per_entity(
        self, reference: Reference, inner: Measure, table: str
    ) -> tuple[Measure, Dimension]:
        entity = self._binder.table(reference.mention)
        way = self._graph.path(table, entity)
        if not way:
            raise UnreadableError(f"Nothing links {words(table)} to one of {words(entity)} each.")
        label = thing_label(self._index.tables[entity])
        if all(step.to_parent for step in way):
            return inner, Dimension(column=_child_column(way[-1]), label=label)
        return self._per_bridge(inner, table, entity, label)

    def _per_bridge(
        self, inner: Measure, table: str, entity: str, label: str
    ) -> tuple[Measure, Dimension]:
        """`apps per user`: different apps among the rows that link the two."""
        if inner.function is not MeasureFunction.COUNT or inner.condition:
            raise UnreadableError(f"{inner.label} cannot be told for each {label}.")
        counted = self._bridge(table, entity)
        function = MeasureFunction.COUNT_DISTINCT
        told = measure_label(function, counted, self._index)
        measure = Measure(function=function, column=counted, label=told)
        link = self._links_to(entity)[counted.table]
        return measure, Dimension(column=_child_column(link), label=label)

    def _bridge(
        self, table: str, entity: str, said: AbstractSet[str] = frozenset()
    ) -> ColumnReference:
        """What rows that link two tables refer to the first by; of tables `said`, if any.

        Raises UnreadableError where there are none, or several of about one size.
        """
        own, others = self._links_to(table), self._links_to(entity)
        bridges = [name for name in own if name in others]
        bridges = [name for name in bridges if name in said] or bridges
        sizes = sorted(bridges, key=lambda name: -self._index.tables[name].row_count)
        rows = [self._index.tables[name].row_count for name in sizes]
        if not sizes:
            raise UnreadableError(f"Nothing links {words(table)} and {words(entity)}.")
        if len(sizes) > 1 and rows[0] < _BY_FAR * rows[1]:
            raise UnreadableError(f"Say by what: {' or '.join(map(words, sizes[:3]))}.")
        return _child_column(own[sizes[0]])

    def _links_to(self, table: str) -> dict[str, Step]:
        """Tables whose rows each refer to one row of the table."""
        found: dict[str, Step] = {}
        for name in sorted({r.child_table for r in self._index.dictionary.relationships}):
            way = self._graph.path(name, table)
            if way and len(way) == 1 and way[0].to_parent:
                found[name] = way[0]
        return found


def _home_of(measure: Measure) -> str:
    return measure.column.table if measure.column is not None else measure.table or ""


def _child_column(step: Step) -> ColumnReference:
    """What a row refers to its parent by. Raises UnreadableError for several columns."""
    if len(step.start_columns) != 1:
        raise UnreadableError(f"Rows of {words(step.start)} name no single {words(step.end)}.")
    return ColumnReference(table=step.start, column=step.start_columns[0])
