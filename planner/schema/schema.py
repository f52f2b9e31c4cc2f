"""What a dictionary says of tables and columns, looked up by name."""

from functools import cached_property

from domain.column_type import TypeFamily
from domain.dictionary import (
    Cell,
    ColumnEntry,
    ColumnRole,
    Dictionary,
    TableEntry,
)
from domain.metric import Metric, RatioFormula
from planner.language.lexicon import load_lexicon, stem
from planner.language.names import name_words

_SAME = 0.02
"""A column with no more different values a row tells no rows apart."""
_LABEL_WORDS = (("name",), ("title",), ("full", "name"))


class Schema:
    """Entries, keys and labels of one dictionary."""

    def __init__(self, dictionary: Dictionary) -> None:
        self.dictionary = dictionary

    def metric_table(self, metric: Metric) -> str:
        """Returns the table whose rows a metric measures."""
        if isinstance(metric.formula, RatioFormula):
            return self.metric_table(self.metrics[metric.formula.numerator])
        return metric.formula.table

    @cached_property
    def metrics(self) -> dict[str, Metric]:
        """Metrics by name."""
        return {metric.name: metric for metric in self.dictionary.metrics}

    def column(self, table: str, column: str) -> ColumnEntry:
        """Returns the entry of a column that is known to exist."""
        return self.columns[table, column]

    @cached_property
    def columns(self) -> dict[tuple[str, str], ColumnEntry]:
        """Entries by table and column."""
        return {(t.name, c.name): c for t in self.dictionary.tables for c in t.columns}

    @cached_property
    def has_time(self) -> bool:
        """True where some column lies on a calendar."""
        return any(c.family.is_temporal for c in self.columns.values())

    @cached_property
    def tables(self) -> dict[str, TableEntry]:
        """Entries by name."""
        return {t.name: t for t in self.dictionary.tables}

    @cached_property
    def foreign_keys(self) -> frozenset[tuple[str, str]]:
        """Columns that refer to another table."""
        return frozenset(
            (r.child_table, c) for r in self.dictionary.relationships for c in r.child_columns
        )

    def is_parent_of(self, table: str, others: set[str]) -> bool:
        """True where one of the other tables refers to this one."""
        links = self.dictionary.relationships
        return any(r.parent_table == table and r.child_table in others - {table} for r in links)

    def is_key(self, table: str, column: str) -> bool:
        """True for columns that identify rows here or elsewhere."""
        entry = self.columns[table, column]
        words = name_words(column)
        return (
            column in self.tables[table].primary_key
            or (table, column) in self.foreign_keys
            or entry.role is ColumnRole.KEY
            or words[-1:] == ["id"]
        )

    def label_of(self, table: str) -> str | None:
        """Returns the column that people call a row of the table by, or None."""
        entry = self.tables[table]
        own = {stem(word) for word in name_words(table)}
        best: tuple[float, str] | None = None
        for column in entry.columns:
            score = self._label_score(entry, column, own)
            if score > 0 and (best is None or score > best[0]):
                best = (score, column.name)
        return best[1] if best else None

    def _label_score(self, table: TableEntry, column: ColumnEntry, own: set[str]) -> float:
        is_own_key = table.primary_key == [column.name]
        if (table.name, column.name) in self.foreign_keys and not is_own_key:
            return 0
        if table.row_count > 1 and 0 < column.distinct_count <= _SAME * table.row_count:
            return 0
        words = [load_lexicon().abbreviations.get(w, w) for w in name_words(column.name)]
        rest = tuple(word for word in words if stem(word) not in own)
        if column.role is ColumnRole.LABEL:
            return 3
        if rest in _LABEL_WORDS:
            return 4
        if column.family is not TypeFamily.TEXT or self.is_key(table.name, column.name):
            return 0
        if rest and rest[-1] in ("name", "title"):
            return 1.5 if "first" in words or len(rest) > 1 else 2
        return 2.5 if not rest else 0

    def is_numeric(self, table: str, column: str) -> bool:
        """True where the column holds quantities, though text may store them."""
        entry = self.columns[table, column]
        if entry.family is TypeFamily.TEXT:
            return bool(entry.top_values) and all(is_number(v.value) for v in entry.top_values)
        return entry.family.is_numeric


def is_number(value: Cell) -> bool:
    """True for what can be read as a number."""
    try:
        float(str(value).replace(",", ""))
    except ValueError:
        return False
    return True
