"""Statements that Trino refuses for their types: `tests/trino` asks a real one."""

import pytest

from domain.catalog import Catalog, ColumnSchema, TableSchema
from domain.errors import RepairableError
from warehouse.athena_dialect import AthenaTranslator

TRANSLATOR = AthenaTranslator(
    Catalog(
        tables=(
            TableSchema(
                name="panelists",
                columns=(
                    ColumnSchema(name="state", type="varchar"),
                    ColumnSchema(name="join_date", type="date"),
                ),
            ),
        )
    )
)

REFUSED = [
    "SELECT count(*) FROM panelists WHERE join_date >= '2026-06-01'",
    "SELECT count(*) FROM panelists WHERE join_date BETWEEN '2026-06-01' AND '2026-06-30'",
    "SELECT count(*) FROM panelists WHERE join_date IN ('2026-06-01')",
    "SELECT count(*) FROM panelists WHERE state = 1",
    "SELECT '1' = 1",
    "SELECT '1' IS DISTINCT FROM 1",
    "SELECT true = 1",
    "SELECT '1' + 1",
    "SELECT DATE '2026-01-01' + 1",
    "SELECT coalesce(state, 0) FROM panelists",
    "SELECT 'a' || 1",
    "SELECT count(*) FROM panelists WHERE 1",
    "SELECT NOT 1",
    "SELECT 1 AND true",
    "SELECT CASE WHEN true THEN 1 ELSE 'a' END",
    "SELECT if(true, 1, 'a')",
    "SELECT 1 UNION ALL SELECT 'a'",
    "SELECT lower(12)",
    "SELECT 1 LIKE '1'",
    "SELECT avg(join_date) FROM panelists",
    "SELECT sum(state) FROM panelists",
    "SELECT date_diff('day', '2026-01-01', DATE '2026-01-02')",
    "SELECT date_add('day', 1, '2026-01-01')",
    "SELECT date_trunc('month', '2026-01-01')",
    "SELECT year('2026-01-01')",
]
FOREIGN = [
    "SELECT count(*) AS n FROM panelists HAVING n > 1",
    "SELECT state AS s FROM panelists WHERE s = 'Delhi'",
    "SELECT state AS s, count(*) FROM panelists GROUP BY s",
    "SELECT length(state) AS n, n * 2 AS m FROM panelists",
    "SELECT state, count(*) FROM panelists GROUP BY ALL",
    "SELECT count(DISTINCT state, join_date) FROM panelists",
    "SELECT state FROM panelists WHERE state ILIKE 'd%'",
    "SELECT * EXCLUDE (state) FROM panelists",
    "SELECT median(length(state)) FROM panelists",
    "SELECT first(state) FROM panelists",
    "SELECT date_part('year', join_date) FROM panelists",
    "SELECT strftime(join_date, '%Y') FROM panelists",
    "SELECT ends_with(state, 'x') FROM panelists",
]


@pytest.mark.parametrize("sql", REFUSED)
def test_types_that_do_not_meet_go_back_to_the_drafter(sql: str) -> None:
    with pytest.raises(RepairableError) as caught:
        TRANSLATOR.translate(sql)
    assert caught.value.rule == "type_mismatch"
    assert caught.value.hint


@pytest.mark.parametrize("sql", FOREIGN)
def test_what_only_duckdb_knows_goes_back_to_the_drafter(sql: str) -> None:
    with pytest.raises(RepairableError) as caught:
        TRANSLATOR.translate(sql)
    assert caught.value.rule in ("unknown_function", "unknown_column")


ALLOWED = [
    "SELECT count(*) FROM panelists WHERE join_date >= DATE '2026-06-01'",
    "SELECT join_date < TIMESTAMP '2026-06-01 10:00:00' FROM panelists",
    "SELECT 1 = 1.0, 1 < 2e0, 'a' < 'b', true = false",
    "SELECT join_date + INTERVAL '1' DAY FROM panelists",
    "SELECT coalesce(state, NULL), state = NULL FROM panelists",
    "SELECT CAST(state AS date) >= DATE '2026-06-01' FROM panelists",
    "SELECT state AS s, count(*) AS n FROM panelists GROUP BY 1 ORDER BY n DESC, s",
    "SELECT lower(state) AS state, count(*) FROM panelists GROUP BY lower(state)",
    "SELECT transform(ARRAY[1], x -> x + 1) AS x",
    "SELECT v * 2e0 FROM UNNEST(ARRAY['a'], ARRAY[1]) AS t (k, v)",
    "SELECT ARRAY['a'] || ARRAY['b'], 'a' || 'b' || state FROM panelists",
    "SELECT s FROM (SELECT state AS s FROM panelists) WHERE s = 'Delhi'",
    "SELECT p.state AS s FROM panelists p WHERE EXISTS (SELECT 1 FROM panelists WHERE state = 'x')",
    "SELECT 1 = ALL (SELECT 1)",
]


@pytest.mark.parametrize("sql", ALLOWED)
def test_types_that_meet_are_translated(sql: str) -> None:
    assert TRANSLATOR.translate(sql)
