"""Profile depth: quantiles, grain, shapes, families, composite keys and joins, resuming."""

import asyncio
import shutil
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest

from context_store.build_context import BuiltContext, build_context
from context_store.column_families import column_families
from context_store.profile_resume import FolderNotes
from context_store.profile_warehouse import ProfileProgress
from domain.column_type import TypeFamily
from domain.dictionary import ColumnEntry, TableEntry
from settings.settings import Settings
from warehouse.open_warehouse import open_warehouse

_DATA = """
CREATE TABLE readings AS SELECT
    1 + i % 4 AS station_id, DATE '2026-01-01' + (i // 16)::INT AS day, (i // 4) % 4 AS slot,
    i::DOUBLE AS level, TIMESTAMP '2026-01-01' + INTERVAL (i) HOUR AS taken_at,
    DATE '2026-01-01' + INTERVAL (i % 12) MONTH AS billing_month,
    'KA-' || (10 + i % 80) || '-' || chr(65 + (i % 26)::INT) AS plate,
    i AS sales_2024, i AS sales_2025, i AS sales_2026
FROM range(1600) t(i);
CREATE TABLE slots AS SELECT 1 + i % 4 AS station_id, DATE '2026-01-01' + (i // 16)::INT AS day,
    (i // 4) % 4 AS slot_no, (i % 3)::DOUBLE AS level FROM range(1600) t(i);
CREATE TABLE alarms AS SELECT i AS alarm_id, ['late', 'high'][1 + i % 2] AS kind,
    1 + i % 4 AS station_id, DATE '2026-01-01' + (i % 90)::INT AS day, i % 4 AS slot_no
FROM range(300) t(i);
CREATE TABLE plans AS SELECT i AS plan_id, DATE '2020-01-03' + INTERVAL (i * 7) DAY AS planned_on
FROM range(900) t(i);
CREATE TABLE forecasts AS SELECT i AS forecast_id, DATE '2090-01-01' + (i)::INT AS valid_on
FROM range(9) t(i);
"""


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("depth") / "depth.duckdb"
    with duckdb.connect(str(file)) as connection:
        connection.execute(_DATA)
    return file


def build(file: Path, notes: FolderNotes | None = None, stop_after: int = 99) -> BuiltContext:
    def watch(progress: ProfileProgress) -> None:
        if progress.tables_done >= stop_after:
            raise KeyboardInterrupt

    async def run() -> BuiltContext:
        warehouse = open_warehouse(f"duckdb:///{file}", Settings(), None)
        try:
            return await build_context(
                warehouse, source_name="depth", notes=notes, on_progress=watch
            )
        finally:
            await warehouse.close()

    return asyncio.run(run())


@pytest.fixture(scope="module")
def readings(file: Path) -> TableEntry:
    table = build(file).dictionary.table("readings")
    assert table is not None
    return table


def column(table: TableEntry, name: str) -> ColumnEntry:
    found = table.column(name)
    assert found is not None
    return found


def test_quantiles_of_quantities_and_of_nothing_else(readings: TableEntry) -> None:
    points = [float(str(point)) for point in column(readings, "level").quantiles]
    assert points == pytest.approx([80, 400, 800, 1200, 1520], abs=20)
    assert column(readings, "station_id").quantiles == []
    assert column(readings, "plate").quantiles == []


def test_grain_and_freshness_of_times(readings: TableEntry) -> None:
    grains = {c.name: c.time_grain for c in readings.columns if c.time_grain}
    assert grains == {"day": "day", "taken_at": "hour", "billing_month": "month"}
    assert readings.time_grain == column(readings, str(readings.time_column)).time_grain
    assert str(readings.fresh_until) == column(readings, str(readings.time_column)).maximum


def test_a_date_to_come_does_not_make_data_fresh(file: Path) -> None:
    dictionary = build(file).dictionary
    plans, forecasts = dictionary.table("plans"), dictionary.table("forecasts")
    assert plans is not None
    assert forecasts is not None
    assert str(column(plans, "planned_on").maximum) > "2037"
    fresh_until = date.fromisoformat(str(plans.fresh_until)[:10])
    assert timedelta(days=-1) <= date.today() - fresh_until < timedelta(days=8)  # noqa: DTZ011
    assert (forecasts.time_column, forecasts.fresh_until) == ("valid_on", None)


def test_shapes_say_the_form_and_no_value(readings: TableEntry) -> None:
    assert [(s.value, s.share) for s in column(readings, "plate").shapes] == [("AA-99-A", 1.0)]


def test_families_of_columns(readings: TableEntry) -> None:
    assert readings.column_families == [["sales_2024", "sales_2025", "sales_2026"]]
    text = TypeFamily.TEXT
    assert column_families([("q1_jan", text), ("q1_feb", text), ("q1_mar", text)]) == []
    months = [("jan_total", text), ("feb_total", text), ("mar_total", text), ("total", text)]
    assert column_families(months) == [["jan_total", "feb_total", "mar_total"]]


def test_a_key_and_a_join_over_three_columns(file: Path) -> None:
    dictionary = build(file).dictionary
    slots = dictionary.table("slots")
    assert slots is not None
    assert slots.primary_key == ["station_id", "day", "slot_no"]
    (join,) = [join for join in dictionary.relationships if len(join.child_columns) > 1]
    assert (join.child_table, join.parent_table, join.confidence) == ("alarms", "slots", 1)
    assert join.child_columns == join.parent_columns == slots.primary_key


def test_a_killed_build_goes_on_where_it_was(file: Path, tmp_path: Path) -> None:
    notes, changed_file = FolderNotes(tmp_path / "notes"), tmp_path / "depth.duckdb"
    shutil.copy(file, changed_file)
    with pytest.raises(KeyboardInterrupt):
        build(file, notes, stop_after=1)
    kept = sorted(path.name for path in (tmp_path / "notes").iterdir())
    assert kept
    before = {name: (tmp_path / "notes" / name).stat().st_mtime_ns for name in kept}
    assert build(file, notes).dictionary == build(file).dictionary
    assert {n: (tmp_path / "notes" / n).stat().st_mtime_ns for n in kept} == before
    with duckdb.connect(str(changed_file)) as connection:
        connection.execute("INSERT INTO alarms VALUES (9999, 'new', 1, DATE '2026-01-01', 1)")
    changed = build(changed_file, notes).dictionary.table("alarms")
    assert changed is not None
    assert column(changed, "kind").distinct_count == 3
    notes.clear()
    assert list((tmp_path / "notes").iterdir()) == []
