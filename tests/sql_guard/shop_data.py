"""The shop with rows in it, in a DuckDB database, and Athena SQL run on it."""

import threading
from decimal import Decimal

import duckdb
from duckdb import DuckDBPyConnection

from domain.catalog import Catalog
from tests.sql_guard.shop import catalog
from warehouse.athena_dialect import AthenaTranslator
from warehouse.trino_macros.attach import attach_macros

Rows = list[tuple[object, ...]]

FILL = """
CREATE TABLE orders AS SELECT
    i AS order_id, 1 + i * 7 % 23 AS customer_id, 1 + i % 4 AS store_id,
    ['paid', 'sent', 'cancelled', 'open'][1 + i * 5 % 4] AS status,
    ['web', 'app', 'store'][1 + i % 3] AS channel,
    ((i * 37 % 200) + 0.25)::DECIMAL(12, 2) AS total,
    CASE WHEN i % 3 = 0 THEN NULL ELSE (i % 5) / 10.0e0 END AS discount,
    TIMESTAMP '2024-01-01 08:00:00' + INTERVAL (i * 13) HOUR AS created_at,
    (DATE '2024-01-01' + (i % 120)::INT) AS order_date,
    CASE WHEN i % 2 = 0 THEN ['gift', 'sale'] ELSE ['new'] END AS tags,
    MAP {'colour': ['red', 'blue'][1 + i % 2], 'size': ['s', 'm', 'l'][1 + i % 3]} AS attributes,
    '{"source": "' || ['ad', 'mail'][1 + i % 2] || '"}' AS payload
FROM range(1, 121) t(i);
CREATE TABLE order_items AS SELECT
    1 + i % 120 AS order_id, 1 + i * 3 % 17 AS product_id, (1 + i % 5)::INT AS quantity,
    ((i % 40) + 0.5)::DECIMAL(12, 2) AS unit_price, i % 9 = 0 AS returned
FROM range(300) t(i);
CREATE TABLE products AS SELECT
    i AS product_id, ['item ', 'thing '][1 + i % 2] || i AS name,
    ['books', 'toys', 'food'][1 + i % 3] AS category,
    CASE WHEN i % 7 = 0 THEN NULL ELSE ['acme', 'bolt'][1 + i % 2] END AS brand,
    (i * 3.5)::DECIMAL(12, 2) AS price, DATE '2023-01-01' + (i)::INT AS launched_on
FROM range(1, 21) t(i);
CREATE TABLE stores AS SELECT
    i AS store_id, 'store ' || i AS name, ['Pune', 'Delhi'][1 + i % 2] AS city,
    DATE '2020-01-01' + (i)::INT AS opened_on
FROM range(1, 6) t(i);
CREATE TABLE customers AS SELECT
    i AS customer_id, 'canary name ' || i AS full_name, 'canary' || i || '@example.com' AS email,
    'canary 98' || i AS phone, {'street': 'canary street', 'city': 'canary city'} AS address,
    ['Pune', 'Delhi', 'Goa'][1 + i % 3] AS city, ['new', 'loyal'][1 + i % 2] AS segment,
    (18 + i % 50)::INT AS age, DATE '2023-06-01' + (i * 9)::INT AS signup_date
FROM range(1, 31) t(i);
CREATE TABLE sessions AS SELECT
    i AS session_id, 1 + i * 11 % 29 AS customer_id, ['phone', 'tablet', 'tv'][1 + i % 3] AS device,
    (i * 17 % 600)::BIGINT AS seconds, TIMESTAMP '2024-01-01' + INTERVAL (i * 5) HOUR AS started_at,
    (DATE '2024-01-01' + (i % 75)::INT) AS day
FROM range(400) t(i);
"""


class ShopDatabase:
    """Runs Athena SQL over the shop's rows, with a bound on time."""

    def __init__(self, schema: Catalog | None = None, fill: str = FILL) -> None:
        self._connection: DuckDBPyConnection = duckdb.connect()
        self._connection.execute("SET threads = 1")
        attach_macros(self._connection)
        self._connection.execute(fill)
        self._translator = AthenaTranslator(schema or catalog())

    def run(self, sql: str) -> Rows:
        """Returns all rows; interrupts after five seconds."""
        timer = threading.Timer(5.0, self._connection.interrupt)
        timer.start()
        try:
            return self._connection.execute(self._translator.translate(sql)).fetchall()
        finally:
            timer.cancel()

    def close(self) -> None:
        """Frees the database."""
        self._connection.close()


def comparable(rows: Rows) -> list[str]:
    """Returns the rows in a form that does not depend on their order or a number's scale."""
    return sorted(repr([_plain(value) for value in row]) for row in rows)


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return str(value.normalize())
    return round(value, 9) if isinstance(value, float) else value
