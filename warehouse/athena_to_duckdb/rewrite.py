"""Applies every rewrite to a typed tree."""

from collections.abc import Callable

from sqlglot import exp

from warehouse.athena_to_duckdb import dates, names, numbers, refused, texts

_REWRITES: tuple[Callable[[exp.Expr], exp.Expr], ...] = (
    refused.refuse,
    names.drop_implied_alias,
    numbers.divide,
    numbers.sum_of_integers,
    numbers.average_of_decimals,
    numbers.cast_to_integer,
    numbers.exact_distinct_count,
    numbers.exact_percentile,
    dates.date_arithmetic,
    dates.truncated_date,
    dates.elapsed_units,
    dates.extracted_part,
    texts.cut_cast,
    texts.missing_match,
    texts.missing_part,
    texts.list_separator,
    texts.replacement_groups,
)


def rewrite(tree: exp.Expr) -> exp.Expr:
    """Returns the tree, changed in place so that DuckDB computes what Athena would.

    Needs `annotate_types` to have run. Each node is seen once, its children first.
    """
    for node in reversed(list(tree.walk(bfs=False))):
        parent, key, index = node.parent, node.arg_key, node.index
        replacement = node
        for step in _REWRITES:
            replacement = step(replacement)
        if replacement is not node:
            replacement.parent = None
            replacement.type = replacement.type or node.type
            if parent is None or key is None:
                tree = replacement
            else:
                parent.set(key, replacement, index)
    return tree
