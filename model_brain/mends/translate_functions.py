"""Reads SQL as another engine's where it calls functions that Athena lacks."""

from functools import cache

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from sql_guard.check_nodes import check_nodes
from sql_guard.rules import GuardRules, load_rules
from sql_guard.syntax_nodes import group_by_kind

_ENGINES = ("mysql", "sqlite", "duckdb", "spark", "bigquery", "snowflake", "tsql", "postgres")


def translate_functions(sql: str) -> str | None:
    """Returns Athena SQL, read as of the first engine that makes it pass; None where none does."""
    rules = _rules()
    translations = (_translate(sql, engine) for engine in _ENGINES)
    return next((t for t in translations if t is not None and _is_allowed(t, rules)), None)


@cache
def _rules() -> GuardRules:
    return load_rules()


def _translate(sql: str, engine: str) -> str | None:
    try:
        trees = sqlglot.parse(sql, read=engine)
        if len(trees) != 1 or not isinstance(trees[0], exp.Query):
            return None
        return trees[0].sql(dialect="athena")
    except SqlglotError:
        return None


def _is_allowed(sql: str, rules: GuardRules) -> bool:
    try:
        tree = sqlglot.parse_one(sql, read="athena")
    except SqlglotError:
        return False
    return not check_nodes(group_by_kind(tree.walk()), sql, rules)
