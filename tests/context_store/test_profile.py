from pathlib import Path

import pytest

from context_store.build_context import BuiltContext
from context_store.profile_warehouse import ProfileOptions, ProfileProgress, profile_warehouse
from domain.dictionary import ColumnEntry, TableEntry
from tests.context_store.shop import CUSTOMERS, ORDERS, open_shop


def table(built: BuiltContext, name: str) -> TableEntry:
    entry = built.dictionary.table(name)
    assert entry is not None
    return entry


def column(built: BuiltContext, table_name: str, name: str) -> ColumnEntry:
    entry = table(built, table_name).column(name)
    assert entry is not None
    return entry


def test_counts_nulls_ranges_and_distinct_values(built: BuiltContext) -> None:
    amount = column(built, "orders", "amount_inr")
    assert table(built, "orders").row_count == ORDERS
    assert amount.null_share == pytest.approx(0.1)
    assert (amount.minimum, amount.maximum) == (11.5, 99.5)
    assert column(built, "orders", "ordered_at").minimum == "2026-01-01 00:00:00.000000"
    assert column(built, "customers", "state").distinct_count == 3


def test_top_values_carry_their_share_of_all_rows(built: BuiltContext) -> None:
    values = {v.value: v.share for v in column(built, "customers", "state").top_values}
    assert values["Uttar Pradesh"] == pytest.approx(134 / CUSTOMERS)
    assert sum(values.values()) == pytest.approx(1)


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("customers", ["customer_id"]),
        ("orders", ["order_id"]),
        ("airports", ["faa"]),
        ("products", ["id"]),
        ("order_discounts", ["order_id", "line_no"]),
        ("nothing", []),
    ],
)
def test_keys_are_measured_single_or_as_a_pair(
    built: BuiltContext, name: str, key: list[str]
) -> None:
    assert table(built, name).primary_key == key


def test_joins_are_found_by_values_whatever_the_names(built: BuiltContext) -> None:
    joins = {
        (j.child_table, j.child_columns[0], j.parent_table, j.parent_columns[0])
        for j in built.dictionary.relationships
    }
    assert joins == {
        ("orders", "customer_id", "customers", "customer_id"),
        ("orders", "product_id", "products", "id"),
        ("orders", "shipped_to", "airports", "faa"),
        ("order_discounts", "order_id", "orders", "order_id"),
    }


def test_small_numbers_join_nothing_by_chance(built: BuiltContext) -> None:
    children = {tuple(j.child_columns) for j in built.dictionary.relationships}
    assert ("month",) not in children
    assert ("line_no",) not in children
    assert ("discount_pct",) not in children


async def test_progress_is_told_table_by_table(shop_file: Path) -> None:
    seen: list[ProfileProgress] = []
    warehouse = open_shop(shop_file)
    await profile_warehouse(warehouse, seen.append)
    await warehouse.close()
    assert [p.tables_done for p in seen] == [1, 2, 3, 4, 5, 6, 7, 7]
    assert {p.table for p in seen[:-1]} == {
        "customers", "airports", "regions", "products", "orders", "order_discounts", "nothing"
    }  # fmt: skip


async def test_a_large_table_is_sampled_and_the_profile_says_so(shop_file: Path) -> None:
    warehouse = open_shop(shop_file)
    profile = await profile_warehouse(warehouse, options=ProfileOptions(maximum_rows=1_000))
    await warehouse.close()
    orders, customers = profile.table("orders"), profile.table("customers")
    assert orders.row_count == ORDERS
    assert orders.is_sampled
    assert 500 < orders.profiled_rows < 1_500
    assert not customers.is_sampled
