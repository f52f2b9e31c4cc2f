"""Types of values: families, sizes, and the type that holds several."""

from collections.abc import Sequence

from sqlglot import exp

TYPE = exp.DataType.Type
INTEGERS = exp.DataType.INTEGER_TYPES
FLOATS = (TYPE.DOUBLE, TYPE.FLOAT)
TIMES = (TYPE.DATE, TYPE.TIMESTAMP, TYPE.TIMESTAMPTZ, TYPE.TIME, TYPE.TIMETZ)
NESTED = (TYPE.ARRAY, TYPE.LIST, TYPE.STRUCT, TYPE.MAP)

WIDEST = 38
_DIGITS = {TYPE.TINYINT: 3, TYPE.SMALLINT: 5, TYPE.INT: 10, TYPE.BIGINT: 19}


def decimal_type(precision: int, scale: int) -> exp.DataType:
    """Returns DECIMAL(precision, scale), no wider than 38 digits."""
    sizes = [exp.DataTypeParam(this=exp.Literal.number(n)) for n in (min(precision, WIDEST), scale)]
    return exp.DataType(this=TYPE.DECIMAL, expressions=sizes, nested=False)


def decimal_size(node: exp.Expr) -> tuple[int, int] | None:
    """Returns precision and scale of an exact number; None where they are not known."""
    return None if node.type is None else _size(node.type)


def _size(kind: exp.DataType) -> tuple[int, int] | None:
    if kind.this in _DIGITS:
        return _DIGITS[kind.this], 0
    sizes = kind.expressions if kind.is_type(TYPE.DECIMAL) else []
    return (int(sizes[0].name), int(sizes[1].name)) if len(sizes) == 2 else None


def digits_of(node: exp.Expr) -> int | None:
    """Returns the digits of a second's fraction of a timestamp's type; None where not known."""
    sizes = node.type.expressions if node.type is not None else []
    return int(sizes[0].name) if sizes else None


def element_type(node: exp.Expr) -> exp.DataType | None:
    """Returns the type of an array's elements; None where it is not known."""
    if node.is_type(TYPE.ARRAY, TYPE.LIST) and node.type is not None and node.type.expressions:
        first = node.type.expressions[0]
        return first if isinstance(first, exp.DataType) else None
    return None


def may_hold_nan(found: exp.DataType | None) -> bool:
    """Returns True where a value of the type may have a double, or an unknown, inside."""
    if found is None or found.is_type(TYPE.UNKNOWN):
        return True
    if found.is_type(*NESTED) and not found.expressions:
        return True
    return any(part.is_type(*FLOATS, TYPE.UNKNOWN) for part in found.find_all(exp.DataType))


def common_type(values: Sequence[exp.Expr]) -> exp.DataType | None:
    """Returns what Trino makes of a choice among values; None where it is not known."""
    kinds = [value.type for value in values if not isinstance(value, exp.Null)]
    known = [kind for kind in kinds if kind is not None and not kind.is_type(TYPE.NULL)]
    return _common(known) if len(known) == len(kinds) else None


def _common(kinds: list[exp.DataType]) -> exp.DataType | None:
    if not kinds or any(kind.is_type(TYPE.UNKNOWN) for kind in kinds):
        return None
    if len({kind.sql() for kind in kinds}) == 1:
        return kinds[0]
    if all(kind.is_type(TYPE.ARRAY, TYPE.LIST) for kind in kinds):
        element = _common([part for kind in kinds for part in kind.expressions])
        inner = [] if element is None else [element.copy()]
        return exp.DataType(this=TYPE.ARRAY, expressions=inner, nested=True)
    if all(kind.is_type(*exp.DataType.TEXT_TYPES) for kind in kinds):
        return TYPE.VARCHAR.into_expr()
    return _common_number(kinds) if all(map(_is_number, kinds)) else _common_time(kinds)


def _is_number(kind: exp.DataType) -> bool:
    return kind.is_type(*INTEGERS, *FLOATS, TYPE.DECIMAL)


def _common_number(kinds: list[exp.DataType]) -> exp.DataType | None:
    for wide in FLOATS:
        if any(kind.is_type(wide) for kind in kinds):
            return wide.into_expr()
    sizes = [_size(kind) for kind in kinds]
    if all(kind.is_type(*INTEGERS) for kind in kinds):
        return max(kinds, key=lambda kind: _DIGITS.get(kind.this, 0))
    known = [size for size in sizes if size is not None]
    if len(known) < len(sizes):
        return None
    scale = max(scale for _, scale in known)
    return decimal_type(max(precision - scale for precision, scale in known) + scale, scale)


def _common_time(kinds: list[exp.DataType]) -> exp.DataType | None:
    order = (TYPE.DATE, TYPE.TIMESTAMP, TYPE.TIMESTAMPTZ)
    if not all(kind.is_type(*order) for kind in kinds):
        return None
    widest = max(kinds, key=lambda kind: order.index(kind.this))
    same = [kind for kind in kinds if kind.this == widest.this]
    return widest if len({kind.sql() for kind in same}) == 1 else widest.this.into_expr()
