"""What the nodes work with. Fixed for the length of a run, replaced whole between runs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from context_store.loaded_context import LoadedContext
from domain.answer import Writer
from domain.draft import Drafter
from domain.model_call import ModelCall
from domain.policy import Policy
from domain.result_table import ResultTable
from nodes.scan_budget import ScanBudget
from sql_guard.guard import Guard
from warehouse.protocol import Warehouse
from warehouse.statement_journal import StatementJournal


def _ignore_calls(calls: tuple[ModelCall, ...]) -> None:
    """Keeps nothing."""


@dataclass(frozen=True, slots=True)
class Dependencies:
    """One consistent set: the guard and the warehouse were made from this context's policy."""

    context: LoadedContext
    policy: Policy
    warehouse: Warehouse
    guard: Guard
    drafter: Drafter
    writer: Writer
    basis: str = ""
    """Names the context and the policy: what was judged by others is judged anew."""
    maximum_attempts: int = 3
    caller_attributes: Mapping[str, str] = field(default_factory=dict)
    """The caller's identity, for row policies. Never from the model."""
    asks_again: bool = False
    """True: a drafter whose result another reading contradicts is asked once more."""
    prompt_versions: Mapping[str, str] = field(default_factory=dict)
    """Prompts that this run takes in another version than that in production."""
    model_deadline: float | None = None
    """When the model calls of this run must have ended, in seconds of `time.monotonic()`."""
    scan_budget: ScanBudget = field(default_factory=ScanBudget)
    """What this run may read, where the warehouse can tell what it would."""
    journal: StatementJournal | None = None
    """Keeps this run's statements where a crash cannot take them; None: nobody takes the run up."""
    emit: Callable[[Any], None] | None = None
    """Takes the events of this run's nodes; None: they go to LangGraph's own stream."""
    observe_calls: Callable[[tuple[ModelCall, ...]], None] = _ignore_calls
    """Receives all model calls of the run so far, each time that one ends."""
    observe_rows: Callable[[ResultTable], None] | None = None
    """Receives at most 50 result rows; set by the command line for evaluators, never by HTTP."""
