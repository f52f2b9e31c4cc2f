"""Which types Trino casts to which: DuckDB casts more, and some without a word."""

from sqlglot import exp

from domain.errors import RepairableError
from warehouse.athena_to_duckdb.value_types import FLOATS, INTEGERS, TYPE

_TEXT = "varchar"
_FAMILIES: dict[str, tuple[exp.DType, ...]] = {
    "boolean": (TYPE.BOOLEAN,),
    "number": (*INTEGERS, *FLOATS, TYPE.DECIMAL),
    _TEXT: tuple(exp.DataType.TEXT_TYPES),
    "date": (TYPE.DATE,),
    "time": (TYPE.TIME, TYPE.TIMETZ),
    "timestamp": (TYPE.TIMESTAMP,),
    "timestamp with time zone": (TYPE.TIMESTAMPTZ,),
    "interval": (TYPE.INTERVAL,),
    "json": (TYPE.JSON,),
    "array": (TYPE.ARRAY, TYPE.LIST),
    "map": (TYPE.MAP,),
    "row": (TYPE.STRUCT,),
}
_FAMILY = {kind: family for family, kinds in _FAMILIES.items() for kind in kinds}
_SCALARS = frozenset({"boolean", "number", _TEXT, "json"})
_TARGETS: dict[str, frozenset[str]] = {
    "boolean": _SCALARS,
    "number": _SCALARS,
    _TEXT: _SCALARS | {"date", "time", "timestamp", "timestamp with time zone"},
    "date": frozenset({"date", "timestamp", "timestamp with time zone", _TEXT, "json"}),
    "time": frozenset({"time", "timestamp", "timestamp with time zone", _TEXT}),
    "timestamp": frozenset(
        {"date", "time", "timestamp", "timestamp with time zone", _TEXT, "json"}
    ),
    "timestamp with time zone": frozenset(
        {"date", "time", "timestamp", "timestamp with time zone", _TEXT}
    ),
    "interval": frozenset({"interval", _TEXT}),
    "json": _SCALARS | {"array", "map", "row"},
    "array": frozenset({"array", "json"}),
    "map": frozenset({"map", "json"}),
    "row": frozenset({"row", "json"}),
}


def check_cast(node: exp.Cast) -> None:
    """Raises RepairableError, in Trino's words, where the types do not meet."""
    source = node.this.type
    if source is None or isinstance(node.this, exp.Null):
        return
    held, wanted = _FAMILY.get(source.this), _FAMILY.get(node.to.this)
    if held is not None and wanted is not None and wanted not in _TARGETS[held]:
        raise RepairableError(
            f"Cannot cast {source.sql('athena').lower()} to {node.to.sql('athena').lower()}.",
            hint="Choose another type or column.",
            rule="type_mismatch",
        )
