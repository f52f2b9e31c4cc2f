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
]


@pytest.mark.parametrize("sql", REFUSED)
def test_types_that_do_not_meet_go_back_to_the_drafter(sql: str) -> None:
    with pytest.raises(RepairableError) as caught:
        TRANSLATOR.translate(sql)
    assert caught.value.rule == "type_mismatch"
    assert caught.value.hint


ALLOWED = [
    "SELECT count(*) FROM panelists WHERE join_date >= DATE '2026-06-01'",
    "SELECT join_date < TIMESTAMP '2026-06-01 10:00:00' FROM panelists",
    "SELECT 1 = 1.0, 1 < 2e0, 'a' < 'b', true = false",
    "SELECT join_date + INTERVAL '1' DAY FROM panelists",
    "SELECT coalesce(state, NULL), state = NULL FROM panelists",
    "SELECT CAST(state AS date) >= DATE '2026-06-01' FROM panelists",
]


@pytest.mark.parametrize("sql", ALLOWED)
def test_types_that_meet_are_translated(sql: str) -> None:
    assert TRANSLATOR.translate(sql)
