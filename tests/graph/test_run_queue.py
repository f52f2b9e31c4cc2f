"""Runs wait in order, and whoever leaves makes room."""

import asyncio

from graph.run_queue import RunQueue, Ticket


async def _positions(ticket: Ticket, seen: list[int]) -> None:
    async for position in ticket.positions():
        seen.append(position)  # noqa: PERF401 seen while it grows


async def test_the_first_are_at_work_and_the_others_move_up() -> None:
    queue = RunQueue(2)
    tickets = [queue.join() for _ in range(5)]
    seen: list[list[int]] = [[] for _ in tickets]
    tasks = [asyncio.create_task(_positions(t, s)) for t, s in zip(tickets, seen, strict=True)]
    await asyncio.sleep(0)
    assert [len(s) for s in seen] == [0, 0, 1, 1, 1]
    for leaving in (tickets[0], tickets[3], tickets[1]):
        queue.leave(leaving)
        await asyncio.sleep(0.01)
    assert seen == [[], [], [1], [2, 1], [3, 2, 1]]
    await asyncio.wait_for(asyncio.gather(tasks[2], tasks[4]), 30)
    assert queue.length == 0
    tasks[3].cancel()
