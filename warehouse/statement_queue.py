"""Who may run now, and who waits in which place. Used on one event loop."""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator
from http import HTTPStatus

from domain.errors import UserError

_NEAR = 5
_PACE_SECONDS = 1.0
"""Who is far from their turn hears of their place at most so often: each turn moves everybody."""


class QueueFullError(UserError):
    """So many statements wait that another would wait too long."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
    code = "warehouse_busy"
    title = "The warehouse is busy"


class StatementQueue:
    """First come, first served; bounded."""

    def __init__(self, places: int, longest: int) -> None:
        """`places` statements run at once, and at most `longest` wait."""
        self._free = places
        self._longest = longest
        self._waiting: OrderedDict[str, asyncio.Future[bool]] = OrderedDict()
        self._moved = asyncio.Event()

    def join(self, query_id: str) -> asyncio.Future[bool]:
        """Returns the turn: True when it comes, False where the statement left before.

        Raises QueueFullError where nobody may join.
        """
        if self._free == 0 and len(self._waiting) >= self._longest:
            raise QueueFullError("Too many questions wait. Ask again in a minute.")
        turn = asyncio.get_running_loop().create_future()
        if self._free > 0:
            self._free -= 1
            turn.set_result(True)
        else:
            self._waiting[query_id] = turn
        return turn

    def position(self, query_id: str) -> int | None:
        """Returns 1 for who comes next; None for who does not wait."""
        if query_id not in self._waiting:
            return None
        return list(self._waiting).index(query_id) + 1

    async def positions(self, query_id: str) -> AsyncIterator[int]:
        """Yields the place now and when it changes, from afar not each time; ends with the wait."""
        told = None
        turn = self._waiting.get(query_id)
        while turn is not None and (place := self.position(query_id)) is not None:
            moved = self._moved
            if place != told:
                told = place
                yield place
            if place > _NEAR:
                await asyncio.wait({turn}, timeout=_PACE_SECONDS)
            elif self._moved is moved:
                await moved.wait()

    def leave(self, query_id: str) -> None:
        """Gives up a turn that has not come yet."""
        turn = self._waiting.pop(query_id, None)
        if turn is not None:
            turn.set_result(False)
            self._tell()

    def finish(self) -> None:
        """Hands the place to who waits longest."""
        if self._waiting:
            _, turn = self._waiting.popitem(last=False)
            turn.set_result(True)
            self._tell()
        else:
            self._free += 1

    def _tell(self) -> None:
        self._moved.set()
        self._moved = asyncio.Event()
