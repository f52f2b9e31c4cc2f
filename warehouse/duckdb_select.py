"""One SELECT on a cursor: its columns with Athena types, and its rows as Arrow batches."""

import pyarrow as pa
from duckdb import DuckDBPyConnection

from domain.result_table import ResultColumn
from warehouse.duckdb_lock import require_single_select
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
    require_single_select(cursor, sql)
    relation = cursor.sql(sql)
    types = athena_types(relation.types)
    columns = tuple(map(ResultColumn, relation.columns, types))
    return columns, relation.to_arrow_reader(_BATCH_ROWS)


def explain(cursor: DuckDBPyConnection, sql: str) -> None:
    """Plans the statement without running it. Raises RepairableError unless it is one SELECT."""
    require_single_select(cursor, sql)
    cursor.execute(f"EXPLAIN {sql}").fetchall()
