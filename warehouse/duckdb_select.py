"""One SELECT on a cursor: its columns with Athena types, and its rows as Arrow batches."""

import pyarrow as pa
from duckdb import DuckDBPyConnection

from domain.result_table import ResultColumn
from warehouse.duckdb_lock import single_select
from warehouse.duckdb_types import athena_types

_BATCH_ROWS = 100_000
LIBRARY_FAULTS = (
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    ArithmeticError,
    RecursionError,
)
"""What a library raises on input that it did not foresee: the statement ends, and says so."""


def open_select(
    cursor: DuckDBPyConnection, sql: str
) -> tuple[tuple[ResultColumn, ...], pa.RecordBatchReader]:
    """Begins the statement. Raises RepairableError unless it is one SELECT."""
    relation = cursor.sql(single_select(cursor, sql))
    types = athena_types(relation.types)
    columns = tuple(map(ResultColumn, relation.columns, types))
    return columns, relation.to_arrow_reader(_BATCH_ROWS)


def bind(cursor: DuckDBPyConnection, sql: str) -> None:
    """Checks every name and type without running. Raises RepairableError unless it is one SELECT.

    A relation is bound and not yet optimized: EXPLAIN finds nothing more, and takes five times as
    long.
    """
    cursor.sql(single_select(cursor, sql))
