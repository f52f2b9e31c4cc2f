"""Of a large dictionary, the part that a question or an answer is about."""

from collections.abc import Iterable

from domain.dictionary import Dictionary
from domain.plan import Plan
from planner.reading.plan_reach import plan_tables

_WHOLE_SCHEMA_TABLES = 60
"""Up to so many tables all of them are looked at; of more, only those that matter."""


def is_large(dictionary: Dictionary) -> bool:
    """True where going through every table would take longer than an answer may."""
    return len(dictionary.table_names) > _WHOLE_SCHEMA_TABLES


def part_of(dictionary: Dictionary, tables: Iterable[str]) -> Dictionary:
    """Returns the dictionary of some tables and the relationships among them."""
    names = frozenset(tables)
    return dictionary.model_copy(
        update={
            "tables": dictionary.tables_named(names),
            "relationships": [
                link
                for link in dictionary.relationships
                if link.child_table in names and link.parent_table in names
            ],
        }
    )


def tables_near(plan: Plan, dictionary: Dictionary) -> list[str]:
    """Returns the tables of a plan, and those that the measured one refers to."""
    links = dictionary.relationships
    parents = [link.parent_table for link in links if link.child_table == plan.table]
    return list(dict.fromkeys([*plan_tables(plan), *parents]))
