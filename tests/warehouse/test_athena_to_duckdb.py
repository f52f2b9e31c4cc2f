"""What Athena would return, asked of a real DuckDB through the translator."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal

import duckdb
import pytest
from duckdb import DuckDBPyConnection
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.catalog import Catalog, ColumnSchema, TableSchema
from domain.errors import RepairableError
from warehouse.athena_dialect import AthenaTranslator
from warehouse.trino_macros.attach import attach_macros

COLUMNS = {
    "a": "bigint",
    "b": "decimal(10,2)",
    "d": "date",
    "s": "varchar",
    "f": "double",
    "ts": "timestamp(6)",
}
TRANSLATOR = AthenaTranslator(
    Catalog(
        tables=(
            TableSchema(
                name="t",
                columns=tuple(ColumnSchema(name=n, type=t) for n, t in COLUMNS.items()),
            ),
        )
    )
)


@pytest.fixture(scope="module")
def connection() -> Iterator[DuckDBPyConnection]:
    with duckdb.connect() as connection:
        attach_macros(connection)
        connection.execute(
            "CREATE TABLE t (a BIGINT, b DECIMAL(10, 2), d DATE, s VARCHAR, f DOUBLE, ts TIMESTAMP)"
        )
        connection.execute(
            "INSERT INTO t VALUES "
            "(7, 1.50, '2026-01-31', 'x,y', 2.5, '2026-01-31 10:00'),"
            "(2, 2.25, '2026-02-01', 'abc', 0.5, '2026-02-01 09:00'),"
            "(NULL, NULL, NULL, NULL, NULL, NULL)"
        )
        yield connection


def rows_of(connection: DuckDBPyConnection, sql: str) -> list[tuple[object, ...]]:
    rows: list[tuple[object, ...]] = connection.sql(TRANSLATOR.translate(sql)).fetchall()
    return rows


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        # integers divide to integers
        ("7 / 2", 3),
        ("-7 / 2", -3),
        ("sum(a) / count(*)", 3),
        ("sum(a) / count(a) / 2", 2),
        ("100 * count(s) / count(*)", 66),
        ("sum(CASE WHEN a > 2 THEN 1 ELSE 0 END) / count(*)", 0),
        ("coalesce(sum(a), 0) / nullif(count(*), 0)", 3),
        ("CAST(sum(a) AS double) / count(*)", 3.0),
        ("sum(a) * 1.0 / count(a)", Decimal("4.5")),
        ("avg(a)", 4.5),
        ("try(7 / 0)", None),
        # decimals keep their scale
        ("avg(b)", Decimal("1.88")),
        ("sum(b) / count(b)", Decimal("1.88")),
        ("sum(b)", Decimal("3.75")),
        # casts round away from zero
        ("CAST(max(f) AS integer)", 3),
        ("CAST(2.5e0 AS bigint)", 3),
        ("CAST(-2.5e0 AS bigint)", -3),
        # dates
        ("DATE '2026-01-31' + INTERVAL '1' MONTH", date(2026, 2, 28)),
        ("INTERVAL '1' DAY + DATE '2026-01-31'", date(2026, 2, 1)),
        ("DATE '2026-01-01' - INTERVAL '1' DAY", date(2025, 12, 31)),
        ("date_add('day', -7, DATE '2026-01-08')", date(2026, 1, 1)),
        ("date_add('hour', 1, max(ts))", datetime(2026, 2, 1, 10)),  # noqa: DTZ001
        ("date_trunc('month', max(d))", date(2026, 2, 1)),
        ("date_trunc('month', max(ts))", datetime(2026, 2, 1)),  # noqa: DTZ001
        ("date_diff('day', min(ts), max(ts))", 0),
        ("date_diff('day', min(d), max(d))", 1),
        ("date_diff('day', min(d), max(ts))", 1),
        ("date_diff('hour', min(ts), max(ts))", 23),
        ("date_diff('month', DATE '2026-01-15', DATE '2026-02-14')", 0),
        ("date_diff('day', DATE '2026-01-05', DATE '2026-01-01')", -4),
        ("day_of_week(DATE '2026-09-27')", 7),
        ("extract(DOW FROM DATE '2026-09-27')", 7),
        ("extract(DAY_OF_WEEK FROM DATE '2026-09-28')", 1),
        ("extract(YEAR_OF_WEEK FROM DATE '2027-01-01')", 2026),
        ("week(DATE '2027-01-01')", 53),
        ("date_format(max(ts), '%Y-%m %H:%i')", "2026-02 09:00"),
        # texts
        ("regexp_extract(max(s), 'z')", None),
        ("regexp_extract(max(s), '(x),(y)', 2)", "y"),
        ("split_part(max(s), ',', 2)", "y"),
        ("split_part(max(s), ',', 3)", None),
        ("CAST('abcdef' AS varchar(3))", "abc"),
        ("TRY_CAST('abcdef' AS varchar(3))", "abc"),
        ("listagg(s) WITHIN GROUP (ORDER BY s)", "abcx,y"),
        ("listagg(s, '; ') WITHIN GROUP (ORDER BY s DESC)", "x,y; abc"),
        ("concat('a', NULL)", None),
        ("regexp_replace('abab', '(a)b', '$1-')", "a-a-"),
        # approximations are exact
        ("approx_distinct(s)", 2),
        ("approx_distinct(s, 0.05)", 2),
        ("approx_percentile(a, 0.5)", 7),
        ("approx_percentile(f, ARRAY[0.1, 0.9])", [0.5, 2.5]),
        ("greatest(1, NULL)", None),
    ],
)
def test_same_value_as_athena(
    connection: DuckDBPyConnection, expression: str, expected: object
) -> None:
    rows = rows_of(connection, f"SELECT {expression} FROM t")
    assert rows[0][0] == expected
    assert type(rows[0][0]) is type(expected)


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("SELECT a FROM t WHERE a / 2 = 3", [(7,)]),
        ("SELECT a / 2, count(*) FROM t WHERE a > 0 GROUP BY a / 2 ORDER BY 1", [(1, 1), (3, 1)]),
        ("SELECT sum(a) FILTER (WHERE a > 2) / 2 FROM t", [(3,)]),
        (
            "SELECT sum(a) OVER (ORDER BY a) / 2, avg(b) OVER () FROM t WHERE a > 0 ORDER BY a",
            [(1, Decimal("1.88")), (4, Decimal("1.88"))],
        ),
        ("WITH x AS (SELECT s, sum(a) AS n FROM t GROUP BY s) SELECT max(n) / 2 FROM x", [(3,)]),
        ("SELECT x.n / 2 FROM (SELECT count(*) AS n FROM t) AS x", [(1,)]),
        ("SELECT t1.a / t2.a FROM t t1 JOIN t t2 ON t1.a > t2.a", [(3,)]),
        ("SELECT a FROM t ORDER BY a DESC", [(7,), (2,), (None,)]),
        ("SELECT t1.s FROM t t1 JOIN t t2 ON t1.s = t2.s ORDER BY s", [("abc",), ("x,y",)]),
    ],
)
def test_same_rows_as_athena(
    connection: DuckDBPyConnection, sql: str, expected: list[tuple[object, ...]]
) -> None:
    assert rows_of(connection, sql) == expected


@pytest.mark.parametrize("expression", ["1 / 0", "sum(a) / 0", "a % 0", "sum(b) / 0"])
def test_division_by_zero_raises(connection: DuckDBPyConnection, expression: str) -> None:
    with pytest.raises(duckdb.Error):
        rows_of(connection, f"SELECT {expression} FROM t GROUP BY a")


@settings(deadline=None)
@given(
    st.integers(-(2**62), 2**62),
    st.integers(-(2**31), 2**31).filter(lambda divisor: divisor != 0),
)
def test_integer_division_truncates_towards_zero(
    connection: DuckDBPyConnection, dividend: int, divisor: int
) -> None:
    sql = f"SELECT CAST({dividend} AS bigint) / CAST({divisor} AS bigint)"
    quotient = abs(dividend) // abs(divisor) * (1 if dividend * divisor >= 0 else -1)
    assert rows_of(connection, sql) == [(quotient,)]


@pytest.mark.parametrize(
    ("sql", "names"),
    [
        ("SELECT count(*), a, max(a) + 1 FROM t GROUP BY a", ["_col0", "a", "_col2"]),
        ("SELECT a, count(*) FROM t GROUP BY 1 ORDER BY 2 DESC", ["a", "_col1"]),
        ("SELECT _col0 FROM (SELECT count(*) FROM t)", ["_col0"]),
        ("SELECT CAST(s AS date), 1.5 FROM t WHERE 1 = 0", ["_col0", "_col1"]),
        ("SELECT t.a, t.s AS label FROM t", ["a", "label"]),
        ("SELECT * FROM t", list(COLUMNS)),
        ("SELECT a FROM t UNION ALL SELECT count(*) FROM t", ["a"]),
    ],
)
def test_columns_are_named_as_athena_names_them(
    connection: DuckDBPyConnection, sql: str, names: list[str]
) -> None:
    assert connection.sql(TRANSLATOR.translate(sql)).columns == names


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("SELECT format('%d', a) FROM t", "format"),
        ("SELECT array_sort(ARRAY[1, 2], (x, y) -> -1)", "array_sort"),
        ("SELECT approx_percentile(a, a, 0.5) FROM t", "weights"),
        ("SELECT DATE '2026-01-02' - DATE '2026-01-01'", "subtract"),
        ("SELECT 1 +", "Syntax"),
        ("SELECT 'open", "Syntax"),
        ("SELECT CAST(s AS char(5)) FROM t", "CHAR"),
        ("SELECT " + "(" * 3000 + "1" + ")" * 3000, "nest"),
        ("SELECT " + "abs(" * 3000 + "1" + ")" * 3000, "nest"),
        ("SELECT 1; SELECT 2", "one statement"),
        ("", "one statement"),
        ("DROP TABLE t", "SELECT"),
        ("UNLOAD (SELECT 1) TO 's3://x' WITH (format = 'PARQUET')", "SELECT"),
    ],
)
def test_what_cannot_be_said_in_duckdb_is_refused(sql: str, words: str) -> None:
    with pytest.raises(RepairableError, match=words):
        TRANSLATOR.translate(sql)
