"""A small shop that the guard's tests are about."""

from domain.catalog import Catalog, ColumnSchema, TableSchema
from domain.policy import Policy
from sql_guard.guard import Guard

TABLES: dict[str, dict[str, str]] = {
    "orders": {
        "order_id": "bigint",
        "customer_id": "bigint",
        "store_id": "bigint",
        "status": "varchar",
        "channel": "varchar",
        "total": "decimal(12,2)",
        "discount": "double",
        "created_at": "timestamp(6)",
        "order_date": "date",
        "tags": "array(varchar)",
        "attributes": "map(varchar,varchar)",
        "payload": "varchar",
    },
    "order_items": {
        "order_id": "bigint",
        "product_id": "bigint",
        "quantity": "integer",
        "unit_price": "decimal(12,2)",
        "returned": "boolean",
    },
    "products": {
        "product_id": "bigint",
        "name": "varchar",
        "category": "varchar",
        "brand": "varchar",
        "price": "decimal(12,2)",
        "launched_on": "date",
    },
    "stores": {"store_id": "bigint", "name": "varchar", "city": "varchar", "opened_on": "date"},
    "customers": {
        "customer_id": "bigint",
        "full_name": "varchar",
        "email": "varchar",
        "phone": "varchar",
        "address": "row(street varchar, city varchar)",
        "city": "varchar",
        "segment": "varchar",
        "age": "integer",
        "signup_date": "date",
    },
    "sessions": {
        "session_id": "bigint",
        "customer_id": "bigint",
        "device": "varchar",
        "seconds": "bigint",
        "started_at": "timestamp(6)",
        "day": "date",
    },
}
DENIED = frozenset({"full_name", "email", "phone", "address"})


def catalog() -> Catalog:
    """The shop's tables; sessions are partitioned by day."""
    return Catalog(
        database="shop",
        tables=tuple(
            TableSchema(
                name=table,
                columns=tuple(
                    ColumnSchema(
                        name=name, type=type_, is_partition=(table, name) == ("sessions", "day")
                    )
                    for name, type_ in columns.items()
                ),
            )
            for table, columns in TABLES.items()
        ),
    )


def policy(**changes: object) -> Policy:
    """Customers hold personal data; sessions are about customers, by their key."""
    settings = {
        "denied_columns": {"customers": DENIED},
        "person_keys": {"customers": "customer_id", "sessions": "customer_id"},
        **changes,
    }
    return Policy.model_validate(settings)


def guard() -> Guard:
    """The guard that most tests ask."""
    return Guard(catalog(), policy())
