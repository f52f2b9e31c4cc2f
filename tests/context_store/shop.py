"""A small shop with people, dirty references and a few traps, in a DuckDB file."""

from pathlib import Path

import duckdb

from settings.settings import Settings
from warehouse.duckdb import DuckdbWarehouse
from warehouse.open_warehouse import open_duckdb

CUSTOMERS = 400
ORDERS = 3_000

_TABLES = f"""
CREATE TABLE customers AS SELECT
    1000 + i AS customer_id,
    'Asha Person' || i AS name,
    'asha' || i || '@mail.example' AS email,
    CASE WHEN i % 4 = 0 THEN NULL ELSE '98' || lpad((i * 7919 % 100000000)::VARCHAR, 8, '0') END
        AS contact,
    CASE i % 3 WHEN 0 THEN 'Uttar Pradesh' WHEN 1 THEN 'Tamil Nadu' ELSE 'Maharashtra' END
        AS state,
    18 + i % 50 AS age,
    ['F', 'M'][1 + i % 2] AS gender
FROM range({CUSTOMERS}) t(i);
CREATE TABLE airports AS SELECT
    chr(65 + (i // 26)::INT) || chr(65 + (i % 26)::INT) || 'X' AS faa,
    'Airport of ' || chr(65 + (i // 26)::INT) || chr(65 + (i % 26)::INT) || ' town' AS name
FROM range(200) t(i);
CREATE TABLE regions AS SELECT i + 1 AS region_id, 'Region ' || (i + 1) AS region_name
FROM range(40) t(i);
CREATE TABLE products AS SELECT
    i + 1 AS id,
    ['Hotstar', 'Premium 4G', 'Basic 4G', 'United Air Lines Inc.', 'Kite'][i + 1] AS title,
    100.0 * (i + 1) AS list_price
FROM range(5) t(i);
CREATE TABLE orders AS SELECT
    i AS order_id,
    1000 + i % {CUSTOMERS} AS customer_id,
    1 + i % 5 AS product_id,
    chr(65 + (i % 7)::INT) || chr(65 + (i % 26)::INT) || 'X' AS shipped_to,
    1 + i % 12 AS month,
    CASE WHEN i % 10 = 0 THEN NULL ELSE 10.5 + i % 90 END AS amount_inr,
    TIMESTAMP '2026-01-01' + INTERVAL (i) HOUR AS ordered_at,
    'call me on asha' || i || '@mail.example please' AS memo,
    ['in', 'or', 'ka'][1 + i % 3] AS branch
FROM range({ORDERS}) t(i);
CREATE TABLE order_discounts AS SELECT i AS order_id, 1 + j AS line_no, 5 AS discount_pct
FROM range(50) t(i), range(3) u(j);
CREATE TABLE nothing (nothing_id INTEGER, label VARCHAR);
"""


def make_shop(folder: Path) -> Path:
    file = folder / "shop.duckdb"
    with duckdb.connect(file) as connection:
        connection.execute(_TABLES)
    return file


def open_shop(file: Path) -> DuckdbWarehouse:
    return open_duckdb(f"duckdb:///{file.relative_to('/')}", Settings(), None)
