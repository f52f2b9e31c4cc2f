"""Runs the profiler's statements, as many at once as the warehouse allows."""

import asyncio

from domain.errors import OperatorError
from domain.result_table import Value
from warehouse.protocol import QueryState, Warehouse

_PAGE_ROWS = 10_000


class StatementRunner:
    """Runs Athena SQL to its end and returns the rows, never more statements than the limit."""

    def __init__(self, warehouse: Warehouse) -> None:
        self._warehouse = warehouse
        self.bytes_scanned = 0
        """By all statements so far; 0 where the warehouse does not meter."""
        self._free = asyncio.Semaphore(max(1, warehouse.limits.concurrent_statements))

    async def rows(self, sql: str) -> list[tuple[Value, ...]]:
        """Returns every row. A failed statement is an OperatorError with the engine's words."""
        async with self._free:
            query_id = await self._warehouse.submit(sql)
            try:
                return await self._fetch(query_id)
            finally:
                await self._warehouse.release(query_id)

    async def row(self, sql: str) -> tuple[Value, ...]:
        """Returns the only row of an aggregate."""
        return (await self.rows(sql))[0]

    async def _fetch(self, query_id: str) -> list[tuple[Value, ...]]:
        status = await self._warehouse.wait(query_id)
        self.bytes_scanned += status.bytes_scanned or 0
        if status.state is not QueryState.SUCCEEDED:
            raise OperatorError(f"A profiling statement failed: {status.error or status.state}")
        rows: list[tuple[Value, ...]] = []
        while len(rows) < status.row_count:
            page = await self._warehouse.page(query_id, len(rows), _PAGE_ROWS)
            if not page.rows:
                break
            rows.extend(page.rows)
        return rows
