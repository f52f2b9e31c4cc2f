"""Types of an engine's columns as Athena's SQL names them."""

from typing import Any

from sqlalchemy import types
from sqlalchemy.types import TypeEngine

_PLAIN: tuple[tuple[type[TypeEngine[Any]], str], ...] = (
    (types.Boolean, "boolean"),
    (types.SmallInteger, "smallint"),
    (types.BigInteger, "bigint"),
    (types.Integer, "integer"),
    (types.REAL, "real"),
    (types.Float, "double"),
    (types.Date, "date"),
    (types.Time, "time(6)"),
    (types.LargeBinary, "varbinary"),
    (types.Interval, "interval day to second"),
)
_MOST_DIGITS = 38


def athena_type_of(kind: TypeEngine[Any]) -> str:
    """Returns the Athena type; a type that Athena lacks becomes `varchar`."""
    if isinstance(kind, types.ARRAY):
        return f"array({athena_type_of(kind.item_type)})"
    if isinstance(kind, types.TIMESTAMP | types.DateTime):
        return "timestamp(6) with time zone" if kind.timezone else "timestamp(6)"
    if isinstance(kind, types.Numeric) and not isinstance(kind, types.Float):
        return _decimal(kind)
    return next((name for plain, name in _PLAIN if isinstance(kind, plain)), "varchar")


def _decimal(kind: types.Numeric[Any]) -> str:
    if kind.precision is None or kind.precision > _MOST_DIGITS:
        return "double"
    return f"decimal({kind.precision},{kind.scale or 0})"
