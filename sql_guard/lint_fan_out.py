"""Warns where a join repeats rows that are then summed."""

from collections.abc import Iterable

from sqlglot import exp

from domain.dictionary import Relationship
from domain.verdict import Violation
from sql_guard.query_views import QueryView, tables_of

_REPEATED = (exp.Sum, exp.Avg, exp.Count)


def lint_fan_out(views: list[QueryView], relationships: Iterable[Relationship]) -> list[Violation]:
    """Returns a warning for each sum over rows that a one-to-many join repeats."""
    parents = {(r.child_table.lower(), r.parent_table.lower()) for r in relationships}
    if not parents:
        return []
    warnings = [
        warning for view in views if len(view.sources) > 1 for warning in _lint(view, parents)
    ]
    return list(dict.fromkeys(warnings))


def _lint(view: QueryView, parents: set[tuple[str, str]]) -> Iterable[Violation]:
    tables = {alias: table.id[1] for alias, table in tables_of(view)}
    for use in view.columns:
        alias = use.node.text("table")
        aggregate = use.node.find_ancestor(*_REPEATED, exp.Select)
        if alias not in tables or not isinstance(aggregate, _REPEATED):
            continue
        if isinstance(aggregate.this, exp.Distinct):
            continue
        repeating = _repeating_table(alias, tables, parents)
        if repeating:
            yield Violation(
                rule="fan_out",
                message=f"{tables[alias]}.{use.name} is summed after a join that repeats its rows "
                f"once for each row of {repeating}.",
                hint=f"Aggregate {repeating} in a subquery before joining it to {tables[alias]}.",
            )


def _repeating_table(
    alias: str, tables: dict[str, str], parents: set[tuple[str, str]]
) -> str | None:
    """Returns a table of which many rows meet one row of the alias, or None."""
    own = tables[alias]
    others = [table for other, table in tables.items() if other != alias]
    for other in others:
        if (other, own) in parents:
            return other
        shared = {parent for child, parent in parents if child == own} & set(others)
        if any((other, parent) in parents for parent in shared) and other not in shared:
            return other
    return None
