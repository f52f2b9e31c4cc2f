"""Who may run now, and who waits in which place. Used on one event loop."""

import asyncio
from collections import OrderedDict
from http import HTTPStatus

from domain.errors import UserError


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

    @property
    def is_full(self) -> bool:
        """True where nobody may join."""
        return self._free == 0 and len(self._waiting) >= self._longest

    def position(self, query_id: str) -> int | None:
        """Returns 1 for who comes next; None for who does not wait."""
        if query_id not in self._waiting:
            return None
        return list(self._waiting).index(query_id) + 1

    async def enter(self, query_id: str) -> bool:
        """Waits for a turn; False where the statement left before it came."""
        if self._free > 0:
            self._free -= 1
            return True
        turn = asyncio.get_running_loop().create_future()
        self._waiting[query_id] = turn
        return bool(await turn)

    def leave(self, query_id: str) -> None:
        """Gives up a turn that has not come yet."""
        turn = self._waiting.pop(query_id, None)
        if turn is not None:
            turn.set_result(False)

    def finish(self) -> None:
        """Hands the place to who waits longest."""
        if self._waiting:
            _, turn = self._waiting.popitem(last=False)
            turn.set_result(True)
        else:
            self._free += 1
