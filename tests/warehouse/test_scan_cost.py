import io
import random
from datetime import date

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from domain.catalog import Catalog, ColumnSchema, TableSchema
from warehouse.byte_text import byte_text
from warehouse.scan_cost.parquet_layout import SMALL_FILE_BYTES, ParquetLayout, read_layout
from warehouse.scan_cost.partition_filter import surviving, usable_filters
from warehouse.scan_cost.table_scans import ScanFinder, TableScan


def column(name: str, kind: str = "bigint", *, is_partition: bool = False) -> ColumnSchema:
    return ColumnSchema(name=name, type=kind, is_partition=is_partition)


MONTH = column("month", "varchar", is_partition=True)
DAY = column("day", "date", is_partition=True)
SALES = TableSchema(name="Sales", columns=(column("id"), column("shop"), column("Amount"), MONTH))
SHOPS = TableSchema(name="shops", columns=(column("shop"), column("city", "varchar")))
FINDER = ScanFinder(Catalog(tables=(SALES, SHOPS)))


def scans(sql: str) -> dict[str, list[tuple[int, set[str], tuple[str, ...]]]]:
    found: dict[str, list[tuple[int, set[str], tuple[str, ...]]]] = {}
    for scan, times in FINDER.find(sql).items():
        found.setdefault(scan.table, []).append((times, set(scan.columns), scan.filters))
    return found


def test_only_named_columns_are_read() -> None:
    assert scans("SELECT count(*) FROM sales") == {"sales": [(1, set(), ())]}
    assert scans("SELECT sum(amount) FROM sales GROUP BY shop") == {
        "sales": [(1, {"amount", "shop"}, ())]
    }


def test_columns_and_filters_go_through_a_cte() -> None:
    sql = "WITH x AS (SELECT * FROM sales) SELECT sum(amount) FROM x WHERE month = '2026-01'"
    assert scans(sql) == {"sales": [(1, {"amount", "month"}, ('"sales"."month" = \'2026-01\'',))]}


def test_a_cte_is_read_once_for_each_place_that_names_it() -> None:
    sql = "WITH x AS (SELECT id FROM sales) SELECT count(*) FROM x a JOIN x b ON a.id = b.id"
    assert [times for times, _, _ in scans(sql)["sales"]] == [2]
    chain = ", ".join(f"x{n} AS (SELECT a.id FROM x{n - 1} a, x{n - 1} b)" for n in range(1, 40))
    sql = f"WITH x0 AS (SELECT id FROM sales), {chain} SELECT count(*) FROM x39"
    assert [times for times, _, _ in scans(sql)["sales"]] == [2**39]


def test_a_cte_that_is_named_twice_is_filtered_in_each_place() -> None:
    sql = """
        WITH x AS (SELECT id, amount, month FROM sales), y AS (SELECT * FROM x WHERE amount > 5)
        SELECT a.id FROM y a JOIN y b ON a.id = b.id AND b.month = '2025-12'
        WHERE a.month = '2026-01'
    """
    found = {filters for _, _, filters in scans(sql)["sales"]}
    assert sorted("2026-01" in str(filters) for filters in found) == [False, True]
    assert sorted("2025-12" in str(filters) for filters in found) == [False, True]


def test_a_cte_that_names_itself_or_hides_a_table_is_no_other() -> None:
    recursive = """
        WITH RECURSIVE x (id) AS (SELECT id FROM sales UNION ALL SELECT id + 1 FROM x WHERE id < 3)
        SELECT count(*) FROM x
    """
    assert sum(times for times, _, _ in scans(recursive)["sales"]) >= 1
    hidden = "WITH sales AS (SELECT shop FROM shops) SELECT count(*) FROM sales WHERE shop = 1"
    assert [columns for _, columns, _ in scans(hidden)["shops"]] == [{"shop"}]


def test_subqueries_and_unions_are_scans_of_their_own() -> None:
    sql = """
        SELECT city, (SELECT max(amount) FROM sales WHERE sales.shop = shops.shop) AS most
        FROM shops WHERE shop IN (SELECT shop FROM sales WHERE month > '2026-01')
    """
    found = scans(sql)
    assert sorted(sorted(columns) for _, columns, _ in found["sales"]) == [
        ["amount", "shop"],
        ["month", "shop"],
    ]
    union = "SELECT id FROM sales UNION ALL SELECT amount FROM sales"
    assert sorted(min(columns) for _, columns, _ in scans(union)["sales"]) == ["amount", "id"]


def test_a_filter_on_groups_or_ranks_is_no_filter_on_the_table() -> None:
    for sql in (
        "SELECT n FROM (SELECT month, count(*) AS n FROM sales GROUP BY month) WHERE n > 5",
        "SELECT id FROM (SELECT id, rank() OVER (ORDER BY id) AS r FROM sales) WHERE r = 1",
        "SELECT count(*) FROM shops LEFT JOIN sales ON sales.month = '2026-01'",
    ):
        assert [filters for _, _, filters in scans(sql)["sales"]] == [()], sql


def test_a_statement_that_cannot_be_made_out_counts_whole_tables() -> None:
    # No such column: sqlglot cannot say whose it is.
    found = FINDER.find("SELECT s.nothing, t.* FROM sales s JOIN shops t ON true CROSS JOIN sales")
    assert sum(times for scan, times in found.items() if scan.table == "sales") >= 2


PARTITIONS = [("2026-01", "2026-01-05"), ("2026-01", "2026-01-20"), ("2026-02", "2026-02-01")]


@pytest.mark.parametrize(
    ("condition", "kept"),
    [
        ("month = '2026-01'", [0, 1]),
        ("month <> '2026-01'", [2]),
        ("month IN ('2026-02', '2026-03')", [2]),
        ("month LIKE '2026-%'", [0, 1, 2]),
        ("day >= DATE '2026-01-20'", [1, 2]),
        ("day BETWEEN DATE '2026-01-01' AND CAST('2026-01-20' AS DATE)", [0, 1]),
        ("NOT (month = '2026-01' OR day = DATE '2026-02-01')", []),
        ("month = '2026-01' OR amount > 5", [0, 1, 2]),
        ("month = lower('2026-01')", [0, 1]),
        ("month = reverse('10-6202')", [0, 1, 2]),
        ("substr(month, 6, 2) = '02'", [2]),
        ("day >= date_trunc('month', DATE '2026-02-11')", [2]),
        ("amount > 5", [0, 1, 2]),
    ],
)
def test_partitions_that_a_condition_leaves(condition: str, kept: list[int]) -> None:
    conditions = usable_filters([condition], [MONTH, DAY])
    assert surviving(conditions, [MONTH, DAY], PARTITIONS) == kept


@pytest.mark.parametrize(
    ("condition", "kept"),
    [
        ("day >= current_date - INTERVAL '7' DAY", [1, 2]),
        ("day > date_add('day', -7, current_date)", [1, 2]),
        ("day BETWEEN DATE '2026-01-01' AND current_date - INTERVAL '7' DAY", [0, 1]),
        # At midnight today becomes tomorrow.
        ("day < current_date - INTERVAL '6' DAY", [0, 1]),
        ("day = current_date - INTERVAL '6' DAY", [1]),
        ("month = date_format(current_date, '%Y-%m')", [0, 1]),
        ("day > CAST(now() AS date)", [0, 1, 2]),
    ],
)
def test_a_condition_on_today_is_one_on_today_or_tomorrow(condition: str, kept: list[int]) -> None:
    conditions = usable_filters([condition], [MONTH, DAY])
    today = date(2026, 1, 26)
    assert surviving(conditions, [MONTH, DAY], PARTITIONS, today) == kept


def test_a_partition_without_a_value_is_kept() -> None:
    conditions = usable_filters(["day = DATE '2026-01-05'"], [DAY])
    partitions = [("2026-01-05",), ("__HIVE_DEFAULT_PARTITION__",), ("2026-01-06",)]
    assert surviving(conditions, [DAY], partitions) == [0, 1]


def parquet(rows: int, columns: int) -> bytes:
    numbers = random.Random(7)  # noqa: S311 - data of a test
    table = pa.table(
        {f"C{n}": [numbers.getrandbits(62) for _ in range(rows)] for n in range(columns)}
    )
    target = io.BytesIO()
    pq.write_table(table, target, compression="none", use_dictionary=False)
    return target.getvalue()


def layout_of(data: bytes) -> tuple[ParquetLayout, list[int]]:
    asked: list[int] = []

    def read_tail(count: int) -> bytes:
        asked.append(count)
        return data[-count:]

    layout = read_layout(len(data), read_tail)
    assert layout is not None
    return layout, asked


def test_a_footer_says_what_a_column_takes() -> None:
    layout, asked = layout_of(parquet(200_000, 10))
    assert layout.size > 5 * SMALL_FILE_BYTES
    assert asked == [64 * 1024]
    one = layout.bytes_read(frozenset({"c0"}))
    assert 200_000 * 8 <= one <= 200_000 * 8 + 100_000
    apart = layout.bytes_read(frozenset({"c0", "c9"}))
    assert apart == pytest.approx(2 * one, rel=0.1)
    assert layout.bytes_read(frozenset(f"c{n}" for n in range(10))) == layout.size


def test_a_short_gap_is_read_through_and_a_small_file_whole() -> None:
    layout, _ = layout_of(parquet(100_000, 10))
    column_size = 800_000
    near = layout.bytes_read(frozenset({"c0", "c2"}))
    assert near >= 3 * column_size
    small, _ = layout_of(parquet(1_000, 3))
    assert small.bytes_read(frozenset({"c0"})) == small.size


def test_a_long_footer_is_read_whole_and_other_files_have_no_layout() -> None:
    data = parquet(3, 1_500)
    layout, asked = layout_of(data)
    assert len(asked) == 2
    assert {chunk.column for chunk in layout.chunks} == {f"c{n}" for n in range(1_500)}
    assert read_layout(6, lambda _: b"a,b\n1,2") is None
    broken = data[:-200] + b"\xff" * 192 + data[-8:]
    assert read_layout(len(broken), lambda count: broken[-count:]) is None


def test_sizes_read_as_people_say_them() -> None:
    assert [byte_text(n) for n in (0, 999, 3_400_000, 412_000_000_000)] == [
        "0 bytes",
        "999 bytes",
        "3.4 MB",
        "412 GB",
    ]


def test_a_scan_is_named_in_lower_case() -> None:
    scan = next(iter(FINDER.find('SELECT "Amount" FROM "Sales"')))
    assert scan == TableScan("sales", frozenset({"amount"}), ())
