"""What a model is told of a table: measured facts, and of a personal column none."""

from collections.abc import Collection
from dataclasses import dataclass

from domain.dictionary import ColumnEntry, Dictionary, TableEntry

_VALUES = 8
_LONGEST_VALUE = 40
_SHAPES = 3
_JOINS = 40


@dataclass(frozen=True, slots=True)
class SeenColumn:
    """A column as the prompt shows it."""

    name: str
    type: str
    personal: bool
    facts: list[str]


def seen_columns(table: TableEntry) -> list[SeenColumn]:
    """Returns the columns of a table."""
    return [
        SeenColumn(
            name=column.name,
            type=column.type,
            personal=column.pii is not None,
            facts=[] if column.pii is not None else _facts(column),
        )
        for column in table.columns
    ]


def _facts(column: ColumnEntry) -> list[str]:
    facts = [f"{column.distinct_count} distinct"]
    if column.null_share:
        facts.append(f"{column.null_share:.0%} empty")
    if column.minimum is not None:
        facts.append(f"{column.minimum} to {column.maximum}")
    if column.quantiles:
        facts.append(f"median {column.quantiles[len(column.quantiles) // 2]}")
    if column.time_grain:
        facts.append(f"by {column.time_grain}")
    if column.top_values:
        values = (str(entry.value)[:_LONGEST_VALUE] for entry in column.top_values[:_VALUES])
        facts.append(f"values {', '.join(values)}")
    elif column.shapes:
        facts.append(f"forms {', '.join(str(shape.value) for shape in column.shapes[:_SHAPES])}")
    return facts


def join_facts(dictionary: Dictionary, tables: Collection[str]) -> list[str]:
    """Returns the joins of some tables in words."""
    joins = [
        join
        for join in dictionary.relationships
        if join.child_table in tables or join.parent_table in tables
    ]
    return [
        f"{join.child_table}({', '.join(join.child_columns)}) refers to "
        f"{join.parent_table}({', '.join(join.parent_columns)})"
        for join in joins[:_JOINS]
    ]
