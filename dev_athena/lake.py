"""Tables of the Glue catalog over objects in S3, mirrored into files that DuckDB reads."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlglot
from sqlglot import exp

from domain.catalog import Catalog, ColumnSchema, TableSchema
from warehouse.glue_schema import table_schema
from warehouse.quoting import quote_list, quote_name, quote_text

_HIDDEN = ("_", ".")


@dataclass(frozen=True, slots=True)
class LakePart:
    """Files of one partition, with the values of the partition's columns."""

    values: tuple[str, ...]
    files: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class LakeTable:
    """One Glue table and where its bytes lie on this machine."""

    schema: TableSchema
    delimiter: str
    has_header: bool
    parts: tuple[LakePart, ...]

    def view_sql(self) -> str:
        """Returns the statement that makes the table known to DuckDB."""
        branches = [self._branch(part) for part in self.parts if part.files]
        body = " UNION ALL ".join(branches) or self._nothing()
        return f"CREATE VIEW {quote_name(self.schema.name)} AS {body}"

    def _branch(self, part: LakePart) -> str:
        plain = [column for column in self.schema.columns if not column.is_partition]
        keys = [column for column in self.schema.columns if column.is_partition]
        selected = [_cast(quote_name(column.name), column) for column in plain]
        selected += [
            _cast(quote_text(value), key) for key, value in zip(keys, part.values, strict=True)
        ]
        return f"SELECT {', '.join(selected)} FROM {self._relation(part.files, plain)}"

    def _relation(self, files: tuple[Path, ...], columns: list[ColumnSchema]) -> str:
        paths = quote_list(map(str, files))
        typed = ", ".join(f"{quote_text(c.name)}: {quote_text(_duckdb_type(c))}" for c in columns)
        if self.schema.format == "csv":
            header = "true" if self.has_header else "false"
            return (
                f"read_csv({paths}, auto_detect=false, header={header}, "
                f"delim={quote_text(self.delimiter)}, quote='\"', columns={{{typed}}})"
            )
        if self.schema.format == "json":
            return f"read_json({paths}, columns={{{typed}}})"
        return f"read_parquet({paths}, union_by_name=true)"

    def _nothing(self) -> str:
        columns = (_cast("NULL", column) for column in self.schema.columns)
        return f"SELECT {', '.join(columns)} WHERE false"


class Lake:
    """Reads Glue and S3, and keeps a copy of every object that a table names."""

    def __init__(self, glue: Any, s3: Any, folder: Path) -> None:  # noqa: ANN401 - boto3 clients
        self._glue = glue
        self._s3 = s3
        self._folder = folder

    def tables(self, database: str) -> tuple[LakeTable, ...]:
        """Returns every table of a database, its objects fetched."""
        pages = self._glue.get_paginator("get_tables").paginate(DatabaseName=database)
        return tuple(self._table(table) for page in pages for table in page["TableList"])

    def _table(self, glue: dict[str, Any]) -> LakeTable:
        storage = glue["StorageDescriptor"]
        serde = storage.get("SerdeInfo", {}).get("Parameters", {})
        keys = glue.get("PartitionKeys", [])
        delimiter = serde.get("separatorChar") or serde.get("field.delim") or ","
        return LakeTable(
            schema=table_schema(glue),
            delimiter=delimiter,
            has_header=glue.get("Parameters", {}).get("skip.header.line.count") == "1",
            parts=tuple(self._parts(glue)) if keys else (self._part((), storage["Location"]),),
        )

    def _parts(self, glue: dict[str, Any]) -> Iterator[LakePart]:
        if glue.get("Parameters", {}).get("projection.enabled") == "true":
            yield from self._projected_parts(glue)
            return
        pages = self._glue.get_paginator("get_partitions").paginate(
            DatabaseName=glue["DatabaseName"], TableName=glue["Name"]
        )
        for page in pages:
            for partition in page["Partitions"]:
                location = partition["StorageDescriptor"]["Location"]
                yield self._part(tuple(partition["Values"]), location)

    def _projected_parts(self, glue: dict[str, Any]) -> Iterator[LakePart]:
        """Reads what the objects' own names say: the same parts, found from the other end."""
        root = glue["StorageDescriptor"]["Location"].rstrip("/") + "/"
        width = len(glue["PartitionKeys"])
        found: dict[tuple[str, ...], str] = {}
        for key in self._keys(root):
            folders = key.removeprefix(_key_of(root)).split("/")[:width]
            values = tuple(folder.partition("=")[2] or folder for folder in folders)
            found[values] = root + "/".join(folders)
        for values, location in sorted(found.items()):
            yield self._part(values, location)

    def _part(self, values: tuple[str, ...], location: str) -> LakePart:
        bucket = location.removeprefix("s3://").partition("/")[0]
        keys = self._keys(location.rstrip("/") + "/")
        return LakePart(values, tuple(self._fetch(bucket, key, tag) for key, tag in keys.items()))

    def _keys(self, location: str) -> dict[str, str]:
        bucket, prefix = location.removeprefix("s3://").partition("/")[0], _key_of(location)
        pages = self._s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
        return {
            item["Key"]: item["ETag"]
            for page in pages
            for item in page.get("Contents", [])
            if item["Size"] and not item["Key"].rpartition("/")[2].startswith(_HIDDEN)
        }

    def _fetch(self, bucket: str, key: str, tag: str) -> Path:
        name = hashlib.sha256(f"{bucket}/{key}/{tag}".encode()).hexdigest()[:24]
        file = self._folder / f"{name}{Path(key).suffix}"
        if not file.exists():
            self._s3.download_file(bucket, key, str(file))
        return file


def catalog_of(database: str, tables: tuple[LakeTable, ...]) -> Catalog:
    """Returns the tables as a catalog."""
    return Catalog(database=database, tables=tuple(table.schema for table in tables))


def _key_of(location: str) -> str:
    return location.removeprefix("s3://").partition("/")[2]


def _cast(value: str, column: ColumnSchema) -> str:
    return f"CAST({value} AS {_duckdb_type(column)}) AS {quote_name(column.name)}"


def _duckdb_type(column: ColumnSchema) -> str:
    tree = sqlglot.parse_one(column.type, read="athena", into=exp.DataType)
    return tree.sql(dialect="duckdb")
