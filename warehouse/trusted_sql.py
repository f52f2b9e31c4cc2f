"""SQL of an engineer, straight to the warehouse: no guard, no row cap, values as Trino prints."""

from dataclasses import dataclass

from domain.errors import OperatorError
from warehouse.protocol import QueryState, Warehouse
from warehouse.trino_text import trino_text

_PAGE_ROWS = 10_000


@dataclass(frozen=True, slots=True)
class TextResult:
    """A whole result as text; None stands for NULL."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str | None, ...], ...]


async def run_trusted_sql(warehouse: Warehouse, sql: str) -> TextResult:
    """Runs one Athena statement to its end. Raises the error that it ended with."""
    query_id = await warehouse.submit(sql)
    try:
        status = await warehouse.wait(query_id)
        if status.state is not QueryState.SUCCEEDED:
            raise status.error or OperatorError(f"The query ended as {status.state}.")
        return await _read(warehouse, query_id, status.row_count)
    finally:
        await warehouse.release(query_id)


async def _read(warehouse: Warehouse, query_id: str, row_count: int) -> TextResult:
    columns: tuple[str, ...] = ()
    rows: list[tuple[str | None, ...]] = []
    for offset in range(0, max(row_count, 1), _PAGE_ROWS):
        page = await warehouse.page(query_id, offset, _PAGE_ROWS)
        columns = tuple(column.name for column in page.columns)
        types = [column.type for column in page.columns]
        rows += (tuple(map(trino_text, row, types)) for row in page.rows)
    return TextResult(columns, tuple(rows))
