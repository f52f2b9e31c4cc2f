"""Rolled-up results: few rows, true sums, and words for what was merged."""

import random
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregation.roll_up import roll_up
from domain.column_type import TypeFamily
from domain.plan import CalendarPart, TimeGrain
from domain.result_table import Value
from domain.summary import MAXIMUM_ROWS, Additivity, Summary, SummaryColumn


def dimension(
    name: str,
    family: TypeFamily = TypeFamily.TEXT,
    grain: TimeGrain | None = None,
    part: CalendarPart | None = None,
) -> SummaryColumn:
    return SummaryColumn(
        name=name, label=name, role="dimension", family=family, grain=grain, part=part
    )


def measure(
    name: str,
    additivity: Additivity = Additivity.SUM,
    family: TypeFamily = TypeFamily.INTEGER,
) -> SummaryColumn:
    return SummaryColumn(
        name=name, label=name, role="measure", family=family, additivity=additivity
    )


DAY = dimension("day", TypeFamily.DATE, grain=TimeGrain.DAY)
CARRIER = dimension("carrier")
FLIGHTS = measure("flights")


def days(count: int, start: date = date(2013, 1, 1)) -> list[date]:
    return [start + timedelta(days=offset) for offset in range(count)]


def column(summary: Summary, name: str) -> list[Any]:
    index = [c.name for c in summary.columns].index(name)
    return [row[index] for row in summary.rows]


def test_fifty_rows_stay_in_their_order() -> None:
    rows = [(f"c{n}", 100 - n) for n in range(50)]
    summary = roll_up((CARRIER, FLIGHTS), rows)
    assert summary.rows == tuple(rows)
    assert summary.roll_up == ""
    assert summary.columns[1].total == sum(count for _, count in rows)


def test_a_year_of_days_becomes_months() -> None:
    summary = roll_up((DAY, FLIGHTS), [(day, 2) for day in days(365)])
    assert column(summary, "day") == [date(2013, m, 1).isoformat() for m in range(1, 13)]
    assert column(summary, "flights")[:2] == [62, 56]
    assert summary.columns[0].grain is TimeGrain.MONTH
    assert summary.true_row_count == 365
    assert "by month" in summary.roll_up


def test_averages_over_days_are_said_to_be_averages() -> None:
    delay = measure("delay", Additivity.NONE, TypeFamily.FLOAT)
    summary = roll_up((DAY, delay), [(day, float(day.day)) for day in days(59)])
    assert column(summary, "delay")[-1] == pytest.approx((25 + 26 + 27 + 28) / 4)
    assert summary.columns[1].label == "delay (average of daily values)"
    assert "average of daily values, not an exact value" in summary.roll_up


def test_small_categories_become_other() -> None:
    rows = [(f"c{n:03}", 1000 - n) for n in range(120)]
    summary = roll_up((CARRIER, FLIGHTS), rows)
    assert summary.rows[0] == ("c000", 1000)
    assert summary.rows[-1] == ("Other (71 more)", sum(1000 - n for n in range(49, 120)))


def test_what_cannot_be_merged_is_left_out_and_said_so() -> None:
    users = measure("users", Additivity.NONE)
    summary = roll_up((CARRIER, users), [(f"c{n:03}", n) for n in range(120)])
    assert column(summary, "users") == list(range(119, 70, -1))
    assert "remaining values are not shown" in summary.roll_up


def test_days_by_carrier_keep_months_and_leading_carriers() -> None:
    rows = [(day, f"c{n}", 10 + n) for day in days(365) for n in range(16)]
    summary = roll_up((DAY, CARRIER, FLIGHTS), rows)
    assert len(summary.rows) == 12 * 4
    assert set(column(summary, "carrier")) == {"c15", "c14", "c13", "Other (13 more)"}
    assert sum(column(summary, "flights")) == sum(count for _, _, count in rows)


def test_two_categories_make_a_grid() -> None:
    rows = [(f"o{a}", f"d{b:03}", 1) for a in range(3) for b in range(100)]
    summary = roll_up((dimension("origin"), dimension("destination"), FLIGHTS), rows)
    assert set(column(summary, "origin")) == {"o0", "o1", "o2"}
    assert len(set(column(summary, "destination"))) == 16


def test_a_third_dimension_is_added_over() -> None:
    rows = [(day, f"c{n}", f"o{m}", 1) for day in days(40) for n in range(3) for m in range(3)]
    summary = roll_up((DAY, CARRIER, dimension("origin"), FLIGHTS), rows)
    assert [c.name for c in summary.columns] == ["day", "carrier", "flights"]
    assert sum(column(summary, "flights")) == 360
    assert "over all values of origin" in summary.roll_up


def test_many_numbers_become_ranges() -> None:
    distance = dimension("distance", TypeFamily.INTEGER)
    summary = roll_up((distance, FLIGHTS), [(n, 1) for n in range(0, 1000, 5)])
    assert summary.rows[0] == ("0 to 49", 10)
    assert len(summary.rows) == 20


def test_numbers_alone_become_a_histogram() -> None:
    seconds = measure("seconds", Additivity.NONE, TypeFamily.FLOAT)
    summary = roll_up((seconds,), [(n / 10,) for n in range(100)])
    assert summary.rows[0] == ("0.0 to below 0.5", 5)
    assert sum(column(summary, "row_count")) == 100


def test_identifiers_are_categories_not_quantities() -> None:
    number = dimension("flight_number", TypeFamily.TEXT)
    summary = roll_up((number, FLIGHTS), [(n, 500 - n) for n in range(200)])
    assert summary.rows[0] == ("0", 500)
    assert summary.rows[-1][0] == "Other (151 more)"


def test_distinct_values_without_a_measure_are_counted() -> None:
    summary = roll_up((CARRIER,), [(f"c{n:03}",) for n in range(80)])
    assert column(summary, "row_count")[-1] == 31
    assert summary.columns[-1].total == 80


def test_centuries_of_years_still_fit() -> None:
    year = dimension("year", TypeFamily.DATE, grain=TimeGrain.YEAR)
    summary = roll_up((year, FLIGHTS), [(date(y, 1, 1), 1) for y in range(1000, 2000)])
    assert len(summary.rows) == 50
    assert "by 20 years" in summary.roll_up


def test_weeks_are_merged_into_whole_weeks() -> None:
    week = dimension("week", TypeFamily.DATE, grain=TimeGrain.WEEK)
    rows = [(date(2012, 12, 31) + timedelta(weeks=n), 1) for n in range(53)]
    summary = roll_up((week, FLIGHTS), rows)
    assert summary.rows[0] == ("2012-12-31", 2)
    assert len(summary.rows) == 27
    assert summary.columns[0].label == "week (start of 2 weeks)"


def test_days_of_the_week_are_named() -> None:
    weekday = dimension("dow", TypeFamily.INTEGER, part=CalendarPart.DAY_OF_WEEK)
    summary = roll_up((weekday, FLIGHTS), [(1, 5), (7, 6), (None, 1)])
    assert column(summary, "dow") == ["Monday", "Sunday", None]


def test_an_empty_result_stays_empty() -> None:
    summary = roll_up((CARRIER, FLIGHTS), [])
    assert summary.rows == ()
    assert summary.true_row_count == 0
    assert summary.columns[1].total is None


def test_midnight_timestamps_are_dates_and_decimals_are_exact() -> None:
    month = dimension("month", TypeFamily.TIMESTAMP)
    amount = measure("amount", family=TypeFamily.DECIMAL)
    rows = [
        (datetime.fromisoformat("2013-01-01"), Decimal("0.10")),
        (datetime.fromisoformat("2013-02-01"), Decimal("3.00")),
    ]
    assert roll_up((month, amount), rows).rows == (("2013-01-01", 0.1), ("2013-02-01", 3))


def test_rows_about_persons_are_only_counted() -> None:
    summary = roll_up((CARRIER,), [("a",), ("b",)], is_listing=True, of_persons=True)
    assert summary.rows == ((2,),)
    assert summary.is_listing


def test_a_listing_is_summed_up_by_column() -> None:
    delay = measure("delay", Additivity.NONE)
    rows = [("UA" if n % 3 else "AA", n) for n in range(200)]
    summary = roll_up((CARRIER, delay), rows, is_listing=True)
    assert summary.rows == (
        ("carrier", "UA", 133),
        ("carrier", "AA", 67),
        ("delay", "0 to 199", 200),
    )
    assert summary.true_row_count == 200


def test_long_text_of_a_listing_is_withheld() -> None:
    summary = roll_up((dimension("note"),), [("x" * 81,), ("short",)], is_listing=True)
    assert summary.rows == (("note", "short", 1),)


def test_a_short_list_of_one_column_is_given_whole() -> None:
    summary = roll_up((CARRIER,), [("UA",), ("AA",)], is_listing=True)
    assert [row[1] for row in summary.rows] == ["AA", "UA"]
    assert summary.roll_up == ""


def test_fractions_of_a_whole_become_percent() -> None:
    share = measure("share", family=TypeFamily.DECIMAL).model_copy(update={"unit": "share"})
    summary = roll_up((CARRIER, share), [("UA", Decimal("0.25")), ("AA", Decimal("0.75"))])
    assert summary.rows == (("UA", 25), ("AA", 75))
    assert (summary.columns[1].unit, summary.columns[1].total) == ("%", 100)


CATEGORIES = st.one_of(st.none(), st.text(max_size=3), st.sampled_from("abcdef"))
DATES = st.one_of(st.none(), st.dates())
NUMBERS = st.one_of(st.none(), st.integers(-(10**6), 10**6))
AMOUNTS = st.one_of(st.none(), st.decimals(-1000, 1000, places=2))
COLUMNS = (
    dimension("day", TypeFamily.DATE),
    dimension("category"),
    dimension("number", TypeFamily.INTEGER),
    measure("amount", family=TypeFamily.DECIMAL),
    measure("highest", Additivity.MAXIMUM),
    measure("rate", Additivity.NONE, TypeFamily.FLOAT),
)
STRATEGIES = (DATES, CATEGORIES, NUMBERS, AMOUNTS, NUMBERS, st.floats())


@st.composite
def results(draw: st.DrawFn) -> tuple[tuple[SummaryColumn, ...], list[tuple[Value, ...]]]:
    picked = draw(st.sets(st.sampled_from(range(len(COLUMNS))), min_size=1))
    order = sorted(picked)
    row = st.tuples(*(STRATEGIES[index] for index in order))
    seeds = draw(st.lists(row, max_size=30))
    repeats = draw(st.integers(1, 6))
    return tuple(COLUMNS[index] for index in order), seeds * repeats


@settings(max_examples=150, deadline=None)
@given(results(), st.booleans())
def test_never_more_than_fifty_rows(
    result: tuple[tuple[SummaryColumn, ...], list[tuple[Value, ...]]], is_listing: bool
) -> None:
    columns, rows = result
    summary = roll_up(columns, rows, is_listing=is_listing)
    assert len(summary.rows) <= MAXIMUM_ROWS
    assert summary.true_row_count == len(rows)
    if not is_listing:
        assert bool(summary.roll_up) == (len(rows) > MAXIMUM_ROWS)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.tuples(DATES, CATEGORIES, NUMBERS, NUMBERS), min_size=51, max_size=200),
)
def test_sums_and_extremes_survive(rows: list[tuple[Value, ...]]) -> None:
    columns = (COLUMNS[0], COLUMNS[1], FLIGHTS, measure("highest", Additivity.MAXIMUM))
    summary = roll_up(columns, rows)
    added = [row[2] for row in rows if isinstance(row[2], int)]
    highest = [row[3] for row in rows if isinstance(row[3], int)]
    assert sum(v or 0 for v in column(summary, "flights")) == sum(added)
    assert summary.columns[2].total == (sum(added) if added else None)
    kept = [value for value in column(summary, "highest") if value is not None]
    assert max(kept, default=None) == max(highest, default=None)


@settings(max_examples=60, deadline=None)
@given(st.lists(AMOUNTS, min_size=51, max_size=120))
def test_decimals_lose_no_paisa(amounts: list[Decimal | None]) -> None:
    rows = [(f"c{n}", amount) for n, amount in enumerate(amounts)]
    summary = roll_up((CARRIER, measure("amount", family=TypeFamily.DECIMAL)), rows)
    hundredths = [round((value or 0) * 100) for value in column(summary, "amount")]
    assert sum(hundredths) == sum(amount or 0 for amount in amounts) * 100


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(DATES, CATEGORIES, NUMBERS, st.floats(-1e9, 1e9)), min_size=51),
    st.randoms(use_true_random=False),
)
def test_the_order_of_rows_does_not_matter(
    rows: list[tuple[Value, ...]], shuffler: random.Random
) -> None:
    columns = (*COLUMNS[:2], FLIGHTS, measure("rate", Additivity.NONE, TypeFamily.FLOAT))
    shuffled = list(rows)
    shuffler.shuffle(shuffled)
    assert roll_up(columns, shuffled) == roll_up(columns, rows)
