"""Answers a question from a verified query when it comes again, with other values in its place."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from context_store.names import word_set
from context_store.question_words import QuestionWord, question_words, stem
from context_store.search_index import SearchIndex
from context_store.value_lookup import FoundValue
from domain.dictionary import VerifiedQuery
from domain.evidence import DirectAnswer

_SURE = 0.85
_NO_MATTER = word_set(
    "a an the please me us show give tell find list what which is are was were do does did can "
    "could you i we want need know all there have has"
)
"""Words that may come or go without a change of meaning; every other word has to be the same."""

Key: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Slot:
    """A value or a number in a question. `values` is (table, column) -> the value as stored."""

    text: str
    values: dict[tuple[str, str], str]


@dataclass(frozen=True, slots=True)
class _Asked:
    key: Key
    slots: tuple[_Slot, ...]


class DirectAnswers:
    """Verified queries by the form of their questions."""

    def __init__(
        self, queries: Sequence[VerifiedQuery], index: SearchIndex, tables: Sequence[str]
    ) -> None:
        self._queries = queries
        self._index = index
        self._tables = tables

    def find(self, question: str, values: Sequence[FoundValue]) -> DirectAnswer | None:
        """Returns the SQL of the query that asks the same, with this question's values in it.

        None where no query does, or where a value has no certain place in the SQL.
        """
        if not self._queries:
            return None
        asked = self._read(question, values)
        for query, known in self._by_key.get(asked.key, ()):
            sql = _with_values(query.sql, known.slots, asked.slots)
            if sql is not None:
                return DirectAnswer(
                    question=query.question,
                    sql=sql,
                    approved_by=query.approved_by,
                    changed=tuple(
                        (one.text, other.text)
                        for one, other in zip(known.slots, asked.slots, strict=True)
                        if one.text.casefold() != other.text.casefold()
                    ),
                )
        return None

    @cached_property
    def _by_key(self) -> dict[Key, list[tuple[VerifiedQuery, _Asked]]]:
        found: dict[Key, list[tuple[VerifiedQuery, _Asked]]] = defaultdict(list)
        for query in self._queries:
            asked = self._read(query.question, self._index.values.find(query.question))
            found[asked.key].append((query, asked))
        return dict(found)

    def _read(self, question: str, values: Sequence[FoundValue]) -> _Asked:
        words = question_words(question)
        spans = _certain_spans(values)
        key: list[str] = []
        slots: list[_Slot] = []
        at = 0
        while at < len(words):
            found = spans.get(at, [])
            end = found[0].end if found else at + 1
            text = question[words[at].start : words[end - 1].end]
            if found:
                key.append("<value>")
                slots.append(_Slot(text, self._stored(found)))
            elif words[at].folded.isdigit():
                key.append("<number>")
                slots.append(_Slot(text, {}))
            elif words[at].folded not in _NO_MATTER:
                key.append(_form(words[at]))
            at = end
        return _Asked(tuple(key), tuple(slots))

    def _stored(self, found: Sequence[FoundValue]) -> dict[tuple[str, str], str]:
        stored: dict[tuple[str, str], str] = {}
        for value in found:
            for number in value.places.tolist():
                place = self._index.value_postings.place(number)
                table = self._tables[int(self._index.table_of_column[place.column])]
                column = self._index.column_names.text(place.column)
                stored.setdefault((table.lower(), column.lower()), str(place.value))
        return stored


def _form(word: QuestionWord) -> str:
    return stem(word.folded)


def _certain_spans(values: Sequence[FoundValue]) -> dict[int, list[FoundValue]]:
    """Returns, by first word: values that do not overlap, the best and longest first."""
    taken: set[int] = set()
    spans: dict[int, list[FoundValue]] = {}
    for value in sorted(values, key=lambda v: (v.start - v.end, -v.score)):
        covered = set(range(value.start, value.end))
        same = spans.get(value.start)
        if value.score < _SURE:
            continue
        if same is not None and same[0].end == value.end:
            same.append(value)
        elif not covered & taken:
            taken |= covered
            spans[value.start] = [value]
    return spans


def _with_values(sql: str, known: Sequence[_Slot], asked: Sequence[_Slot]) -> str | None:
    """Returns the SQL with the values exchanged, or None where one has no certain place."""
    changed = [pair for pair in zip(known, asked, strict=True) if _differs(pair[0], pair[1])]
    if not changed:
        return sql
    try:
        tree = sqlglot.parse_one(sql, read="athena")
    except SqlglotError:
        return None
    exchanges = [_exchange(tree, one, other) for one, other in changed]
    literals = [literal for found in exchanges for literal, _ in found]
    if not all(exchanges) or len({id(literal) for literal in literals}) != len(literals):
        return None
    for literal, text in (pair for found in exchanges for pair in found):
        literal.set("this", text)
    return tree.sql(dialect="athena")


def _differs(one: _Slot, other: _Slot) -> bool:
    return one.text.casefold() != other.text.casefold() and (
        not one.values or one.values != other.values
    )


def _exchange(tree: exp.Expr, known: _Slot, asked: _Slot) -> list[tuple[exp.Literal, str]]:
    """Returns the literals that stand for a slot, each with what takes its place; else nothing."""
    if not known.values:
        numbers = [one for one in tree.find_all(exp.Literal) if one.this == known.text]
        return [(numbers[0], asked.text)] if len(numbers) == 1 else []
    tables = {table.name.lower() for table in tree.find_all(exp.Table)}
    if any(table in tables for table, _ in asked.values.keys() - known.values.keys()):
        # A city that is a state too may mean either; the verified value meant one.
        return []
    return list(_value_exchanges(tree, tables, known, asked))


def _value_exchanges(
    tree: exp.Expr, tables: set[str], known: _Slot, asked: _Slot
) -> Iterator[tuple[exp.Literal, str]]:
    for literal in tree.find_all(exp.Literal):
        column = _compared_column(literal)
        for (table, name), value in known.values.items():
            if table not in tables or name != column or str(literal.this) != value:
                continue
            stored = asked.values.get((table, name))
            if stored is not None:
                yield literal, stored
                break


def _compared_column(literal: exp.Literal) -> str | None:
    """Returns the column that a literal is held against by `=`, `<>` or `IN`."""
    parent = literal.parent
    if not isinstance(parent, exp.EQ | exp.NEQ | exp.In):
        return None
    columns = list(parent.find_all(exp.Column))
    return columns[0].name.lower() if len(columns) == 1 else None
