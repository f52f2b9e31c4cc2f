"""Names of the result's columns as the statement spells them."""

from sqlglot import exp


def read_output_names(tree: exp.Expr) -> list[str]:
    """Returns the aliases of the outermost query's columns; empty where there is none."""
    query = tree.unnest()
    if not isinstance(query, exp.Query) or query.is_star:
        return []
    return [projection.alias for projection in query.selects]


def restore_output_names(tree: exp.Query, names: list[str]) -> None:
    """Gives the outputs their spelling back, which qualification puts in lower case."""
    if len(names) != len(tree.selects):
        return
    for projection, name in zip(tree.selects, names, strict=True):
        if isinstance(projection, exp.Alias) and projection.alias == name.lower() != name:
            projection.set("alias", exp.to_identifier(name, quoted=True))
