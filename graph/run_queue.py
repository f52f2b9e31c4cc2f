"""A bounded number of runs at work; the others wait in order and are told their place."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator


class Ticket:
    """One run's place. `positions` ends when its turn has come."""

    def __init__(self) -> None:
        self._position = 0
        self._changed = asyncio.Event()

    def move(self, position: int) -> None:
        """Sets the place in the queue; 0 is at work."""
        self._position = position
        self._changed.set()

    async def positions(self) -> AsyncIterator[int]:
        """Yields the place now and whenever it changes, while it is not 0."""
        while self._position > 0:
            self._changed.clear()
            yield self._position
            await self._changed.wait()


class RunQueue:
    """First come, first served."""

    def __init__(self, places: int) -> None:
        self._places = places
        self._at_work: set[Ticket] = set()
        self._waiting: deque[Ticket] = deque()

    @property
    def length(self) -> int:
        """How many wait."""
        return len(self._waiting)

    def join(self) -> Ticket:
        """Takes a place: at work at once where one is free."""
        ticket = Ticket()
        if len(self._at_work) < self._places:
            self._at_work.add(ticket)
        else:
            self._waiting.append(ticket)
            ticket.move(len(self._waiting))
        return ticket

    def leave(self, ticket: Ticket) -> None:
        """Gives the place to the next."""
        if ticket in self._at_work:
            self._at_work.discard(ticket)
        else:
            self._waiting.remove(ticket)
        while self._waiting and len(self._at_work) < self._places:
            following = self._waiting.popleft()
            self._at_work.add(following)
            following.move(0)
        for position, waiting in enumerate(self._waiting, start=1):
            waiting.move(position)
