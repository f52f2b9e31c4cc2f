"""Figures within an entity: which column tells the entities apart where they are counted."""

from dataclasses import replace

from domain.plan import ColumnReference, Dimension, Measure, MeasureFunction, TimeGrain
from planner.language.lexicon import load_lexicon
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
    MeasureFunction.MAXIMUM: "highest",
}
_BY_FAR = 3


class FoldResolution(MeasureResolution):
    """Measures of what was measured for each entity, day or value first."""

    def _measure(self, item: Item) -> Measure:
        if item.over is None:
            return super()._measure(item)
        inner = super()._measure(replace(item, over=None))
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
        return inner, Dimension(column=column, label=column_label(column, self._index))

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
        own = self._links_to(table)
        bridges = {name: step for name, step in self._links_to(entity).items() if name in own}
        sizes = sorted(bridges, key=lambda name: -self._index.tables[name].row_count)
        rows = [self._index.tables[name].row_count for name in sizes]
        if not sizes or inner.function is not MeasureFunction.COUNT or inner.condition:
            raise UnreadableError(f"{inner.label} cannot be told for each {label}.")
        if len(sizes) > 1 and rows[0] < _BY_FAR * rows[1]:
            raise UnreadableError(f"Say by what: {' or '.join(map(words, sizes[:3]))}.")
        counted = _child_column(own[sizes[0]])
        function = MeasureFunction.COUNT_DISTINCT
        told = measure_label(function, counted, self._index)
        measure = Measure(function=function, column=counted, label=told)
        return measure, Dimension(column=_child_column(bridges[sizes[0]]), label=label)

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
