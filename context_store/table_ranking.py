"""Ranks tables by how well they, with the tables they join, cover the words of a question."""

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np

from context_store.asked_words import AskedWord
from context_store.join_closure import JoinGraph
from context_store.packed_arrays import Array
from context_store.search_index import SearchIndex
from context_store.value_lookup import FoundValue

Rows: TypeAlias = dict[int, float]
"""Row of a word in an index -> what a hit in it counts."""

_OWN_NAME = 1.5
VALUE_SCORE = 8.0
"""What a value counts that the question names whole."""
_LOOKED_AT = 160
_NEIGHBOURS = 60
_EVEN = 0.001
_BY_A_JOIN = 0.4
"""What a word counts that only a joined table covers."""


class TableRanking:
    """Scores of one question. A word counts once a table, by the best place that holds it."""

    def __init__(
        self,
        index: SearchIndex,
        joins: JoinGraph,
        words: Sequence[AskedWord],
        values: Sequence[FoundValue],
    ) -> None:
        self._index = index
        self._joins = joins
        self.column_rows: Rows = {}
        """The words that columns hold."""
        self._cover = np.zeros((len(words) + len(values), len(index.column_starts) - 1))
        """What each word and value counts in each table."""
        self._cover_words(words)
        self._cover_values(words, values)
        self._own_scores = self._cover.sum(axis=0)

    def scores(self, tables: Sequence[int]) -> dict[int, float]:
        """Returns the scores of some tables, each with what the tables it joins cover for it."""
        cover = self._cover[:, list(tables)]
        joined = [self._joins.neighbours(table)[:_NEIGHBOURS] for table in tables]
        with_joins = [place for place, others in enumerate(joined) if others]
        if with_joins:
            counts = [len(joined[place]) for place in with_joins]
            first = np.concatenate([[0], np.cumsum(counts)[:-1]])
            others = self._cover[:, [other for place in with_joins for other in joined[place]]]
            by_join = np.maximum.reduceat(others, first, axis=1) * _BY_A_JOIN
            cover[:, with_joins] = np.maximum(cover[:, with_joins], by_join)
        return dict(zip(tables, cover.sum(axis=0).tolist(), strict=True))

    def best(self, count: int) -> dict[int, float]:
        """Returns the best scores, `count` or more where some are equal.

        Only tables that themselves hold much of the question are looked at.
        """
        looked_at = min(_LOOKED_AT, len(self._own_scores))
        likely = np.argpartition(-self._own_scores, looked_at - 1)[:looked_at]
        scores = self.scores(likely[self._own_scores[likely] > 0].tolist())
        least = sorted(scores.values(), reverse=True)[:count][-1:]
        return {table: score for table, score in scores.items() if score >= sum(least) - _EVEN}

    def _cover_words(self, words: Sequence[AskedWord]) -> None:
        stems = [text for word in words for text, _ in word.stems]
        own, columns = self._index.tables.rows(stems), self._index.columns.rows(stems)
        at = 0
        for number, word in enumerate(words):
            for _, weight in word.stems:
                if own[at] >= 0:
                    tables, scores = self._index.tables.hits(own[at])
                    self._raise(tables, number, scores * (weight * _OWN_NAME))
                if columns[at] >= 0:
                    self.column_rows[columns[at]] = weight
                    tables, scores = self._index.best_columns.hits(columns[at])
                    self._raise(tables, number, scores * weight)
                at += 1

    def _cover_values(self, words: Sequence[AskedWord], values: Sequence[FoundValue]) -> None:
        """Counts a value at its first word: it may not count again as a name."""
        place = {word.position: number for number, word in enumerate(words)}
        for number, value in enumerate(values, start=len(words)):
            columns = self._index.value_postings.columns[value.places]
            tables = self._index.table_of_column[columns]
            self._raise(tables, place.get(value.start, number), value.score * VALUE_SCORE)

    def _raise(self, tables: Array, number: int, scores: Array | float) -> None:
        cover = self._cover[number]
        cover[tables] = np.maximum(cover[tables], scores)
