"""Selects over selects: one column a key, and the value that is computed for it."""

from collections.abc import Sequence

from sqlglot import exp

from domain.plan import Dimension
from planner.schema.sql_literals import identifier

VALUE = "value"


def over(inner: exp.Select, keys: int, value: exp.Expr) -> exp.Select:
    """Returns `value` over a select, by its first keys."""
    kept = [computed(key_name(number)) for number in range(keys)]
    select = exp.select(*kept, named(value, VALUE)).from_(derived(inner, "parts"))
    return select.group_by(*(key.copy() for key in kept)) if kept else select


def side_by_side(selects: Sequence[exp.Select], keys: int) -> exp.Select:
    """Returns one select of several with the same keys: `value_1`, `value_2` and so on.

    Rows are put below each other and folded, so that a key of one select alone is kept, and nulls
    among the keys meet.
    """
    kept = [computed(key_name(number)) for number in range(keys)]
    rows: list[exp.Query] = []
    for place, select in enumerate(selects):
        shown = [
            named(computed(VALUE) if other == place else exp.Null(), value_name(other))
            for other in range(len(selects))
        ]
        below = [key.copy() for key in kept]
        rows.append(exp.select(*below, *shown).from_(derived(select, f"part_{place + 1}")))
    stacked = rows[0]
    for row in rows[1:]:
        stacked = exp.union(stacked, row, distinct=False, copy=False)
    values = [
        named(exp.Max(this=computed(value_name(place))), value_name(place))
        for place in range(len(selects))
    ]
    folded = exp.select(*kept, *values).from_(derived(stacked, "parts"))
    return folded.group_by(*(key.copy() for key in kept)) if kept else folded


def flat(dimensions: Sequence[Dimension]) -> tuple[Dimension, ...]:
    """Returns the dimensions, and behind them their keys as dimensions of their own."""
    plain = [dimension.model_copy(update={"keys": ()}) for dimension in dimensions]
    keys = [Dimension(column=key, label=d.label) for d in dimensions for key in d.keys]
    return (*plain, *keys)


def aliased(keys: Sequence[exp.Expr]) -> list[exp.Alias]:
    """Returns the keys under their names."""
    return [named(key, key_name(number)) for number, key in enumerate(keys)]


def named(value: exp.Expr, name: str) -> exp.Alias:
    """Returns a value under a name."""
    return exp.Alias(this=value.copy(), alias=identifier(name))


def key_name(number: int) -> str:
    """Returns what a key is called in every layer."""
    return f"key_{number + 1}"


def value_name(number: int) -> str:
    """Returns what one of several values is called."""
    return f"{VALUE}_{number + 1}"


def computed(name: str, table: str | None = None) -> exp.Column:
    """Returns a column of a select inside."""
    return exp.Column(this=identifier(name), table=identifier(table) if table else None)


def derived(select: exp.Query, alias: str) -> exp.Subquery:
    """Returns a select as a table."""
    return exp.Subquery(this=select, alias=exp.TableAlias(this=identifier(alias)))
