"""Finds tables of individuals, and the column by which other tables refer to them."""

from collections.abc import Sequence

from context_store.names import is_identifier_name
from context_store.pii_names import has_person_attributes, is_person_table_name, person_key_name
from context_store.profile import TableProfile
from domain.catalog import TableSchema
from domain.dictionary import Relationship


def table_is_of_persons(schema: TableSchema) -> bool:
    """True where names say that a row is one individual."""
    names = [column.name for column in schema.columns]
    if is_person_table_name(schema.name):
        return True
    return has_person_attributes(names) and person_key_name(names[1:]) is None


def mark_persons(
    tables: Sequence[TableProfile], relationships: Sequence[Relationship]
) -> list[TableProfile]:
    """Returns the tables with a person key on those of individuals and those that refer to them."""
    persons = {table.name for table in tables if table.is_of_persons}
    return [
        table.model_copy(update={"person_key": _person_key(table, persons, relationships)})
        for table in tables
    ]


def _person_key(
    table: TableProfile, persons: set[str], relationships: Sequence[Relationship]
) -> str | None:
    if table.is_of_persons:
        return _own_key(table)
    references = [
        join.child_columns[0]
        for join in relationships
        if join.child_table == table.name and join.parent_table in persons
    ]
    names = [column.name for column in table.columns]
    return references[0] if references else person_key_name(names)


def _own_key(table: TableProfile) -> str | None:
    """Returns the column that tells persons apart, or, with none measured, the likeliest one."""
    if len(table.primary_key) == 1:
        return table.primary_key[0]
    names = [column.name for column in table.columns]
    identifiers = [name for name in names if is_identifier_name(name)]
    personal = [column.name for column in table.columns if column.pii is not None]
    return next(iter([*identifiers, *personal, *names]), None)
