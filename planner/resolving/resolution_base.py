"""What every part of a resolution shares: the binder, the parts, what is shown."""

from domain.plan import (
    ColumnReference,
    Dimension,
    Measure,
    Output,
)
from planner.language.names import name_words
from planner.reading.plan_parts import MOSTLY, Parts, snake
from planner.reading.reading import (
    Reading,
)
from planner.resolving.binder import Binder
from planner.schema.join_path import JoinGraph
from planner.schema.schema_index import SchemaIndex


class ResolutionBase:
    """One reading over one dictionary, with the table it is taken to be about."""

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
        self._parts = Parts(self._home)

    def _groups_rows(self) -> bool:
        """True where a column that repeats is asked for: rows can be counted by it."""
        for item in self._reading.items:
            if item.reference is None or item.function or self._binder.is_table(item.reference):
                continue
            column = self._binder.column(item.reference)
            if (
                column == self._entity(column.table)
                and self._index.tables[column.table].primary_key
            ):
                continue
            entry = self._index.column(column.table, column.column)
            rows = self._index.tables[column.table].row_count
            return entry.distinct_count < MOSTLY * rows and not entry.family.is_numeric
        return False

    def _is_sortable(self, column: ColumnReference) -> bool:
        entry = self._index.column(column.table, column.column)
        if entry.family.is_numeric or entry.family.is_temporal:
            return not self._index.is_key(column.table, column.column)
        words = name_words(column.column)
        return "date" in words or "year" in words or "time" in words

    def _show_column(self, column: ColumnReference) -> None:
        parts = self._parts
        if column in parts.columns:
            return
        parts.outputs.append(Output(kind="column", index=len(parts.columns), name=column.column))
        parts.columns.append(column)

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
        unnamed = self._index.label_of(table) is None or entity in (first, last)
        return [first, last] if first and last and unnamed else [entity]

    def _named(self, table: str, stems: tuple[str, ...]) -> ColumnReference | None:
        for target in self._index.find_names(stems):
            if target.kind == "column" and target.table == table and target.score >= MOSTLY:
                return ColumnReference(table=table, column=target.column)
        return None

    def _rebase_on_measures(self) -> None:
        """Rows are counted where the measures live, not where the question began."""
        tables = {m.column.table if m.column else m.table for m in self._parts.measures}
        if len(tables) == 1:
            table = next(iter(tables))
            if table is not None:
                self._parts.base = table

    def _show_measure(self, measure: Measure, name: str = "") -> int:
        """Shows a measure under a name, by default its label."""
        number = self._hide_measure(measure)
        if any(o.kind == "measure" and o.index == number for o in self._parts.outputs):
            return number
        name = snake(name or measure.label)
        self._parts.outputs.append(Output(kind="measure", index=number, name=name))
        return number

    def _hide_measure(self, measure: Measure) -> int:
        if measure in self._parts.measures:
            return self._parts.measures.index(measure)
        self._parts.measures.append(measure)
        return len(self._parts.measures) - 1

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

    def _shown_tables(self) -> set[str]:
        parts = self._parts
        found = {c.table for c in parts.columns} | {d.column.table for d in parts.dimensions}
        return found | {
            m.column.table if m.column else m.table or parts.base for m in parts.measures
        }
