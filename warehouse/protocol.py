"""What the product needs of a warehouse. SQL is always Athena SQL; the engine's file translates."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from domain.catalog import Catalog
from domain.errors import VtionError
from domain.result_table import ResultTable
from domain.verdict import Violation
from warehouse.statement_journal import StatementJournal


class QueryState(StrEnum):
    """Where a statement stands; the last three are final."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class QueryStatus:
    """State and meters of one statement. `error` is set where the state is FAILED."""

    state: QueryState
    row_count: int = 0
    bytes_scanned: int | None = None
    """None where the engine does not meter."""
    engine_ms: float = 0.0
    queue_ms: float = 0.0
    queue_position: int | None = None
    """1 for the statement that runs next; None for one that does not wait, or where none knows."""
    cost_usd: float | None = None
    error: VtionError | None = None
    """RepairableError (the SQL is at fault), UserError (too slow, too large) or OperatorError."""


@dataclass(frozen=True, slots=True)
class ScanEstimate:
    """Bytes a statement would read; None where the engine cannot tell."""

    bytes: int | None
    is_upper_bound: bool
    lints: tuple[Violation, ...] = ()
    """What would make it read less."""


@dataclass(frozen=True, slots=True)
class WarehouseLimits:
    """Bounds that every statement runs under."""

    concurrent_statements: int
    timeout_seconds: float
    memory_bytes: int | None
    queued_statements: int = 64
    """Statements that may wait; one more is refused."""
    scan_bytes: int | None = None
    """Bytes after which the engine itself stops a statement; None: it does not."""


class Warehouse(Protocol):
    """Runs Athena SQL. Results stay behind the query id until they are paged or released."""

    @property
    def name(self) -> str:
        """What stands on the receipt, such as `duckdb`."""

    @property
    def limits(self) -> WarehouseLimits:
        """The bounds in force."""

    async def catalog(self) -> Catalog:
        """Returns every table that may be named, with Athena types."""

    async def validate(self, sql: str) -> None:
        """Plans without running; raises RepairableError with the engine's words."""

    async def estimate(self, sql: str) -> ScanEstimate:
        """Returns what a run would read, before it runs."""

    async def submit(
        self, sql: str, query_id: str | None = None, journal: StatementJournal | None = None
    ) -> str:
        """Starts the statement and returns its query id at once.

        A statement of that id which was submitted before is the same one, by this process or, as
        the journal tells, by one that is gone. It is not run again: where the engine cannot tell
        what came of it, its state is FAILED with StatementLostError. An embedded engine, whose
        statements end with their process, needs no journal and runs it.
        """

    async def status(self, query_id: str) -> QueryStatus:
        """Returns the state now."""

    def positions(self, query_id: str) -> AsyncIterator[int]:
        """Yields the place in the queue, 1 being next, now and whenever it changes.

        Ends where the statement waits no longer.
        """

    async def wait(self, query_id: str) -> QueryStatus:
        """Returns the final state, as soon as there is one."""

    async def page(self, query_id: str, offset: int, limit: int) -> ResultTable:
        """Returns rows `offset` to `offset + limit` of a succeeded statement."""

    async def cancel(self, query_id: str) -> None:
        """Stops the statement for real. Does nothing where it has ended."""

    async def leave(self, query_id: str) -> None:
        """Waits for the statement no longer; an engine that outlives this process goes on with it.

        Any other stops it.
        """

    async def release(self, query_id: str) -> None:
        """Forgets the result."""

    async def close(self) -> None:
        """Cancels what runs and frees every resource."""
