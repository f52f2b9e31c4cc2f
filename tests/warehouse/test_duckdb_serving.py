import os
from pathlib import Path

import duckdb
import pytest

from domain.errors import OperatorError, RepairableError
from domain.policy import Policy
from settings.settings import Settings
from tests.warehouse.conftest import DENIED, OPEN
from warehouse.duckdb_serving import serving_file
from warehouse.duckdb_source import open_source
from warehouse.open_warehouse import effective_policy, open_warehouse
from warehouse.trusted_sql import run_trusted_sql


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """Returns a database file with two tables, one of them named as people name things."""
    file = tmp_path / "shop.duckdb"
    with duckdb.connect(str(file)) as connection:
        connection.execute("CREATE TABLE orders AS SELECT 1 AS id, 'x@example.com' AS email")
        connection.execute('CREATE TABLE "Order Lines" AS SELECT 1 AS "Line No", 7 AS "Units"')
    return file


def columns_of(file: Path) -> set[tuple[str, str]]:
    with duckdb.connect(str(file), read_only=True) as connection:
        sql = "SELECT table_name, column_name FROM information_schema.columns"
        return set(connection.execute(sql).fetchall())


def test_denied_columns_are_not_in_the_copy(
    database: Path, settings: Settings, tmp_path: Path
) -> None:
    policy = Policy(denied_columns={"ORDERS": frozenset({"Email"})})
    file = serving_file(open_source(f"duckdb://{database}"), policy, settings, tmp_path / "serving")
    assert columns_of(file) == {
        ("orders", "id"),
        ("Order Lines", "Line No"),
        ("Order Lines", "Units"),
    }
    assert b"x@example.com" not in file.read_bytes()


def test_a_plain_file_without_denied_columns_serves_as_it_is(
    database: Path, settings: Settings, tmp_path: Path
) -> None:
    source = open_source(f"duckdb://{database}")
    assert serving_file(source, OPEN, settings, tmp_path / "serving") == database


def test_a_file_with_a_view_is_copied(database: Path, settings: Settings, tmp_path: Path) -> None:
    with duckdb.connect(str(database)) as connection:
        connection.execute("CREATE VIEW recent AS SELECT id FROM orders")
    source = open_source(f"duckdb://{database}")
    file = serving_file(source, OPEN, settings, tmp_path / "serving")
    assert file != database
    assert ("recent", "id") in columns_of(file)


def test_a_copy_is_made_once_and_again_when_the_data_change(
    folder: Path, settings: Settings, tmp_path: Path
) -> None:
    serving = tmp_path / "serving"
    first = serving_file(open_source(f"duckdb://{folder}"), DENIED, settings, serving)
    made_at = first.stat().st_mtime_ns
    again = serving_file(open_source(f"duckdb://{folder}"), DENIED, settings, serving)
    assert (again, again.stat().st_mtime_ns) == (first, made_at)
    other_policy = serving_file(open_source(f"duckdb://{folder}"), OPEN, settings, serving)
    assert other_policy != first
    os.utime(folder / "shops.csv")
    changed = serving_file(open_source(f"duckdb://{folder}"), DENIED, settings, serving)
    assert changed not in (first, other_policy)


def test_old_copies_are_removed(folder: Path, settings: Settings, tmp_path: Path) -> None:
    source = open_source(f"duckdb://{folder}")
    for column in ("visit_id", "person_id", "amount", "day", "score"):
        policy = Policy(denied_columns={"visits": frozenset({column})})
        newest = serving_file(source, policy, settings, tmp_path / "serving")
    left = list((tmp_path / "serving").iterdir())
    assert newest in left
    assert len(left) == 3


async def test_trusted_and_serving_sessions_of_one_file_live_side_by_side(
    database: Path, settings: Settings, tmp_path: Path
) -> None:
    url = f"duckdb://{database}"
    trusted = open_warehouse(url, settings, None)
    serving = open_warehouse(url, settings, OPEN, tmp_path / "serving")
    sql = 'SELECT "Line No", "Units" / 2 AS half FROM "Order Lines"'
    for warehouse in (trusted, serving):
        result = await run_trusted_sql(warehouse, sql)
        assert (result.columns, result.rows) == (("Line No", "half"), (("1", "3"),))
        await warehouse.close()


async def test_a_trusted_session_writes_nothing(database: Path, settings: Settings) -> None:
    warehouse = open_warehouse(f"duckdb://{database}", settings, None)
    with pytest.raises(RepairableError):
        await run_trusted_sql(warehouse, "DELETE FROM orders")
    result = await run_trusted_sql(warehouse, "SELECT email FROM orders")
    assert result.rows == (("x@example.com",),)
    await warehouse.close()


def test_denied_columns_cannot_be_counted() -> None:
    assert effective_policy(DENIED) == Policy(
        denied_columns=DENIED.denied_columns, allow_count_distinct_of_denied=False
    )


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("mysql://host/db", "duckdb://"),
        ("duckdb:///no/such/folder", "not there"),
        ("duckdb://{empty}", "no Parquet"),
        ("duckdb://{broken}", "cannot be opened"),
        ("duckdb://{mixed}", "different formats"),
        ("duckdb://{twice}", "Two entries"),
    ],
)
def test_what_cannot_be_served_is_said(
    tmp_path: Path, settings: Settings, url: str, words: str
) -> None:
    folders = {name: tmp_path / name for name in ("empty", "broken", "mixed", "twice")}
    for folder in (*folders.values(), folders["mixed"] / "t"):
        folder.mkdir()
    (folders["broken"] / "t.parquet").write_text("not parquet")
    (folders["mixed"] / "t" / "a.csv").write_text("a\n1\n")
    (folders["mixed"] / "t" / "b.json").write_text('{"a": 1}\n')
    (folders["twice"] / "t.csv").write_text("a\n1\n")
    (folders["twice"] / "T.json").write_text('{"a": 1}\n')
    for policy in (None, OPEN):
        with pytest.raises(OperatorError, match=words):
            open_warehouse(url.format(**folders), settings, policy, tmp_path / "serving")


async def test_relative_urls_are_read_from_the_working_folder(
    database: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(database.parent)
    for url in ("duckdb://shop.duckdb", "duckdb:///shop.duckdb", f"duckdb:///{database}"):
        warehouse = open_warehouse(url, settings, None)
        assert len((await warehouse.catalog()).tables) == 2
        await warehouse.close()
