"""The graph against its own steps as plain awaits, with and without checkpoints, in one process.

Prints one JSON line: CPU seconds a question of each, and of each step by itself, without the
processes that run the SQL.
"""

import asyncio
import gc
import json
import os
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date
from typing import Any

from langgraph.runtime import Runtime

from bench.service_load import Server
from bench.service_script import QUESTION, prepare
from domain.run_state import RunState, new_run
from graph.asked import Asked, new_id
from graph.builder import build_graph
from graph.pace import Pace
from graph.question_runner import QuestionRunner
from graph.run_dependencies import RunDependencies
from graph.service import Service, open_service
from nodes.aggregate_rows import aggregate_rows
from nodes.cross_check import cross_check
from nodes.dependencies import Dependencies
from nodes.draft_sql import draft_sql
from nodes.execute_sql import execute_sql
from nodes.record_run import record_run
from nodes.retrieve_context import retrieve_context
from nodes.synthesize_answer import synthesize_answer
from nodes.validate_sql import validate_sql
from nodes.verify_answer import verify_answer
from settings.log_format import configure_logging
from settings.settings import Settings

_STEPS: tuple[Any, ...] = (
    retrieve_context, draft_sql, validate_sql, execute_sql, cross_check, aggregate_rows,
    synthesize_answer, verify_answer, record_run,
)  # fmt: skip
_ROUNDS, _QUESTIONS = 5, 40


class _NoKeeper:
    def begin(self, run: object) -> asyncio.Future[None]:
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        done.set_result(None)
        return done

    def save(self, record: object) -> None: ...


async def _plain(dependencies: Dependencies, spent: dict[str, float]) -> None:
    events: list[object] = []
    runtime = Runtime(context=dependencies, stream_writer=events.append)
    state: Any = {**new_run(new_id(), new_id(), QUESTION, date(2026, 3, 31)), "turns": ()}
    for step in _STEPS:
        begun = time.process_time()
        update: RunState = await step(state, runtime)
        state = {**state, **update}
        spent[step.__name__] += time.process_time() - begun
    assert state["answer"].status == "answered"


async def _graph(runner: QuestionRunner) -> None:
    last = None
    async for event in runner.run(Asked(question=QUESTION, begins_thread=True)):
        last = event
    assert last is not None
    assert last.kind == "run_finished"


async def _cpu(ask: Callable[[], Awaitable[None]]) -> float:
    own = Server(None, 0, os.getpid(), 0.0)  # type: ignore[arg-type] # only its CPU is asked for
    before = own.cpu_seconds()
    for _ in range(_QUESTIONS):
        await ask()
    return (own.cpu_seconds() - before) / _QUESTIONS


def _without_checkpoints(service: Service) -> QuestionRunner:
    graph = build_graph(None, 3, Pace(keeps_statements=False))
    return QuestionRunner(graph, RunDependencies(service.dependencies), _NoKeeper(), service.today)


async def main(settings: Settings) -> None:
    """Measures all three in turns, so that a busy moment of the machine meets each."""
    async with open_service(settings) as (service, runner):
        dependencies = replace(await service.dependencies())
        bare, spent = _without_checkpoints(service), defaultdict[str, float](float)
        contestants: dict[str, Callable[[], Awaitable[None]]] = {
            "plain": lambda: _plain(dependencies, spent),
            "graph": lambda: _graph(bare),
            "kept": lambda: _graph(runner),
        }
        for ask in contestants.values():
            for _ in range(10):
                await ask()
        gc.collect()
        gc.freeze()
        spent.clear()
        taken: dict[str, list[float]] = {name: [] for name in contestants}
        for _ in range(_ROUNDS):
            for name, ask in contestants.items():
                taken[name].append(await _cpu(ask))
    steps = {name: seconds / (_ROUNDS * _QUESTIONS) for name, seconds in spent.items()}
    print(json.dumps({**{name: min(found) for name, found in taken.items()}, "steps": steps}))


if __name__ == "__main__":
    configure_logging("WARNING")
    asyncio.run(main(prepare()))
