"""Mends a turned-down statement by the rules that it broke."""

from collections.abc import Callable

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from domain.dictionary import Dictionary
from domain.draft import Assumption, FailedAttempt, SqlDraft
from model_brain.mends.join_missing import join_missing
from model_brain.mends.keep_fractions import keep_fractions
from model_brain.mends.translate_functions import translate_functions
from model_brain.mends.type_dates import type_dates

DIALECT = "athena"

Mend = Callable[[exp.Query, Dictionary], exp.Query | None]

_TRANSLATED = "Functions of another engine were written as Athena's."
_MENDS: dict[str, tuple[Mend, str]] = {
    "type_mismatch": (type_dates, "Dates are compared as dates."),
    "truncated_division": (keep_fractions, "Whole numbers are divided with their fraction."),
    "column_not_found": (join_missing, "The table that holds a named column was joined."),
}


def mend(attempt: FailedAttempt, dictionary: Dictionary) -> SqlDraft | None:
    """Returns the statement mended, with what was done to it; None where no rule helps."""
    rules = [reason.rule for reason in attempt.reasons]
    notes: list[str] = []
    sql = attempt.sql
    if "function_not_allowed" in rules or "unknown_function" in rules:
        sql = translate_functions(sql) or sql
        notes += [_TRANSLATED] if sql != attempt.sql else []
    for change, note in (_MENDS[rule] for rule in dict.fromkeys(rules) if rule in _MENDS):
        mended = _apply(change, sql, dictionary)
        if mended is not None:
            sql, notes = mended, [*notes, note]
    if not notes:
        return None
    told = tuple(Assumption(kind="note", text=note) for note in notes)
    return SqlDraft(sql=sql, assumptions=(*attempt.assumptions, *told))


def _apply(change: Mend, sql: str, dictionary: Dictionary) -> str | None:
    try:
        tree = sqlglot.parse_one(sql, dialect=DIALECT)
        changed = change(tree, dictionary) if isinstance(tree, exp.Query) else None
    except SqlglotError:
        return None
    return None if changed is None else changed.sql(dialect=DIALECT)
