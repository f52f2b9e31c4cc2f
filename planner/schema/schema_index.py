"""Every way that tables, columns, values and metrics of a dictionary may be called."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product
from typing import Literal, TypeAlias

from domain.dictionary import (
    Cell,
    ColumnEntry,
    Dictionary,
    Relationship,
    TableEntry,
)
from planner.language.lexicon import load_lexicon, stem
from planner.language.names import Stems, expansions, name_words
from planner.schema.schema import Schema

TargetKind: TypeAlias = Literal["table", "column", "value", "metric"]

_GENERIC = frozenset(
    stem(word)
    for word in (
        "id",
        "name",
        "code",
        "number",
        "type",
        "date",
        "of",
        "key",
        "value",
        "time",
        "year",
        "the",
        "and",
        "is",
        "for",
        "in",
        "on",
        "to",
        "other",
        "all",
        "total",
        "first",
        "last",
        "day",
    )
)
_KEY_WORDS = ("id", "code", "key", "number", "num", "no")
_KEYLESS = 0.85
_ROLE_SCORE = 0.85
_GUESSED = 0.995
"""A short form written out as it is mostly meant, which the dictionary does not confirm."""
_COUNTED = 0.9
_AKIN = 0.92
_ROOT = 5
_COUNTING = frozenset(stem(word) for word in ("number", "of", "total", "count"))
_MAXIMUM_WORDS = 7


@dataclass(frozen=True, slots=True)
class Target:
    """What a span of a question may stand for, with a score of 0 to 1."""

    kind: TargetKind
    table: str
    column: str = ""
    value: Cell = None
    score: float = 1.0
    names_table: bool = False
    """The span names the column's table as well: `student name`."""


def _without(words: Stems, others: Iterable[str]) -> Stems:
    drop = set(others)
    return tuple(word for word in words if word not in drop)


def roots_of(words: Iterable[str]) -> frozenset[str]:
    """The beginnings that words of one family share: `settled` and `settlement`."""
    return frozenset(word[:_ROOT] for word in words)


def _uncounted(words: Stems) -> Stems:
    """`number of platforms` and `total passengers` without what says that they are counted."""
    rest = tuple(word for word in words if word not in _COUNTING)
    return rest if 0 < len(rest) < len(words) and words[-len(rest) :] == rest else ()


def _weight(word: str) -> float:
    if len(word) == 1:
        return 0.1
    return 0.35 if word in _GENERIC else 1.0


def _parts(words: Stems) -> Iterator[tuple[Stems, float]]:
    """Contiguous parts of a name, scored by how much of its meaning they keep."""
    weights = [_weight(word) for word in words]
    whole = sum(weights)
    for size in range(1, len(words)):
        for start in range(len(words) - size + 1):
            part = words[start : start + size]
            kept = sum(weights[start : start + size]) / whole
            yield part, 0.45 + 0.4 * kept


class SchemaIndex(Schema):
    """Looks up spans of stems. Built once for a dictionary and kept while it is current."""

    def __init__(self, dictionary: Dictionary) -> None:
        super().__init__(dictionary)
        self.names: dict[Stems, list[Target]] = defaultdict(list)
        self._held: dict[tuple[Stems, str, str, str], Target] = {}
        self.glued: dict[str, list[Target]] = defaultdict(list)
        self.values: dict[str, list[Target]] = defaultdict(list)
        self.vocabulary: set[str] = set()
        self.roots: dict[frozenset[str], list[Target]] = defaultdict(list)
        """Columns of several words by the beginnings of these words, in any order."""
        for table in self.dictionary.tables:
            self._add_table(table)
        for link in self.dictionary.relationships:
            self._add_role(link)
        for metric in self.dictionary.metrics:
            measured = self.metric_table(metric)
            for name in (metric.name, *metric.synonyms):
                for stems in expansions(name_words(name)):
                    self._add(stems, Target("metric", measured, metric.name, None, 1.0))
        self._words = {word for stems in self.names for word in stems}
        for stems in self.names:
            self.vocabulary.update(word for word in stems if len(word) > 3)

    def _add(self, stems: Stems, target: Target) -> None:
        if not stems or len(stems) > _MAXIMUM_WORDS:
            return
        called = (stems, target.kind, target.table, target.column)
        old = self._held.get(called)
        if old is not None:
            if old.score >= target.score:
                return
            self.names[stems].remove(old)
            target = replace(target, names_table=target.names_table and old.names_table)
        self._held[called] = target
        self.names[stems].append(target)

    def _add_table(self, table: TableEntry) -> None:
        names = [table.name, *table.synonyms]
        forms = [form for name in names for form in expansions(name_words(name))]
        for number, form in enumerate(forms):
            score = 1.0 if number < 2 else 0.95
            self._add(form, Target("table", table.name, score=score))
            self.glued["".join(form)].append(Target("table", table.name, score=0.97))
            for part, kept in _parts(form):
                if any(word not in _GENERIC for word in part):
                    self._add(part, Target("table", table.name, score=min(kept, 0.8)))
        if table.row_meaning:
            for form in expansions(name_words(table.row_meaning)):
                self._add(form, Target("table", table.name, score=0.97))
        self._add_agents(table, forms)
        for column in table.columns:
            self._add_column(table, column, forms[0])
            self._add_values(table, column)

    def _add_agents(self, table: TableEntry, forms: list[Stems]) -> None:
        """Persons are called by what they do: `viewers` are the persons of the views."""
        key = table.person_key
        if key is None or key in table.primary_key:
            return
        for form in forms:
            for ending in ("er", "or"):
                agent = Target("column", table.name, key, score=0.95)
                self._add((f"{form[-1]}{ending}",), agent)

    def _add_role(self, link: Relationship) -> None:
        """A table is also called by the columns that refer to it: `advisor_id` -> advisor."""
        for column in link.child_columns:
            words = [w for w in name_words(column) if w not in _KEY_WORDS]
            for form in expansions(words) if words else ():
                if any(word not in _GENERIC for word in form):
                    self._add(form, Target("table", link.parent_table, score=_ROLE_SCORE))

    def _add_column(self, table: TableEntry, column: ColumnEntry, table_stems: Stems) -> None:
        place = (table.name, column.name)
        agreed = {tuple(stem(w) for w in name_words(name)) for name in column.synonyms}
        written = tuple(stem(word) for word in name_words(column.name))
        for number, name in enumerate([column.name, *column.synonyms]):
            weight = 1.0 if number == 0 else 0.95
            for form in expansions(name_words(name)):
                guessed = number == 0 and form != written and form not in agreed
                self._add(form, Target("column", *place, score=_GUESSED if guessed else weight))
                short = _without(form, table_stems)
                if short and short != form:
                    self._add(short, Target("column", *place, score=0.97 * weight))
                longer = (*table_stems, *short) if short else form
                named = longer != form or short != form
                self._add(longer, Target("column", *place, score=weight, names_table=named))
                counted = _uncounted(short or form)
                if counted:
                    self._add(counted, Target("column", *place, score=_COUNTED * weight))
                for part, kept in _parts(short or form):
                    points = kept * weight
                    if form[-1] in _KEY_WORDS and part[-1] not in _KEY_WORDS:
                        points *= _KEYLESS
                    self._add(part, Target("column", *place, score=points))
            whole = expansions(name_words(name))[0]
            if len(whole) > 1:
                self.roots[roots_of(whole)].append(Target("column", *place, score=_AKIN * weight))
            self.glued[re.sub(r"[^a-z0-9]", "", name.lower())].append(
                Target("column", *place, score=0.97)
            )

    def _add_values(self, table: TableEntry, column: ColumnEntry) -> None:
        if column.pii is not None:
            return
        for share in column.top_values:
            if isinstance(share.value, str) and share.value.strip():
                target = Target("value", table.name, column.name, share.value, 1.0)
                self.values[share.value.strip().lower()].append(target)
        for code, words in column.value_labels.items():
            stored = next((s.value for s in column.top_values if str(s.value) == code), code)
            target = Target("value", table.name, column.name, stored, 1.0)
            self.values[words.strip().lower()].append(target)

    def find_names(self, stems: Stems) -> list[Target]:
        """Returns tables, columns and metrics that a span may name, best first."""
        found = {_place(t): t for t in self.names.get(stems, ())}
        for target in self.glued.get("".join(stems).replace("_", ""), ()):
            found.setdefault(_place(target), target)
        for other, weight in self._reworded(stems):
            for target in self.names.get(other, ()):
                score = target.score * weight
                held = found.get(_place(target))
                if held is None or held.score < score:
                    found[_place(target)] = Target(
                        target.kind, target.table, target.column, None, score
                    )
        if any(t.kind == "column" and t.score == 1.0 for t in found.values()):
            found = {place: t for place, t in found.items() if t.score != _GUESSED}
        return sorted(found.values(), key=lambda t: -t.score)

    @cached_property
    def tables_by_root(self) -> dict[str, list[str]]:
        """Tables by the beginnings of the words of their names."""
        found: dict[str, list[str]] = defaultdict(list)
        for name in self.tables:
            for root in dict.fromkeys(word[:_ROOT] for word in name_words(name)):
                found[root].append(name)
        return found

    @cached_property
    def words_of_tables(self) -> dict[str, set[str]]:
        """Tables by the stems of the words that they and their columns are called by."""
        found: dict[str, set[str]] = defaultdict(set)
        for name, table in self.tables.items():
            called = [name, *table.synonyms, table.row_meaning or ""]
            called += [text for c in table.columns for text in (c.name, *c.synonyms)]
            for word in {word for text in called for word in name_words(text)}:
                found[stem(word)].add(name)
                for verb in load_lexicon().deeds.get(stem(word), ()):
                    found[verb].add(name)
        return found

    @cached_property
    def columns_by_root(self) -> dict[str, list[tuple[tuple[str, str], str]]]:
        """Columns by the beginnings of the words of their names, with the words."""
        found: dict[str, list[tuple[tuple[str, str], str]]] = defaultdict(list)
        for table, column in self.columns:
            for word in name_words(column):
                found[word[:_ROOT]].append(((table, column), word))
        return found

    def _reworded(self, stems: Stems) -> Iterator[tuple[Stems, float]]:
        """The span with words replaced by synonyms, as far as names are made of these words."""
        if len(stems) > 3:
            return
        for choice in product(*map(self._words_for, stems)):
            weight = 1.0
            for _, part in choice:
                weight *= part
            if weight < 1.0:
                yield tuple(word for word, _ in choice), weight

    def _words_for(self, word: str) -> list[tuple[str, float]]:
        words = [(other, 0.9) for other in load_lexicon().synonyms.get(word, ())]
        return [one for one in ((word, 1.0), *words) if one[0] in self._words]

    def find_values(self, text: str) -> list[Target]:
        """Returns values of the dictionary that equal the text, whatever its case."""
        found = list(self.values.get(text, ()))
        for code in load_lexicon().codes.get(text, ()):
            found.extend(
                Target("value", t.table, t.column, t.value, 0.9) for t in self.values.get(code, ())
            )
        return found


def _place(target: Target) -> tuple[str, str, str]:
    return target.kind, target.table, target.column
