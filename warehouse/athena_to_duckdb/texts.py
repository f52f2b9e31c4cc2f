"""Texts: what is not found is NULL, and what does not fit is an error, not a guess."""

import re

from sqlglot import exp

from domain.errors import RepairableError
from warehouse.athena_to_duckdb.macros import macro
from warehouse.athena_to_duckdb.value_types import TYPE
from warehouse.query_errors import refusal

_REPLACEMENT = re.compile(r"\\(.)|\$(\d)(?!\d)|([$\\])", re.DOTALL)
_TRIM = {"": "trim_both", "BOTH": "trim_both", "LEADING": "trim_left", "TRAILING": "trim_right"}


def list_separator(node: exp.Expr) -> exp.Expr:
    """`listagg` without a separator puts nothing between, not a comma."""
    if isinstance(node, exp.GroupConcat):
        if not node.args.get("separator"):
            node.set("separator", exp.Literal.string(""))
        if not isinstance(node.this, exp.Order) or node.args.get("on_overflow"):
            raise refusal("listagg() without WITHIN GROUP, or with an overflow")
        if isinstance(node.parent, exp.Window):
            raise refusal("listagg() over a window")
        value = node.this.this
        value = value.expressions[0] if isinstance(value, exp.Distinct) else value
        if not value.is_type(*exp.DataType.TEXT_TYPES, TYPE.UNKNOWN):
            raise refusal("listagg() of a value that is no text")
    return node


def replacement_groups(node: exp.Expr) -> exp.Expr:
    r"""`$1` in a replacement is `\1` in DuckDB."""
    if not isinstance(node, exp.RegexpReplace):
        return node
    replacement = node.args.get("replacement")
    if isinstance(replacement, exp.Lambda):
        raise refusal("regexp_replace() with a function")
    if isinstance(replacement, exp.Literal):
        node.set("replacement", exp.Literal.string(_with_backslashes(replacement.name)))
        return node
    return macro("regexp_replace_plain", node.this, node.expression, replacement or exp.null())


def _with_backslashes(replacement: str) -> str:
    def rewritten(match: re.Match[str]) -> str:
        escaped, group, stray = match.groups()
        if stray:
            raise refusal("A replacement with named or two-digit groups")
        if group:
            return f"\\{group}"
        return "\\\\" if escaped == "\\" else str(escaped)

    return _REPLACEMENT.sub(rewritten, replacement)


def part_of_text(node: exp.Expr) -> exp.Expr:
    """`substr` from 0, or from before the first character, is empty."""
    if not isinstance(node, exp.Substring):
        return node
    start, length = node.args.get("start"), node.args.get("length")
    if start is None or node.this.is_type(TYPE.BINARY, TYPE.VARBINARY):
        raise refusal("substr() of binary values")
    if _is_positive(start) and (length is None or _is_positive(length)):
        return node
    return macro("substr", node.this, start, *([length] if length is not None else []))


def _is_positive(node: exp.Expr) -> bool:
    return isinstance(node, exp.Literal) and node.is_int and int(node.name) > 0


def split(node: exp.Expr) -> exp.Expr:
    """`split` may stop after some parts; `split_part` past the last part gives NULL.

    Arguments that are known to be in range need no check: a check keeps DuckDB from unnesting.
    """
    if isinstance(node, exp.Split):
        value, delimiter, limit = node.this, node.expression, node.args.get("limit")
        if limit is None and _is_text(delimiter):
            return exp.Anonymous(this="string_split", expressions=[value, delimiter])
        return macro("split", value, delimiter, *([limit] if limit is not None else []))
    if not isinstance(node, exp.SplitPart):
        return node
    value, delimiter, place = node.this, node.args["delimiter"], node.args["part_index"]
    if not _is_positive(place):
        return macro("split_part", value, delimiter, place)
    parts = exp.Anonymous(this="string_split", expressions=[value, delimiter])
    return exp.Anonymous(this="list_extract", expressions=[parts, place])


def _is_text(node: exp.Expr | None) -> bool:
    return isinstance(node, exp.Literal) and node.is_string and bool(node.name)


def padded(node: exp.Expr) -> exp.Expr:
    """`lpad` and `rpad` refuse an empty padding and a negative length."""
    if not isinstance(node, exp.Pad):
        return node
    fill = node.args.get("fill_pattern")
    if fill is None or not node.this.is_type(*exp.DataType.TEXT_TYPES, TYPE.UNKNOWN):
        raise refusal("lpad() and rpad() of binary values")
    if _is_positive(node.expression) and _is_text(fill):
        return node
    name = "pad_left" if node.args.get("is_left") else "pad_right"
    return macro(name, node.this, node.expression, fill)


def trimmed(node: exp.Expr) -> exp.Expr:
    """`trim` takes every kind of white space, not the blank alone."""
    if isinstance(node, exp.Trim) and node.expression is None:
        return macro(_TRIM[str(node.args.get("position") or "")], node.this)
    return node


def nth_position(node: exp.Expr) -> exp.Expr:
    """`strpos` may count from the nth instance."""
    occurrence = node.args.get("occurrence") if isinstance(node, exp.StrPosition) else None
    if occurrence is None:
        return node
    return macro("strpos_nth", node.this, node.args["substr"], occurrence)


_BYTES = (TYPE.BINARY, TYPE.VARBINARY)


def length_of_bytes(node: exp.Expr) -> exp.Expr:
    """`length` of a binary value counts its bytes."""
    if isinstance(node, exp.Length) and node.this.is_type(*_BYTES):
        return exp.Anonymous(this="octet_length", expressions=[node.this])
    return node


def digest(node: exp.Expr) -> exp.Expr:
    """`sha1` gives bytes, not their digits."""
    if not isinstance(node, exp.SHA):
        return node
    digits = exp.Anonymous(this="sha1", expressions=[node.this])
    return exp.Anonymous(this="unhex", expressions=[digits])


_GROUPS = re.compile(r"\\.|\[(?:\\.|[^\]\\])*\]|\((?!\?)|\(\?P?<(?![=!])")


_READ_OTHERWISE = re.compile(r"\[[^\]]*&&|\[:\^?[a-z]+:\]")


def known_pattern(node: exp.Expr) -> exp.Expr:
    """Character classes have no intersections and know ASCII alone; empty matches are skipped."""
    pattern = node.expression
    if not isinstance(pattern, exp.Literal):
        return node
    if _READ_OTHERWISE.search(pattern.name):
        raise refusal("A pattern with [:classes:] or intersections")
    if isinstance(node, exp.RegexpReplace) and _matches_nothing(pattern.name):
        raise refusal("regexp_replace() by a pattern that matches nothing")
    return node


def _matches_nothing(pattern: str) -> bool:
    try:
        return re.search(pattern, "") is not None
    except re.error:
        return False


def numbered_group(node: exp.Expr) -> exp.Expr:
    """A group that the pattern does not have is an error, not an empty text."""
    group = node.args.get("group")
    if group is None:
        return node
    number = int(group.name) if isinstance(group, exp.Literal) and group.is_int else None
    pattern = node.expression
    if number is None:
        raise refusal("A group of a pattern that is computed")
    if isinstance(pattern, exp.Literal) and number > _groups_of(pattern.name):
        raise RepairableError(
            f"The pattern {pattern.name!r} has no group {number}.", rule="invalid_function_argument"
        )
    return node


def _groups_of(pattern: str) -> int:
    return sum(found.startswith("(") for found in _GROUPS.findall(pattern))


def type_name(node: exp.Expr) -> exp.Expr:
    """`typeof` names Athena's type, where it is known."""
    if not isinstance(node, exp.Typeof):
        return node
    if node.this.type is None or node.this.is_type(TYPE.UNKNOWN, TYPE.NULL, TYPE.INTERVAL):
        raise refusal("typeof() of a value whose type is not known")
    return exp.Literal.string(_trino_name(node.this))


def _trino_name(value: exp.Expr) -> str:
    if value.is_type(*exp.DataType.TEXT_TYPES, *exp.DataType.TEMPORAL_TYPES) or value.is_type(
        TYPE.ARRAY, TYPE.MAP, TYPE.STRUCT
    ):
        raise refusal("typeof() of a value whose length or precision is not known")
    if value.is_type(TYPE.DECIMAL) and value.type is not None and not value.type.expressions:
        return "decimal(38,0)"
    return value.type.sql("athena").lower().replace(", ", ",") if value.type is not None else ""


def utf8_text(node: exp.Expr) -> exp.Expr:
    """`from_utf8` with a replacement for what is not UTF-8 has no equal."""
    if isinstance(node, exp.Decode) and node.args.get("replace"):
        raise refusal("from_utf8() with a replacement")
    return node


def joined_texts(node: exp.Expr) -> exp.Expr:
    """`concat_ws` may take an array of texts."""
    if isinstance(node, exp.ConcatWs):
        if len(node.expressions) == 2 and not node.expressions[1].is_type(*exp.DataType.TEXT_TYPES):
            if not node.expressions[1].is_type(TYPE.ARRAY):
                raise refusal("concat_ws() of a value whose type is not known")
            return macro("join_texts", node.expressions[1], node.expressions[0])
        if any(part.is_type(TYPE.ARRAY) for part in node.expressions):
            raise refusal("concat_ws() of arrays and texts")
    return node
