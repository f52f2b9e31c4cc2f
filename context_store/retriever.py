"""The search index over one dictionary: tables and columns by words, values, joins, metrics."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from rapidfuzz import fuzz

from context_store.gender_words import gender_words
from context_store.join_closure import joins_among, with_connections
from context_store.lexical_index import Field, Hit, LexicalIndex
from context_store.names import expanded_words_of, words_of
from context_store.question_words import FUNCTION_WORDS, folded_words, question_words, stem
from context_store.value_index import ColumnValues
from context_store.value_lookup import Place, ValueLookup
from domain.column_type import TypeFamily
from domain.dictionary import Cell, ColumnEntry, Dictionary, Metric, TableEntry, VerifiedQuery
from domain.evidence import Evidence, ScoredColumn, ScoredTable, ValueMatch

WHOLE_SCHEMA_TABLES = 40
"""Up to so many tables all of them are returned: leaving one out could only lose the answer."""
_TABLES = 15
_TABLES_WITH_CONNECTIONS = 25
_COLUMNS_A_TABLE = 12
_COLUMNS_COUNTED = 4
_VALUE_SCORE = 8.0
_RULES = 20
_VERIFIED = 5
_VERIFIED_LIKENESS = 60


class Retriever:
    """Answers what of a dictionary matters for a question. Immutable once built."""

    def __init__(self, dictionary: Dictionary, values: ColumnValues) -> None:
        self._dictionary = dictionary
        self._tables = dictionary.tables
        self._columns = [(table, column) for table in self._tables for column in table.columns]
        self._table_number = {table.name: n for n, table in enumerate(self._tables)}
        self._table_index = LexicalIndex([_table_fields(table) for table in self._tables])
        self._column_index = LexicalIndex([_column_fields(column) for _, column in self._columns])
        self._values = ValueLookup(
            _value_texts(dictionary, values), _schema_words(dictionary).__contains__
        )
        self._metrics = [_metric_phrases(metric) for metric in dictionary.metrics]

    def retrieve(self, question: str) -> Evidence:
        """Returns evidence with scores, best first. Any text is a fair question."""
        stems = [stem(word.folded) for word in question_words(question)]
        values = self._values.find(question)
        tables = self._score_tables(stems, values)
        chosen = self._choose(tables)
        return Evidence(
            tables=tuple(chosen),
            values=tuple(values),
            relationships=joins_among(
                {table.table for table in chosen}, self._dictionary.relationships
            ),
            metrics=tuple(_named(self._metrics, stems)),
            verified_queries=_alike(question, self._dictionary.verified_queries),
            business_rules=_relevant_rules(self._dictionary.business_rules, stems),
        )

    def _score_tables(
        self, stems: Sequence[str], values: Sequence[ValueMatch]
    ) -> list[ScoredTable]:
        columns = self._score_columns(stems, values)
        hits = self._table_index.search(stems)
        scored = []
        for number in {*hits, *columns}:
            best = sorted(columns.get(number, ()), key=lambda column: -column.score)
            own = hits[number].score * 1.5 if number in hits else 0.0
            score = own + sum(column.score for column in best[:_COLUMNS_COUNTED])
            scored.append(
                ScoredTable(
                    table=self._tables[number].name,
                    score=round(score, 3),
                    columns=tuple(best[:_COLUMNS_A_TABLE]),
                )
            )
        return sorted(scored, key=lambda table: (-table.score, table.table))

    def _score_columns(
        self, stems: Sequence[str], values: Sequence[ValueMatch]
    ) -> dict[int, list[ScoredColumn]]:
        by_value: dict[tuple[str, str], float] = {}
        for match in values:
            key = (match.table, match.column)
            by_value[key] = max(by_value.get(key, 0.0), match.score * _VALUE_SCORE)
        scored: dict[int, list[ScoredColumn]] = defaultdict(list)
        for number, hit in self._column_index.search(stems).items():
            table, column = self._columns[number]
            extra = by_value.pop((table.name, column.name), 0.0)
            scored[self._table_number[table.name]].append(_scored(column.name, hit, extra))
        for (table_name, column_name), score in by_value.items():
            scored[self._table_number[table_name]].append(
                ScoredColumn(column=column_name, score=round(score, 3), reason="value")
            )
        return scored

    def _choose(self, scored: list[ScoredTable]) -> list[ScoredTable]:
        """Returns every table of a small schema; of a large one the best and what joins them."""
        names = [table.name for table in self._tables]
        if len(names) > WHOLE_SCHEMA_TABLES:
            best = [table.table for table in scored[:_TABLES]]
            names = with_connections(best, self._dictionary.relationships, _TABLES_WITH_CONNECTIONS)
        by_name = {table.table: table for table in scored}
        chosen = [by_name.get(name, ScoredTable(table=name, score=0.0)) for name in names]
        return sorted(chosen, key=lambda table: -table.score)


def _scored(column: str, hit: Hit, extra: float) -> ScoredColumn:
    reason = "value" if extra > hit.score else hit.reason
    return ScoredColumn(column=column, score=round(hit.score + extra, 3), reason=reason)


def _table_fields(table: TableEntry) -> list[Field]:
    return [
        Field("name", 3.0, [*words_of(table.name), *expanded_words_of(table.name)]),
        Field("synonym", 2.0, _words([*table.synonyms, table.row_meaning])),
        Field("description", 0.7, _words([table.description])),
    ]


def _column_fields(column: ColumnEntry) -> list[Field]:
    return [
        Field("name", 3.0, [*words_of(column.name), *expanded_words_of(column.name)]),
        Field("synonym", 2.0, _words(column.synonyms)),
        Field("description", 0.7, _words([column.description, column.unit])),
        Field("value", 1.0, _words(column.value_labels.values())),
    ]


def _schema_words(dictionary: Dictionary) -> set[str]:
    """Returns the stems of all names and synonyms; descriptions may well mention values."""
    names: list[str] = []
    for table in dictionary.tables:
        names += [*expanded_words_of(table.name), *table.synonyms]
        for column in table.columns:
            names += [*expanded_words_of(column.name), *column.synonyms]
    return {stem(word) for word in _words(names)}


def _words(texts: Iterable[str]) -> list[str]:
    return [word for text in texts for word in folded_words(text)]


def _value_texts(dictionary: Dictionary, values: ColumnValues) -> Iterator[tuple[str, Place]]:
    """Yields each value, and each meaning of a code, with where it is found."""
    for table in dictionary.tables:
        for column in table.columns:
            if column.pii is not None:
                continue
            for value in values.get(table.name, {}).get(column.name, ()):
                place = Place(table.name, column.name, value)
                for text in (value, *gender_words(column.name, value)):
                    yield text, place
            for code, label in column.value_labels.items():
                yield label, Place(table.name, column.name, _stored(code, column.family))


def _stored(code: str, family: TypeFamily) -> Cell:
    return int(code) if family is TypeFamily.INTEGER and code.lstrip("-").isdigit() else code


def _metric_phrases(metric: Metric) -> tuple[str, list[list[str]]]:
    phrases = [metric.name.replace("_", " "), *metric.synonyms]
    return metric.name, [[stem(word) for word in folded_words(phrase)] for phrase in phrases]


def _named(metrics: Sequence[tuple[str, list[list[str]]]], stems: Sequence[str]) -> list[str]:
    """Returns the metrics that the question names, the longest name first."""
    asked = set(stems)
    lengths = {
        name: max((len(phrase) for phrase in phrases if phrase and set(phrase) <= asked), default=0)
        for name, phrases in metrics
    }
    return sorted((name for name in lengths if lengths[name]), key=lambda name: -lengths[name])


def _alike(question: str, queries: Sequence[VerifiedQuery]) -> tuple[VerifiedQuery, ...]:
    rated = [(fuzz.token_set_ratio(question, query.question), query) for query in queries]
    likely = [pair for pair in rated if pair[0] >= _VERIFIED_LIKENESS]
    return tuple(query for _, query in sorted(likely, key=lambda pair: -pair[0])[:_VERIFIED])


def _relevant_rules(rules: Sequence[str], stems: Sequence[str]) -> tuple[str, ...]:
    """Returns all rules where they are few, else those that share most words with the question."""
    if len(rules) <= _RULES:
        return tuple(rules)
    asked = set(stems) - FUNCTION_WORDS
    return tuple(
        sorted(rules, key=lambda rule: -len(asked & {stem(word) for word in folded_words(rule)}))[
            :_RULES
        ]
    )
