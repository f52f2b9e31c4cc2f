"""A question's way through the graph, as a stream of run events."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing
from dataclasses import replace
from datetime import date

import structlog
from langchain_core.runnables import RunnableConfig
from langgraph.types import Command, Durability

from domain.errors import ConflictError, OperatorError, RunTakenError, UserError
from domain.run_event import (
    AnswerReplaced,
    QueueActivity,
    RunClosed,
    RunEvent,
    RunFailed,
    RunQueued,
    RunStarted,
)
from domain.run_state import RunInput, new_run
from graph.asked import Asked
from graph.builder import QuestionGraph
from graph.event_stream import EventStream
from graph.paced_saver import BEGINS_THREAD
from graph.question_check import check_question
from graph.questions_back import interruption, waiting_state
from graph.resumption import MAXIMUM_CRASHES, GraphInput, Standing, find_standing
from graph.run_dependencies import RunDependencies
from graph.run_end import end_of, failed
from graph.run_queue import RunQueue
from graph.run_recorder import RunKeeper, RunRecorder, log_run
from graph.scan_ledger import ScanLedger
from nodes.dependencies import Dependencies
from nodes.scan_budget import ScanBudget
from run_store.delete_runs import INTERRUPTED

_log = structlog.get_logger(__name__)
_SECONDS_TO_NOTE = 2.0
_GIVEN_UP = "The service stopped twice while it worked on this question. Ask it in another way."


class QuestionRunner:
    """Runs questions, as many at once as there are places."""

    def __init__(
        self,
        graph: QuestionGraph,
        dependencies: RunDependencies,
        keeper: RunKeeper,
        today: Callable[[], date],
        maximum_question_characters: int = 4_000,
        log_questions: bool = False,
        concurrent_runs: int = 256,
        scans: ScanLedger | None = None,
    ) -> None:
        self._graph = graph
        self._durability: Durability | None = "sync" if graph.checkpointer else None
        self._dependencies = dependencies
        self._keeper = keeper
        self._today = today
        self._maximum_question_characters = maximum_question_characters
        self._log_questions = log_questions
        self._queue = RunQueue(concurrent_runs)
        self._scans = scans or ScanLedger()
        self._busy_threads: dict[str, str] = {}
        self._disowned: set[str] = set()

    async def prepare(self, asked: Asked) -> Asked:
        """Returns the request as it will run, and holds its conversation for it.

        Raises a UserError for what can be refused before anything runs. What was prepared must be
        run or dropped.
        """
        self._hold(asked)
        try:
            if asked.resumptions:
                return asked
            if asked.option_id is None:
                check_question(asked.question, self._maximum_question_characters)
                return asked
            config = _config(asked.thread_id)
            snapshot = await waiting_state(self._graph, config, asked.option_id)
        except BaseException:
            self.drop(asked)
            raise
        values = snapshot.values
        resumed = replace(asked, run_id=str(values["run_id"]), question=str(values["question"]))
        self._busy_threads[asked.thread_id] = resumed.run_id
        return resumed

    def drop(self, asked: Asked) -> None:
        """Lets go of the conversation that was held for the request."""
        if self._busy_threads.get(asked.thread_id) == asked.run_id:
            del self._busy_threads[asked.thread_id]

    async def run(self, asked: Asked) -> AsyncIterator[RunEvent]:
        """Yields what happens. Errors that were raised on purpose end as `RunFailed`.

        Raises RunTakenError where another worker took the run up meanwhile.
        """
        try:
            asked = await self.prepare(asked)
        except (UserError, OperatorError) as error:
            yield failed(error)
            return
        recorder = RunRecorder(asked, asked.question)
        with self._scans.of_run(asked.user) as budget:
            try:
                async for event in self._events(asked, recorder, budget):
                    recorder.add(event)
                    yield event
            except (UserError, OperatorError) as error:
                end = failed(error)
                recorder.add(end)
                yield end
            except RunTakenError:
                self.disown(asked.run_id)
                raise
            except (asyncio.CancelledError, GeneratorExit):
                recorder.is_cancelled = True
                raise
            finally:
                self.drop(asked)
                self._keep(recorder)

    def disown(self, run_id: str) -> None:
        """Has a run that another worker took up leave no record here."""
        self._disowned.add(run_id)

    def _keep(self, recorder: RunRecorder) -> None:
        record = recorder.record()
        if record.run_id in self._disowned:
            self._disowned.discard(record.run_id)
            return
        log_run(record, with_question=self._log_questions)
        self._keeper.save(record)

    async def _events(
        self, asked: Asked, recorder: RunRecorder, budget: ScanBudget
    ) -> AsyncIterator[RunEvent]:
        structlog.contextvars.bind_contextvars(run_id=asked.run_id, thread_id=asked.thread_id)
        yield RunStarted(run_id=asked.run_id, thread_id=asked.thread_id)
        if not asked.resumptions:
            # Before it waits for its turn: what waits is not lost either.
            present = await self._dependencies.present()
            model = asked.llm or present.drafter.name
            begun = self._keeper.begin(recorder.begun(model, present.basis))
            # A crash in the first node must find it; while the database is away it goes on without.
            await asyncio.wait({begun}, timeout=_SECONDS_TO_NOTE)
        ticket = self._queue.join()
        try:
            async for position in ticket.positions():
                yield RunQueued(content=QueueActivity(position=position))
            async for event in self._graph_events(asked, recorder, budget):
                yield event
        finally:
            self._queue.leave(ticket)

    async def _graph_events(
        self, asked: Asked, recorder: RunRecorder, budget: ScanBudget
    ) -> AsyncIterator[RunEvent]:
        def is_handed_over() -> bool:
            return asked.run_id in self._disowned

        async with (
            self._dependencies.of_run(asked, budget, is_handed_over) as dependencies,
            aclosing(self._steps(asked, dependencies, recorder)) as events,
        ):
            async for event in events:
                yield event

    async def _steps(
        self, asked: Asked, dependencies: Dependencies, recorder: RunRecorder
    ) -> AsyncGenerator[RunEvent]:
        standing = Standing(self._input(asked))
        if asked.resumptions:
            standing = await self._standing(asked, dependencies)
            recorder.recall(standing.failed_attempts, standing.model_calls)
            yield AnswerReplaced(text=standing.text)
            if asked.crashes > MAXIMUM_CRASHES:
                yield RunFailed(code=INTERRUPTED, message=_GIVEN_UP, reference=asked.run_id)
                return
        closed = standing.closed
        if closed is None and not standing.is_waiting:
            stream = EventStream()
            dependencies = replace(
                dependencies, emit=stream.write, observe_calls=recorder.observe_calls
            )
            work = self._work(asked, standing, dependencies)
            async for event in stream.during(work):
                if isinstance(event, RunClosed):
                    closed = event
                else:
                    yield event
        if closed is None:
            yield await interruption(self._graph, _config(asked.thread_id), asked)
        else:
            recorder.close(closed)
            yield end_of(closed)

    async def _standing(self, asked: Asked, dependencies: Dependencies) -> Standing:
        """Returns how far a run came whose worker is gone."""
        is_same = asked.basis == dependencies.basis
        anew, config = self._new(asked), _config(asked.thread_id)
        return await find_standing(self._graph, config, asked, anew, is_same=is_same)

    async def _work(self, asked: Asked, standing: Standing, dependencies: Dependencies) -> None:
        """Takes the question through the graph; what happens comes by `dependencies.emit`."""
        steps = self._graph.astream(
            standing.graph_input,
            _traced(asked),
            context=dependencies,
            durability=self._durability,
            # Nobody reads the states that it would copy after every step.
            stream_mode=[],
        )
        async for _ in steps:
            pass

    def _input(self, asked: Asked) -> GraphInput:
        """Returns what the graph is started with."""
        if asked.option_id is not None:
            return Command(resume=asked.option_id)
        return self._new(asked)

    def _new(self, asked: Asked) -> RunInput:
        return new_run(asked.run_id, asked.thread_id, asked.question, self._today())

    def _hold(self, asked: Asked) -> None:
        holder = self._busy_threads.setdefault(asked.thread_id, asked.run_id)
        if holder != asked.run_id:
            message = "This conversation is still working on an earlier question."
            raise ConflictError(message, "thread_busy")


def _traced(asked: Asked) -> RunnableConfig:
    """Names the run in traces."""
    metadata = {"vtion_run_id": asked.run_id, "prompt_versions": dict(asked.prompt_versions)}
    of_thread = {"thread_id": asked.thread_id, BEGINS_THREAD: asked.begins_thread}
    return {"configurable": of_thread, "run_name": "question", "metadata": metadata}


def _config(thread_id: str) -> RunnableConfig:
    return {"configurable": {"thread_id": thread_id}}
