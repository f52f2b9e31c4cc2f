"""The composition root: opens everything that the settings name, and keeps it consistent."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import structlog
import yaml
from langgraph.checkpoint.base import BaseCheckpointSaver
from pydantic import JsonValue, ValidationError

from context_store.access_policy import derive_policy, open_policy
from context_store.loaded_context import LoadedContext
from context_store.store import ContextStore
from domain.errors import OperatorError, QuestionError
from domain.policy import Policy
from domain.result_table import ResultTable
from domain.user import User
from graph.brain import Brain, open_brain, probe_model
from graph.builder import build_graph
from graph.checkpointer import open_checkpointer
from graph.leases import Leases
from graph.pace import Pace
from graph.question_runner import QuestionRunner
from graph.run_dependencies import RunDependencies
from graph.run_statements import RunStatements
from graph.scan_ledger import ScanLedger
from graph.tracing import is_traced, tracing
from llm_clients.probe import Probe
from nodes.dependencies import Dependencies
from run_store.kept_settings import keep_setting, kept_setting
from run_store.run_store import RunStore, open_run_store
from settings.settings import Settings
from sql_guard.guard import Guard
from warehouse.open_warehouse import effective_policy, open_warehouse
from warehouse.protocol import Warehouse

_log = structlog.get_logger(__name__)
_MEGABYTE = 1_000_000
_CHOICE = "llm"
_EMBEDDED_ENGINE = "duckdb"


class Service:
    """What answers questions: one runner over dependencies that follow the context."""

    def __init__(
        self,
        settings: Settings,
        store: ContextStore,
        dependencies: Dependencies,
        brain: Brain,
        run_store: RunStore,
        checkpointer: BaseCheckpointSaver[str],
    ) -> None:
        self.settings = settings
        self.run_store = run_store
        self._checkpointer = checkpointer
        self._store = store
        self._brain = brain
        self._dependencies = dependencies
        self.leases = Leases()
        self._change = asyncio.Lock()

    async def dependencies(self) -> Dependencies:
        """Returns the present set; a new context version brings a new guard with it."""
        if self._store.current().dictionary.version != self.context.dictionary.version:
            async with self._change:
                await self._follow_context(self._store.current())
        return self._dependencies

    def today(self) -> date:
        """Returns the date that `today` means in a question."""
        zone = ZoneInfo(self.settings.time_zone)
        return self.settings.today or datetime.now(zone).date()

    def scans(self) -> ScanLedger:
        """Returns an account of what runs read, held against what one and a user's day may."""
        settings = self.settings
        return ScanLedger(
            question_bytes=_bytes(settings.question_scan_megabytes),
            day_bytes=_bytes(settings.user_scan_megabytes_a_day),
            recorded=self._read_today,
        )

    async def _read_today(self, user: User) -> int:
        today = datetime.now(UTC).date()
        usage = await self.run_store.usage(today, today, user.id)
        return sum(entry.bytes_scanned for entry in usage)

    @property
    def model(self) -> str:
        """The string that selected who answers now."""
        return self._brain.model

    @property
    def context(self) -> LoadedContext:
        """The context in use."""
        return self._dependencies.context

    def context_alarm(self) -> str | None:
        """Returns why an older version of the context serves; None where the newest does."""
        self._store.current()
        return self._store.alarm

    async def forget_thread(self, thread_id: str) -> None:
        """Deletes a conversation: its runs, their feedback, and what the graph remembers of it."""
        await self._checkpointer.adelete_thread(thread_id)
        await self.run_store.delete_thread(thread_id)

    async def close(self) -> None:
        """Stops every statement and frees warehouses and models."""
        await self.leases.close()
        await self._dependencies.warehouse.close()
        await self._brain.close()

    async def switch_model(self, model: str) -> Probe:
        """Has another model answer from the next question on, if it answers a probe.

        It still does after a restart, until `VTION_LLM` is changed. One that does not answer leaves
        the present model in place; the probe says why.
        """
        probe = await probe_model(self.settings, model)
        if not probe.is_ready:
            return probe
        await self._use(model)
        choice: dict[str, JsonValue] = {"model": model, "instead_of": self.settings.llm}
        await self.run_store.work(keep_setting, _CHOICE, choice)
        return probe

    def open_brain(self, model: str) -> Brain:
        """Returns a brain for one question; raises QuestionError where it is not set up."""
        try:
            return open_brain(self.settings, model)
        except OperatorError as error:
            raise QuestionError(f"{model} cannot be asked: {error.message}") from error

    async def follow_switch(self) -> None:
        """Has the model answer that an administrator chose, here or at another worker.

        A choice holds as long as `VTION_LLM` is what it was then: who sets that anew means it.
        """
        chosen = await self.run_store.work(kept_setting, _CHOICE)
        if not isinstance(chosen, dict) or chosen.get("instead_of") != self.settings.llm:
            return
        model = str(chosen["model"])
        if model == self.model:
            return
        try:
            await self._use(model)
        except OperatorError as error:
            _log.warning("chosen_model_not_usable", model=model, error=str(error))

    async def _use(self, model: str) -> None:
        async with self._change:
            brain = open_brain(self.settings, model)
            self.leases.retire(self._brain.drafter, self._brain.close)
            self._brain = brain
            self._dependencies = replace(
                self._dependencies, drafter=brain.drafter, writer=brain.writer
            )
        _log.info("model_switched", model=model)

    async def _follow_context(self, context: LoadedContext) -> None:
        if context.dictionary.version == self.context.dictionary.version:
            return
        old = self._dependencies
        policy = choose_policy(self.settings.policy, context)
        warehouse, guard = old.warehouse, None
        if policy != old.policy:
            warehouse = open_warehouse(self.settings.warehouse, self.settings, policy)
            async with _closed_on_failure(warehouse):
                guard = await open_guard(warehouse, policy, context)
            self.leases.retire(old.warehouse, old.warehouse.close)
        self._dependencies = replace(
            old,
            context=context,
            policy=policy,
            warehouse=warehouse,
            guard=guard or await open_guard(warehouse, policy, context),
            basis=_basis(context, policy),
        )
        _log.info("context_changed", context_version=context.dictionary.version)


@asynccontextmanager
async def open_service(
    settings: Settings,
    observe_rows: Callable[[ResultTable], None] | None = None,
    brain: Brain | None = None,
) -> AsyncIterator[tuple[Service, QuestionRunner]]:
    """Opens warehouse, context, brain and checkpoints; closes them in reverse order.

    `brain` answers in place of the one that the settings name.
    """
    store = ContextStore(settings.context)
    context = store.current()
    policy = choose_policy(settings.policy, context)
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(tracing())
        # First: it makes the database, and says what is wrong with one that cannot be opened.
        run_store = await stack.enter_async_context(open_run_store(settings.state))
        checkpointer = await stack.enter_async_context(
            open_checkpointer(settings.state, lambda: run_store.worker)
        )
        warehouse = open_warehouse(settings.warehouse, settings, policy)
        checkpointer.pace = Pace(
            keeps_statements=warehouse.name != _EMBEDDED_ENGINE, stops_at_every_node=is_traced()
        )
        async with _closed_on_failure(warehouse):
            guard = await open_guard(warehouse, policy, context)
            brain = brain or open_brain(settings, settings.llm)
        dependencies = Dependencies(
            context=context,
            policy=policy,
            warehouse=warehouse,
            guard=guard,
            drafter=brain.drafter,
            writer=brain.writer,
            basis=_basis(context, policy),
            observe_rows=observe_rows,
            maximum_attempts=settings.maximum_attempts,
            asks_again=settings.llm_cross_check == "ask_again",
        )
        service = Service(settings, store, dependencies, brain, run_store, checkpointer)
        stack.push_async_callback(service.close)
        runner = QuestionRunner(
            build_graph(checkpointer, settings.maximum_attempts, checkpointer.pace),
            RunDependencies(
                service.dependencies,
                service.leases,
                model_seconds=settings.llm_run_seconds,
                open_brain=service.open_brain,
                new_journal=partial(_new_journal, run_store, warehouse.name),
            ),
            keeper=run_store,
            today=service.today,
            maximum_question_characters=settings.maximum_question_characters,
            log_questions=settings.log_questions,
            concurrent_runs=settings.concurrent_runs,
            scans=service.scans(),
        )
        yield service, runner


def _new_journal(
    store: RunStore, engine: str, run_id: str, is_handed_over: Callable[[], bool]
) -> RunStatements | None:
    """Returns a run's journal; None where statements end with their process."""
    if engine == _EMBEDDED_ENGINE:
        return None
    return RunStatements(store, run_id, is_handed_over)


@asynccontextmanager
async def _closed_on_failure(warehouse: Warehouse) -> AsyncIterator[None]:
    try:
        yield
    except BaseException:
        await warehouse.close()
        raise


def _basis(context: LoadedContext, policy: Policy) -> str:
    digest = hashlib.sha256(_in_order(policy.model_dump()).encode()).hexdigest()
    return f"{context.dictionary.version}:{digest[:16]}"


def _in_order(value: object) -> str:
    """Returns a value as the same text in every process: sets have no order of their own."""
    match value:
        case Mapping():
            return repr(sorted((str(key), _in_order(item)) for key, item in value.items()))
        case set() | frozenset():
            return repr(sorted(_in_order(item) for item in value))
        case list() | tuple():
            return repr([_in_order(item) for item in value])
        case _:
            return repr(value)


def _bytes(megabytes: int | None) -> int | None:
    return None if megabytes is None else megabytes * _MEGABYTE


async def open_guard(warehouse: Warehouse, policy: Policy, context: LoadedContext) -> Guard:
    """Returns a guard over what the warehouse really serves."""
    catalog = await warehouse.catalog()
    relationships = tuple(context.dictionary.relationships)
    return Guard(catalog, effective_policy(policy), relationships=relationships)


def choose_policy(setting: str, context: LoadedContext) -> Policy:
    """Returns the policy that `VTION_POLICY` names: derived, `open`, or read from a file."""
    if not setting:
        return derive_policy(context.dictionary)
    if setting == "open":
        return open_policy()
    try:
        return Policy.model_validate(yaml.safe_load(Path(setting).read_text(encoding="utf-8")))
    except (OSError, yaml.YAMLError, ValidationError) as error:
        raise OperatorError(f"VTION_POLICY={setting} cannot be read: {error}") from error
