"""The column that a period or a time of day refers to."""

from domain.column_type import TypeFamily
from domain.plan import ColumnReference
from planner.language.names import name_words
from planner.schema.binding_errors import UnreadableError
from planner.schema.join_path import JoinGraph
from planner.schema.schema_index import SchemaIndex


class TimeColumns:
    """Finds columns of dates and times in a table and in what it refers to."""

    def __init__(self, index: SchemaIndex, graph: JoinGraph) -> None:
        self.index = index
        self.graph = graph

    def time_column(self, table: str, *, precise: bool, timed: bool = False) -> ColumnReference:
        """Returns the column a period refers to, looking in the table, then in its parents.

        `precise` False allows a column of years; `timed` True asks for the time of day.
        """
        near = sorted(
            self.index.tables, key=lambda t: self.graph.distance(table, t) if t != table else 0
        )
        for name in near:
            if name != table and not self.graph.keeps_rows(table, name):
                continue
            found = self._clock_of(name) if timed else self._time_column_of(name, precise)
            if found is not None:
                return ColumnReference(table=name, column=found)
        raise UnreadableError(f"Nothing in {table} holds a {'time' if timed else 'date'}.")

    def _clock_of(self, table: str) -> str | None:
        entry = self.index.tables[table]
        clocks = [c.name for c in entry.columns if c.family is TypeFamily.TIMESTAMP]
        if entry.time_column in clocks:
            return entry.time_column
        return clocks[0] if clocks else None

    def _time_column_of(self, table: str, precise: bool) -> str | None:
        entry = self.index.tables[table]
        if not precise:
            years = [c.name for c in entry.columns if "year" in name_words(c.name)]
            if years:
                return years[0]
        if entry.time_column is not None:
            return entry.time_column
        temporal = [c.name for c in entry.columns if c.family.is_temporal]
        return temporal[0] if temporal else None
