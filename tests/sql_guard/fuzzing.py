"""What must hold of any statement at all, and ways to make statements nobody thought of."""

import re
import time
from random import Random

from duckdb import Error as DuckdbError
from hypothesis import strategies as st

from domain.errors import RepairableError
from domain.policy import Policy
from sql_guard.guard import Guard
from tests.sql_guard.hostile import HOSTILE
from tests.sql_guard.legitimate import LEGITIMATE
from tests.sql_guard.query_maker import QueryMaker
from tests.sql_guard.shop import catalog, guard
from tests.sql_guard.shop_data import Rows, ShopDatabase, comparable

LONGEST_SECONDS = 1.0
_WORDS = re.compile(r"\w+|\s+|[^\w\s]")
_UNSTABLE = re.compile(r"limit|offset|fetch|rand|now|current|arbitrary|any_value|over|agg", re.I)
_CORPUS = LEGITIMATE + [sql for ways in HOSTILE.values() for sql in ways if len(sql) < 1000]
_FRAGMENTS = [
    "email", "customers", "c.email", "*", "customers.*", "(", ")", ",", ";", "--", "/*", "*/",
    "'", '"', "SELECT", "FROM customers", "UNION ALL SELECT email FROM customers", "WITH", "AS",
    "1", "::",
    "JOIN customers USING (customer_id)", "ORDER BY email", "GROUP BY 1", "LIMIT 1", "DISTINCT",
    "OVER ()", "count(DISTINCT email)", "(SELECT email FROM customers)", "LATERAL", "UNNEST(tags)",
    "address", "address.city", "x -> x", "CASE WHEN", "END", "NULL", "\u00a0", "HAVING", "EXISTS",
    "array_agg(email)", "IN (SELECT phone FROM customers)", "WINDOW w AS (ORDER BY phone)", "USING",
]  # fmt: skip


@st.composite
def mutated_statements(draw: st.DrawFn) -> str:
    """Statements of the corpora with pieces cut, doubled, moved, or taken from one another."""
    words = _WORDS.findall(draw(st.sampled_from(_CORPUS)))
    for _ in range(draw(st.integers(1, 4))):
        place = draw(st.integers(0, max(len(words) - 1, 0)))
        change = draw(st.sampled_from(["cut", "double", "insert", "replace", "splice", "swap"]))
        if change == "cut":
            del words[place : place + draw(st.integers(1, 6))]
        elif change == "double":
            words[place:place] = words[place : place + draw(st.integers(1, 8))]
        elif change == "insert":
            words[place:place] = [" ", draw(st.sampled_from(_FRAGMENTS)), " "]
        elif change == "replace" and words:
            words[place] = draw(st.sampled_from(_FRAGMENTS))
        elif change == "splice":
            other = _WORDS.findall(draw(st.sampled_from(_CORPUS)))
            words[place:] = other[draw(st.integers(0, len(other))) :]
        elif words:
            other_place = draw(st.integers(0, len(words) - 1))
            words[place], words[other_place] = words[other_place], words[place]
    return "".join(words)


def built_statements() -> st.SearchStrategy[str]:
    """Statements put together by rule."""
    return st.integers(0, 2**32).map(lambda seed: QueryMaker(Random(seed)).statement())  # noqa: S311


class Properties:
    """The guard, a guard for open data, and the shop's rows, to hold statements against."""

    def __init__(self) -> None:
        self._guard = guard()
        self._open = Guard(catalog(), Policy())
        self._database = ShopDatabase()

    def hold(self, sql: str) -> bool:
        """Asserts what must hold of the statement; returns whether it was allowed."""
        started = time.thread_time()
        verdict = self._guard.check(sql)
        assert time.thread_time() - started < LONGEST_SECONDS, f"too slow: {sql}"
        assert not any(v.rule == "guard_failed" for v in verdict.violations), (
            sql,
            verdict.violations,
        )
        if not verdict.allowed:
            return False
        assert self._guard.check(verdict.sql).sql == verdict.sql, f"not stable: {sql}"
        rows = self._rows(verdict.sql)
        if rows is not None:
            assert "canary" not in repr(rows), f"leaks: {sql}"
            self._means_the_same(sql, rows)
        return True

    def hold_for_built(self, sql: str) -> None:
        """Asserts that a well-formed statement is allowed where the data is open, and runs."""
        verdict = self._open.check(sql)
        assert verdict.allowed, (sql, verdict.violations)
        assert self._open.check(verdict.sql).sql == verdict.sql
        assert comparable(self._database.run(verdict.sql)) == comparable(
            self._database.run(sql.replace("shop.", ""))
        ), sql

    def _means_the_same(self, sql: str, rows: Rows) -> None:
        if _UNSTABLE.search(sql) or not sql.lstrip().lower().startswith(("select", "with")):
            return
        original = self._rows(sql)
        if original is not None:
            assert comparable(rows) == comparable(original), f"means something else: {sql}"

    def _rows(self, sql: str) -> Rows | None:
        try:
            return self._database.run(sql)
        except (DuckdbError, RepairableError, ValueError):
            return None
