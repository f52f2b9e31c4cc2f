"""Columns of VALUES and of set operations whose rows have numbers of several types.

The typed tree takes one row's type for the column's, so the rows are cast to one that holds all.
"""

from collections.abc import Iterator, Sequence

from sqlglot import exp

from warehouse.athena_to_duckdb.value_types import FLOATS, INTEGERS, TYPE, common_type

_NUMBERS = (*INTEGERS, *FLOATS, TYPE.DECIMAL)


def align_columns(tree: exp.Expr) -> bool:
    """Adds the casts; returns True where there was one to add, and types have to be found anew."""
    columns = [*_columns_of_values(tree), *_columns_of_sets(tree)]
    added = sum(map(_align, columns))
    return added > 0


def _columns_of_values(tree: exp.Expr) -> Iterator[Sequence[exp.Expr]]:
    for values in tree.find_all(exp.Values):
        rows = [row.expressions for row in values.expressions if isinstance(row, exp.Tuple)]
        yield from zip(*rows, strict=False)


def _columns_of_sets(tree: exp.Expr) -> Iterator[Sequence[exp.Expr]]:
    for operation in tree.find_all(exp.SetOperation):
        if isinstance(operation.parent, exp.SetOperation):
            continue
        sides = list(_sides(operation))
        if all(isinstance(side, exp.Select) and not side.is_star for side in sides):
            yield from zip(*(side.expressions for side in sides), strict=False)


def _sides(query: exp.Expr) -> Iterator[exp.Expr]:
    plain = query.unnest()
    if isinstance(plain, exp.SetOperation):
        yield from _sides(plain.this)
        yield from _sides(plain.expression)
    else:
        yield plain


def _align(column: Sequence[exp.Expr]) -> bool:
    values = [cell.unalias() for cell in column]
    known = [value for value in values if not isinstance(value, exp.Null)]
    if not all(value.is_type(*_NUMBERS) for value in known):
        return False
    wanted = common_type(known)
    if wanted is None:
        return False
    differing = [value for value in known if value.type != wanted]
    for value in differing:
        value.replace(exp.cast(value.copy(), wanted.copy()))
    return bool(differing)
