"""A question's way through the graph, as a stream of run events."""

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import aclosing, asynccontextmanager
from dataclasses import replace
from datetime import date

import structlog
from langchain_core.runnables import RunnableConfig
from langgraph.types import Command, Durability, StateSnapshot

from domain.answer import Answer
from domain.draft import Clarification
from domain.error_codes import known_code
from domain.errors import ConflictError, OperatorError, UserError
from domain.run_event import (
    AnswerReplaced,
    QueueActivity,
    RunClosed,
    RunEvent,
    RunFailed,
    RunFinished,
    RunInterrupted,
    RunQueued,
    RunStarted,
)
from domain.run_state import RunInput, new_run
from graph.asked import Asked, new_id
from graph.brain import Brain
from graph.builder import QuestionGraph
from graph.event_stream import EventStream
from graph.given_drafter import GivenDrafter
from graph.leases import Leases
from graph.question_check import check_question
from graph.resumption import MAXIMUM_CRASHES, GraphInput, Standing, find_standing
from graph.run_queue import RunQueue
from graph.run_recorder import RunKeeper, RunRecorder, log_run
from graph.scan_ledger import ScanLedger
from nodes.dependencies import Dependencies
from nodes.scan_budget import ScanBudget
from planner.writer import EmbeddedWriter
from run_store.delete_runs import INTERRUPTED

_log = structlog.get_logger(__name__)
_SECONDS_TO_NOTE = 2.0
_GIVEN_UP = "The service stopped twice while it worked on this question. Ask it in another way."


class QuestionRunner:
    """Runs questions. `dependencies` returns the present set; each run keeps the one it got."""

    def __init__(
        self,
        graph: QuestionGraph,
        dependencies: Callable[[], Awaitable[Dependencies]],
        keeper: RunKeeper,
        today: Callable[[], date],
        maximum_question_characters: int = 4_000,
        log_questions: bool = False,
        model_seconds: float | None = None,
        concurrent_runs: int = 256,
        scans: ScanLedger | None = None,
        leases: Leases | None = None,
        open_brain: Callable[[str], Brain] | None = None,
    ) -> None:
        self._graph = graph
        self._durability: Durability | None = "sync" if graph.checkpointer else None
        self._dependencies = dependencies
        self._keeper = keeper
        self._today = today
        self._maximum_question_characters = maximum_question_characters
        self._log_questions = log_questions
        self._model_seconds = model_seconds
        self._queue = RunQueue(concurrent_runs)
        self._scans = scans or ScanLedger()
        self._leases = leases or Leases()
        self._open_brain = open_brain
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
            snapshot = await self._waiting_state(asked)
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
        """Yields what happens. Errors that were raised on purpose end as `RunFailed`."""
        try:
            asked = await self.prepare(asked)
        except (UserError, OperatorError) as error:
            yield _failed(error)
            return
        recorder = RunRecorder(asked, asked.question)
        with self._scans.of_run(asked.user) as budget:
            try:
                async for event in self._events(asked, recorder, budget):
                    recorder.add(event)
                    yield event
            except (UserError, OperatorError) as error:
                failed = _failed(error)
                recorder.add(failed)
                yield failed
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
            present = await self._dependencies()
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
        async with (
            self._of_run(asked, budget) as dependencies,
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
        yield await self._interruption(asked) if closed is None else _end_of(closed, recorder)

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

    @asynccontextmanager
    async def _of_run(self, asked: Asked, budget: ScanBudget) -> AsyncIterator[Dependencies]:
        """Yields the present dependencies with what is this run's own."""
        seconds = self._model_seconds
        dependencies = replace(
            await self._dependencies(),
            prompt_versions=asked.prompt_versions,
            model_deadline=None if seconds is None else time.monotonic() + seconds,
            caller_attributes=asked.user.attributes,
            scan_budget=budget,
        )
        async with (
            self._leases.lend(dependencies.warehouse, dependencies.drafter),
            self._with_brain(asked, dependencies) as complete,
        ):
            yield complete

    @asynccontextmanager
    async def _with_brain(
        self, asked: Asked, dependencies: Dependencies
    ) -> AsyncIterator[Dependencies]:
        if asked.given is not None:
            given = GivenDrafter(asked.given)
            yield replace(dependencies, drafter=given, writer=EmbeddedWriter())
        elif asked.llm and self._open_brain is not None:
            brain = self._open_brain(asked.llm)
            try:
                yield replace(dependencies, drafter=brain.drafter, writer=brain.writer)
            finally:
                await brain.close()
        else:
            yield dependencies

    def _input(self, asked: Asked) -> GraphInput:
        """Returns what the graph is started with."""
        if asked.option_id is not None:
            return Command(resume=asked.option_id)
        return self._new(asked)

    def _new(self, asked: Asked) -> RunInput:
        return new_run(asked.run_id, asked.thread_id, asked.question, self._today())

    async def _waiting_state(self, asked: Asked) -> StateSnapshot:
        """Returns the state of a run that waits for this choice."""
        snapshot = await self._graph.aget_state(_config(asked.thread_id))
        if not snapshot.interrupts:
            raise ConflictError("This conversation does not wait for a choice.", "not_waiting")
        options = Clarification.model_validate(snapshot.interrupts[0].value).options
        if asked.option_id not in {option.id for option in options}:
            message = "That is not one of the options; choose one of those offered."
            raise ConflictError(message, "not_an_option")
        return snapshot

    async def _interruption(self, asked: Asked) -> RunInterrupted:
        snapshot = await self._graph.aget_state(_config(asked.thread_id))
        if not snapshot.interrupts:
            raise OperatorError("the run ended without an answer")
        clarification = Clarification.model_validate(snapshot.interrupts[0].value)
        answer = Answer(
            run_id=asked.run_id,
            thread_id=asked.thread_id,
            status="clarify",
            text=clarification.question,
            clarification=clarification,
        )
        return RunInterrupted(clarification=clarification, answer=answer)

    def _hold(self, asked: Asked) -> None:
        holder = self._busy_threads.setdefault(asked.thread_id, asked.run_id)
        if holder != asked.run_id:
            message = "This conversation is still working on an earlier question."
            raise ConflictError(message, "thread_busy")


def _traced(asked: Asked) -> RunnableConfig:
    """Names the run in traces."""
    metadata = {"vtion_run_id": asked.run_id, "prompt_versions": dict(asked.prompt_versions)}
    return {**_config(asked.thread_id), "run_name": "question", "metadata": metadata}


def _config(thread_id: str) -> RunnableConfig:
    return {"configurable": {"thread_id": thread_id}}


def _end_of(closed: RunClosed, recorder: RunRecorder) -> RunFinished | RunFailed:
    recorder.cross_check = closed.cross_check
    recorder.chosen_option = closed.chosen_option
    if closed.failure_code:
        reference = new_id()[:12]
        code = known_code(closed.failure_code)
        return RunFailed(code=code, message=closed.answer.text, reference=reference)
    return RunFinished(answer=closed.answer)


def _failed(error: UserError | OperatorError) -> RunFailed:
    reference = new_id()[:12]
    if isinstance(error, UserError):
        return RunFailed(
            code=error.code,
            message=error.message,
            reference=reference,
            reason=error.reason,
            parameters=dict(error.parameters),
        )
    _log.error("run_failed", reference=reference, error=error.message, remedy=error.remedy)
    message = "Something is wrong on our side. Please try again, or give support the reference."
    return RunFailed(code="internal", message=message, reference=reference)
