"""Tells results that are rows of the data themselves from results that are groups of rows."""

from collections.abc import Set

from sqlglot import exp
from sqlglot.optimizer.scope import Scope

from aggregation.statement_scope import (
    Source,
    fans_out,
    has_aggregate,
    is_grouped,
    select_of,
    sources_of,
)
from domain.dictionary import Dictionary

_MOST_COLUMNS_OF_VALUES = 3
"""More distinct columns than this hardly ever repeat: the rows themselves in disguise."""


def is_listing(scope: Scope | None, dictionary: Dictionary) -> bool:
    """True where the result's rows are rows of a table; an unresolved statement counts as one."""
    if scope is None:
        return True
    if isinstance(scope.expression, exp.SetOperation):
        return _is_listing_union(scope, scope.expression, dictionary)
    select = select_of(scope)
    if select is None:
        return False
    if is_grouped(select):
        return _is_wide_distinct(select) and _lists_sources(scope, dictionary)
    return _lists_sources(scope, dictionary)


def is_of_persons(scope: Scope | None, dictionary: Dictionary, person_tables: Set[str]) -> bool:
    """True where rows of the result stand for individuals, or may do so."""
    persons = {name.lower() for name in person_tables}
    if not persons:
        return False
    if scope is None:
        return True
    if _shows_person_key(scope, dictionary, persons):
        return True
    return is_listing(scope, dictionary) and any(
        table.name.lower() in persons for table in _row_tables(scope)
    )


def _is_listing_union(scope: Scope, union: exp.SetOperation, dictionary: Dictionary) -> bool:
    if union.args.get("distinct") and len(union.selects) <= _MOST_COLUMNS_OF_VALUES:
        return False
    return any(is_listing(branch, dictionary) for branch in scope.set_operation_scopes)


def _is_wide_distinct(select: exp.Select) -> bool:
    folds = any(map(has_aggregate, select.selects))
    return not folds and len(select.selects) > _MOST_COLUMNS_OF_VALUES


def _lists_sources(scope: Scope, dictionary: Dictionary) -> bool:
    """Groups joined to look-up tables are still groups; anything else with raw rows lists them."""
    sources = sources_of(scope)
    raw = [name for name, source in sources.items() if _is_raw(source, dictionary)]
    if len(raw) < len(sources):
        return any(fans_out(scope, name, dictionary) for name in raw)
    return bool(raw)


def _is_raw(source: Source, dictionary: Dictionary) -> bool:
    return isinstance(source, exp.Table) or is_listing(source, dictionary)


def _row_tables(scope: Scope) -> list[exp.Table]:
    """Returns the tables whose rows reach the result through plain selects."""
    scopes = [*scope.set_operation_scopes]
    tables = []
    for source in sources_of(scope).values():
        if isinstance(source, exp.Table):
            tables.append(source)
        else:
            scopes.append(source)
    return tables + [table for inner in scopes for table in _row_tables(inner)]


def _shows_person_key(scope: Scope, dictionary: Dictionary, persons: set[str]) -> bool:
    if isinstance(scope.expression, exp.SetOperation):
        return any(
            _shows_person_key(branch, dictionary, persons) for branch in scope.set_operation_scopes
        )
    select = select_of(scope)
    if select is None:
        return False
    return any(
        _is_person_key(column, scope, dictionary, persons)
        for projection in select.selects
        if not has_aggregate(projection)
        for column in projection.find_all(exp.Column)
    )


def _is_person_key(
    column: exp.Column, scope: Scope, dictionary: Dictionary, persons: set[str]
) -> bool:
    source = sources_of(scope).get(column.table)
    if isinstance(source, Scope):
        return _inner_shows_key(column.name, source, dictionary, persons)
    if source is None or source.name.lower() not in persons:
        return False
    entry = dictionary.table(source.name)
    key = entry.person_key if entry else None
    return key is not None and key.lower() == column.name.lower()


def _inner_shows_key(name: str, scope: Scope, dictionary: Dictionary, persons: set[str]) -> bool:
    if isinstance(scope.expression, exp.SetOperation):
        return any(
            _inner_shows_key(name, branch, dictionary, persons)
            for branch in scope.set_operation_scopes
        )
    select = select_of(scope)
    projection = (
        next((p for p in select.selects if p.alias_or_name == name), None) if select else None
    )
    if projection is None or has_aggregate(projection):
        return False
    return any(
        _is_person_key(column, scope, dictionary, persons)
        for column in projection.find_all(exp.Column)
    )
