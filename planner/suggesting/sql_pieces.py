"""The pieces of a statement that an analyst may change in place, its conditions and limits first.

A chip that is edited changes the SQL's tree, whoever wrote the SQL; no model and no plan is needed.
"""

import re
from collections.abc import Iterator
from datetime import date

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from domain.dictionary import Dictionary
from domain.errors import QuestionError
from planner.language.names import name_words
from planner.suggesting.piece import Comparison, Piece, PieceEdit, ValueKind
from planner.suggesting.shape_pieces import shape_parts

_DIALECT = "athena"
_COMPARISONS: dict[type[exp.Expr], Comparison] = {
    exp.EQ: "is",
    exp.NEQ: "is_not",
    exp.GT: "above",
    exp.GTE: "from",
    exp.LT: "before",
    exp.LTE: "up_to",
    exp.In: "one_of",
    exp.Between: "between",
    exp.Like: "like",
}
_WORDS: dict[Comparison, str] = {
    "is_not": "is not",
    "up_to": "up to",
    "one_of": "is one of",
    "like": "is like",
}
_FIRST = "first"
_NUMBER = re.compile(r"-?\d{1,30}(\.\d{1,30})?")


def pieces_of(sql: str, row_cap: int, dictionary: Dictionary | None = None) -> tuple[Piece, ...]:
    """Returns what can be changed in Athena SQL; nothing where it cannot be read.

    `row_cap` is the limit that the guard adds, which is nobody's to change. Without a dictionary
    measures are not known, and splits can only be taken away.
    """
    try:
        tree = sqlglot.parse_one(sql, read=_DIALECT)
    except (SqlglotError, RecursionError):
        return ()
    found = [_piece(number, nodes[0]) for number, nodes in enumerate(_groups(tree, row_cap))]
    shape = enumerate(shape_parts(tree, dictionary), len(found))
    return (*found, *(part.piece(number) for number, part in shape))


def edit_sql(
    sql: str, edits: tuple[PieceEdit, ...], row_cap: int, dictionary: Dictionary | None = None
) -> str:
    """Returns the statement with its pieces changed.

    Raises QuestionError for an edit that fits no piece.
    """
    tree = sqlglot.parse_one(sql, read=_DIALECT)
    groups = _groups(tree, row_cap)
    shape = shape_parts(tree, dictionary)
    for edit in edits:
        if edit.number < len(groups):
            for node in groups[edit.number]:
                _apply(node, edit)
        elif edit.number < len(groups) + len(shape):
            shape[edit.number - len(groups)].apply(edit)
        else:
            raise QuestionError("The statement has no such part to change.", "no_such_part")
    return tree.sql(dialect=_DIALECT, pretty=True)


def _groups(tree: exp.Expr, row_cap: int) -> list[list[exp.Expr]]:
    """Returns equal pieces together: what stands in several selects is one to its reader."""
    found: dict[tuple[str, tuple[str, ...]], list[exp.Expr]] = {}
    for node in _nodes(tree, row_cap):
        found.setdefault(_key(node), []).append(node)
    return list(found.values())


def _key(node: exp.Expr) -> tuple[str, tuple[str, ...]]:
    label = _FIRST if isinstance(node, exp.Limit) else _label(node)
    return label, tuple(literal.name for literal in _literals(node))


def _nodes(tree: exp.Expr, row_cap: int) -> Iterator[exp.Expr]:
    for clause in tree.find_all(exp.Where, exp.Having):
        for condition in (
            clause.this.flatten() if isinstance(clause.this, exp.And) else [clause.this]
        ):
            if (
                type(condition) in _COMPARISONS
                and _column(condition) is not None
                and _literals(condition)
            ):
                yield condition
    for limit in tree.find_all(exp.Limit):
        count = limit.expression
        if isinstance(count, exp.Literal) and count.is_int and int(count.name) != row_cap:
            yield limit


def _column(condition: exp.Expr) -> exp.Column | None:
    """Returns the column that is compared, looked for inside a function such as LOWER."""
    return condition.this.find(exp.Column) if isinstance(condition.this, exp.Expr) else None


def _literals(condition: exp.Expr) -> list[exp.Literal]:
    """Returns the values compared with; none where something else is."""
    sides = _sides(condition)
    bare = [side.this if isinstance(side, exp.Cast) else side for side in sides]
    literals = [side for side in bare if isinstance(side, exp.Literal)]
    return literals if len(literals) == len(sides) else []


def _sides(condition: exp.Expr) -> list[exp.Expr]:
    match condition:
        case exp.In():
            return list(condition.expressions)
        case exp.Between():
            return [condition.args["low"], condition.args["high"]]
        case exp.Limit():
            return [condition.expression]
        case _:
            return [condition.expression]


def _value_kind(node: exp.Expr) -> ValueKind:
    sides = _sides(node)
    if isinstance(sides[0], exp.Cast) and sides[0].is_type("date"):
        return "date"
    first = _literals(node)[0]
    return "text" if first.is_string else "number"


def _piece(number: int, node: exp.Expr) -> Piece:
    is_limit = isinstance(node, exp.Limit)
    return Piece(
        number=number,
        kind="limit" if is_limit else "condition",
        label=_FIRST if is_limit else _label(node),
        subject="" if is_limit else _subject(node),
        comparison="" if is_limit else _comparison(node),
        values=tuple(literal.name for literal in _literals(node)),
        value_kind=_value_kind(node),
        can_remove=not is_limit,
    )


def _label(condition: exp.Expr) -> str:
    comparison = _comparison(condition)
    return f"{_subject(condition)} {_WORDS.get(comparison, comparison)}"


def _subject(condition: exp.Expr) -> str:
    column = _column(condition)
    return " ".join(name_words(column.name)) if column is not None else ""


def _comparison(condition: exp.Expr) -> Comparison:
    comparison = _COMPARISONS[type(condition)]
    is_quantity = comparison == "before" and _value_kind(condition) == "number"
    return "below" if is_quantity else comparison


def _apply(node: exp.Expr, edit: PieceEdit) -> None:
    if edit.remove:
        _remove(node)
        return
    literals = _literals(node)
    if not edit.values or (len(edit.values) != len(literals) and not isinstance(node, exp.In)):
        raise QuestionError("An edited part needs as many values as it had.", "no_such_part")
    kind = _value_kind(node)
    if isinstance(node, exp.Limit) and not edit.values[0].isdecimal():
        raise QuestionError("A limit is a whole number.", "not_a_whole_number")
    made = [_literal(value, kind) for value in edit.values]
    if isinstance(node, exp.In):
        node.set("expressions", made)
        return
    for old, new in zip(_sides(node), made, strict=True):
        old.replace(new)


def _remove(node: exp.Expr) -> None:
    if isinstance(node, exp.Limit):
        raise QuestionError("A limit can be changed, not taken away.", "no_such_part")
    node.replace(exp.true())


def _literal(value: str, kind: ValueKind) -> exp.Expr:
    """Returns a value as a literal: never as SQL."""
    if kind == "text":
        return exp.Literal.string(value)
    if kind == "number":
        if not _NUMBER.fullmatch(value):
            raise QuestionError(f"“{value}” is not a number.", "not_a_number", value=value)
        return exp.Literal.number(value)
    try:
        day = date.fromisoformat(value).isoformat()
    except ValueError as error:
        message = f"“{value}” is not a date such as 2026-09-30."
        raise QuestionError(message, "not_a_date", value=value) from error
    return exp.cast(exp.Literal.string(day), "date")
