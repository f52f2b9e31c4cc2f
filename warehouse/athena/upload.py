"""Puts a folder of files into S3 and tells Glue what they hold."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from domain.catalog import Catalog, ColumnSchema
from domain.errors import OperatorError
from warehouse.duckdb_source import FileTable
from warehouse.glue_types import glue_type_of

_PARQUET = "org.apache.hadoop.hive.ql.io.parquet"
_TEXT_INPUT = "org.apache.hadoop.mapred.TextInputFormat"
_TEXT_OUTPUT = "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat"
_QUOTING_CSV = "org.apache.hadoop.hive.serde2.OpenCSVSerde"
_PLAIN_CSV = "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe"
_JSON = "org.openx.data.jsonserde.JsonSerDe"
_PARTITIONS_A_CALL = 100


@dataclass(frozen=True, slots=True)
class UploadTarget:
    """Where data goes."""

    location: str
    """`s3://bucket/folder`."""
    database: str
    region: str | None = None
    endpoint: str | None = None
    is_projected: bool = False
    """True: partitions are computed from the table's properties, not listed in Glue."""

    @property
    def bucket(self) -> str:
        """The bucket."""
        return urlsplit(self.location).netloc

    @property
    def prefix(self) -> str:
        """What every key begins with: empty, or ending in a slash."""
        path = urlsplit(self.location).path.strip("/")
        return f"{path}/" if path else ""


class Uploader:
    """Writes objects, then the tables over them. What is there already is replaced."""

    def __init__(self, target: UploadTarget) -> None:
        if urlsplit(target.location).scheme != "s3" or not target.bucket:
            raise OperatorError(f"Data goes to s3://bucket/folder, not to {target.location}.")
        self._target = target
        session = boto3.Session(region_name=target.region)
        options = Config(retries={"mode": "standard"})
        try:
            self._s3 = session.client("s3", endpoint_url=target.endpoint, config=options)
            self._glue = session.client("glue", endpoint_url=target.endpoint, config=options)
        except BotoCoreError as error:
            raise OperatorError(f"AWS cannot be used: {error}") from error

    def upload(
        self, tables: tuple[FileTable, ...], catalog: Catalog, on_table: Callable[[str], None]
    ) -> None:
        """Uploads every table of the folder; `on_table` gets each name before its turn.

        Raises OperatorError where S3 or Glue refuses.
        """
        columns = {table.name: table.columns for table in catalog.tables}
        try:
            self._ensure_database()
            for table in tables:
                on_table(table.name)
                self._upload_table(table, columns[table.name])
        except (ClientError, BotoCoreError) as error:
            raise OperatorError(f"The data cannot be uploaded: {error}") from error

    def close(self) -> None:
        """Frees the clients."""
        self._s3.close()
        self._glue.close()

    def _ensure_database(self) -> None:
        try:
            self._glue.create_database(DatabaseInput={"Name": self._target.database})
        except self._glue.exceptions.AlreadyExistsException:
            return

    def _upload_table(self, table: FileTable, columns: tuple[ColumnSchema, ...]) -> None:
        root = f"{self._target.prefix}{table.name}/"
        for file in table.files:
            key = root + _relative(file, table).as_posix()
            self._s3.upload_file(str(file), self._target.bucket, key)
        definition = self._definition(table, columns, f"s3://{self._target.bucket}/{root}")
        self._replace_table(definition)
        if table.partition_columns and not self._target.is_projected:
            self._add_partitions(table, definition)

    def _replace_table(self, definition: dict[str, Any]) -> None:
        database, name = self._target.database, definition["Name"]
        with suppress(self._glue.exceptions.EntityNotFoundException):
            self._glue.delete_table(DatabaseName=database, Name=name)
        self._glue.create_table(DatabaseName=database, TableInput=definition)

    def _add_partitions(self, table: FileTable, definition: dict[str, Any]) -> None:
        storage = definition["StorageDescriptor"]
        inputs = [
            {
                "Values": list(values),
                "StorageDescriptor": {**storage, "Location": storage["Location"] + folder},
            }
            for values, folder in sorted(_partitions(table))
        ]
        for start in range(0, len(inputs), _PARTITIONS_A_CALL):
            self._glue.batch_create_partition(
                DatabaseName=self._target.database,
                TableName=table.name,
                PartitionInputList=inputs[start : start + _PARTITIONS_A_CALL],
            )

    def _definition(
        self, table: FileTable, columns: tuple[ColumnSchema, ...], location: str
    ) -> dict[str, Any]:
        plain = [column for column in columns if not column.is_partition]
        keys = [column for column in columns if column.is_partition]
        quoting = table.format == "csv" and _has_quotes(table.files)
        parameters = {"classification": table.format, "EXTERNAL": "TRUE"}
        if table.format == "csv":
            parameters["skip.header.line.count"] = "1"
        if keys and self._target.is_projected:
            parameters |= _projection(table, location)
        return {
            "Name": table.name,
            "TableType": "EXTERNAL_TABLE",
            "Parameters": parameters,
            "PartitionKeys": [_glue_column(column) for column in keys],
            "StorageDescriptor": {
                "Columns": [_glue_column(column, is_quoting_csv=quoting) for column in plain],
                "Location": location,
                **_storage(table.format, is_quoting=quoting),
            },
        }


def _relative(file: Path, table: FileTable) -> Path:
    """Returns the path below the table's folder: `month=2026-04/part.parquet`."""
    parts = file.parts
    depth = len(table.partition_columns) + 1
    return Path(*parts[-depth:])


def _partitions(table: FileTable) -> Iterator[tuple[tuple[str, ...], str]]:
    folders = {_relative(file, table).parent for file in table.files}
    for folder in folders:
        values = tuple(part.partition("=")[2] for part in folder.parts)
        yield values, f"{folder.as_posix()}/"


def _projection(table: FileTable, location: str) -> dict[str, str]:
    values = [values for values, _ in _partitions(table)]
    parameters = {"projection.enabled": "true"}
    for position, column in enumerate(table.partition_columns):
        known = sorted({value[position] for value in values})
        parameters[f"projection.{column}.type"] = "enum"
        parameters[f"projection.{column}.values"] = ",".join(known)
    template = "/".join(f"{column}=${{{column}}}" for column in table.partition_columns)
    return {**parameters, "storage.location.template": f"{location}{template}/"}


def _has_quotes(files: tuple[Path, ...]) -> bool:
    return any(b'"' in file.read_bytes() for file in files)


def _glue_column(column: ColumnSchema, *, is_quoting_csv: bool = False) -> dict[str, str]:
    # Athena's quoting CSV reader takes dates and times for numbers of days and milliseconds.
    is_text = is_quoting_csv and column.family.is_temporal
    return {"Name": column.name, "Type": "string" if is_text else glue_type_of(column.type)}


def _storage(file_format: str, *, is_quoting: bool) -> dict[str, Any]:
    if file_format == "parquet":
        return {
            "InputFormat": f"{_PARQUET}.MapredParquetInputFormat",
            "OutputFormat": f"{_PARQUET}.MapredParquetOutputFormat",
            "SerdeInfo": {"SerializationLibrary": f"{_PARQUET}.serde.ParquetHiveSerDe"},
        }
    return {"InputFormat": _TEXT_INPUT, "OutputFormat": _TEXT_OUTPUT} | {
        "SerdeInfo": _text_serde(file_format, is_quoting=is_quoting)
    }


def _text_serde(file_format: str, *, is_quoting: bool) -> dict[str, Any]:
    if file_format == "json":
        return {"SerializationLibrary": _JSON}
    if is_quoting:
        return {"SerializationLibrary": _QUOTING_CSV, "Parameters": {"separatorChar": ","}}
    return {"SerializationLibrary": _PLAIN_CSV, "Parameters": {"field.delim": ","}}
