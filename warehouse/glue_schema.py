"""A table of the Glue catalog in the product's terms."""

from typing import Any

from domain.catalog import ColumnSchema, TableSchema
from warehouse.glue_types import athena_type_of

_FORMAT_BY_WORD = (
    ("parquet", "parquet"),
    ("json", "json"),
    ("csv", "csv"),
    ("lazysimple", "csv"),
    ("orc", "orc"),
    ("avro", "avro"),
)


def table_schema(glue: dict[str, Any]) -> TableSchema:
    """Returns names and types of a Glue table, partition columns last."""
    storage = glue["StorageDescriptor"]
    plain = [(column, False) for column in storage["Columns"]]
    keys = [(column, True) for column in glue.get("PartitionKeys", [])]
    return TableSchema(
        name=glue["Name"],
        columns=tuple(
            ColumnSchema(
                name=column["Name"], type=athena_type_of(column["Type"]), is_partition=is_key
            )
            for column, is_key in plain + keys
        ),
        format=_format(storage.get("SerdeInfo", {}).get("SerializationLibrary", "")),
    )


def _format(serde: str) -> str:
    library = serde.lower()
    return next((name for word, name in _FORMAT_BY_WORD if word in library), "")
