"""Finished results, bounded by count and by bytes; the least recently used go first."""

from collections import OrderedDict
from dataclasses import dataclass
from http import HTTPStatus
from typing import Protocol

import pyarrow as pa

from domain.errors import NotFoundError
from domain.result_table import ResultColumn, ResultTable
from warehouse.arrow_values import column_values


class ResultExpiredError(NotFoundError):
    """The statement succeeded, but later results needed the room of its own."""

    status = HTTPStatus.GONE
    code = "result_expired"
    title = "The result is no longer held"


class HeldResult(Protocol):
    """A finished result, in whatever form its engine left it."""

    @property
    def size_bytes(self) -> int:
        """Memory it takes, about."""

    def page(self, offset: int, limit: int) -> ResultTable:
        """Returns the rows from `offset`, at most `limit` of them."""


@dataclass(frozen=True, slots=True)
class StoredResult:
    """A result in Arrow, with Athena types."""

    columns: tuple[ResultColumn, ...]
    data: pa.Table

    @property
    def size_bytes(self) -> int:
        """Memory it takes."""
        return int(self.data.nbytes)

    def page(self, offset: int, limit: int) -> ResultTable:
        """Returns the rows from `offset`, at most `limit` of them, as Python values."""
        part = self.data.slice(offset, limit)
        columns = [column_values(column) for column in part.columns]
        return ResultTable(self.columns, tuple(zip(*columns, strict=True)))


class ResultStore:
    """Keeps results by query id."""

    def __init__(self, maximum_count: int, maximum_bytes: int) -> None:
        self._maximum_count = maximum_count
        self._maximum_bytes = maximum_bytes
        self._results: OrderedDict[str, HeldResult] = OrderedDict()

    def put(self, query_id: str, result: HeldResult) -> None:
        """Keeps the result, and drops the least recently used ones that no longer fit."""
        self._results[query_id] = result
        while len(self._results) > 1 and self._is_over():
            self._results.popitem(last=False)

    def get(self, query_id: str) -> HeldResult:
        """Returns the result; raises ResultExpiredError where it is no longer held."""
        if query_id not in self._results:
            raise ResultExpiredError("The result is no longer held. Ask the question again.")
        self._results.move_to_end(query_id)
        return self._results[query_id]

    def drop(self, query_id: str) -> None:
        """Forgets the result."""
        self._results.pop(query_id, None)

    def _is_over(self) -> bool:
        held = sum(result.size_bytes for result in self._results.values())
        return len(self._results) > self._maximum_count or held > self._maximum_bytes
