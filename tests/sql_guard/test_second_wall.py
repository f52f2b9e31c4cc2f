"""The hostile corpus with the guard switched off: the serving database alone holds."""

import asyncio
import hashlib
import threading
from itertools import chain
from pathlib import Path

import duckdb
import pytest
from duckdb import DuckDBPyConnection

from domain.errors import VtionError
from domain.policy import Policy
from settings.settings import Settings
from tests.sql_guard.hostile import HOSTILE
from tests.sql_guard.shop import DENIED, TABLES
from tests.sql_guard.shop_data import FILL
from warehouse.duckdb import DuckdbWarehouse
from warehouse.duckdb_lock import open_locked
from warehouse.duckdb_serving import serving_file
from warehouse.duckdb_session_options import session_options
from warehouse.duckdb_source import open_source
from warehouse.open_warehouse import open_duckdb
from warehouse.protocol import QueryState

_POLICY = Policy(denied_columns={"customers": DENIED})
_STATEMENTS = {way: statements for way, statements in HOSTILE.items() if way != "bombs"}

_BOUNDS = Settings(warehouse_memory_megabytes=256)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shop")
    with duckdb.connect() as connection:
        connection.execute(FILL)
        for table in TABLES:
            connection.execute(f"COPY {table} TO '{folder}/{table}.parquet'")
    (folder / "file.csv").write_text("canary\ncanary\n")
    return folder


@pytest.fixture
def serving(folder: Path, tmp_path: Path) -> Path:
    settings = Settings(warehouse_memory_megabytes=256)
    return serving_file(open_source(f"duckdb://{folder}"), _POLICY, settings, tmp_path / "serving")


def _state(*folders: Path) -> dict[str, str]:
    return {
        str(file): hashlib.sha256(file.read_bytes()).hexdigest()
        for folder in folders
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def _settings_of(connection: DuckDBPyConnection) -> list[tuple[object, ...]]:
    """What a statement could loosen; a bare session may still choose its own search path."""
    return connection.execute(
        "SELECT name, value FROM duckdb_settings() WHERE name NOT IN ('schema', 'search_path')"
    ).fetchall()


def _run(connection: DuckDBPyConnection, sql: str) -> str:
    timer = threading.Timer(1.0, connection.interrupt)
    timer.start()
    try:
        result: DuckDBPyConnection | None = connection.execute(sql)
        return repr(result.fetchmany(1000)) if result is not None else ""
    except (duckdb.Error, UnicodeError, RuntimeError):
        return ""
    finally:
        timer.cancel()


def test_nothing_leaks_and_nothing_is_written_on_the_bare_connection(
    folder: Path, serving: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workplace = tmp_path / "workplace"
    workplace.mkdir()
    monkeypatch.chdir(workplace)
    before = _state(folder, tmp_path)
    for way, statements in _STATEMENTS.items():
        with open_locked(serving, session_options(_BOUNDS)) as connection:
            options = _settings_of(connection)
            for sql in statements:
                assert "canary" not in _run(connection, sql), sql
            assert _settings_of(connection) == options, way
    assert _state(folder, tmp_path) == before


async def test_nothing_leaks_and_nothing_changes_through_the_warehouse(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workplace = tmp_path / "workplace"
    workplace.mkdir()
    monkeypatch.chdir(workplace)
    settings = Settings(warehouse_memory_megabytes=256, warehouse_timeout_seconds=2.0)
    warehouse = open_duckdb(f"duckdb://{folder}", settings, _POLICY, tmp_path / "serving")
    try:
        before = _state(folder, tmp_path)
        counted = await _rows(warehouse, "SELECT count(*) FROM orders")
        for sql in chain.from_iterable(_STATEMENTS.values()):
            assert "canary" not in await _rows(warehouse, sql), sql
            assert await _rows(warehouse, "SELECT count(*) FROM orders") == counted, sql
        assert _state(folder, tmp_path) == before
    finally:
        await warehouse.close()


async def _rows(warehouse: DuckdbWarehouse, sql: str) -> str:
    try:
        query_id = await warehouse.submit(sql)
        status = await asyncio.wait_for(warehouse.wait(query_id), 60)
        if status.state is not QueryState.SUCCEEDED:
            return ""
        table = await warehouse.page(query_id, 0, 1000)
    except (VtionError, UnicodeError):
        return ""
    return repr(table.rows)
