from pathlib import Path

import pytest
import yaml

from demo_data.prepare import DemoName, prepare
from domain.metric import Metric
from settings.settings import Settings
from tests.demo_data.conftest import Prepare
from warehouse.duckdb_source import open_source
from warehouse.open_warehouse import open_warehouse
from warehouse.trusted_sql import run_trusted_sql

NAMES: tuple[DemoName, ...] = ("vtion", "nycflights13")


@pytest.mark.parametrize("name", NAMES)
def test_a_second_preparation_does_nothing(prepared: Prepare, name: DemoName) -> None:
    first = prepared(name)
    assert first.parts
    written = {file: file.stat().st_mtime_ns for file in first.folder.rglob("*")}
    assert prepare(name, first.folder, lambda part: pytest.fail(part)) == first.source
    assert written == {file: file.stat().st_mtime_ns for file in first.folder.rglob("*")}


def test_an_outdated_folder_is_replaced_whole(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "left_over.csv").write_text("a\n1\n")
    (folder / ".stamp").write_text("of an older generator")
    prepare("nycflights13", folder, lambda _: None)
    assert not (folder / "left_over.csv").exists()


@pytest.mark.parametrize("name", NAMES)
def test_the_business_file_speaks_of_what_is_there(prepared: Prepare, name: DemoName) -> None:
    source = prepared(name).source
    business = yaml.safe_load(source.business_file.read_text())
    held = {table.name: table for table in open_source(source.url).tables}
    assert set(business["tables"]) <= set(held)
    assert len(business["example_questions"]) == 8
    metrics = [Metric.model_validate(metric) for metric in business["metrics"]]
    names = {metric.name for metric in metrics}
    for metric in metrics:
        if metric.formula.kind == "ratio":
            assert {metric.formula.numerator, metric.formula.denominator} <= names
        else:
            assert metric.formula.table in held


@pytest.mark.parametrize("name", NAMES)
async def test_columns_and_metrics_of_the_business_file_can_be_asked(
    prepared: Prepare, name: DemoName
) -> None:
    source = prepared(name).source
    business = yaml.safe_load(source.business_file.read_text())
    warehouse = open_warehouse(source.url, Settings(), None)
    held = {t.name: {c.name for c in t.columns} for t in (await warehouse.catalog()).tables}
    for table, entry in business["tables"].items():
        assert set(entry.get("columns", {})) <= held[table]
    for metric in business["metrics"]:
        formula = metric["formula"]
        if formula["kind"] == "aggregate":
            sql = f"SELECT {formula['expression']} FROM {formula['table']}"
            assert (await run_trusted_sql(warehouse, sql)).rows[0][0] is not None
    await warehouse.close()
