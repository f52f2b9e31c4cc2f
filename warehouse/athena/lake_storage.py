"""Partitions from Glue, objects from S3; what was read is remembered for some minutes."""

import re
import time
from collections.abc import Callable, Iterator
from typing import Any, TypeVar
from urllib.parse import unquote, urlsplit

from botocore.exceptions import BotoCoreError, ClientError

from domain.catalog import TableSchema
from domain.errors import OperatorError
from warehouse.scan_cost.lake_storage import Partition, StoredObject
from warehouse.scan_cost.parquet_layout import ParquetLayout, read_layout

_REMEMBERED_SECONDS = 300.0
_FOOTERS_REMEMBERED = 20_000
_MAXIMUM_OBJECTS = 200_000
_HIDDEN = ("_", ".")
_Kept = TypeVar("_Kept")


class AthenaStorage:
    """A `LakeStorage` on boto3 clients. Safe to share between threads."""

    def __init__(self, glue: Any, s3: Any, database: str) -> None:  # noqa: ANN401 - boto3 clients
        self._glue = glue
        self._s3 = s3
        self._database = database
        self._kept: dict[str, tuple[float, Any]] = {}
        self._footers: dict[str, ParquetLayout | None] = {}

    def partitions(self, table: TableSchema) -> tuple[Partition, ...]:
        """Returns the partitions that Glue lists or that the table's projection leads to."""
        return self._remembered(f"table {table.name}", lambda: self._read_partitions(table))

    def objects(self, partition: Partition) -> tuple[StoredObject, ...]:
        """Returns the objects below the partition's location."""
        return self._remembered(partition.location, lambda: tuple(self._list(partition.location)))

    def layout(self, stored: StoredObject) -> ParquetLayout | None:
        """Returns where the columns of a Parquet object lie."""
        key = f"{stored.address} {stored.version}"
        if key not in self._footers:
            if len(self._footers) >= _FOOTERS_REMEMBERED:
                self._footers.clear()
            self._footers[key] = read_layout(
                stored.size, lambda count: self._read_tail(stored, count)
            )
        return self._footers[key]

    def _read_partitions(self, table: TableSchema) -> tuple[Partition, ...]:
        glue = self._call(self._glue.get_table, DatabaseName=self._database, Name=table.name)
        definition = glue["Table"]
        location = definition["StorageDescriptor"].get("Location", "")
        if not definition.get("PartitionKeys"):
            return (Partition((), location),)
        if definition.get("Parameters", {}).get("projection.enabled") == "true":
            return tuple(self._projected(definition, location))
        return tuple(self._listed(table.name))

    def _listed(self, table: str) -> Iterator[Partition]:
        token: dict[str, str] = {}
        while True:
            page = self._call(
                self._glue.get_partitions,
                DatabaseName=self._database,
                TableName=table,
                ExcludeColumnSchema=True,
                **token,
            )
            for item in page["Partitions"]:
                yield Partition(tuple(item["Values"]), item["StorageDescriptor"]["Location"])
            if not page.get("NextToken"):
                return
            token = {"NextToken": page["NextToken"]}

    def _projected(self, definition: dict[str, Any], location: str) -> Iterator[Partition]:
        """Finds the partitions that hold objects: those that a projection adds hold none."""
        names = [key["Name"].lower() for key in definition["PartitionKeys"]]
        hive_style = "/".join(f"{name}=${{{name}}}" for name in names)
        template = definition["Parameters"].get(
            "storage.location.template", f"{location.rstrip('/')}/{hive_style}/"
        )
        pattern = _pattern_of(template)
        found: dict[tuple[str, ...], str] = {}
        for stored in self._list(template.partition("${")[0]):
            match = pattern.match(stored.address)
            if match is not None:
                values = {name.lower(): value for name, value in match.groupdict().items()}
                found[tuple(unquote(values[name]) for name in names)] = match[0]
        return (Partition(values, place) for values, place in sorted(found.items()))

    def _list(self, location: str) -> Iterator[StoredObject]:
        place = urlsplit(location)
        token: dict[str, str] = {}
        seen = 0
        while True:
            page = self._call(
                self._s3.list_objects_v2,
                Bucket=place.netloc,
                Prefix=place.path.lstrip("/"),
                **token,
            )
            for item in page.get("Contents", []):
                if item["Size"] and not item["Key"].rpartition("/")[2].startswith(_HIDDEN):
                    address = f"s3://{place.netloc}/{item['Key']}"
                    yield StoredObject(address, int(item["Size"]), item["ETag"])
            seen += page.get("KeyCount", 0)
            if not page.get("IsTruncated"):
                return
            if seen > _MAXIMUM_OBJECTS:
                raise OperatorError(f"There are too many objects to list below {location}.")
            token = {"ContinuationToken": page["NextContinuationToken"]}

    def _read_tail(self, stored: StoredObject, count: int) -> bytes:
        place = urlsplit(stored.address)
        part = {"Range": f"bytes=-{count}"} if count < stored.size else {}
        answer = self._call(
            self._s3.get_object, Bucket=place.netloc, Key=place.path.lstrip("/"), **part
        )
        with answer["Body"] as body:
            data: bytes = body.read()
        return data

    def _remembered(self, key: str, read: Callable[[], _Kept]) -> _Kept:
        kept = self._kept.get(key)
        if kept is not None and time.monotonic() - kept[0] < _REMEMBERED_SECONDS:
            known: _Kept = kept[1]
            return known
        fresh = read()
        self._kept[key] = (time.monotonic(), fresh)
        return fresh

    def _call(self, operation: Callable[..., Any], **arguments: object) -> Any:  # noqa: ANN401 - boto3 has no types
        try:
            return operation(**arguments)
        except (ClientError, BotoCoreError) as error:
            raise OperatorError(f"The lake cannot be measured: {error}") from error


def _pattern_of(template: str) -> re.Pattern[str]:
    """Returns what finds `${column}` values in an address."""
    parts = re.split(r"\$\{(\w+)\}", template.rstrip("/") + "/")
    texts = [
        f"(?P<{part}>[^/]+?)" if position % 2 else re.escape(part)
        for position, part in enumerate(parts)
    ]
    return re.compile("".join(texts), re.IGNORECASE)
