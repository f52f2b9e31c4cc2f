"""Runs Athena SQL on DuckDB over the lake."""

import threading
import time
from dataclasses import dataclass, field

import duckdb
import orjson
from duckdb import DuckDBPyConnection

from dev_athena.lake import Lake, LakeTable, catalog_of
from domain.errors import RepairableError
from warehouse.arrow_values import column_values
from warehouse.athena_dialect import AthenaTranslator
from warehouse.duckdb_types import athena_types
from warehouse.trino_macros.attach import attach_macros
from warehouse.trino_text import trino_text

_INTERRUPT_EVERY_SECONDS = 0.02
_BATCH_ROWS = 100_000


@dataclass(frozen=True, slots=True)
class TextRows:
    """A whole result as Athena prints it; None stands for NULL."""

    names: tuple[str, ...]
    types: tuple[str, ...]
    rows: list[tuple[str | None, ...]]
    bytes_scanned: int


class StoppedError(Exception):
    """Somebody called StopQueryExecution."""


@dataclass(frozen=True, slots=True)
class _Session:
    tables: tuple[LakeTable, ...]
    connection: DuckDBPyConnection
    translator: AthenaTranslator


@dataclass
class Stop:
    """Tells a running statement to stop."""

    event: threading.Event = field(default_factory=threading.Event)

    def sleep(self, seconds: float) -> None:
        """Waits; raises StoppedError where the statement was stopped."""
        if self.event.wait(seconds):
            raise StoppedError


class Engine:
    """One DuckDB a Glue database, made anew when the lake has changed."""

    def __init__(self, lake: Lake) -> None:
        self._lake = lake
        self._sessions: dict[str, _Session] = {}
        self._lock = threading.Lock()

    def explain(self, database: str, sql: str) -> None:
        """Plans without running; raises duckdb.Error or RepairableError."""
        session = self._session(database)
        with session.connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN {session.translator.translate(sql)}").fetchall()

    def run(self, database: str, sql: str, stop: Stop) -> TextRows:
        """Runs one SELECT; raises duckdb.Error, RepairableError or StoppedError."""
        session = self._session(database)
        translated = session.translator.translate(sql)
        with session.connection.cursor() as cursor, _Watch(cursor, stop):
            cursor.execute("SET enable_profiling = 'no_output'")
            # DuckDB plans over every footer, those of pruned partitions too: not Athena's bytes.
            cursor.execute("SET parquet_metadata_cache = true")
            try:
                return _fetch(cursor, translated)
            except duckdb.InterruptException:
                raise StoppedError from None

    def close(self) -> None:
        """Closes every database."""
        for session in self._sessions.values():
            session.connection.close()

    def _session(self, database: str) -> _Session:
        with self._lock:
            tables = self._lake.tables(database)
            session = self._sessions.get(database)
            if session is None or session.tables != tables:
                # A statement that runs keeps its cursor, and with it the old database.
                session = _open(database, tables)
                self._sessions[database] = session
            return session


class _Watch:
    """Interrupts a cursor when its statement is stopped."""

    def __init__(self, cursor: DuckDBPyConnection, stop: Stop) -> None:
        self._cursor = cursor
        self._stop = stop
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._done.wait(_INTERRUPT_EVERY_SECONDS):
            if self._stop.event.is_set():
                self._cursor.interrupt()


def _open(database: str, tables: tuple[LakeTable, ...]) -> _Session:
    connection = duckdb.connect(config={"autoinstall_known_extensions": False})
    # Bytes are metered, so none may come from a cache.
    connection.execute("SET enable_external_file_cache = false")
    connection.execute("SET GLOBAL TimeZone = 'UTC'")
    attach_macros(connection)
    for table in tables:
        connection.execute(table.view_sql())
    return _Session(tables, connection, AthenaTranslator(catalog_of(database, tables)))


def _fetch(cursor: DuckDBPyConnection, sql: str) -> TextRows:
    relation = cursor.sql(sql)
    names, types = tuple(relation.columns), athena_types(relation.types)
    rows: list[tuple[str | None, ...]] = []
    for batch in relation.to_arrow_reader(_BATCH_ROWS):
        columns = [column_values(column) for column in batch.columns]
        rows += (tuple(map(trino_text, row, types)) for row in zip(*columns, strict=True))
    return TextRows(names, types, rows, _bytes_read(cursor))


def _bytes_read(cursor: DuckDBPyConnection) -> int:
    """Returns what the last statement read; one that footers answer says nothing of it."""
    profile = orjson.loads(cursor.get_profiling_information())
    return int(profile.get("io", {}).get("total_bytes_read", 0))


def athena_reason(error: duckdb.Error | RepairableError) -> str:
    """Returns a failure in Athena's words: a code, a colon, and the engine's sentence."""
    if isinstance(error, RepairableError):
        code = "NOT_SUPPORTED" if error.rule == "unsupported_construct" else "SYNTAX_ERROR"
        return f"{code}: line 1:1: {error.message}"
    first_line = str(error).splitlines()[0].partition(": ")[2]
    code = next((code for kind, code in _CODES if isinstance(error, kind)), "GENERIC_USER_ERROR")
    return f"{code}: line 1:1: {first_line}"


_CODES: tuple[tuple[type[duckdb.Error], str], ...] = (
    (duckdb.CatalogException, "TABLE_NOT_FOUND"),
    (duckdb.BinderException, "COLUMN_NOT_FOUND"),
    (duckdb.ParserException, "SYNTAX_ERROR"),
    (duckdb.ConversionException, "INVALID_CAST_ARGUMENT"),
    (duckdb.OutOfRangeException, "NUMERIC_VALUE_OUT_OF_RANGE"),
    (duckdb.OutOfMemoryException, "EXCEEDED_LOCAL_MEMORY_LIMIT"),
    (duckdb.IOException, "HIVE_CURSOR_ERROR"),
    (duckdb.InternalException, "GENERIC_INTERNAL_ERROR"),
)


def milliseconds_since(moment: float) -> int:
    """Returns whole milliseconds since a reading of `time.perf_counter`."""
    return round((time.perf_counter() - moment) * 1000)
