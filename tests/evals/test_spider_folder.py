"""Spider's own layout: gold runs on SQLite as it is, answers on a copy in DuckDB."""

import json
import sqlite3
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner

from cli.main import app
from domain.errors import OperatorError
from evals.run_folder import RunFolder
from evals.spider_folder import spider_database_url
from evals.sqlite_database import copy_to_duckdb, rows_of_sqlite
from evals.suite_file import load_suite

_TABLES = """
CREATE TABLE singer (singer_id INTEGER PRIMARY KEY, name TEXT, age INT, joined DATE, active BOOL,
    odd INTEGER, pay NUMERIC);
INSERT INTO singer VALUES (1, 'Asha', 31, '2014-02-01', 1, 7, 10.5),
    (2, 'Ravi', 44, '2015-06-30', 0, 'none', 20), (3, 'Zoë', 28, NULL, 1, NULL, NULL);
CREATE TABLE concert (concert_id INTEGER, singer_id INTEGER, held_at DATETIME);
"""
_QUESTIONS = [
    ("How many singers are there?", "SELECT count(*) FROM singer"),
    ("What is the average age of singers?", "SELECT avg(age) FROM singer"),
    ("List the names of singers.", "SELECT name FROM singer"),
    ("Names from young to old", "SELECT name FROM singer ORDER BY age"),
    ("In which years?", "SELECT strftime('%Y', joined) FROM singer"),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A set of one database, as it comes out of Spider's archive."""
    place = tmp_path / "spider" / "database" / "concert_singer"
    place.mkdir(parents=True)
    with sqlite3.connect(place / "concert_singer.sqlite") as connection:
        connection.executescript(_TABLES)
    connection.close()
    lines = [{"db_id": "concert_singer", "question": q, "query": sql} for q, sql in _QUESTIONS]
    (tmp_path / "spider" / "dev.json").write_text(json.dumps(lines))
    (tmp_path / "spider" / "train_spider.json").write_text(json.dumps(lines[:1]))
    return tmp_path / "spider"


def test_a_folder_or_one_of_its_lists_is_a_suite(folder: Path) -> None:
    loaded = load_suite(str(folder))
    assert loaded.suite.name == "spider"
    assert [sample.ordered for sample in loaded.suite.samples] == [False, False, False, True, False]
    assert {sample.dialect for sample in loaded.suite.samples} == {"sqlite"}
    train = load_suite(str(folder / "train_spider.json"))
    assert len(train.suite.samples) == 1
    assert train.database_folder == folder
    (folder / "dev.json").write_text('[{"question": "no database"}]')
    with pytest.raises(OperatorError, match=r"dev\.json is not usable"):
        load_suite(str(folder))


def test_a_set_of_its_kin_is_read_too(folder: Path, tmp_path: Path) -> None:
    (folder / "database").rename(folder / "dev_databases")
    [question, sql] = _QUESTIONS[0]
    line = {"db_id": "concert_singer", "question": question, "SQL": sql, "difficulty": "simple"}
    (folder / "dev.json").write_text(json.dumps([line]))
    [sample] = load_suite(str(folder)).suite.samples
    assert sample.gold == (sql,)
    url = spider_database_url(folder, sample.source, tmp_path / "copies")
    assert Path(url.removeprefix("duckdb://")).is_file()
    with pytest.raises(OperatorError, match="holds no database other"):
        spider_database_url(folder, "other", tmp_path / "copies")


def test_the_planner_is_run_and_scored_on_it(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    out = tmp_path / "run"
    command = ["evals", "run", str(folder), "--solver", "planner", "--out", str(out)]
    done = CliRunner().invoke(app, command, catch_exceptions=False)
    assert done.exit_code == 0
    results = {result.sample_id: result for result in RunFolder(out).results()}
    assert [results[f"q{n}"].passed for n in range(3)] == [True, True, True]
    assert results["q1"].steps[0].gold == "SELECT avg(age) FROM singer"
    # A gold that only SQLite can run is judged all the same: it does not end as broken gold.
    assert not any(score.scorer == "gold" for score in results["q4"].failures)


def test_a_copy_has_the_types_that_the_values_have(folder: Path, tmp_path: Path) -> None:
    file = folder / "database" / "concert_singer" / "concert_singer.sqlite"
    copy = copy_to_duckdb(file, tmp_path / "copies" / "c.duckdb")
    with duckdb.connect(str(copy), read_only=True) as connection:
        types = dict(
            connection.execute(
                "SELECT column_name, data_type FROM information_schema.columns"
                " WHERE table_name = 'singer'"
            ).fetchall()
        )
        names = connection.execute("SELECT name, odd FROM singer ORDER BY 1").fetchall()
        tables = connection.execute("SELECT count(*) FROM concert").fetchall()
    assert types == {
        "singer_id": "BIGINT",
        "name": "VARCHAR",
        "age": "BIGINT",
        "joined": "DATE",
        "active": "BOOLEAN",
        "odd": "VARCHAR",
        "pay": "DOUBLE",
    }
    assert names == [("Asha", "7"), ("Ravi", "none"), ("Zoë", None)]
    assert tables == [(0,)]
    written = copy.stat().st_mtime_ns
    assert copy_to_duckdb(file, copy).stat().st_mtime_ns == written


def test_gold_on_sqlite_is_read_only_and_ends_in_time(folder: Path) -> None:
    file = folder / "database" / "concert_singer" / "concert_singer.sqlite"
    with pytest.raises(OperatorError, match="readonly"):
        rows_of_sqlite(file, "DELETE FROM singer", 5)
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"
    with pytest.raises(OperatorError, match="interrupted"):
        rows_of_sqlite(file, endless, 0.1)
    assert rows_of_sqlite(file, "SELECT '2026-01-31 00:00:00'", 5) == [("2026-01-31",)]
