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


async def test_a_crowd_is_told_its_places_without_a_word_for_every_step_of_everybody() -> None:
    queue = RunQueue(1)
    tickets = [queue.join() for _ in range(400)]
    seen: list[list[int]] = [[] for _ in tickets]
    tasks = [asyncio.create_task(_positions(t, s)) for t, s in zip(tickets, seen, strict=True)]
    for ticket in tickets:
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        queue.leave(ticket)
    await asyncio.wait_for(asyncio.gather(*tasks), 30)
    assert all(places[0] == number for number, places in enumerate(seen[1:], start=1))
    assert all(places == sorted(places, reverse=True) for places in seen)
    assert all(places[-1] == 1 for places in seen[1:])
    # Who is next hears every step; all steps of everybody would be 80,000.
    assert sum(map(len, seen)) < 400 * 10
