"""Hostile statements with no guard before them: on the bare session and through the warehouse."""

import contextlib
import hashlib
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
from duckdb import DuckDBPyConnection

from domain.errors import VtionError
from domain.result_table import Value
from settings.settings import Settings
from tests.warehouse.conftest import DENIED, SECRET, OpenWarehouse
from warehouse.duckdb_lock import open_locked
from warehouse.duckdb_serving import serving_file
from warehouse.duckdb_session_options import session_options
from warehouse.duckdb_source import open_source

HOSTILE = [
    "SELECT * FROM read_parquet('{folder}/people.parquet')",
    "SELECT * FROM '{folder}/people.parquet'",
    'SELECT * FROM "{folder}/people.parquet"',
    "SELECT * FROM parquet_scan(['{folder}/people.parquet'])",
    "SELECT * FROM parquet_metadata('{folder}/people.parquet')",
    "SELECT * FROM read_csv('{folder}/shops.csv')",
    "SELECT * FROM read_text('{outside}/secret.txt')",
    "SELECT content FROM read_blob('{outside}/secret.txt')",
    "SELECT * FROM read_json('{folder}/sizes.jsonl')",
    "SELECT * FROM glob('{outside}/*')",
    "SELECT * FROM sniff_csv('{outside}/secret.txt')",
    "SELECT * FROM query('SELECT * FROM read_parquet(''{folder}/people.parquet'')')",
    "SELECT * FROM query_table('{folder}/people.parquet')",
    "SELECT email FROM people",
    "SELECT people FROM people",
    "SELECT * FROM people",
    "SELECT COLUMNS('e.*') FROM people",
    "SELECT p.* FROM people AS p(a, email, c)",
    "FROM people",
    "TABLE people",
    "SUMMARIZE people",
    "SELECT * FROM secret_frame",
    "SELECT * FROM secret_arrow",
    "WITH stolen AS (COPY people TO '{outside}/stolen.csv') SELECT 1",
    "WITH added AS (INSERT INTO people VALUES (1, 'x') RETURNING *) SELECT * FROM added",
    "COPY people TO '{outside}/stolen.csv'",
    "COPY people TO '{folder}/people.parquet' (USE_TMP_FILE false)",
    "COPY (SELECT 1) TO '{outside}/secret.txt'",
    "EXPORT DATABASE '{outside}/export'",
    "ATTACH '{outside}/new.duckdb' AS fresh",
    "ATTACH '{outside}/other.duckdb' AS other (READ_ONLY)",
    "ATTACH ':memory:' AS scratch",
    "INSERT INTO people VALUES (99, 'nowhere')",
    "UPDATE people SET city = 'gone'",
    "DELETE FROM people",
    "DROP TABLE people",
    "CREATE TABLE stolen AS SELECT 1",
    "CREATE VIEW stolen AS SELECT * FROM read_parquet('{folder}/people.parquet')",
    "CREATE MACRO people2() AS TABLE SELECT 1",
    "ALTER TABLE people ADD COLUMN email VARCHAR",
    "SET enable_external_access = true",
    "SET lock_configuration = false",
    "SET allowed_paths = ['{outside}/secret.txt']",
    "SET python_enable_replacements = true",
    "SET temp_directory = '{outside}'",
    "SET memory_limit = '900GB'",
    "RESET enable_external_access",
    "PRAGMA enable_profiling = 'json'",
    "PRAGMA threads = 64",
    "CALL enable_logging(storage_path = '{outside}/log')",
    "INSTALL httpfs",
    "LOAD '{outside}/evil.duckdb_extension'",
    "CREATE PERSISTENT SECRET s (TYPE http)",
    "SELECT 1; COPY people TO '{outside}/stolen.csv'",
    "SELECT 1; SELECT * FROM read_text('{outside}/secret.txt')",
    "SELECT getenv('SECRET_OF_THE_HOST')",
]


@pytest.fixture
def outside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Returns a folder beside the source, with a secret file and a secret database."""
    monkeypatch.setenv("SECRET_OF_THE_HOST", SECRET)
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.txt").write_text(SECRET)
    with duckdb.connect(str(outside / "other.duckdb")) as connection:
        connection.execute(f"CREATE TABLE secret AS SELECT '{SECRET}' AS value")
    return outside


@pytest.fixture
def locked(folder: Path, settings: Settings, serving_folder: Path) -> Iterator[DuckDBPyConnection]:
    file = serving_file(open_source(f"duckdb://{folder}"), DENIED, settings, serving_folder)
    with open_locked(file, session_options(settings)) as connection:
        yield connection


def files_of(*folders: Path) -> dict[Path, str]:
    return {
        file: hashlib.sha256(file.read_bytes()).hexdigest()
        for folder in folders
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def settings_of(connection: DuckDBPyConnection) -> list[tuple[str, str]]:
    rows: list[tuple[str, str]] = connection.execute(
        "SELECT name, value FROM duckdb_settings() ORDER BY name"
    ).fetchall()
    return rows


def test_there_are_enough_of_them() -> None:
    assert len(HOSTILE) == len(set(HOSTILE)) >= 25


@pytest.mark.parametrize("statement", HOSTILE)
def test_the_bare_session_leaks_and_writes_nothing(
    locked: DuckDBPyConnection,
    folder: Path,
    outside: Path,
    serving_folder: Path,
    statement: str,
) -> None:
    secret_arrow = secret_frame = pa.table({"email": [SECRET]})
    assert secret_arrow is secret_frame
    files, options = files_of(folder, outside, serving_folder), settings_of(locked)
    leaked: list[tuple[object, ...]] = []
    with contextlib.suppress(duckdb.Error):
        leaked = locked.execute(statement.format(folder=folder, outside=outside)).fetchall()
    assert SECRET not in repr(leaked)
    assert files_of(folder, outside, serving_folder) == files
    assert settings_of(locked) == options
    assert locked.execute("SELECT count(*) FROM people").fetchone() == (10,)


@pytest.mark.parametrize("statement", HOSTILE)
async def test_the_warehouse_leaks_and_writes_nothing(
    serve: OpenWarehouse, folder: Path, outside: Path, serving_folder: Path, statement: str
) -> None:
    warehouse = serve()
    files = files_of(folder, outside, serving_folder)
    query_id = await warehouse.submit(statement.format(folder=folder, outside=outside))
    status = await warehouse.wait(query_id)
    leaked: tuple[tuple[Value, ...], ...] = ()
    if status.error is None:
        leaked = (await warehouse.page(query_id, 0, 1000)).rows
    else:
        assert isinstance(status.error, VtionError)
        assert str(folder) not in str(status.error)
        assert SECRET not in str(status.error)
    assert SECRET not in repr(leaked)
    assert files_of(folder, outside, serving_folder) == files
    await warehouse.close()


def test_the_canary_can_be_read_where_nothing_is_locked(folder: Path) -> None:
    secret_arrow = pa.table({"email": [SECRET]})
    assert secret_arrow.num_rows == 1
    with duckdb.connect() as connection:
        for relation in (f"'{folder}/people.parquet'", "secret_arrow"):
            assert SECRET in repr(connection.execute(f"FROM {relation}").fetchall())
