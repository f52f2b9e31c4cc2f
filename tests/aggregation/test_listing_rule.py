"""Rows of the data never pass as groups, and groups never as rows."""

import pytest

from aggregation.listing_rule import is_listing, is_of_persons
from aggregation.statement_scope import read_scope
from aggregation.summarize import summarize
from domain.dictionary import ColumnEntry, Dictionary, TableEntry
from domain.result_table import ResultColumn


def table(name: str, key: str, person_key: str | None, *columns: str) -> TableEntry:
    return TableEntry(
        name=name,
        primary_key=[key],
        person_key=person_key,
        columns=[ColumnEntry(name=column, type="varchar") for column in (key, *columns)],
    )


DICTIONARY = Dictionary(
    source_name="clinic",
    tables=[
        table("patients", "patient_id", "patient_id", "city", "age"),
        table("visits", "visit_id", "patient_id", "patient_id", "ward", "day"),
        table("wards", "ward", None, "floor", "wing", "beds"),
    ],
)
PERSONS = frozenset({"patients", "visits"})
COUNTS = "SELECT ward, COUNT(*) AS n FROM visits GROUP BY ward"


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT ward, floor FROM wards",
        "SELECT * FROM wards ORDER BY beds DESC LIMIT 1",
        "WITH w AS (SELECT * FROM wards) SELECT floor FROM w",
        "SELECT ward FROM wards UNION ALL SELECT ward FROM visits",
        "SELECT DISTINCT ward, floor, wing, beds FROM wards",
        "SELECT ward, floor, wing, beds FROM wards GROUP BY 1, 2, 3, 4",
        "SELECT ward, ROW_NUMBER() OVER (ORDER BY beds) FROM wards",
        f"SELECT v.day, g.n FROM visits v JOIN ({COUNTS}) g ON v.ward = g.ward",
        "SELECT v.day, w.floor FROM visits v JOIN wards w ON v.ward = w.ward",
        "not a statement",
    ],
)
def test_listings(sql: str) -> None:
    assert is_listing(read_scope(sql, DICTIONARY), DICTIONARY)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT COUNT(*) FROM wards",
        COUNTS,
        "SELECT DISTINCT ward FROM visits",
        "SELECT ward FROM wards UNION SELECT ward FROM visits",
        f"SELECT * FROM ({COUNTS}) ORDER BY n",
        f"WITH g AS ({COUNTS}) SELECT w.floor, g.n FROM g JOIN wards w ON w.ward = g.ward",
        f"SELECT ward, RANK() OVER (ORDER BY n) FROM ({COUNTS})",
        "SELECT (SELECT COUNT(*) FROM visits) * 1.0 / (SELECT COUNT(*) FROM wards)",
    ],
)
def test_groups(sql: str) -> None:
    assert not is_listing(read_scope(sql, DICTIONARY), DICTIONARY)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT city FROM patients",
        "SELECT day FROM visits",
        "WITH p AS (SELECT * FROM patients) SELECT city FROM p",
        "SELECT patient_id, COUNT(*) FROM visits GROUP BY patient_id",
        "SELECT DISTINCT patient_id FROM visits",
        "SELECT UPPER(patient_id) AS p, COUNT(*) FROM visits GROUP BY 1",
        "SELECT k, n FROM (SELECT patient_id AS k, COUNT(*) AS n FROM visits GROUP BY 1)",
    ],
)
def test_rows_of_persons(sql: str) -> None:
    scope = read_scope(sql, DICTIONARY)
    assert is_of_persons(scope, DICTIONARY, PERSONS)
    assert not is_of_persons(scope, DICTIONARY, frozenset())


@pytest.mark.parametrize(
    "sql",
    [
        COUNTS,
        "SELECT city, COUNT(DISTINCT patient_id) FROM patients GROUP BY city",
        "SELECT COUNT(*) FROM (SELECT patient_id FROM visits GROUP BY 1)",
        "SELECT ward FROM wards WHERE ward IN (SELECT ward FROM visits)",
    ],
)
def test_groups_of_persons_are_no_persons(sql: str) -> None:
    assert not is_of_persons(read_scope(sql, DICTIONARY), DICTIONARY, PERSONS)


def test_no_value_of_a_person_leaves() -> None:
    summary = summarize(
        "SELECT city, age FROM patients",
        [ResultColumn("city", "varchar"), ResultColumn("age", "integer")],
        [("Pune", 41), ("Agra", 52)],
        dictionary=DICTIONARY,
        person_tables=PERSONS,
    )
    assert "Pune" not in summary.model_dump_json()
    assert summary.true_row_count == 2
