"""VALUES: names that a CTE gives to its columns, and rows written as ROW(...)."""

from sqlglot import exp

from warehouse.athena_to_duckdb.value_types import TYPE
from warehouse.query_errors import refusal


def prepare_values(tree: exp.Expr) -> None:
    """Changes every VALUES so that its columns have names, and a row's parts are columns."""
    for values in tree.find_all(exp.Values):
        values.set("expressions", [_row(row) for row in values.expressions])
    for cte in tree.find_all(exp.CTE):
        _name_columns(cte)


def _row(row: exp.Expr) -> exp.Expr:
    """`VALUES ROW(1, 2)` has two columns; a computed row would have as many as its fields."""
    if not isinstance(row, exp.Tuple) or len(row.expressions) != 1:
        return row
    only = row.expressions[0].unnest()
    if isinstance(only, exp.Struct):
        return exp.Tuple(expressions=only.expressions)
    if isinstance(only, exp.Cast) and only.to.is_type(TYPE.STRUCT):
        raise refusal("VALUES of rows that are computed")
    return row


def _name_columns(cte: exp.CTE) -> None:
    """`WITH t (a) AS (VALUES 1)`: qualifying names the columns of a SELECT, but not of VALUES."""
    alias = cte.args.get("alias")
    if alias is None:
        return
    names = alias.args.get("columns")
    query = cte.this
    source = query.args.get("from_") if isinstance(query, exp.Select) else None
    if not names or source is None or not query.is_star or query.args.get("joins"):
        return
    values = source.this
    if isinstance(values, exp.Values) and not values.alias_column_names:
        values.args["alias"].set("columns", [name.copy() for name in names])
        query.set("expressions", [exp.column(name.copy()) for name in names])
        alias.set("columns", None)
