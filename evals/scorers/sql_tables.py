"""Which tables a statement reads."""

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError


def tables_read(sql: str, dialect: str) -> frozenset[str]:
    """Returns the tables that a statement names, in lower case, CTE names left out.

    None are known of a statement that only its own engine can parse.
    """
    try:
        tree = sqlglot.parse_one(sql, dialect=dialect)
    except SqlglotError:
        return frozenset()
    ctes = {cte.alias.lower() for cte in tree.find_all(exp.CTE)}
    return frozenset({table.name.lower() for table in tree.find_all(exp.Table)} - ctes)
