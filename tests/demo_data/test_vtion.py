from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import pytest
from duckdb import DuckDBPyConnection

from demo_data.prepare import DemoSource
from demo_data.vtion.generator import generate
from tests.demo_data.conftest import Prepare
from warehouse.duckdb_source import open_source

TABLES = {
    "app_sessions": "parquet",
    "apps": "csv",
    "panel_weights": "parquet",
    "panelists": "parquet",
    "purchases": "parquet",
    "universe_estimates": "json",
    "video_views": "parquet",
}


@pytest.fixture(scope="module")
def source(prepared: Prepare) -> DemoSource:
    return prepared("vtion").source


@pytest.fixture(scope="module")
def data(source: DemoSource) -> Iterator[DuckDBPyConnection]:
    with duckdb.connect() as connection:
        open_source(source.url).mount(connection)
        yield connection


def value(data: DuckDBPyConnection, sql: str) -> object:
    row = data.execute(sql).fetchone()
    assert row is not None
    return row[0]


def test_every_table_is_there_in_its_format(source: DemoSource) -> None:
    assert {table.name: table.format for table in open_source(source.url).tables} == TABLES


def test_a_million_sessions_over_six_months(data: DuckDBPyConnection) -> None:
    row = data.execute(
        "SELECT count(*) >= 1000000, count(DISTINCT session_id) = count(*), "
        "min(local_date), max(local_date), count(DISTINCT month) FROM app_sessions"
    ).fetchone()
    assert row == (True, True, date(2026, 4, 1), date(2026, 9, 30), 6)


def test_data_end_on_the_day_before_today(source: DemoSource, data: DuckDBPyConnection) -> None:
    assert value(data, "SELECT max(local_date) + 1 FROM app_sessions") == source.today


@pytest.mark.parametrize(
    ("child", "parent", "key"),
    [
        ("app_sessions", "panelists", "panelist_id"),
        ("app_sessions", "apps", "app_id"),
        ("video_views", "panelists", "panelist_id"),
        ("video_views", "apps", "app_id"),
        ("purchases", "panelists", "panelist_id"),
        ("purchases", "apps", "app_id"),
        ("panel_weights", "panelists", "panelist_id"),
    ],
)
def test_every_reference_is_found(
    data: DuckDBPyConnection, child: str, parent: str, key: str
) -> None:
    assert value(data, f"SELECT count(*) FROM {child} ANTI JOIN {parent} USING ({key})") == 0
    assert value(data, f"SELECT count(*) - count(DISTINCT {key}) FROM {parent}") == 0


def test_weights_of_every_week_sum_to_the_universe_of_its_month(data: DuckDBPyConnection) -> None:
    off = data.execute(
        """
        WITH weekly AS (SELECT week_start, sum(weight) AS persons FROM panel_weights GROUP BY 1),
        universe AS (
            SELECT month, sum(universe_persons) AS persons FROM universe_estimates GROUP BY 1
        )
        SELECT week_start FROM weekly
        LEFT JOIN universe
          ON month = least(date_trunc('month', week_start + 3), DATE '2026-09-01')
        WHERE universe.persons IS NULL OR abs(weekly.persons - universe.persons) > 1
        """
    ).fetchall()
    assert off == []


def test_base_weights_sum_to_the_last_universe(data: DuckDBPyConnection) -> None:
    difference = value(
        data,
        "SELECT abs((SELECT sum(panel_weight) FROM panelists) - (SELECT sum(universe_persons) "
        "FROM universe_estimates WHERE month = DATE '2026-09-01')) < 1",
    )
    assert difference is True


def test_daily_actives_are_well_below_monthly_actives(data: DuckDBPyConnection) -> None:
    stickiness = value(
        data,
        """
        SELECT avg(actives) / (SELECT count(DISTINCT panelist_id) FROM app_sessions
                               WHERE month = '2026-09')
        FROM (SELECT count(DISTINCT panelist_id) AS actives FROM app_sessions
              WHERE month = '2026-09' GROUP BY local_date)
        """,
    )
    assert isinstance(stickiness, float)
    assert 0.4 < stickiness < 0.85


def test_usage_has_an_evening_peak_a_dip_and_nulls(data: DuckDBPyConnection) -> None:
    assert value(data, "SELECT mode(hour(started_at)) FROM app_sessions") in (20, 21, 22)
    dip = "SELECT local_date FROM app_sessions GROUP BY 1 ORDER BY count(*) LIMIT 1"
    assert value(data, dip) == date(2026, 5, 19)
    assert value(data, "SELECT count(*) > 0 FROM app_sessions WHERE network_type IS NULL") is True
    assert (
        value(data, "SELECT count(*) FROM app_sessions WHERE started_at::DATE <> local_date") == 0
    )


def test_taste_differs_between_people(data: DuckDBPyConnection) -> None:
    young, old = (
        value(
            data,
            "SELECT avg((app_name = 'Snapchat')::INT) FROM app_sessions JOIN apps USING (app_id) "
            f"JOIN panelists USING (panelist_id) WHERE age_band = '{band}'",
        )
        for band in ("15-24", "45+")
    )
    assert isinstance(young, float)
    assert isinstance(old, float)
    assert young > 2 * old


def test_no_contact_is_real(data: DuckDBPyConnection) -> None:
    real = "SELECT count(*) FROM panelists WHERE email NOT LIKE '%@example.com'"
    assert value(data, real) == 0


def checksum(folder: Path) -> list[tuple[object, ...]]:
    with duckdb.connect() as connection:
        open_source(f"duckdb://{folder}").mount(connection)
        return [
            row
            for table in TABLES
            for row in connection.execute(
                f"SELECT '{table}', count(*), sum(hash(COLUMNS(*)::VARCHAR)) FROM {table}"
            ).fetchall()
        ]


def test_the_seed_alone_decides_the_data(tmp_path: Path) -> None:
    sums = []
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        folder = tmp_path / name
        generate(folder, lambda _: None, panelists=300, seed=seed)
        sums.append(checksum(folder))
    assert sums[0] == sums[1]
    assert sums[0] != sums[2]
