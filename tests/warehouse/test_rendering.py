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


REDSHIFT = [
    ("id / 2", '"sales"."id" / 2'),
    ("amount / 3", 'ROUND(("sales"."amount" / 3), 2)'),
    ("avg(id)", 'AVG(CAST("sales"."id" AS DOUBLE PRECISION))'),
    (
        "round(CAST(id AS double), 2)",
        'CAST(ROUND(CAST(CAST("sales"."id" AS DOUBLE PRECISION) AS DECIMAL(38, 12)), 2)'
        " AS DOUBLE PRECISION)",
    ),
    ("CAST(amount AS decimal)", 'CAST("sales"."amount" AS DECIMAL(38, 0))'),
    (
        "day_of_week(day)",
        'CAST(FLOOR(CASE WHEN EXTRACT(DOW FROM "sales"."day") = 0 THEN 7 '
        'ELSE EXTRACT(DOW FROM "sales"."day") END) AS BIGINT)',
    ),
    ("date_trunc('week', day)", 'CAST(DATE_TRUNC(\'WEEK\', "sales"."day") AS DATE)'),
    ("date_add('month', 1, day)", 'CAST(DATEADD(MONTH, 1, "sales"."day") AS DATE)'),
    ("date_diff('day', day, day)", 'DATEDIFF(DAY, "sales"."day", "sales"."day")'),
    ("approx_distinct(id)", 'COUNT(DISTINCT "sales"."id")'),
    ("count_if(id > 1)", 'COUNT(CASE WHEN "sales"."id" > 1 THEN 1 END)'),
    ("regexp_replace('a1', '[0-9]', 'x')", "REGEXP_REPLACE('a1', '[0-9]', 'x')"),
    (
        "listagg(CAST(id AS varchar), ',') WITHIN GROUP (ORDER BY day)",
        'LISTAGG(CAST("sales"."id" AS VARCHAR), \',\') WITHIN GROUP (ORDER BY "sales"."day")',
    ),
    (
        "greatest(id, 1)",
        'CASE WHEN "sales"."id" IS NULL OR 1 IS NULL THEN NULL ELSE GREATEST("sales"."id", 1) END',
    ),
    ("date_format(day, '%Y-%m')", 'TO_CHAR("sales"."day", \'YYYY-MM\')'),
]


@pytest.mark.parametrize(("expression", "rendered"), REDSHIFT)
def test_redshift_gets_what_means_the_same(expression: str, rendered: str) -> None:
    sql = Renderer(CATALOG, "redshift").render(f"SELECT {expression} AS x FROM sales")
    assert sql == f'SELECT {rendered} AS "x" FROM "sales" AS "sales"'


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("date_diff('month', day, day)", "date_diff"),
        ("date_diff('hour', current_timestamp, current_timestamp)", "date_diff"),
        ("approx_percentile(amount, 0.5)", "approx_percentile"),
        ("array_agg(id)", "array_agg"),
        ("ARRAY[1, 2]", "arrays"),
        ("id IS DISTINCT FROM 1", "DISTINCT FROM"),
        ("min_by(id, amount)", "ArgMin"),
        ("TRY_CAST(id AS integer)", "TryCast"),
    ],
)
def test_what_redshift_would_answer_otherwise_is_refused(expression: str, words: str) -> None:
    with pytest.raises(RepairableError, match=words) as refusal:
        Renderer(CATALOG, "redshift").render(f"SELECT {expression} AS x FROM sales")
    assert refusal.value.rule == "unsupported_construct"


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
