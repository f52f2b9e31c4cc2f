"""Random analytical SQL over the shop: joins, CTEs, set operations, windows, subqueries."""

from random import Random

_NUMBERS = {
    "orders": ["order_id", "customer_id", "store_id", "total"],
    "order_items": ["order_id", "product_id", "quantity", "unit_price"],
    "products": ["product_id", "price"],
    "stores": ["store_id"],
    "sessions": ["session_id", "customer_id", "seconds"],
}
_LABELS = {
    "orders": ["status", "channel", "order_date"],
    "order_items": ["returned", "product_id"],
    "products": ["category", "brand"],
    "stores": ["city", "name"],
    "sessions": ["device", "day"],
}
_KEYS = {
    ("orders", "order_items"): "order_id",
    ("orders", "stores"): "store_id",
    ("orders", "sessions"): "customer_id",
    ("order_items", "products"): "product_id",
    ("order_items", "orders"): "order_id",
    ("stores", "orders"): "store_id",
    ("products", "order_items"): "product_id",
    ("sessions", "orders"): "customer_id",
}
_AGGREGATES = ["count(*)", "count(DISTINCT {})", "sum({})", "min({})", "max({})", "count({})"]


class QueryMaker:
    """Makes statements whose result does not depend on the order of rows."""

    def __init__(self, random: Random) -> None:
        self._random = random

    def statement(self) -> str:
        """Returns one statement."""
        shape = self._random.choice(
            [
                self._groups, self._groups, self._total, self._rows, self._cte, self._shadowing,
                self._set_operation, self._window, self._nested, self._scalar, self._lateral,
            ]
        )  # fmt: skip
        return shape()

    def _table(self) -> str:
        return self._random.choice(list(_NUMBERS))

    def _from(self) -> tuple[str, dict[str, str]]:
        """Returns a FROM clause and its aliases with their tables."""
        table = self._table()
        alias, aliases = "a", {"a": table}
        clause = f"{self._relation(table)} {alias}"
        partners = [other for first, other in _KEYS if first == table]
        if self._random.random() < 0.6:
            partner = self._random.choice(partners)
            key = _KEYS[table, partner]
            kind = self._random.choice(["JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN", ","])
            right = f"{self._relation(partner)} b"
            aliases["b"] = partner
            if kind == ",":
                return f"{clause}, {right} WHERE a.{key} = b.{key}", aliases
            clause = f"{clause} {kind} {right} ON a.{key} = b.{key}"
        return f"{clause} WHERE true", aliases

    def _relation(self, table: str) -> str:
        return self._random.choice(
            [table, table, f"shop.{table}", f"(SELECT * FROM {table})", f'"{table.upper()}"']
        )

    def _number(self, aliases: dict[str, str]) -> str:
        alias = self._random.choice(list(aliases))
        return f"{alias}.{self._random.choice(_NUMBERS[aliases[alias]])}"

    def _label(self, aliases: dict[str, str]) -> str:
        alias = self._random.choice(list(aliases))
        return f"{alias}.{self._random.choice(_LABELS[aliases[alias]])}"

    def _aggregate(self, aliases: dict[str, str]) -> str:
        return self._random.choice(_AGGREGATES).format(self._number(aliases))

    def _condition(self, aliases: dict[str, str]) -> str:
        number = self._number(aliases)
        alias = self._random.choice(list(aliases))
        table = aliases[alias]
        partner = self._random.choice([other for first, other in _KEYS if first == table])
        key = _KEYS[table, partner]
        return self._random.choice(
            [
                "true",
                f"{number} > {self._random.randint(0, 60)}",
                f"{number} IS NOT NULL AND NOT {number} = 7",
                f"{number} BETWEEN 2 AND {self._random.randint(3, 90)}",
                f"{alias}.{key} IN (SELECT {key} FROM {partner})",
                f"{alias}.{key} NOT IN (SELECT {key} FROM {partner} WHERE {key} IS NOT NULL)",
                f"EXISTS (SELECT 1 FROM {partner} z WHERE z.{key} = {alias}.{key})",
                f"NOT EXISTS (SELECT * FROM {partner} z WHERE z.{key} = {alias}.{key})",
                f"{number} >= (SELECT avg({_NUMBERS[partner][0]}) FROM {partner})",
                f"(SELECT count(*) FROM {partner} z WHERE z.{key} = {alias}.{key}) > 1",
            ]
        )

    def _groups(self) -> str:
        source, aliases = self._from()
        label = self._label(aliases)
        having = f" HAVING count(*) > {self._random.randint(0, 3)}" * self._random.randint(0, 1)
        position = self._random.choice(["1", label])
        return (
            f"SELECT {label} AS label, {self._aggregate(aliases)} AS x, {self._aggregate(aliases)} "
            f"FROM {source} AND {self._condition(aliases)} GROUP BY {position}{having}"
        )

    def _total(self) -> str:
        source, aliases = self._from()
        return (
            f"SELECT {self._aggregate(aliases)} AS x, {self._aggregate(aliases)} AS y "
            f"FROM {source} AND {self._condition(aliases)}"
        )

    def _rows(self) -> str:
        source, aliases = self._from()
        distinct = self._random.choice(["", "DISTINCT "])
        return (
            f"SELECT {distinct}{self._label(aliases)}, {self._number(aliases)} AS n "
            f"FROM {source} AND {self._condition(aliases)} ORDER BY 2, 1"
        )

    def _cte(self) -> str:
        source, aliases = self._from()
        inner = f"SELECT {self._label(aliases)} AS l, {self._number(aliases)} AS n FROM {source}"
        return (
            f"WITH c AS ({inner}), d AS (SELECT l, sum(n) AS s FROM c GROUP BY l) "
            "SELECT c.l, count(*), max(d.s) FROM c LEFT JOIN d ON c.l = d.l GROUP BY c.l"
        )

    def _shadowing(self) -> str:
        table = self._table()
        number = self._random.choice(_NUMBERS[table])
        return (
            f"WITH {table} AS (SELECT * FROM {table} WHERE {number} > 3) "
            f"SELECT count(*), sum({number}) FROM {table}"
        )

    def _set_operation(self) -> str:
        operator = self._random.choice(["UNION", "UNION ALL", "INTERSECT", "EXCEPT"])
        first, second = self._table(), self._table()
        left = f"SELECT {_NUMBERS[first][0]} AS n FROM {first}"
        right = f"SELECT {_NUMBERS[second][0]} FROM {second}"
        if self._random.random() < 0.5:
            return f"SELECT count(*), sum(n) FROM ({left} {operator} {right}) AS u"
        return f"{left} {operator} {right}"

    def _window(self) -> str:
        source, aliases = self._from()
        label, number = self._label(aliases), self._number(aliases)
        function = self._random.choice(
            [f"sum({number})", "count(*)", f"max({number})", f"avg(CAST({number} AS double))"]
        )
        return (
            f"SELECT {label} AS l, {number} AS n, {function} OVER (PARTITION BY {label}) AS w "
            f"FROM {source} AND {self._condition(aliases)}"
        )

    def _nested(self) -> str:
        source, aliases = self._from()
        return (
            "SELECT count(*), sum(x), max(l) FROM (SELECT q.l, q.x FROM ("
            f"SELECT {self._label(aliases)} AS l, {self._aggregate(aliases)} AS x FROM {source} "
            "GROUP BY 1) AS q WHERE q.x IS NOT NULL) AS r"
        )

    def _scalar(self) -> str:
        table, partner = self._random.choice(list(_KEYS))
        key = _KEYS[table, partner]
        return (
            f"SELECT a.{_LABELS[table][0]} AS l, "
            f"(SELECT count(*) FROM {partner} b WHERE b.{key} = a.{key}) AS n, "
            f"(SELECT max({key}) FROM {partner}) AS m FROM {table} a"
        )

    def _lateral(self) -> str:
        table, partner = self._random.choice(list(_KEYS))
        key = _KEYS[table, partner]
        return (
            f"SELECT sum(x.n), count(*) FROM {table} a CROSS JOIN LATERAL "
            f"(SELECT count(*) AS n FROM {partner} b WHERE b.{key} = a.{key}) x"
        )
