"""Texts: what is not found is NULL, and a length given is kept to."""

from sqlglot import exp

_TEXT = exp.DataType.TEXT_TYPES


def cut_cast(node: exp.Expr) -> exp.Expr:
    """`CAST(x AS VARCHAR(n))` cuts after n characters."""
    if not isinstance(node, exp.Cast) or not node.to.is_type(*_TEXT) or not node.to.expressions:
        return node
    length = node.to.expressions[0].this
    node.set("to", exp.DataType.build("VARCHAR"))
    return exp.Substring(this=node, start=exp.Literal.number(1), length=length)


def missing_match(node: exp.Expr) -> exp.Expr:
    """`regexp_extract` gives NULL where nothing matches, not an empty text."""
    if not isinstance(node, exp.RegexpExtract):
        return node
    found = exp.Anonymous(
        this="regexp_matches", expressions=[node.this.copy(), node.expression.copy()]
    )
    return exp.Case(ifs=[exp.If(this=found, true=node)])


def missing_part(node: exp.Expr) -> exp.Expr:
    """`split_part` past the last part gives NULL, not an empty text."""
    if not isinstance(node, exp.SplitPart):
        return node
    parts = exp.Anonymous(this="string_split", expressions=[node.this, node.args["delimiter"]])
    return exp.Anonymous(this="list_extract", expressions=[parts, node.args["part_index"]])


def list_separator(node: exp.Expr) -> exp.Expr:
    """`listagg` without a separator puts nothing between, not a comma."""
    if isinstance(node, exp.GroupConcat) and not node.args.get("separator"):
        node.set("separator", exp.Literal.string(""))
    return node


def replacement_groups(node: exp.Expr) -> exp.Expr:
    r"""`$1` in a replacement is `\1` in DuckDB."""
    if isinstance(node, exp.RegexpReplace):
        replacement = node.args.get("replacement")
        if isinstance(replacement, exp.Literal):
            node.set("replacement", exp.Literal.string(_with_backslashes(replacement.name)))
    return node


def _with_backslashes(replacement: str) -> str:
    escaped = replacement.replace("\\", "\\\\")
    for group in range(10):
        escaped = escaped.replace(f"${group}", f"\\{group}")
    return escaped
