"""Faults that rules mend, and statements that they leave alone."""

import pytest

from domain.dictionary import ColumnEntry, Dictionary, Relationship, TableEntry
from domain.draft import Assumption, FailedAttempt
from domain.verdict import Violation
from model_brain.mends.mend import mend

_DICTIONARY = Dictionary(
    source_name="library",
    tables=[
        TableEntry(
            name="loans",
            columns=[
                ColumnEntry(name="reader_id", type="bigint"),
                ColumnEntry(name="desk", type="varchar"),
                ColumnEntry(name="lent_on", type="date"),
                ColumnEntry(name="lent_at", type="timestamp(3)"),
            ],
        ),
        TableEntry(
            name="readers",
            columns=[
                ColumnEntry(name="reader_id", type="bigint"),
                ColumnEntry(name="town", type="varchar"),
            ],
        ),
    ],
    relationships=[
        Relationship(
            child_table="loans",
            child_columns=["reader_id"],
            parent_table="readers",
            parent_columns=["reader_id"],
            confidence=1.0,
        )
    ],
)


def _mended(sql: str, rule: str) -> str | None:
    read = Assumption(kind="note", text="all desks")
    attempt = FailedAttempt(
        sql=sql, reasons=(Violation(rule=rule, message="no"),), assumptions=(read,)
    )
    draft = mend(attempt, _DICTIONARY)
    if draft is None:
        return None
    assert draft.assumptions[0] == read
    assert len(draft.assumptions) == 2
    return draft.sql


@pytest.mark.parametrize(
    ("sql", "wanted"),
    [
        ("SELECT PERCENTILE_APPROX(x, 0.5) FROM t", "SELECT APPROX_PERCENTILE(x, 0.5) FROM t"),
        (
            "SELECT STRFTIME('%Y', d) FROM t",
            "SELECT DATE_FORMAT(CAST(d AS TIMESTAMP), '%Y') FROM t",
        ),
        (
            "SELECT DATE_SUB(CURRENT_DATE, INTERVAL 1 MONTH)",
            "SELECT DATE_ADD('MONTH', CAST('1' AS BIGINT) * -1, CURRENT_DATE)",
        ),
        ("SELECT IFNULL(x, 0) FROM t", "SELECT COALESCE(x, 0) FROM t"),
    ],
)
def test_a_function_of_another_engine_becomes_athenas(sql: str, wanted: str) -> None:
    assert _mended(sql, "function_not_allowed") == wanted


@pytest.mark.parametrize(
    ("condition", "wanted"),
    [
        ("lent_on = '2026-09-01'", "lent_on = CAST('2026-09-01' AS DATE)"),
        (
            "lent_on BETWEEN '2026-05-01' AND '2026-05-31'",
            "lent_on BETWEEN CAST('2026-05-01' AS DATE) AND CAST('2026-05-31' AS DATE)",
        ),
        (
            "lent_on LIKE '2026%'",
            "(lent_on >= CAST('2026-01-01' AS DATE) AND lent_on < CAST('2027-01-01' AS DATE))",
        ),
        (
            "lent_on = '2026-12'",
            "(lent_on >= CAST('2026-12-01' AS DATE) AND lent_on < CAST('2027-01-01' AS DATE))",
        ),
        (
            "lent_at >= '2026-05-01 10:00:00'",
            "lent_at >= CAST('2026-05-01 10:00:00' AS TIMESTAMP)",
        ),
    ],
)
def test_a_text_beside_a_date_becomes_a_date(condition: str, wanted: str) -> None:
    mended = _mended(f"SELECT COUNT(*) FROM loans WHERE {condition}", "type_mismatch")
    assert mended == f"SELECT COUNT(*) FROM loans WHERE {wanted}"


def test_a_division_of_counts_keeps_its_fraction() -> None:
    mended = _mended("SELECT COUNT(*) / SUM(COUNT(*)) OVER () FROM loans", "truncated_division")
    assert mended == "SELECT CAST(COUNT(*) AS DOUBLE) / SUM(COUNT(*)) OVER () FROM loans"


def test_the_table_of_a_missing_column_is_joined() -> None:
    sql = "SELECT town, COUNT(reader_id) AS n FROM loans GROUP BY town ORDER BY n DESC"
    assert _mended(sql, "column_not_found") == (
        "SELECT readers.town, COUNT(loans.reader_id) AS n FROM loans "
        "LEFT JOIN readers ON loans.reader_id = readers.reader_id "
        "GROUP BY readers.town ORDER BY n DESC"
    )


@pytest.mark.parametrize(
    ("sql", "rule"),
    [
        ("SELECT town, shoe_size FROM loans", "column_not_found"),
        ("SELECT lent_on FROM readers", "column_not_found"),
        ("SELECT desk FROM loans WHERE desk = '2026-09-01'", "type_mismatch"),
        ("SELECT desk FROM loans WHERE lent_on = 'soon'", "type_mismatch"),
        ("SELECT MADE_UP(desk) FROM loans", "function_not_allowed"),
        ("SELECT town FROM loans", "fan_out"),
        ("SELEC town", "column_not_found"),
    ],
)
def test_what_no_rule_helps_goes_to_the_model(sql: str, rule: str) -> None:
    assert _mended(sql, rule) is None
