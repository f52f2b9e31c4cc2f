"""Row policies by running: a tenant's answer is what it would be if only its rows were stored."""

from random import Random

import pytest

from domain.catalog import Catalog, ColumnSchema, TableSchema
from domain.policy import Policy, RowPolicy
from sql_guard.guard import Guard
from tests.sql_guard.query_maker import QueryMaker
from tests.sql_guard.shop import TABLES
from tests.sql_guard.shop_data import FILL, ShopDatabase, comparable

_TABLES = [table for table in TABLES if table != "customers"]
_BY_TENANT = "".join(
    f"ALTER TABLE {table} ADD COLUMN tenant_id VARCHAR;"
    f"UPDATE {table} SET tenant_id = ['north', 'south''s', 'east'][1 + rowid % 3];"
    for table in _TABLES
)
_STATEMENTS = [QueryMaker(Random(seed)).statement() for seed in range(200)]  # noqa: S311


def _catalog() -> Catalog:
    return Catalog(
        database="shop",
        tables=tuple(
            TableSchema(
                name=table,
                columns=tuple(
                    ColumnSchema(name=name, type=type_)
                    for name, type_ in {**TABLES[table], "tenant_id": "varchar"}.items()
                ),
            )
            for table in _TABLES
        ),
    )


_ROW_POLICIES = tuple(
    RowPolicy(table=table, column="tenant_id", attribute="tenant") for table in _TABLES
)
GUARD = Guard(_catalog(), Policy(row_policies=_ROW_POLICIES))
UNRESTRICTED = Guard(_catalog(), Policy())


def _database(keep: str = "true") -> ShopDatabase:
    removed = "".join(f"DELETE FROM {table} WHERE NOT ({keep});" for table in _TABLES)
    return ShopDatabase(_catalog(), FILL + _BY_TENANT + removed)


@pytest.fixture(scope="module")
def everybody() -> ShopDatabase:
    return _database()


@pytest.fixture(scope="module")
def south_only() -> ShopDatabase:
    return _database("tenant_id = 'south''s'")


@pytest.fixture(scope="module")
def nobody() -> ShopDatabase:
    return _database("false")


@pytest.mark.parametrize("sql", _STATEMENTS, ids=range(len(_STATEMENTS)))
def test_no_row_of_another_tenant_counts(
    sql: str, everybody: ShopDatabase, south_only: ShopDatabase
) -> None:
    verdict = GUARD.check(sql, {"tenant": "south's"})
    plain = UNRESTRICTED.check(sql)
    assert verdict.allowed, (sql, verdict.violations)
    assert comparable(everybody.run(verdict.sql)) == comparable(south_only.run(plain.sql))


@pytest.mark.parametrize("sql", _STATEMENTS[::5], ids=range(len(_STATEMENTS[::5])))
def test_no_row_counts_for_a_caller_without_the_attribute(
    sql: str, everybody: ShopDatabase, nobody: ShopDatabase
) -> None:
    stranger = GUARD.check(sql, {"other": "south's"})
    plain = UNRESTRICTED.check(sql)
    assert comparable(everybody.run(stranger.sql)) == comparable(nobody.run(plain.sql))


@pytest.mark.parametrize("sql", _STATEMENTS[::4], ids=range(len(_STATEMENTS[::4])))
def test_a_filtered_statement_is_not_filtered_again(sql: str) -> None:
    once = GUARD.check(sql, {"tenant": "north"})
    assert GUARD.check(once.sql, {"tenant": "north"}).sql == once.sql


def test_the_generated_statements_would_tell_of_other_tenants(
    everybody: ShopDatabase, south_only: ShopDatabase
) -> None:
    telling = sum(
        comparable(everybody.run(sql)) != comparable(south_only.run(sql))
        for sql in (UNRESTRICTED.check(statement).sql for statement in _STATEMENTS)
    )
    assert telling > 150


def test_a_statement_cannot_choose_its_tenant(everybody: ShopDatabase) -> None:
    verdict = GUARD.check(
        "SELECT count(*) FROM orders WHERE tenant_id = 'east' OR true", {"tenant": "north"}
    )
    assert everybody.run(verdict.sql) == [(40,)]


def test_the_callers_value_is_data_not_sql(everybody: ShopDatabase) -> None:
    verdict = GUARD.check("SELECT count(*) FROM orders", {"tenant": "x' OR '1' = '1"})
    assert everybody.run(verdict.sql) == [(0,)]
