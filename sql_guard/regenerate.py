"""SQL from the checked tree: the only text that may run."""

from sqlglot import exp
from sqlglot.errors import ErrorLevel, SqlglotError

from sql_guard.allowed_schema import AllowedSchema
from sql_guard.column_schema import DIALECT
from sql_guard.query_views import QueryView
from sql_guard.rejection import reject
from sql_guard.syntax_nodes import nodes_of


def regenerate_sql(tree: exp.Query, views: list[QueryView], schema: AllowedSchema) -> str:
    """Returns Athena SQL with every name quoted; tables of the default database go without it."""
    _rename_shadowing_queries(views, schema)
    for table in tree.find_all(exp.Table):
        if table.db == schema.database:
            table.set("db", None)
    try:
        return tree.sql(
            DIALECT,
            identify=True,
            pretty=True,
            comments=False,
            copy=False,
            unsupported_level=ErrorLevel.RAISE,
        )
    except SqlglotError as error:
        raise reject(
            "syntax_not_allowed",
            "The statement uses syntax that cannot be written as Athena SQL.",
            str(error)[:200],
        ) from error


def _rename_shadowing_queries(views: list[QueryView], schema: AllowedSchema) -> None:
    """Gives a CTE named like a table another name: no engine shall take one for the other."""
    taken = {name for _, name in schema.tables}
    ctes = [cte for view in views for cte in nodes_of(view.body, exp.CTE)]
    shadowing = {cte.alias for cte in ctes} & taken
    if not shadowing:
        return
    names = taken | {cte.alias for cte in ctes}
    new_names = {name: _free_name(name, names) for name in shadowing}
    for view in views:
        for alias, source in view.sources.items():
            node = view.nodes[alias]
            if not isinstance(source, QueryView) or not isinstance(node, exp.Table):
                continue
            if node.name in new_names:
                node.set("this", exp.to_identifier(new_names[node.name], quoted=True))
    for cte in ctes:
        if cte.alias in new_names:
            cte.args["alias"].set("this", exp.to_identifier(new_names[cte.alias], quoted=True))


def _free_name(name: str, names: set[str]) -> str:
    number = 1
    while f"{name}_{number}" in names:
        number += 1
    names.add(f"{name}_{number}")
    return f"{name}_{number}"
