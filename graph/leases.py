"""Which runs are on what: a warehouse or model that was replaced closes after its last run."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

Close = Callable[[], Awaitable[None]]


class Leases:
    """Used on one event loop."""

    def __init__(self) -> None:
        self._users: Counter[object] = Counter()
        self._retired: dict[object, Close] = {}
        self._closing: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def lend(self, *resources: object) -> AsyncIterator[None]:
        """Keeps the resources open meanwhile."""
        self._users.update(resources)
        try:
            yield
        finally:
            self._users.subtract(resources)
            self._close_unused()

    def retire(self, resource: object, close: Close) -> None:
        """Has the resource close as soon as nobody is on it."""
        self._retired[resource] = close
        self._close_unused()

    async def close(self) -> None:
        """Closes every retired resource, used or not."""
        retired, self._retired = self._retired, {}
        for close in retired.values():
            await close()
        await asyncio.gather(*self._closing)

    def _close_unused(self) -> None:
        for resource in [kept for kept in self._retired if not self._users[kept]]:
            task = asyncio.create_task(_run(self._retired.pop(resource)))
            self._closing.add(task)
            task.add_done_callback(self._closing.discard)


async def _run(close: Close) -> None:
    await close()
