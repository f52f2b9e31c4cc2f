"""DuckDB types and the Athena types that stand for them."""

from collections.abc import Iterable
from typing import cast

from duckdb.sqltypes import DuckDBPyType

_ATHENA_TYPE = {
    "boolean": "boolean",
    "tinyint": "tinyint",
    "smallint": "smallint",
    "integer": "integer",
    "bigint": "bigint",
    "hugeint": "decimal(38,0)",
    "utinyint": "smallint",
    "usmallint": "integer",
    "uinteger": "bigint",
    "ubigint": "decimal(20,0)",
    "uhugeint": "decimal(38,0)",
    "float": "real",
    "double": "double",
    "varchar": "varchar",
    "uuid": "varchar",
    "enum": "varchar",
    "bit": "varchar",
    "blob": "varbinary",
    "date": "date",
    "time": "time(6)",
    "time_ns": "time(9)",
    "time with time zone": "time(6) with time zone",
    "timestamp": "timestamp(6)",
    "timestamp_s": "timestamp(0)",
    "timestamp_ms": "timestamp(3)",
    "timestamp_ns": "timestamp(9)",
    "timestamp with time zone": "timestamp(6) with time zone",
    "interval": "interval day to second",
    "null": "unknown",
}


def athena_type(duckdb_type: DuckDBPyType) -> str:
    """Returns the Athena type in lower case; a type Athena lacks becomes `varchar`."""
    if duckdb_type.id == "decimal":
        precision, scale = (int(cast(int, size)) for _, size in duckdb_type.children)
        return f"decimal({precision},{scale})"
    if duckdb_type.id in ("list", "array"):
        return f"array({athena_type(_children(duckdb_type)[0][1])})"
    if duckdb_type.id == "map":
        return f"map({', '.join(athena_type(child) for _, child in _children(duckdb_type))})"
    if duckdb_type.id == "struct":
        fields = (f"{name} {athena_type(child)}" for name, child in _children(duckdb_type))
        return f"row({', '.join(fields)})"
    return _ATHENA_TYPE.get(duckdb_type.id, "varchar")


def athena_types(duckdb_types: Iterable[DuckDBPyType]) -> tuple[str, ...]:
    """Returns the Athena type of each."""
    return tuple(athena_type(duckdb_type) for duckdb_type in duckdb_types)


def _children(duckdb_type: DuckDBPyType) -> list[tuple[str, DuckDBPyType]]:
    return [(n, c) for n, c in duckdb_type.children if isinstance(c, DuckDBPyType)]
