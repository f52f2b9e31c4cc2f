"""Column names of results, as Athena gives them."""

from sqlglot import exp


def name_projections(tree: exp.Expr) -> None:
    """Names every unnamed expression of a SELECT list `_col0`, `_col1` ... by its place."""
    for select in tree.find_all(exp.Select):
        named = [_named(node, place) for place, node in enumerate(select.expressions)]
        select.set("expressions", named)


def remember_using(tree: exp.Expr) -> None:
    """Keeps the columns of every USING, which qualifying replaces by a condition."""
    for join in tree.find_all(exp.Join):
        if join.args.get("using"):
            join.meta["using"] = [column.copy() for column in join.args["using"]]


def restore_using(tree: exp.Expr) -> None:
    """Puts every USING back: `SELECT *` then has its columns once."""
    for join in tree.find_all(exp.Join):
        if "using" in join.meta:
            join.set("on", None)
            join.set("using", join.meta["using"])


def joined_columns_first(node: exp.Expr) -> exp.Expr:
    """`SELECT *` of a join USING columns begins with them, the last join's first."""
    if not isinstance(node, exp.Select) or not any(map(_is_plain_star, node.expressions)):
        return node
    first = {
        column.name.lower(): column.name
        for join in reversed(node.args.get("joins") or [])
        for column in join.args.get("using") or []
    }
    if first:
        rest = exp.Star(except_=[exp.to_identifier(name) for name in first.values()])
        columns = [exp.column(name) for name in first.values()]
        node.set(
            "expressions",
            [
                part
                for item in node.expressions
                for part in ([*columns, rest] if _is_plain_star(item) else [item])
            ],
        )
    return node


def _is_plain_star(node: exp.Expr) -> bool:
    return isinstance(node, exp.Star) and not node.args.get("except_")


def hide_positions(tree: exp.Expr) -> None:
    """Hides `ORDER BY 3` of a `SELECT *`, where qualifying would count the star as one column."""
    for ordered in tree.find_all(exp.Ordered):
        select = ordered.find_ancestor(exp.Select)
        if select is not None and select.is_star and ordered.this.is_int:
            ordered.meta["position"] = ordered.this.copy()
            ordered.set("this", exp.null())


def restore_positions(tree: exp.Expr) -> None:
    """Puts the hidden positions back."""
    for ordered in tree.find_all(exp.Ordered):
        if "position" in ordered.meta:
            ordered.set("this", ordered.meta["position"])


def drop_implied_alias(node: exp.Expr) -> exp.Expr:
    """`c AS c` is `c`: DuckDB then says what is wrong with a name that does not exist."""
    if isinstance(node, exp.Alias) and isinstance(node.this, exp.Column):
        column = node.this
        return column if column.name.lower() == node.alias.lower() else node
    return node


def _named(node: exp.Expr, place: int) -> exp.Expr:
    has_name = isinstance(node, exp.Alias | exp.Aliases | exp.Column | exp.Star | exp.Dot)
    return node if has_name else exp.alias_(node, f"_col{place}", copy=False)
