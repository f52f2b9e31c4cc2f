"""Arrays, maps and rows: subscripts that fail outside, and functions that take a lambda."""

from collections.abc import Callable

from sqlglot import exp

from warehouse.athena_to_duckdb.macros import macro
from warehouse.athena_to_duckdb.value_types import (
    FLOATS,
    INTEGERS,
    NESTED,
    TYPE,
    element_type,
    may_hold_nan,
)
from warehouse.query_errors import refusal

_ARRAYS = (TYPE.ARRAY, TYPE.LIST)
_MATCHES = {"any_match": "any_true", "all_match": "all_true", "none_match": "any_true"}
_ON_MAPS = ("map_filter", "transform_keys", "transform_values")


def mark_shifted(tree: exp.Expr) -> None:
    """Marks the subscripts that sqlglot's parser has shifted to a base of zero."""
    for node in tree.find_all(exp.Bracket):
        if not node.args.get("safe"):
            node.meta["shifted"] = node.this.type is None or node.this.is_type(
                TYPE.UNKNOWN, *_ARRAYS
            )


def subscript(node: exp.Expr) -> exp.Expr:
    """`a[i]` fails where there is no such element; `element_at` gives NULL."""
    if not isinstance(node, exp.Bracket) or len(node.expressions) != 1:
        return node
    value, index = node.this, node.expressions[0]
    if isinstance(index, exp.Slice):
        return node
    is_safe = bool(node.args.get("safe"))
    if node.meta.get("shifted"):
        index = _from_one(index)
    if value.is_type(TYPE.MAP):
        if is_safe:
            return node
        return macro("map_subscript", value, index)
    if value.is_type(TYPE.STRUCT):
        return _field(value, index)
    if value.is_type(*_ARRAYS) or index.is_type(*INTEGERS):
        if not value.is_type(*_ARRAYS) and not value.is_type(TYPE.UNKNOWN):
            raise refusal("A subscript of this value")
        return macro("element_at" if is_safe else "subscript", value, index)
    raise refusal("A subscript of a value whose type is not known")


def _from_one(index: exp.Expr) -> exp.Expr:
    """Undoes sqlglot's shift of literal subscripts to a base of zero."""
    if isinstance(index, exp.Literal) and not index.is_string:
        shifted = exp.Literal.number(int(index.name) + 1)
        shifted.type = index.type
        return shifted
    if isinstance(index, exp.Neg) and isinstance(index.this, exp.Literal):
        return exp.Literal.number(1 - int(index.this.name))
    if isinstance(index, exp.Sub) and index.expression.name == "1" and not index.expression.type:
        unshifted: exp.Expr = index.this
        return unshifted
    return index


def _field(value: exp.Expr, index: exp.Expr) -> exp.Expr:
    fields = value.type.expressions if value.type is not None else []
    place = int(index.name) if isinstance(index, exp.Literal) and index.is_int else 0
    if not 0 < place <= len(fields):
        raise refusal("A subscript of a row outside of its fields")
    field = fields[place - 1]
    name = field.name if isinstance(field, exp.ColumnDef) else f"_{place - 1}"
    return exp.Anonymous(this="struct_extract", expressions=[value, exp.Literal.string(name)])


def extreme(node: exp.Expr) -> exp.Expr:
    """`array_max` passes over NaN, and `array_min` too."""
    element = element_type(node.this) if isinstance(node, exp.ArrayMax | exp.ArrayMin) else None
    if element is None or element.is_type(*NESTED):
        if may_hold_nan(node.this.type):
            raise refusal("The extreme of an array of arrays or rows of doubles")
        return node
    if not element.is_type(*FLOATS):
        return node
    name = "array_max_double" if isinstance(node, exp.ArrayMax) else "array_min_double"
    return macro(name, node.this)


def greatest(node: exp.Expr) -> exp.Expr:
    """`greatest` and `least` pass over NaN."""
    if not isinstance(node, exp.Greatest | exp.Least):
        return node
    values = [node.this, *node.expressions]
    if not any(value.is_type(*FLOATS) for value in values):
        return node
    name = "array_max_double" if isinstance(node, exp.Greatest) else "array_min_double"
    found = macro(name, exp.Array(expressions=[exp.cast(value, TYPE.DOUBLE) for value in values]))
    return exp.cast(found, TYPE.FLOAT) if node.is_type(TYPE.FLOAT) else found


def concatenated_maps(node: exp.Expr) -> exp.Expr:
    """`map_concat` of a NULL is NULL."""
    if not isinstance(node, exp.Anonymous) or node.name.lower() != "map_concat":
        return node
    missing = [exp.Is(this=value.copy(), expression=exp.null()) for value in node.expressions]
    joined = exp.Anonymous(this="map_concat", expressions=node.expressions)
    return exp.Case(ifs=[exp.If(this=exp.or_(*missing), true=exp.null())], default=joined)


def cardinality(node: exp.Expr) -> exp.Expr:
    """The size of a map is `cardinality` in DuckDB too."""
    if isinstance(node, exp.ArraySize) and node.this.is_type(TYPE.MAP):
        return exp.Anonymous(this="cardinality", expressions=[node.this])
    return node


def empty_map(node: exp.Expr) -> exp.Expr:
    """`map()` is the empty map."""
    if isinstance(node, exp.Map) and node.args.get("keys") is None:
        return exp.Anonymous(this="map_from_entries", expressions=[exp.Array(expressions=[])])
    return node


def sorted_array(node: exp.Expr) -> exp.Expr:
    """`array_sort` puts NULL last."""
    if isinstance(node, exp.ArraySort) and not node.expression:
        order = [exp.Literal.string("ASC"), exp.Literal.string("NULLS LAST")]
        return exp.Anonymous(this="list_sort", expressions=[node.this, *order])
    return node


def intersection(node: exp.Expr) -> exp.Expr:
    """`array_intersect` keeps the order and NULL."""
    if not isinstance(node, exp.ArrayIntersect):
        return node
    common: exp.Expr = node.expressions[0]
    for other in node.expressions[1:]:
        common = macro("array_intersect", common, other)
    return common


def folded(node: exp.Expr) -> exp.Expr:
    """`reduce` ends with a function over its state."""
    if not isinstance(node, exp.Reduce):
        return node
    finish = node.args.get("finish")
    if not isinstance(finish, exp.Lambda):
        raise refusal("reduce() without a lambda at its end")
    node.set("finish", None)
    state = exp.Array(expressions=[node.copy()])
    applied = exp.Transform(this=state, expression=finish)
    return exp.Anonymous(this="list_extract", expressions=[applied, exp.Literal.number(1)])


def lambda_function(node: exp.Expr) -> exp.Expr:
    """`any_match` and its kin are a list of results, read; maps go by their entries."""
    if not isinstance(node, exp.Anonymous) or not node.expressions:
        return node
    name, function = node.name.lower(), node.expressions[-1]
    if not isinstance(function, exp.Lambda):
        return node
    if name in _MATCHES:
        results = exp.Transform(this=node.expressions[0], expression=function)
        found = macro(_MATCHES[name], results)
        return exp.Not(this=found) if name == "none_match" else found
    if name == "zip_with":
        pairs = exp.Anonymous(this="list_zip", expressions=node.expressions[:2])
        return exp.Transform(this=pairs, expression=_over_pair(function, _place))
    if name in _ON_MAPS:
        return _over_entries(name, node.expressions[0], function)
    return node


def _over_entries(name: str, value: exp.Expr, function: exp.Lambda) -> exp.Expr:
    entries = exp.Anonymous(this="map_entries", expressions=[value])
    by_entry = _over_pair(function, _named)
    if name == "map_filter":
        kept: exp.Expr = exp.ArrayFilter(this=entries, expression=by_entry)
    else:
        key, changed = _named(0), by_entry.this
        parts = (changed, _named(1)) if name == "transform_keys" else (key, changed)
        named = [
            exp.PropertyEQ(this=exp.to_identifier(part), expression=value)
            for part, value in zip(("key", "value"), parts, strict=True)
        ]
        by_entry.set("this", exp.Struct(expressions=named))
        kept = exp.Transform(this=entries, expression=by_entry)
    return exp.Anonymous(this="map_from_entries", expressions=[kept])


_PAIR = "pair_"


def _place(index: int) -> exp.Expr:
    arguments = [exp.to_identifier(_PAIR), exp.Literal.number(index + 1)]
    return exp.Anonymous(this="struct_extract", expressions=arguments)


def _named(index: int) -> exp.Expr:
    arguments = [exp.to_identifier(_PAIR), exp.Literal.string(("key", "value")[index])]
    return exp.Anonymous(this="struct_extract", expressions=arguments)


def _over_pair(function: exp.Lambda, part: Callable[[int], exp.Expr]) -> exp.Lambda:
    """Returns a lambda of one pair for a lambda of two values."""
    names = {parameter.name.lower(): i for i, parameter in enumerate(function.expressions)}
    if len(names) != 2:
        raise refusal("A lambda that does not take two values")
    body = function.this.copy()
    holder = exp.Paren(this=body)
    for found in list(holder.find_all(exp.Identifier)):
        outer = found.parent
        is_whole = not isinstance(outer, exp.Column | exp.Dot) or (
            isinstance(outer, exp.Column) and not outer.table
        )
        if found.name.lower() in names and is_whole and found.arg_key != "alias":
            target = outer if isinstance(outer, exp.Column) else found
            target.replace(part(names[found.name.lower()]))
    return exp.Lambda(this=holder, expressions=[exp.to_identifier(_PAIR)])
