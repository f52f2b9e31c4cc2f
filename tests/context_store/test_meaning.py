"""What is read into names and statistics."""

import pytest

from context_store.build_context import BuiltContext
from context_store.column_roles import is_additive, role_of, unit_of
from context_store.join_names import name_evidence
from context_store.names import entity_words_of, phrase_of, row_name_of, words_of
from context_store.profile import ColumnProfile, TableProfile
from context_store.time_columns import time_column_of
from domain.dictionary import ColumnRole


@pytest.mark.parametrize(
    ("identifier", "words"),
    [
        ("panelistId", ("panelist", "id")),
        ("FACT_APP_SESSION", ("fact", "app", "session")),
        ("actid", ("act", "id")),
        ("is_paid", ("is", "paid")),
        ("HTTPStatus", ("http", "status")),
        ("top50", ("top", "50")),
        ("___", ()),
    ],
)
def test_words_of_an_identifier(identifier: str, words: tuple[str, ...]) -> None:
    assert words_of(identifier) == words


def test_names_in_plain_words() -> None:
    assert phrase_of("dep_delay") == "departure delay"
    assert entity_words_of("dim_app_categories") == ("app", "category")
    assert row_name_of("weather") == "weather record"


@pytest.mark.parametrize(
    ("child", "parent_table", "parent", "least", "most"),
    [
        ("panelist_id", "panelists", "panelist_id", 1.0, 1.0),
        ("panelist_id", "panelists", "id", 1.0, 1.0),
        ("home_team_id", "team", "id", 0.8, 1.0),
        ("stu_id", "students", "student_number", 0.6, 0.9),
        ("id", "panelists", "id", 0.0, 0.2),
        ("name", "apps", "name", 0.0, 0.2),
        ("number_of_hosts", "host", "host_id", 0.0, 0.0),
        ("month", "apps", "app_id", 0.0, 0.0),
        ("customer_id", "customer_orders", "order_id", 0.0, 0.0),
    ],
)
def test_how_far_names_speak_for_a_join(
    child: str, parent_table: str, parent: str, least: float, most: float
) -> None:
    assert least <= name_evidence("child", child, parent_table, parent) <= most


def number(name: str, distinct: int = 500, low: int = 0, high: int = 900) -> ColumnProfile:
    return ColumnProfile(
        name=name, type="bigint", non_null_count=1_000, distinct_count=distinct, minimum=low,
        maximum=high,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "role", "additive", "unit"),
    [
        ("amount_inr", ColumnRole.MEASURE, True, "INR"),
        ("watched_seconds", ColumnRole.MEASURE, True, "second"),
        ("avg_duration_seconds", ColumnRole.MEASURE, False, "second"),
        ("air_time", ColumnRole.MEASURE, True, ""),
        ("distance", ColumnRole.MEASURE, True, ""),
        ("share_pct", ColumnRole.MEASURE, False, "%"),
        ("age", ColumnRole.MEASURE, False, ""),
        ("lat", ColumnRole.MEASURE, False, ""),
        ("unit_price", ColumnRole.MEASURE, False, ""),
        ("year", ColumnRole.DIMENSION, False, ""),
        ("zip_code", ColumnRole.DIMENSION, False, ""),
        ("user_id", ColumnRole.KEY, False, ""),
    ],
)
def test_roles_units_and_what_may_be_summed(
    name: str, role: ColumnRole, additive: bool, unit: str
) -> None:
    column = number(name)
    table = TableProfile(name="events", columns=[column])
    assert role_of(column, table, is_reference=False) is role
    assert is_additive(column, role) is additive
    assert unit_of(name) == unit


def test_a_time_of_day_as_a_number_is_not_summed() -> None:
    assert not is_additive(number("arr_time", high=2_400), ColumnRole.MEASURE)


@pytest.mark.parametrize(
    ("names", "chosen"),
    [
        (["updated_at", "created_at"], "created_at"),
        (["end_time", "start_time"], "start_time"),
        (["birth_date"], None),
        (["delivery_date", "order_date"], "order_date"),
        (["valid_until", "dt"], "dt"),
    ],
)
def test_the_time_column_tells_when_a_row_happened(names: list[str], chosen: str | None) -> None:
    columns = [ColumnProfile(name=name, type="timestamp", non_null_count=10) for name in names]
    assert time_column_of(TableProfile(name="t", row_count=10, columns=columns)) == chosen


def test_roles_in_the_shop(built: BuiltContext) -> None:
    roles = {
        (table.name, column.name): column.role
        for table in built.dictionary.tables
        for column in table.columns
    }
    assert roles["products", "title"] is ColumnRole.LABEL
    assert roles["orders", "shipped_to"] is ColumnRole.KEY
    assert roles["customers", "state"] is ColumnRole.DIMENSION
    assert roles["orders", "month"] is ColumnRole.DIMENSION
    assert roles["orders", "ordered_at"] is ColumnRole.TIME
    assert roles["orders", "amount_inr"] is ColumnRole.MEASURE


def test_the_domain_context_says_what_an_analyst_needs(built: BuiltContext) -> None:
    context = built.dictionary.domain_context
    assert "3,000" in context
    assert "2026-01-01 to 2026-05-05" in context
    assert "orders.shipped_to refers to airports.faa" in context
    assert "customers: name, email, contact may not be read or shown." in context
    assert "amount_inr (10%)" in context
    assert 150 < len(context.split()) < 700


def test_example_questions_are_few_and_name_the_data(built: BuiltContext) -> None:
    questions = built.dictionary.example_questions
    assert questions[:3] == [
        "How many orders are there?",
        "Top 5 products by number of orders",
        "Number of orders per month",
    ]
    assert len(questions) <= 8
