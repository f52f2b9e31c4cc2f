"""What need not run twice: the same statement in other words, and nothing else."""

import pytest

from aggregation.same_statement import is_same_statement

_ONE = 'SELECT "t"."a" AS "a", COUNT(*) AS "n" FROM "t" AS "t" GROUP BY "t"."a" LIMIT 100'


@pytest.mark.parametrize(
    "other",
    [
        _ONE,
        'SELECT COUNT(*) AS "number", "t"."a" AS "kind" FROM "t" AS "t" GROUP BY "t"."a" LIMIT 100',
        'SELECT "t"."a" AS "a", COUNT(*) AS "n" FROM "t" AS "t" GROUP BY "t"."a" ORDER BY "n" DESC',
    ],
)
def test_names_orders_and_limits_that_cut_nothing_make_no_difference(other: str) -> None:
    assert is_same_statement(_ONE, other, rows=4)


@pytest.mark.parametrize(
    "other",
    [
        'SELECT "t"."a" AS "a", COUNT("t"."b") AS "n" FROM "t" AS "t" GROUP BY "t"."a" LIMIT 100',
        'SELECT "t"."a" AS "a", COUNT(*) AS "n" FROM "t" AS "t" WHERE "t"."b" = 1 GROUP BY "t"."a"',
        'SELECT "t"."a" AS "a", COUNT(*) AS "n" FROM "u" AS "t" GROUP BY "t"."a"',
        'SELECT "t"."a" AS "a", COUNT(*) AS "n" FROM "t" AS "t" GROUP BY "t"."a", "t"."b"',
        'SELECT "t"."a" AS "a", COUNT(*) AS "n" FROM "t" AS "t" GROUP BY "t"."a" LIMIT 4',
        'SELECT DISTINCT "t"."a" AS "a", COUNT(*) AS "n" FROM "t" AS "t" GROUP BY "t"."a"',
        'SELECT "t"."a" AS "a", COUNT(*) AS "n" FROM "t" AS "t" GROUP BY "t"."a" OFFSET 1',
        f"{_ONE[:-10]} UNION ALL {_ONE[:-10]}",
    ],
)
def test_anything_else_does(other: str) -> None:
    assert not is_same_statement(_ONE, other, rows=4)


def test_a_limit_that_may_have_cut_rows_leaves_it_open() -> None:
    other = _ONE.replace("COUNT(*) AS", "COUNT(*) AS my_")
    assert not is_same_statement(_ONE, other.replace('my_ "n"', '"my_n"'), rows=100)
