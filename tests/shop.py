"""A small shop in three file formats: customers are people, orders and products are not."""

from pathlib import Path

import duckdb

_TABLES = {
    "customers.parquet": """
        SELECT i AS customer_id, 'Person ' || i AS name, 'person' || i || '@mail.example' AS email,
               ['Delhi', 'Mumbai', 'Pune'][1 + i % 3] AS city
        FROM range(1, 61) t(i)""",
    "products.csv": """
        SELECT i AS product_id, ['Tea', 'Coffee', 'Sugar', 'Rice'][i] AS product_name,
               ['Drinks', 'Drinks', 'Pantry', 'Pantry'][i] AS category
        FROM range(1, 5) t(i)""",
    "orders.json": """
        SELECT i AS order_id, 1 + i % 60 AS customer_id, 1 + i % 4 AS product_id,
               DATE '2026-01-01' + CAST(i % 90 AS INTEGER) AS order_date,
               10 + i % 7 AS amount
        FROM range(1, 1201) t(i)""",
}


def write_shop(folder: Path) -> Path:
    """Writes the files and returns the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as connection:
        for name, query in _TABLES.items():
            connection.execute(f"COPY ({query}) TO '{folder / name}'")
    return folder
