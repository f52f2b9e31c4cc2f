"""Nothing hostile passes, nothing good is refused, and what passes means what was written."""

import re

import pytest
import sqlglot
from sqlglot import exp
from trino_query_parser import parse_statement

from tests.sql_guard.hostile import HOSTILE
from tests.sql_guard.legitimate import LEGITIMATE, WRITTEN
from tests.sql_guard.shop import DENIED, guard
from tests.sql_guard.shop_data import ShopDatabase, comparable

GUARD = guard()
HARM = [(way, sql) for way, statements in HOSTILE.items() for sql in statements]

NOT_IN_DUCKDB = re.compile(r"reduce\(|char '|shop\.orders|^VALUES", re.IGNORECASE)
"""What the DuckDB engine itself cannot run as Athena would."""


def test_the_corpora_are_large_enough() -> None:
    assert len(set(HARM)) == len(HARM) >= 200
    assert len(set(LEGITIMATE)) == len(LEGITIMATE) >= 200


@pytest.mark.parametrize(("way", "sql"), HARM, ids=range(len(HARM)))
def test_no_hostile_statement_passes(way: str, sql: str) -> None:
    verdict = GUARD.check(sql)
    assert not verdict.allowed, f"{way}: {sql[:300]}"
    assert verdict.sql == ""
    for violation in verdict.violations:
        assert violation.rule not in {"guard_failed", ""}
        assert violation.message.endswith(".")


@pytest.fixture(scope="module")
def database() -> ShopDatabase:
    return ShopDatabase()


@pytest.mark.parametrize("sql", LEGITIMATE, ids=range(len(LEGITIMATE)))
def test_legitimate_statements_pass_unchanged_in_meaning(sql: str, database: ShopDatabase) -> None:
    verdict = GUARD.check(sql)
    assert verdict.allowed, (sql, verdict.violations)
    assert GUARD.check(verdict.sql).sql == verdict.sql
    if NOT_IN_DUCKDB.search(sql):
        return
    assert comparable(database.run(verdict.sql)) == comparable(database.run(sql))


@pytest.mark.parametrize("sql", WRITTEN[::3], ids=range(len(WRITTEN[::3])))
def test_regenerated_statements_are_in_the_grammar_of_trino_itself(sql: str) -> None:
    parse_statement(GUARD.check(sql).sql)


@pytest.mark.parametrize("sql", LEGITIMATE, ids=range(len(LEGITIMATE)))
def test_regenerated_statements_name_no_denied_column_but_to_count_it(sql: str) -> None:
    tree = sqlglot.parse_one(GUARD.check(sql).sql, read="athena")
    assert not {column.name for column in tree.find_all(exp.Column)} & DENIED
