"""How much of a Parquet file Athena's reader fetches for some of its columns."""

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

import pyarrow as pa
import pyarrow.parquet as pq

_MEBIBYTE = 1024 * 1024
SMALL_FILE_BYTES = 3 * _MEBIBYTE
"""Trino reads a smaller file whole."""
MERGE_BYTES = _MEBIBYTE
"""Trino reads through a shorter gap between two chunks that it needs."""
_FOOTER_BYTES = 48 * 1024
"""Trino takes this much of the end at once, in the hope that the footer is in it."""
_TAIL_BYTES = 64 * 1024
_FRAME_BYTES = 8
_MAGIC = b"PAR1"

ReadTail: TypeAlias = Callable[[int], bytes]
"""Returns the last n bytes of an object, or all of a shorter one."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """The bytes of one column in one row group."""

    column: str
    start: int
    length: int


@dataclass(frozen=True, slots=True)
class ParquetLayout:
    """Where the columns of one file lie. Names are in lower case, nested fields their column's."""

    size: int
    footer_bytes: int
    chunks: tuple[Chunk, ...]

    def bytes_read(self, columns: frozenset[str]) -> int:
        """Returns the most that is fetched of the file for these columns."""
        if self.size <= SMALL_FILE_BYTES:
            return self.size
        wanted = sorted(
            (chunk.start, chunk.start + chunk.length)
            for chunk in self.chunks
            if chunk.column in columns
        )
        fetched = sum(end - start for start, end in _merged(wanted))
        return min(self.size, fetched + max(self.footer_bytes, _FOOTER_BYTES))


def read_layout(size: int, read_tail: ReadTail) -> ParquetLayout | None:
    """Returns the layout of a file of this size from its footer alone; None where unreadable."""
    tail = read_tail(_TAIL_BYTES)
    if len(tail) < _FRAME_BYTES or tail[-4:] != _MAGIC:
        return None
    footer_bytes = struct.unpack("<I", tail[-8:-4])[0] + _FRAME_BYTES
    if footer_bytes > len(tail):
        tail = read_tail(footer_bytes)
    try:
        metadata = pq.read_metadata(pa.BufferReader(_MAGIC + tail[-footer_bytes:]))
    except (pa.ArrowException, OSError):
        return None
    return ParquetLayout(size, footer_bytes, tuple(_chunks(metadata)))


def _chunks(metadata: pq.FileMetaData) -> Iterator[Chunk]:
    for group in range(metadata.num_row_groups):
        row_group = metadata.row_group(group)
        for position in range(row_group.num_columns):
            column = row_group.column(position)
            name = column.path_in_schema.partition(".")[0].lower()
            starts = (column.dictionary_page_offset, column.data_page_offset)
            start = min(start for start in starts if start is not None)
            yield Chunk(name, start, column.total_compressed_size)


def _merged(ranges: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    start, end = None, 0
    for next_start, next_end in ranges:
        if start is None or next_start - end > MERGE_BYTES:
            if start is not None:
                yield start, end
            start, end = next_start, next_end
        end = max(end, next_end)
    if start is not None:
        yield start, end
