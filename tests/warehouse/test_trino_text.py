import math
from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.result_table import Value
from warehouse.trino_text import trino_text

MOMENT = datetime(2026, 1, 2, 3, 4, 5, 60_000)  # noqa: DTZ001


@pytest.mark.parametrize(
    ("value", "athena_type", "text"),
    [
        (None, "bigint", None),
        (True, "boolean", "true"),
        (42, "bigint", "42"),
        ("", "varchar", ""),
        (1e7, "double", "1.0E7"),
        (9999999.0, "double", "9999999.0"),
        (123456789.125, "double", "1.23456789125E8"),
        (0.001, "double", "0.001"),
        (-0.00012, "double", "-1.2E-4"),
        (0.0, "double", "0.0"),
        (100.0, "double", "100.0"),
        (math.inf, "double", "Infinity"),
        (math.nan, "double", "NaN"),
        (0.10000000149011612, "real", "0.1"),
        (Decimal("1.50"), "decimal(10,2)", "1.50"),
        (Decimal("0E-10"), "decimal(20,10)", "0.0000000000"),
        (date(2026, 1, 2), "date", "2026-01-02"),
        (MOMENT, "timestamp(6)", "2026-01-02 03:04:05.060000"),
        (MOMENT, "timestamp(3)", "2026-01-02 03:04:05.060"),
        (MOMENT, "timestamp(0)", "2026-01-02 03:04:05"),
        (MOMENT, "timestamp(9)", "2026-01-02 03:04:05.060000000"),
        (
            MOMENT.replace(tzinfo=UTC),
            "timestamp(3) with time zone",
            "2026-01-02 03:04:05.060 UTC",
        ),
        (time(3, 4, 5), "time(6)", "03:04:05.000000"),
        (b"\x00\xff", "varbinary", "00 ff"),
        ([1, None], "array(bigint)", "[1, null]"),
        ([[1e7], []], "array(array(double))", "[[1.0E7], []]"),
        ([1, "x"], "row(a bigint, b varchar)", "{a=1, b=x}"),
        ([["k", Decimal("1.5")]], "map(varchar, decimal(2,1))", "{k=1.5}"),
    ],
)
def test_text(value: Value, athena_type: str, text: str | None) -> None:
    assert trino_text(value, athena_type) == text


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_the_text_of_a_double_reads_back_as_the_same_double(value: float) -> None:
    text = trino_text(value, "double")
    assert text is not None
    assert float(text) == value
    assert "." in text


@given(st.floats(width=32, allow_nan=False, allow_infinity=False))
def test_the_text_of_a_real_reads_back_as_the_same_real(value: float) -> None:
    text = trino_text(value, "real")
    assert text is not None
    assert float(text) == pytest.approx(value, rel=1e-6, abs=1e-45)
