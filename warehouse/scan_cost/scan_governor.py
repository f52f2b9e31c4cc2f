"""An upper bound of what a statement reads, from the lake's own book-keeping."""

from concurrent.futures import Executor
from dataclasses import dataclass

from domain.catalog import Catalog, ColumnSchema, TableSchema
from domain.verdict import Violation
from warehouse.byte_text import byte_text
from warehouse.protocol import ScanEstimate
from warehouse.scan_cost.lake_storage import LakeStorage, Partition
from warehouse.scan_cost.partition_filter import surviving, usable_filters
from warehouse.scan_cost.table_scans import ScanFinder, TableScan

_FOOTERS_READ = 200
"""Objects of one scan whose footers are read; the rest counts whole."""
PARTITION_RULE = "partition_filter_missing"


@dataclass(frozen=True, slots=True)
class _Reading:
    """What one scan reads."""

    bytes: int
    lint: Violation | None


class ScanGovernor:
    """Blocking: it lists and reads; what it learns is remembered by the storage."""

    def __init__(self, catalog: Catalog, storage: LakeStorage, readers: Executor) -> None:
        self._tables = {table.name.lower(): table for table in catalog.tables}
        self._finder = ScanFinder(catalog)
        self._storage = storage
        self._readers = readers

    def estimate(self, sql: str) -> ScanEstimate:
        """Returns the most that the statement can read, and a lint for each whole-table read."""
        total, lints = 0, []
        for scan, times in self._finder.find(sql).items():
            reading = self._read(scan)
            total += reading.bytes * times
            if reading.lint is not None:
                lints.append(reading.lint)
        return ScanEstimate(bytes=total, is_upper_bound=True, lints=tuple(dict.fromkeys(lints)))

    def _read(self, scan: TableScan) -> _Reading:
        table = self._tables[scan.table]
        keys = [column for column in table.columns if column.is_partition]
        partitions = self._storage.partitions(table)
        conditions = usable_filters(scan.filters, keys)
        kept = surviving(conditions, keys, [partition.values for partition in partitions])
        size = self._bytes_of(table, scan, [partitions[position] for position in kept])
        return _Reading(size, None if conditions else _lint(table, keys, size, len(partitions)))

    def _bytes_of(self, table: TableSchema, scan: TableScan, partitions: list[Partition]) -> int:
        listed = self._readers.map(self._storage.objects, partitions)
        stored = [item for objects in listed for item in objects]
        if table.format != "parquet":
            return sum(item.size for item in stored)
        largest_first = sorted(stored, key=lambda item: item.size, reverse=True)
        looked_into = largest_first[:_FOOTERS_READ]
        layouts = self._readers.map(self._storage.layout, looked_into)
        known = sum(
            item.size if layout is None else layout.bytes_read(scan.columns)
            for item, layout in zip(looked_into, layouts, strict=True)
        )
        return known + sum(item.size for item in largest_first[_FOOTERS_READ:])


def _lint(
    table: TableSchema, keys: list[ColumnSchema], size: int, partition_count: int
) -> Violation | None:
    if not keys or partition_count <= 1:
        return None
    names = ", ".join(f"`{key.name}`" for key in keys)
    one = byte_text(size // partition_count)
    return Violation(
        rule=PARTITION_RULE,
        message=f"{table.name} is read whole, with no filter on {names}: {byte_text(size)} instead "
        f"of about {one} a partition.",
        hint=f"Filter {table.name} by {names}.",
    )
