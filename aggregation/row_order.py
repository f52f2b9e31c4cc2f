"""Puts rows that a statement leaves in any order into one order: asked again, nothing moves."""

from collections.abc import Iterable, Sequence
from itertools import groupby

from sqlglot import exp
from sqlglot.optimizer.scope import Scope

from aggregation.calendar_bucket import calendar_rank
from aggregation.cell import cell_of
from aggregation.typed_rows import Row
from domain.result_table import Value
from domain.summary import MAXIMUM_ROWS


def settle_order(scope: Scope | None, rows: Iterable[Row]) -> list[Row]:
    """Returns the rows sorted where the statement says nothing: all, or those that tie.

    Engines answer ties as their threads finish. Rows stay as they came where the statement
    cannot be read, or sorts by something that it does not show, and where they are so many that
    they are merged: that comes to the same in any order.
    """
    settled = list(rows)
    if scope is None or len(settled) > MAXIMUM_ROWS:
        return settled
    ordered = scope.expression.args.get("order")
    keys = _shown_keys(scope.expression, ordered.expressions if ordered else ())
    if keys is None:
        return settled
    ties = groupby(settled, key=lambda row: [cell_of(row[key]) for key in keys])
    return [row for _, tied in ties for row in sorted(tied, key=_rank)]


def _shown_keys(statement: exp.Expr, ordered: Sequence[exp.Expr]) -> list[int] | None:
    """Returns the positions of the outputs sorted by; None where one of them is not shown."""
    selects = statement.selects if isinstance(statement, exp.Query) else []
    names = {select.alias_or_name: position for position, select in enumerate(selects)}
    values = {select.unalias(): position for position, select in enumerate(selects)}
    keys: list[int] = []
    for key in ordered:
        value = key.this
        position = values.get(value)
        if position is None and isinstance(value, exp.Column):
            position = names.get(value.name)
        if position is None:
            return None
        keys.append(position)
    return keys


def _rank(row: Row) -> list[tuple[tuple[bool, str, float], str]]:
    return [(calendar_rank(value), _text(value)) for value in row]


def _text(value: Value) -> str:
    return str(cell_of(value))
