"""Answers what of a dictionary matters for a question."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import islice

import numpy as np

from context_store.asked_words import asked_words
from context_store.direct_answers import DirectAnswers
from context_store.join_closure import JoinGraph
from context_store.named_parts import MetricNames, queries_alike, relevant_rules
from context_store.packed_arrays import Array
from context_store.question_words import QuestionWord, question_words, stem
from context_store.search_index import SearchIndex
from context_store.table_ranking import VALUE_SCORE, Rows, TableRanking
from context_store.value_lookup import FoundValue
from domain.dictionary import Dictionary
from domain.evidence import Evidence, ScoredColumn, ScoredTable, ValueMatch

WHOLE_SCHEMA_TABLES = 40
"""Up to so many tables all of them are returned: leaving one out could only lose the answer."""
_TABLES = 15
_TABLES_WITH_CONNECTIONS = 25
_COLUMNS_A_TABLE = 8
_TABLES_WITH_COLUMNS = 8
"""Of so many tables, the best, evidence names the columns."""
_MAXIMUM_MATCHES = 30
_COLUMNS_SHOWN = 8


class Retriever:
    """Searches one dictionary. Immutable once built."""

    def __init__(self, dictionary: Dictionary, index: SearchIndex) -> None:
        self._dictionary = dictionary
        self._names = dictionary.table_names
        self._numbers = {name: number for number, name in enumerate(self._names)}
        self._index = index
        self._joins = JoinGraph(self._names, dictionary.relationships)
        self._metrics = MetricNames(dictionary.metrics)
        self._direct_answers = DirectAnswers(dictionary.verified_queries, index, self._names)

    def over(self, dictionary: Dictionary) -> "Retriever":
        """Returns a retriever of a dictionary that this one's index fits too."""
        return Retriever(dictionary, self._index)

    def retrieve(self, question: str) -> Evidence:
        """Returns evidence with scores, best first. Any text is a fair question."""
        words = question_words(question)
        stems = [stem(word.folded) for word in words]
        values = self._index.values.find(question)
        ranking = TableRanking(self._index, self._joins, asked_words(words), values)
        chosen = self._choose(ranking)
        told = list(chosen)[:_TABLES_WITH_COLUMNS]
        columns = self._best_columns(told, ranking.column_rows, values)
        return Evidence(
            tables=tuple(
                ScoredTable(
                    table=self._names[number],
                    score=round(score, 3),
                    columns=columns.get(number, ()),
                )
                for number, score in chosen.items()
            ),
            values=self._value_matches(question, words, values, chosen),
            relationships=self._joins.joins_among([self._names[number] for number in chosen]),
            metrics=tuple(self._metrics.named_in(stems)),
            verified_queries=queries_alike(question, self._dictionary.verified_queries),
            business_rules=relevant_rules(self._dictionary.business_rules, stems),
            direct_answer=self._direct_answers.find(question, values),
        )

    def _choose(self, ranking: TableRanking) -> dict[int, float]:
        """Returns every table of a small schema; of a large one the best and what joins them."""
        if len(self._names) <= WHOLE_SCHEMA_TABLES:
            return self._ranked(ranking.scores(range(len(self._names))))
        best = list(self._ranked(ranking.best(_TABLES)))[:_TABLES]
        names = self._joins.with_connections(
            [self._names[number] for number in best], _TABLES_WITH_CONNECTIONS
        )
        return self._ranked(ranking.scores([self._numbers[name] for name in names]))

    def _ranked(self, scores: dict[int, float]) -> dict[int, float]:
        return dict(
            sorted(scores.items(), key=lambda pair: (-round(pair[1], 3), self._names[pair[0]]))
        )

    def _best_columns(
        self, tables: Iterable[int], rows: Rows, values: Sequence[FoundValue]
    ) -> dict[int, tuple[ScoredColumn, ...]]:
        """Returns, a table: its columns that the question names or whose values it names."""
        starts = self._index.column_starts
        ranges = [(int(starts[number]), int(starts[number + 1])) for number in tables]
        by_name = self._index.columns.details(rows, ranges)
        by_value = self._scores_by_value(values, ranges)
        scored: dict[int, list[tuple[float, int, str]]] = defaultdict(list)
        for column in {**by_name, **by_value}:
            name_score, reason = by_name.get(column, (0.0, ""))
            value_score = by_value.get(column, 0.0)
            reason = "value" if value_score > name_score else reason
            table = int(self._index.table_of_column[column])
            scored[table].append((-name_score - value_score, column, reason))
        return {
            table: tuple(
                ScoredColumn(
                    column=self._index.column_names.text(column),
                    score=round(-score, 3),
                    reason=reason,
                )
                for score, column, reason in sorted(columns)[:_COLUMNS_A_TABLE]
            )
            for table, columns in scored.items()
        }

    def _scores_by_value(
        self, values: Sequence[FoundValue], ranges: Sequence[tuple[int, int]]
    ) -> dict[int, float]:
        is_wanted = np.zeros(len(self._index.table_of_column), np.bool_)
        for first, last in ranges:
            is_wanted[first:last] = True
        scores: dict[int, float] = {}
        for found in values:
            columns = self._index.value_postings.columns[found.places]
            for column in columns[is_wanted[columns]].tolist():
                scores[column] = max(scores.get(column, 0.0), found.score * VALUE_SCORE)
        return scores

    def _value_matches(
        self,
        question: str,
        words: Sequence[QuestionWord],
        values: Sequence[FoundValue],
        chosen: Iterable[int],
    ) -> tuple[ValueMatch, ...]:
        is_chosen = np.zeros(len(self._names), np.bool_)
        is_chosen[list(chosen)] = True
        matches = (
            self._value_match(question[words[f.start].start : words[f.end - 1].end], f.score, place)
            for f in values
            for place in self._shown_places(f.places, is_chosen)
        )
        return tuple(islice(matches, _MAXIMUM_MATCHES))

    def _shown_places(self, places: Array, is_chosen: Array) -> list[int]:
        """Returns the first places, those in chosen tables where there are any."""
        tables = self._index.table_of_column[self._index.value_postings.columns[places]]
        shown = places[is_chosen[tables]]
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
