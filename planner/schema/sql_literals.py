"""Names, values and comparisons as SQL trees, quoted and typed so that engines need not guess."""

import re
from datetime import date

from sqlglot import exp

from domain.column_type import TypeFamily
from domain.dictionary import Cell
from domain.plan import Operator
from planner.language.lexicon import load_lexicon

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
COMPARISONS: dict[Operator, type[exp.Binary]] = {
    Operator.EQUAL: exp.EQ,
    Operator.NOT_EQUAL: exp.NEQ,
    Operator.LESS: exp.LT,
    Operator.LESS_OR_EQUAL: exp.LTE,
    Operator.GREATER: exp.GT,
    Operator.GREATER_OR_EQUAL: exp.GTE,
}


def identifier(name: str) -> exp.Identifier:
    """Returns an identifier, quoted only where Athena needs it."""
    plain = _PLAIN.match(name) is not None and name.lower() not in load_lexicon().reserved
    return exp.to_identifier(name, quoted=not plain)


def to_double(value: exp.Expr) -> exp.Expr:
    """Returns the value as DOUBLE: integer division would truncate."""
    return exp.Cast(this=value, to=exp.DataType.build("double"))


def moment(day: date, kind: str) -> exp.Expr:
    """Returns the start of a day as a `date` or a `timestamp`."""
    text = f"{day.isoformat()} 00:00:00" if kind == "timestamp" else day.isoformat()
    return exp.Cast(this=exp.Literal.string(text), to=exp.DataType.build(kind))


def literal(value: Cell) -> exp.Expr:
    """Returns a value as SQL."""
    if value is None:
        return exp.Null()
    if isinstance(value, bool):
        return exp.Boolean(this=value)
    if isinstance(value, int | float):
        return exp.Literal.number(value)
    return exp.Literal.string(value)


def typed_literal(value: Cell, family: TypeFamily) -> exp.Expr:
    """Returns a value as SQL of the column's type, so that engines need not guess."""
    if family.is_temporal and isinstance(value, str):
        kind = "timestamp" if family is TypeFamily.TIMESTAMP else "date"
        return exp.Cast(this=exp.Literal.string(value), to=exp.DataType.build(kind))
    if family.is_numeric and isinstance(value, str):
        return exp.TryCast(this=exp.Literal.string(value), to=exp.DataType.build("double"))
    if family is TypeFamily.BOOLEAN and not isinstance(value, bool):
        return exp.Boolean(this=str(value).lower() in ("1", "true", "t", "yes", "y"))
    return literal(value)


def compare(operator: Operator, left: exp.Expr, values: list[exp.Expr]) -> exp.Expr:
    """Returns the comparison of an expression with as many values as the operator takes."""
    if operator in COMPARISONS:
        return COMPARISONS[operator](this=left, expression=values[0])
    if operator in (Operator.BETWEEN, Operator.NOT_BETWEEN):
        between = exp.Between(this=left, low=values[0], high=values[1])
        return exp.Not(this=between) if operator is Operator.NOT_BETWEEN else between
    if operator in (Operator.IN, Operator.NOT_IN):
        found = exp.In(this=left, expressions=values)
        return exp.Not(this=found) if operator is Operator.NOT_IN else found
    is_null = exp.Is(this=left, expression=exp.Null())
    return exp.Not(this=is_null) if operator is Operator.IS_NOT_NULL else is_null


def are_numbers(values: tuple[Cell, ...]) -> bool:
    """True where every value is a number, and there is one."""
    return bool(values) and all(
        isinstance(v, int | float) and not isinstance(v, bool) for v in values
    )
