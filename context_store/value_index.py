"""All values of columns with few distinct ones: what words of a question are looked up in."""

from typing import TypeAlias

from context_store.profile import WarehouseProfile
from domain.column_type import TypeFamily
from domain.dictionary import Dictionary

ColumnValues: TypeAlias = dict[str, dict[str, list[str]]]
"""Table -> column -> values, most frequent first. Text columns only, none of them PII."""


def collect_values(profile: WarehouseProfile, dictionary: Dictionary) -> ColumnValues:
    """Returns the values that were read, but for columns that the dictionary says are PII."""
    collected: ColumnValues = {}
    for table in dictionary.tables:
        columns = {
            entry.name: [str(value.value) for value in profile_column.values]
            for entry in table.columns
            if entry.pii is None
            and entry.family is TypeFamily.TEXT
            and (profile_column := profile.table(table.name).column(entry.name)).values
        }
        if columns:
            collected[table.name] = columns
    return collected


def without_personal(values: ColumnValues, dictionary: Dictionary) -> ColumnValues:
    """Returns the values without those of columns that hold personal data."""
    closed = {
        table.name: {column.name for column in table.columns if column.pii is not None}
        for table in dictionary.sensitive_tables()
    }
    return {
        table: {name: held for name, held in columns.items() if name not in closed.get(table, ())}
        for table, columns in values.items()
    }
