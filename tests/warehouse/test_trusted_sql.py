import pytest

from domain.errors import RepairableError
from tests.warehouse.conftest import OpenWarehouse
from warehouse.trusted_sql import TextResult, run_trusted_sql


async def test_rows_are_text_as_trino_prints_it(serve: OpenWarehouse) -> None:
    warehouse = serve(None)
    result = await run_trusted_sql(
        warehouse,
        "SELECT 1e7 AS d, CAST(1.5 AS decimal(10, 3)) AS n, NULL AS x, true AS b, "
        "ARRAY[1, NULL] AS l, MAP(ARRAY['k'], ARRAY[2]) AS m, "
        "CAST(ROW(1, 'a') AS ROW(p bigint, q varchar)) AS r, INTERVAL '1' DAY AS i, "
        "TIMESTAMP '2026-01-01 10:00:00' + INTERVAL '0' DAY AS t",
    )
    assert result == TextResult(
        ("d", "n", "x", "b", "l", "m", "r", "i", "t"),
        (
            (
                "1.0E7",
                "1.500",
                None,
                "true",
                "[1, null]",
                "{k=2}",
                "{p=1, q=a}",
                "1 00:00:00.000",
                "2026-01-01 10:00:00.000000",
            ),
        ),
    )
    await warehouse.close()


async def test_long_and_empty_results_come_whole(serve: OpenWarehouse) -> None:
    warehouse = serve(None)
    many = await run_trusted_sql(
        warehouse,
        "SELECT n + 10000 * m FROM UNNEST(sequence(1, 10000)) AS x (n) "
        "CROSS JOIN UNNEST(sequence(0, 2)) AS y (m) WHERE n + 10000 * m <= 25000 ORDER BY 1",
    )
    assert len(many.rows) == 25_000
    assert many.rows[-1] == ("25000",)
    none = await run_trusted_sql(warehouse, "SELECT city FROM people WHERE 1 = 0")
    assert none == TextResult(("city",), ())
    await warehouse.close()


async def test_an_error_is_raised(serve: OpenWarehouse) -> None:
    warehouse = serve(None)
    with pytest.raises(RepairableError, match="nowhere"):
        await run_trusted_sql(warehouse, "SELECT * FROM nowhere")
    await warehouse.close()
