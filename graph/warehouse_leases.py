"""Which runs are on which warehouse: one that was replaced closes when its last run has ended."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from warehouse.protocol import Warehouse


class WarehouseLeases:
    """Used on one event loop."""

    def __init__(self) -> None:
        self._users: Counter[Warehouse] = Counter()
        self._retired: set[Warehouse] = set()
        self._closing: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def lend(self, warehouse: Warehouse) -> AsyncIterator[Warehouse]:
        """Keeps the warehouse open meanwhile."""
        self._users[warehouse] += 1
        try:
            yield warehouse
        finally:
            self._users[warehouse] -= 1
            self._close_unused()

    def retire(self, warehouse: Warehouse) -> None:
        """Has the warehouse close as soon as nobody is on it."""
        self._retired.add(warehouse)
        self._close_unused()

    async def close(self) -> None:
        """Closes every retired warehouse, used or not."""
        for warehouse in self._retired:
            await warehouse.close()
        self._retired.clear()
        await asyncio.gather(*self._closing)

    def _close_unused(self) -> None:
        for warehouse in [kept for kept in self._retired if not self._users[kept]]:
            self._retired.discard(warehouse)
            task = asyncio.create_task(warehouse.close())
            self._closing.add(task)
            task.add_done_callback(self._closing.discard)
