import pytest

from domain.catalog import Catalog, ColumnSchema, TableSchema
from domain.errors import OperatorError, RepairableError
from settings.settings import Settings
from warehouse.open_warehouse import open_warehouse, source_name
from warehouse.sql_engines.rendering import Renderer

CATALOG = Catalog(
    tables=(
        TableSchema(
            name="sales",
            columns=(
                ColumnSchema(name="id", type="bigint"),
                ColumnSchema(name="amount", type="decimal(10,2)"),
                ColumnSchema(name="day", type="date"),
            ),
        ),
    )
)
SQL = (
    "SELECT date_trunc('month', day) AS m, count_if(id > 5) AS n, approx_distinct(id) AS d, "
    "amount / 3 AS third FROM sales WHERE day >= date_add('day', -7, DATE '2026-05-17') "
    "ORDER BY m DESC LIMIT 10"
)


def test_trino_gets_the_statement_as_it_is() -> None:
    assert Renderer(CATALOG, "trino").render(SQL) == SQL


@pytest.mark.parametrize("dialect", ["postgres", "redshift"])
def test_the_typed_tree_is_rendered_for_the_engine(dialect: str) -> None:
    rendered = Renderer(CATALOG, dialect).render(SQL)
    assert "COUNT(DISTINCT" in rendered
    assert "COUNT(CASE WHEN" in rendered
    assert "NULLS LAST" in rendered
    assert "ROUND((" in rendered
    assert "AS DATE) AS" in rendered
    for foreign in ("COUNT_IF", "APPROX_DISTINCT", "DATE_ADD"):
        assert foreign not in rendered.upper()


@pytest.mark.parametrize("dialect", ["postgres", "redshift"])
@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("SELECT split_part('a-b', '-', 9)", "SplitPart"),
        ("SELECT substr('abc', -1)", "substr"),
        ("SELECT x FROM UNNEST(ARRAY[1]) AS t(x)", "Unnest"),
        ("SELECT FROM WHERE", "Syntax error"),
        ("SELECT 1; SELECT 2", "one statement"),
        ("DELETE FROM sales", "Only SELECT"),
    ],
)
def test_what_the_engine_would_answer_otherwise_is_refused(
    dialect: str, sql: str, words: str
) -> None:
    with pytest.raises(RepairableError, match=words):
        Renderer(CATALOG, dialect).render(sql)


async def test_redshift_is_spoken_to_by_postgres_protocol() -> None:
    warehouse = open_warehouse("redshift://u@127.0.0.1:9/db", Settings(), None)
    assert warehouse.name == "redshift"
    with pytest.raises(OperatorError, match="redshift cannot be reached"):
        await warehouse.catalog()
    await warehouse.close()


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("athena://?region=ap-south-1&database=panel", "panel"),
        ("duckdb://var/data/vtion", "vtion"),
        ("postgresql://u@host/audience", "audience"),
        ("trino://u@host:8080/lake/panel", "panel"),
    ],
)
def test_data_is_called_by_the_name_of_its_place(url: str, name: str) -> None:
    assert source_name(url) == name
