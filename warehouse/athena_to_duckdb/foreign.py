"""What DuckDB understands and Trino does not: refused, so that it fails here as it would there."""

from collections.abc import Collection, Iterator

from sqlglot import exp

from domain.errors import RepairableError

_NODES: dict[type[exp.Expr], str] = {
    exp.Median: "median()",
    exp.First: "first()",
    exp.Last: "last()",
    exp.EndsWith: "ends_with()",
    exp.ILike: "ILIKE",
    exp.BitLength: "bit_length()",
    exp.Quantile: "quantile()",
    exp.PercentileCont: "percentile_cont()",
    exp.PercentileDisc: "percentile_disc()",
    exp.Monthname: "monthname()",
    exp.Dayname: "dayname()",
}
_FUNCTIONS = frozenset({
    "date_part", "date_sub", "datesub", "divide", "isinf", "isfinite", "list_extract",
    "quantile_disc", "regexp_matches", "strftime", "string_split",
})  # fmt: skip
"""DuckDB's own, which the rewrites write."""
_GIVEN = "given_aliases"
_CLAUSES = ("where", "group", "having", "expressions")


def remember_aliases(tree: exp.Expr) -> None:
    """Marks the names that the statement itself gives, before any is added."""
    for select in tree.find_all(exp.Select):
        select.meta[_GIVEN] = frozenset(
            item.alias.lower()
            for item in select.expressions
            if isinstance(item, exp.Alias) and item.alias.lower() != item.this.name.lower()
        )


def check_names(tree: exp.Expr, tables: Collection[str]) -> None:
    """Raises RepairableError for a function, a form or a name that Trino does not know.

    Needs `remember_aliases` and `qualify` to have run: a column of one of the `tables` has its
    table's name by then.
    """
    known = {name.lower() for name in tables} - {
        cte.alias.lower() for cte in tree.find_all(exp.CTE)
    }
    for node in tree.walk():
        construct = _NODES.get(type(node)) or _foreign(node)
        if construct:
            raise RepairableError(f"Athena does not know {construct}.", rule="unknown_function")
        if isinstance(node, exp.Select):
            _check_order(node)
            if _reads_only(node, known):
                _check_aliases(node)


def _foreign(node: exp.Expr) -> str:
    if isinstance(node, exp.Anonymous) and node.name.lower() in _FUNCTIONS:
        return f"{node.name.lower()}()"
    if isinstance(node, exp.Group) and node.args.get("all"):
        return "GROUP BY ALL"
    if isinstance(node, exp.Star) and (node.args.get("except_") or node.args.get("replace")):
        return "* EXCLUDE"
    if isinstance(node, exp.Count) and isinstance(node.this, exp.Distinct):
        return "count(DISTINCT a, b)" if len(node.this.expressions) > 1 else ""
    return ""


def _reads_only(select: exp.Select, tables: Collection[str]) -> bool:
    """True where every source is a known table: a subquery's columns may not be known."""
    sources = [select.args.get("from_"), *select.args.get("joins", [])]
    names = [source.this for source in sources if source is not None]
    is_plain = all(isinstance(name, exp.Table) and name.name.lower() in tables for name in names)
    return is_plain and not select.args.get("laterals")


def _check_aliases(select: exp.Select) -> None:
    """Raises where a clause other than ORDER BY reads a name that SELECT gives."""
    given = select.meta.get(_GIVEN, frozenset())
    for clause in _CLAUSES:
        part = select.args.get(clause)
        for root in part if isinstance(part, list) else [part]:
            for column in _own_columns(root):
                if column.name.lower() in given:
                    raise RepairableError(
                        f"Column '{column.name}' cannot be resolved.",
                        hint="Only ORDER BY may use a name that SELECT gives: repeat the "
                        "expression, or GROUP BY its position.",
                        rule="unknown_column",
                    )


def _check_order(select: exp.Select) -> None:
    """Raises where DISTINCT rows are ordered by what they do not hold."""
    order = select.args.get("order")
    if order is None or not select.args.get("distinct") or select.is_star:
        return
    held = {item.unalias().sql() for item in select.expressions}
    names = {item.alias_or_name.lower() for item in select.expressions}
    for ordered in order.expressions:
        key = ordered.this
        is_named = isinstance(key, exp.Column) and key.name.lower() in names
        if not (is_named or key.is_int or key.sql() in held):
            raise RepairableError(
                "For SELECT DISTINCT, ORDER BY expressions must appear in the select list.",
                hint="Put the expression into SELECT, or use GROUP BY.",
                rule="expression_not_in_distinct",
            )


def _own_columns(root: exp.Expr | None) -> Iterator[exp.Column]:
    """Yields the columns without a table, but for those of subqueries and lambdas."""
    if root is None:
        return
    for node in root.walk(prune=lambda found: isinstance(found, exp.Query | exp.Lambda)):
        if isinstance(node, exp.Column) and not node.table:
            yield node
