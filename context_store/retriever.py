"""Answers what of a dictionary matters for a question."""

from collections.abc import Iterable, Sequence

import numpy as np

from context_store.join_closure import JoinGraph
from context_store.named_parts import MetricNames, queries_alike, relevant_rules
from context_store.packed_arrays import Array
from context_store.question_words import QuestionWord, question_words, stem
from context_store.search_index import SearchIndex
from context_store.value_lookup import FoundValue
from domain.dictionary import Dictionary
from domain.evidence import Evidence, ScoredColumn, ScoredTable, ValueMatch

WHOLE_SCHEMA_TABLES = 40
"""Up to so many tables all of them are returned: leaving one out could only lose the answer."""
_TABLES = 15
_TABLES_WITH_CONNECTIONS = 25
_RANKED = 64
_COLUMNS_A_TABLE = 12
_COLUMNS_COUNTED = 4
_OWN_NAME = 1.5
_VALUE_SCORE = 8.0
_MAXIMUM_MATCHES = 30
_COLUMNS_SHOWN = 8


class Retriever:
    """Searches one dictionary. Immutable once built."""

    def __init__(self, dictionary: Dictionary, index: SearchIndex) -> None:
        self._dictionary = dictionary
        self._names = dictionary.table_names
        self._numbers = {name: number for number, name in enumerate(self._names)}
        self._index = index
        self._joins = JoinGraph(dictionary.relationships)
        self._metrics = MetricNames(dictionary.metrics)

    def retrieve(self, question: str) -> Evidence:
        """Returns evidence with scores, best first. Any text is a fair question."""
        words = question_words(question)
        stems = [stem(word.folded) for word in words]
        values = self._index.values.find(question)
        by_value = self._value_scores(values)
        rows = self._index.columns.rows(stems)
        columns = self._index.columns.scores(rows) + by_value
        scores = self._table_scores(stems, columns)
        chosen = self._choose(scores)
        return Evidence(
            tables=tuple(
                ScoredTable(
                    table=self._names[number],
                    score=round(float(scores[number]), 3),
                    columns=self._best_columns(number, rows, columns, by_value),
                )
                for number in chosen
            ),
            values=self._value_matches(question, words, values, chosen),
            relationships=self._joins.joins_among([self._names[number] for number in chosen]),
            metrics=tuple(self._metrics.named_in(stems)),
            verified_queries=queries_alike(question, self._dictionary.verified_queries),
            business_rules=relevant_rules(self._dictionary.business_rules, stems),
        )

    def _value_scores(self, values: Sequence[FoundValue]) -> Array:
        """Returns, a column: the best score of a value that it holds."""
        scores = np.zeros(len(self._index.table_of_column))
        for found in values:
            columns = self._index.value_postings.columns[found.places]
            np.maximum.at(scores, columns, found.score * _VALUE_SCORE)
        return scores

    def _table_scores(self, stems: Sequence[str], columns: Array) -> Array:
        """Returns, a table: the score of its name and of its best columns."""
        own = self._index.tables.scores(self._index.tables.rows(stems)) * _OWN_NAME
        touched = np.flatnonzero(columns)
        tables = self._index.table_of_column[touched]
        if len(touched):
            numbers, best = _sums_of_best(tables, columns[touched], _COLUMNS_COUNTED)
            own[numbers] += best
        return own

    def _choose(self, scores: Array) -> list[int]:
        """Returns every table of a small schema; of a large one the best and what joins them."""
        if len(scores) <= WHOLE_SCHEMA_TABLES:
            return self._ranked(range(len(scores)), scores)
        best = np.argpartition(-scores, min(_RANKED, len(scores) - 1))[:_RANKED]
        ranked = self._ranked((n for n in best.tolist() if scores[n] > 0), scores)[:_TABLES]
        names = [self._names[number] for number in ranked]
        chosen = self._joins.with_connections(names, _TABLES_WITH_CONNECTIONS)
        return self._ranked((self._numbers[name] for name in chosen), scores)

    def _ranked(self, numbers: Iterable[int], scores: Array) -> list[int]:
        return sorted(numbers, key=lambda n: (-round(float(scores[n]), 3), self._names[n]))

    def _best_columns(
        self, table: int, rows: Sequence[int], columns: Array, by_value: Array
    ) -> tuple[ScoredColumn, ...]:
        first, last = self._index.column_starts[table : table + 2].tolist()
        own = columns[first:last].tolist()
        hits = sorted((n for n, score in enumerate(own) if score), key=lambda n: -own[n])
        if not hits:
            return ()
        reasons = self._index.columns.loudest(rows, first, last)
        return tuple(
            ScoredColumn(
                column=self._index.column_names.text(first + n),
                score=round(own[n], 3),
                reason="value"
                if by_value[first + n] * 2 > own[n]
                else reasons.get(first + n, "value"),
            )
            for n in hits[:_COLUMNS_A_TABLE]
        )

    def _value_matches(
        self,
        question: str,
        words: Sequence[QuestionWord],
        values: Sequence[FoundValue],
        chosen: Sequence[int],
    ) -> tuple[ValueMatch, ...]:
        matches = [
            self._value_match(question[words[f.start].start : words[f.end - 1].end], f.score, place)
            for f in values
            for place in self._shown_places(f.places, chosen)
        ]
        return tuple(matches[:_MAXIMUM_MATCHES])

    def _shown_places(self, places: Array, chosen: Sequence[int]) -> list[int]:
        """Returns the first places, those in chosen tables where there are any."""
        tables = self._index.table_of_column[self._index.value_postings.columns[places]]
        shown = places[np.isin(tables, chosen)]
        few: list[int] = (shown if len(shown) else places)[:_COLUMNS_SHOWN].tolist()
        return few

    def _value_match(self, text: str, score: float, number: int) -> ValueMatch:
        place = self._index.value_postings.place(number)
        return ValueMatch(
            text=text,
            table=self._names[int(self._index.table_of_column[place.column])],
            column=self._index.column_names.text(place.column),
            value=place.value,
            score=round(score, 3),
        )


def _sums_of_best(groups: Array, scores: Array, count: int) -> tuple[Array, Array]:
    """Returns the groups, which come in order, and the sum of the `count` best scores of each."""
    starts = np.flatnonzero(np.concatenate([[True], groups[1:] != groups[:-1]]))
    lengths = np.diff(np.append(starts, len(groups)))
    sums = np.add.reduceat(scores, starts)
    long = np.flatnonzero(lengths > count)
    if len(long):
        inside = np.repeat(lengths > count, lengths)
        left, sizes = scores[inside].copy(), lengths[long]
        begins = np.concatenate([[0], np.cumsum(sizes)[:-1]])
        member = np.repeat(np.arange(len(long)), sizes)
        sums[long] = _sums_of_highest(left, begins, member, count)
    return groups[starts], sums


def _sums_of_highest(left: Array, begins: Array, member: Array, count: int) -> Array:
    """Takes the highest of each group `count` times."""
    total = np.zeros(len(begins))
    for _ in range(count):
        highest = np.maximum.reduceat(left, begins)
        total += highest
        at = np.flatnonzero(left == highest[member])
        first = np.concatenate([[True], member[at][1:] != member[at][:-1]])
        left[at[first]] = 0.0
    return total
