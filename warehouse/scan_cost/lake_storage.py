"""What a lake stores: partitions of tables, and objects with their sizes."""

from dataclasses import dataclass
from typing import Protocol

from domain.catalog import TableSchema
from warehouse.scan_cost.parquet_layout import ParquetLayout


@dataclass(frozen=True, slots=True)
class StoredObject:
    """One object of the store."""

    address: str
    """`s3://bucket/key`."""
    size: int
    version: str
    """Changes with the content."""


@dataclass(frozen=True, slots=True)
class Partition:
    """One partition: the values of its columns, and where its objects lie."""

    values: tuple[str, ...]
    location: str


class LakeStorage(Protocol):
    """Reads a catalog and a store. Blocking; raises OperatorError where it may not."""

    def partitions(self, table: TableSchema) -> tuple[Partition, ...]:
        """Returns the partitions; a table without any is one partition without values."""

    def objects(self, partition: Partition) -> tuple[StoredObject, ...]:
        """Returns the objects of a partition."""

    def layout(self, stored: StoredObject) -> ParquetLayout | None:
        """Returns where the columns of a Parquet object lie; None where it cannot be told."""
