"""UNNEST of several arrays, of maps and of rows, as a subquery that unnests side by side."""

from sqlglot import exp

from warehouse.athena_to_duckdb.value_types import TYPE, element_type
from warehouse.query_errors import refusal


def unnest(node: exp.Expr) -> exp.Expr:
    """`UNNEST(a, b) WITH ORDINALITY AS t (x, y, n)` is a lateral SELECT of the parts."""
    if not isinstance(node, exp.Unnest):
        return node
    parts = [part for value in node.expressions for part in _parts(value)]
    is_plain = len(parts) == 1 and parts[0] is node.expressions[0]
    if is_plain:
        return node
    alias = node.args.get("alias")
    names = list(alias.columns) if alias is not None else []
    ordinal = node.args.get("offset")
    if isinstance(ordinal, exp.Expr):
        names.append(ordinal)
    if len(names) != len(parts) + bool(ordinal):
        raise refusal("UNNEST of several arrays, of a map or of rows without named columns")
    selected = [_unnested(part) for part in parts]
    if ordinal:
        longest = exp.Greatest(
            this=_size(parts[0]), expressions=[_size(part) for part in parts[1:]], ignore_nulls=True
        )
        numbers = exp.Anonymous(
            this="generate_series", expressions=[exp.Literal.number(1), longest]
        )
        selected.append(_unnested(numbers))
    named = [exp.alias_(value, name.copy()) for value, name in zip(selected, names, strict=True)]
    table = exp.TableAlias(this=alias.this.copy() if alias is not None and alias.this else None)
    return exp.Subquery(this=exp.Select(expressions=named), alias=table)


def _size(value: exp.Expr) -> exp.Expr:
    return exp.Anonymous(this="len", expressions=[value.copy()])


def _unnested(value: exp.Expr) -> exp.Expr:
    return exp.Anonymous(this="unnest", expressions=[value])


def _parts(value: exp.Expr) -> list[exp.Expr]:
    if value.is_type(TYPE.MAP):
        return [
            exp.Anonymous(this=name, expressions=[value.copy()])
            for name in ("map_keys", "map_values")
        ]
    element = element_type(value)
    if element is None or not element.is_type(TYPE.STRUCT):
        return [value]
    return [_field(value, place, field) for place, field in enumerate(element.expressions)]


def _field(value: exp.Expr, place: int, field: exp.Expr) -> exp.Expr:
    name = field.name if isinstance(field, exp.ColumnDef) else f"_{place}"
    read = exp.Anonymous(
        this="struct_extract", expressions=[exp.to_identifier("row_"), exp.Literal.string(name)]
    )
    picked = exp.Lambda(this=read, expressions=[exp.to_identifier("row_")])
    return exp.Transform(this=value.copy(), expression=picked)
