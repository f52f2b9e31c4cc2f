"""Row policies: every scan of a table sees the caller's rows only."""

from collections.abc import Mapping

from sqlglot import exp

from sql_guard.allowed_schema import AllowedTable
from sql_guard.query_views import QueryView, tables_of


def apply_row_policies(views: list[QueryView], attributes: Mapping[str, str]) -> None:
    """Puts each scan of a table with a row policy into a filtered subquery, in place.

    A caller without the attribute sees no row. A scan that is filtered already stays as it is.
    """
    for view in views:
        for alias, table in tables_of(view):
            if table.row_policies:
                node = view.nodes[alias]
                conditions = _conditions(table, node.name, attributes)
                if not _is_filtered(view, alias, conditions):
                    node.replace(_filtered_scan(node, alias, table, conditions))


def _conditions(table: AllowedTable, alias: str, attributes: Mapping[str, str]) -> list[exp.Expr]:
    conditions: list[exp.Expr] = []
    for policy in table.row_policies:
        value = attributes.get(policy.attribute)
        if value is None:
            conditions.append(exp.Boolean(this=False))
            continue
        column = exp.column(policy.column.lower(), table=alias, quoted=True)
        text = exp.cast(column, "VARCHAR", dialect="trino")
        conditions.append(exp.EQ(this=text, expression=exp.Literal.string(value)))
    return conditions


def _filtered_scan(
    node: exp.Expr, alias: str, table: AllowedTable, conditions: list[exp.Expr]
) -> exp.Subquery:
    scan = exp.Table(this=node.this.copy(), db=node.args.get("db"))
    scan.set("alias", exp.TableAlias(this=exp.to_identifier(node.name, quoted=True)))
    columns = [
        exp.alias_(exp.column(name, table=node.name, quoted=True), name, quoted=True)
        for name in table.visible_columns
    ]
    query = exp.select(*columns).from_(scan, copy=False)
    query.set("where", exp.Where(this=exp.and_(*conditions, copy=False)))
    return exp.Subquery(
        this=query, alias=exp.TableAlias(this=exp.to_identifier(alias, quoted=True))
    )


def _is_filtered(view: QueryView, alias: str, conditions: list[exp.Expr]) -> bool:
    """A query over this scan alone whose WHERE demands every condition needs no other filter."""
    select = view.select
    where = select.args.get("where") if select is not None else None
    if where is None or len(view.sources) != 1:
        return False
    condition = where.this
    demanded = list(condition.flatten()) if isinstance(condition, exp.And) else [condition]
    return all(wanted in demanded for wanted in conditions)
