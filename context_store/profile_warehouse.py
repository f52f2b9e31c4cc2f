"""Measures a warehouse through its protocol alone, in Athena SQL."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from context_store.column_statistics import profile_columns
from context_store.column_values import read_values
from context_store.find_composites import find_composite_relationships
from context_store.find_keys import find_primary_key, find_unique_columns
from context_store.find_persons import mark_persons, table_is_of_persons
from context_store.find_pii import detect_pii
from context_store.find_relationships import find_relationships
from context_store.profile import TableProfile, WarehouseProfile
from context_store.profile_resume import NoNotes, ProfileNotes, notes_key
from context_store.profile_statements import count_rows, source_of
from context_store.statement_runner import StatementRunner
from context_store.text_shapes import read_shapes
from context_store.values import as_integer
from domain.catalog import TableSchema
from domain.dictionary import PiiKind
from warehouse.protocol import Warehouse


@dataclass(frozen=True, slots=True)
class ProfileProgress:
    """How far the profiler is. `table` is the one just done, empty while joins are measured."""

    table: str
    tables_done: int
    tables_total: int
    bytes_scanned: int = 0
    """So far; 0 where the warehouse does not meter."""


@dataclass(frozen=True, slots=True)
class ProfileOptions:
    """Bounds of the profiler, and what a person has said on personal data."""

    maximum_rows: int = 20_000_000
    """Larger tables are measured on a sample of about this many rows."""
    pii_detection: bool = True
    """False for data without persons: no column is guessed to be PII."""
    pii_decisions: Mapping[tuple[str, str], PiiKind | None] = field(default_factory=dict)
    """(table, column) -> kind, or None for no PII; goes before any guess. Names in lower case."""
    notes: ProfileNotes = field(default_factory=NoNotes)
    """What an earlier, killed build has measured already."""


def _ignore(_: ProfileProgress) -> None:
    """Nobody watches."""


async def profile_warehouse(
    warehouse: Warehouse,
    on_progress: Callable[[ProfileProgress], None] = _ignore,
    options: ProfileOptions | None = None,
) -> WarehouseProfile:
    """Measures every table of the warehouse, then the joins between them.

    Values of PII columns are never read. Raises OperatorError where a statement fails.
    """
    options = options or ProfileOptions()
    run = StatementRunner(warehouse)
    catalog = await warehouse.catalog()
    done = 0

    async def profile_and_tell(schema: TableSchema) -> TableProfile:
        nonlocal done
        profile = await _measure_or_recall(run, schema, options)
        done += 1
        total = len(catalog.tables)
        on_progress(ProfileProgress(schema.name, done, total, run.bytes_scanned))
        return profile

    tables = list(await asyncio.gather(*(profile_and_tell(schema) for schema in catalog.tables)))
    on_progress(ProfileProgress("", done, done, run.bytes_scanned))
    relationships = await find_relationships(run, tables)
    relationships += await find_composite_relationships(run, tables)
    return WarehouseProfile(
        tables=mark_persons(tables, relationships),
        relationships=relationships,
        bytes_scanned=run.bytes_scanned,
    )


async def _measure_or_recall(
    run: StatementRunner, schema: TableSchema, options: ProfileOptions
) -> TableProfile:
    row_count = as_integer((await run.row(count_rows(schema.name)))[0])
    key = notes_key(schema, row_count, options.pii_decisions)
    kept = options.notes.get(key)
    if kept is not None:
        return kept
    profile = await _profile_table(run, schema, row_count, options)
    options.notes.put(key, profile)
    return profile


async def _profile_table(
    run: StatementRunner, schema: TableSchema, row_count: int, options: ProfileOptions
) -> TableProfile:
    source = source_of(schema.name, row_count, options.maximum_rows)
    of_persons = table_is_of_persons(schema)
    pii = await detect_pii(run, schema, of_persons, options.pii_detection, options.pii_decisions)
    profiled_rows, columns = await profile_columns(run, source, row_count, schema.columns, pii)
    table = TableProfile(
        name=schema.name,
        format=schema.format,
        row_count=row_count,
        profiled_rows=row_count if source == source_of(schema.name, 0, 1) else profiled_rows,
        columns=columns,
        is_of_persons=of_persons,
    )
    table = await find_unique_columns(run, source, table)
    table = await read_values(run, source, table)
    table = await read_shapes(run, table)
    return await find_primary_key(run, source, table)
