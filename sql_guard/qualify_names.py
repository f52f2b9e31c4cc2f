"""Every table and column by its full name, checked against the allowed schema."""

from sqlglot import exp
from sqlglot.errors import OptimizeError
from sqlglot.optimizer.normalize_identifiers import normalize_identifiers
from sqlglot.optimizer.qualify_columns import qualify_columns
from sqlglot.optimizer.qualify_tables import qualify_tables

from domain.verdict import Violation
from sql_guard.allowed_schema import AllowedSchema
from sql_guard.column_schema import DIALECT
from sql_guard.expand_group_aliases import expand_group_aliases
from sql_guard.rejection import Rejection, reject
from sql_guard.suggest_names import did_you_mean
from sql_guard.syntax_nodes import NodesByKind, nodes_of

_SYSTEM_DATABASES = {"information_schema", "system", "pg_catalog", "sys"}


def qualify_names(
    tree: exp.Query | exp.Values, kinds: NodesByKind, schema: AllowedSchema
) -> exp.Query:
    """Returns the tree with tables and columns qualified and stars written out.

    Raises Rejection where a table is not allowed or a name cannot be resolved.
    """
    tree = _as_select(tree)
    _simplify_exists(kinds)
    normalize_identifiers(tree, dialect=DIALECT)
    _drop_catalog(kinds, schema)
    stored: list[exp.Table] = []
    try:
        tree = qualify_tables(tree, db=schema.database, dialect=DIALECT, on_qualify=stored.append)
        _check_tables(stored, schema)
        tree = qualify_columns(
            tree, schema.columns, expand_alias_refs=False, allow_partial_qualification=True
        )
    except (OptimizeError, AssertionError) as error:
        # sqlglot asserts where a star over a struct meets a position in GROUP BY or ORDER BY.
        raise reject(
            "unresolved_name",
            f"A name in the statement is unclear: {_first_line(error)}.",
            "Give each table an alias of its own and write alias.column everywhere.",
        ) from error
    expand_group_aliases(nodes_of(kinds, exp.Select))
    return tree


def _as_select(tree: exp.Query | exp.Values) -> exp.Query:
    """Puts a bare VALUES or a query in parentheses into FROM, where names can be resolved."""
    if isinstance(tree, exp.Select | exp.SetOperation):
        return tree
    if isinstance(tree, exp.Subquery) and not any(
        tree.args.get(clause) for clause in ("order", "limit", "offset", "joins", "alias", "with_")
    ):
        return _as_select(tree.this)
    select = exp.select("*").from_(tree, copy=False)
    for clause in ("order", "limit", "offset"):
        select.set(clause, tree.args.get(clause))
        tree.set(clause, None)
    tree.set("alias", exp.TableAlias(this=exp.to_identifier("query")))
    return select


def _simplify_exists(kinds: NodesByKind) -> None:
    """EXISTS (SELECT * ...) asks for no column at all."""
    for exists in nodes_of(kinds, exp.Exists):
        query = exists.this
        if isinstance(query, exp.Select) and any(
            isinstance(e, exp.Star) for e in query.expressions
        ):
            query.set("expressions", [exp.Literal.number(1)])


def _drop_catalog(kinds: NodesByKind, schema: AllowedSchema) -> None:
    for node in (*nodes_of(kinds, exp.Table), *nodes_of(kinds, exp.Column)):
        catalog = node.args.get("catalog")
        if catalog is None:
            continue
        if isinstance(node, exp.Table) and catalog.name != schema.catalog:
            raise reject(
                "table_not_allowed",
                f"The catalog {catalog.name[:60]} is not available.",
                "Name tables without a catalog.",
            )
        if catalog.name == schema.catalog:
            node.set("catalog", None)


def _check_tables(stored: list[exp.Table], schema: AllowedSchema) -> None:
    violations = [
        _table_violation(table, schema)
        for table in stored
        if schema.table(table.db, table.name) is None
    ]
    if violations:
        raise Rejection(*dict.fromkeys(violations))


def _table_violation(table: exp.Table, schema: AllowedSchema) -> Violation:
    name = table.name if table.db == schema.database else f"{table.db}.{table.name}"
    if table.db in _SYSTEM_DATABASES or "$" in table.name:
        return Violation(
            rule="system_table",
            message=f"{name[:80]} is a system table; only the data's own tables may be read.",
            hint="Use the tables of the schema you were given.",
        )
    candidates = [
        own if database == schema.database else f"{database}.{own}"
        for database, own in schema.tables
    ]
    return Violation(
        rule="table_not_allowed",
        message=f"There is no table {name[:80]}.",
        hint=f"table `{name[:80]}` not found; {did_you_mean(name, candidates)}",
    )


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0][:200] or "a star over the fields of a column"
