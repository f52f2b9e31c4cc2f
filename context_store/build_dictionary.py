"""Reads meaning into a profile: the data dictionary, with what a person wrote on top."""

from datetime import date

from context_store.apply_business import apply_business
from context_store.business_file import BusinessFile
from context_store.column_families import column_families
from context_store.column_roles import is_additive, role_of, unit_of
from context_store.column_values import TOP_VALUES
from context_store.descriptions import (
    column_synonyms,
    describe_column,
    describe_table,
    table_synonyms,
)
from context_store.domain_context import write_domain_context
from context_store.example_questions import MAXIMUM_EXAMPLES, write_example_questions
from context_store.names import row_name_of
from context_store.profile import ColumnProfile, TableProfile, ValueCount, WarehouseProfile
from context_store.time_columns import time_column_of
from domain.dictionary import ColumnEntry, Dictionary, TableEntry, ValueShare


def build_dictionary(
    profile: WarehouseProfile,
    business: BusinessFile | None = None,
    *,
    source_name: str,
    built_on: date | None = None,
) -> Dictionary:
    """Returns the dictionary of a profiled warehouse. `business` goes before any guess.

    Raises OperatorError where `business` names a table or column that is not there.
    """
    dictionary = Dictionary(
        source_name=source_name,
        built_on=built_on,
        tables=[_table_entry(table, profile) for table in profile.tables],
        relationships=profile.relationships,
    )
    if business is not None:
        dictionary = apply_business(dictionary, business)
    written = write_example_questions(dictionary)
    examples = list(dict.fromkeys([*dictionary.example_questions, *written]))
    return dictionary.model_copy(
        update={
            "example_questions": dictionary.example_questions or examples[:MAXIMUM_EXAMPLES],
            "domain_context": write_domain_context(dictionary),
        }
    )


def _table_entry(table: TableProfile, profile: WarehouseProfile) -> TableEntry:
    parents = {
        join.child_columns[0]: join.parent_table
        for join in profile.relationships
        if join.child_table == table.name and len(join.child_columns) == 1
    }
    time_column = time_column_of(table)
    timed = table.column(time_column) if time_column is not None else None
    return TableEntry(
        name=table.name,
        description=describe_table(table),
        synonyms=table_synonyms(table.name),
        row_meaning=row_name_of(table.name),
        row_count=table.row_count,
        format=table.format,
        primary_key=table.primary_key,
        time_column=time_column,
        time_grain=timed.time_grain if timed is not None else "",
        fresh_until=timed.latest if timed is not None else None,
        column_families=column_families([(c.name, c.family) for c in table.columns]),
        person_key=table.person_key,
        columns=[
            _column_entry(column, table, parents.get(column.name)) for column in table.columns
        ],
    )


def _column_entry(column: ColumnProfile, table: TableProfile, parent: str | None) -> ColumnEntry:
    role = role_of(column, table, parent is not None)
    rows = max(1, table.profiled_rows)
    return ColumnEntry(
        name=column.name,
        type=column.type,
        role=role,
        description=describe_column(column, role, parent),
        synonyms=column_synonyms(column.name, table.name),
        unit=unit_of(column.name),
        additive=is_additive(column, role),
        pii=column.pii,
        is_partition=column.is_partition,
        null_share=round(1 - column.non_null_count / rows, 4) if table.profiled_rows else 0.0,
        distinct_count=column.distinct_count,
        minimum=column.minimum,
        maximum=column.maximum,
        top_values=_shares(column.values[:TOP_VALUES], rows),
        quantiles=list(column.quantiles),
        shapes=_shares(column.shapes, sum(shape.count for shape in column.shapes)),
        time_grain=column.time_grain,
    )


def _shares(values: list[ValueCount], rows: int) -> list[ValueShare]:
    return [
        ValueShare(value=entry.value, share=round(min(1.0, entry.count / rows), 6))
        for entry in values
    ]
