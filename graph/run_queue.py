"""A bounded number of runs at work; the others wait in order and are told their place."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import suppress

_NEAR = 5
_PACE_SECONDS = 1.0
"""Who is far from their turn hears of their place at most so often: each turn moves everybody."""


class Ticket:
    """One run's place. `positions` ends when its turn has come."""

    def __init__(self) -> None:
        self._position = 0
        self._changed = asyncio.Event()
        self._is_near = asyncio.Event()

    def move(self, position: int) -> None:
        """Sets the place in the queue; 0 is at work."""
        self._position = position
        self._changed.set()
        if position <= _NEAR:
            self._is_near.set()

    async def positions(self) -> AsyncIterator[int]:
        """Yields the place now and when it changes, from afar not each time, while it is not 0."""
        told = 0
        while self._position > 0:
            self._changed.clear()
            if self._position != told:
                told = self._position
                yield told
            if self._is_near.is_set():
                await self._changed.wait()
            else:
                await self._pause()

    async def _pause(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(_PACE_SECONDS):
                await self._is_near.wait()


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
