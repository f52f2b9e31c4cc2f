"""Warns where a partitioned table is read whole."""

from sqlglot import exp

from domain.verdict import Violation
from sql_guard.query_views import QueryView, tables_of


def lint_partitions(views: list[QueryView]) -> list[Violation]:
    """Returns a warning for each scan without a condition on a partition column."""
    warnings = []
    for view in views:
        for alias, table in tables_of(view):
            if table.partition_columns and not _is_pruned(view, alias, table.partition_columns):
                columns = ", ".join(f"`{name}`" for name in sorted(table.partition_columns))
                warnings.append(
                    Violation(
                        rule="partition_filter_missing",
                        message=f"{table.id[1]} is read whole: no condition names its partitions.",
                        hint=f"Filter {table.id[1]} by {columns}.",
                    )
                )
    return list(dict.fromkeys(warnings))


def _is_pruned(view: QueryView, alias: str, partition_columns: frozenset[str]) -> bool:
    return any(
        use.name in partition_columns
        and use.node.text("table") == alias
        and use.node.find_ancestor(exp.Where, exp.Join, exp.Select) is not view.select
        for use in view.columns
    )
