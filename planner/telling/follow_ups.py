"""Questions that lead on from an answer, each tried on the planner before it is offered."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import chain, zip_longest

from domain.answer import WriteRequest
from domain.column_type import TypeFamily
from domain.dictionary import ColumnEntry, ColumnRole, Dictionary, TableEntry
from domain.draft import Drafter, DraftRequest, SqlDraft
from domain.evidence import Evidence, ScoredTable, ValueMatch
from domain.plan import (
    ColumnReference,
    Dimension,
    Filter,
    Measure,
    MeasureFunction,
    Plan,
    TimeGrain,
)
from planner.language.names import name_words
from planner.language.number_text import plural
from planner.language.period_words import within_period
from planner.reading.plan_parts import CALENDAR_WORDS
from planner.schema.labels import column_label
from planner.schema.schema_index import SchemaIndex
from planner.sql_reading.spoken_conditions import value_words
from planner.telling.condition_words import kept_values
from planner.telling.schema_part import is_large, part_of, tables_near

_MOST_QUESTIONS = 3
_MOST_TRIED = 8
_MOST_GROUPS = 30
_TOP = 5
_CRYPTIC = 3
"""Names of so few letters say nothing, unless the dictionary has another."""
_SHORT = 62
"""Up to so many days a course is told by day."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A question and what its plan must split by, for it to have been read as meant."""

    question: str
    split: ColumnReference | None = None
    grain: TimeGrain | None = None


class FollowUps:
    """Finds further questions for one dictionary at a time."""

    def __init__(self, drafter: Drafter) -> None:
        """`drafter` must be cheap: every question is drafted before it is offered."""
        self._drafter = drafter
        self._index: SchemaIndex | None = None

    async def questions(self, request: WriteRequest) -> tuple[str, ...]:
        """Returns up to three questions: other splits, the trend, the leaders, or examples."""
        found: list[str] = []
        if request.plan is not None and request.plan.measures:
            index = self._index_of(request.plan, request.dictionary)
            for candidate in list(_candidates(request.plan, index))[:_MOST_TRIED]:
                if len(found) < _MOST_QUESTIONS and await self._works(candidate, request):
                    found.append(candidate.question)
        asked = _folded(request.question)
        examples = [q for q in request.dictionary.example_questions if _folded(q) != asked]
        return tuple(dict.fromkeys([*found, *examples]))[:_MOST_QUESTIONS]

    async def _works(self, candidate: Candidate, request: WriteRequest) -> bool:
        """True where the planner reads the question as the same figure, split as meant."""
        plan = request.plan
        if plan is None or _folded(candidate.question) == _folded(request.question):
            return False
        drafted = await self._drafter.draft(
            DraftRequest(
                question=candidate.question,
                dictionary=request.dictionary,
                evidence=_evidence(plan, request.dictionary),
                today=_today(plan, request.dictionary),
            )
        )
        if not isinstance(drafted, SqlDraft) or drafted.plan is None:
            return False
        index = self._index_of(plan, request.dictionary)
        return _is_as_meant(drafted.plan, plan, candidate, index)

    def _index_of(self, plan: Plan, dictionary: Dictionary) -> SchemaIndex:
        if is_large(dictionary):
            return SchemaIndex(part_of(dictionary, tables_near(plan, dictionary)))
        if self._index is None or self._index.dictionary is not dictionary:
            self._index = SchemaIndex(dictionary)
        return self._index


def _folded(question: str) -> str:
    return question.strip().rstrip("?.").casefold()


def _today(plan: Plan, dictionary: Dictionary) -> date:
    """Any day will do: whether `last month` can be read does not depend on it."""
    if plan.period is not None and plan.period.end is not None:
        return plan.period.end
    return dictionary.built_on or date.min.replace(year=2000)


def _evidence(plan: Plan, dictionary: Dictionary) -> Evidence:
    """Returns the values that the plan keeps to, as a search for them would find them."""
    near = tables_near(plan, dictionary) if is_large(dictionary) else []
    return Evidence(
        tables=tuple(ScoredTable(table=name, score=1.0) for name in near),
        values=tuple(
            ValueMatch(
                text=value_words(c.column, value, dictionary),
                table=c.column.table,
                column=c.column.column,
                value=value,
                score=1.0,
            )
            for c in plan.conditions
            if isinstance(c, Filter)
            for value in c.values
        ),
    )


def _is_as_meant(drafted: Plan, plan: Plan, candidate: Candidate, index: SchemaIndex) -> bool:
    same_measure = bool(drafted.measures) and _meaning(drafted) == _meaning(plan)
    same_rows = set(map(str, drafted.conditions)) == set(map(str, plan.conditions))
    same_period = (drafted.period is None) == (plan.period is None)
    splits = [d for d in drafted.dimensions if _is_split(d, candidate, index)]
    return same_measure and same_rows and same_period and bool(splits)


def _is_split(dimension: Dimension, candidate: Candidate, index: SchemaIndex) -> bool:
    if candidate.grain is not None:
        entry = index.column(dimension.column.table, dimension.column.column)
        is_stored = dimension.grain is None and (
            entry.family.is_temporal or str(candidate.grain) in name_words(entry.name)
        )
        return dimension.grain is candidate.grain or is_stored
    return dimension.column == candidate.split


def _meaning(plan: Plan) -> tuple[object, ...]:
    measure = _shown_measure(plan)
    return (measure.function, measure.column, measure.metric, measure.is_share)


def _shown_measure(plan: Plan) -> Measure:
    shown = [output.index for output in plan.outputs if output.kind == "measure"]
    return plan.measures[shown[0] if shown else 0]


def _candidates(plan: Plan, index: SchemaIndex) -> Iterator[Candidate]:
    """Yields the leaders of the same split, then splits and the trend in turn."""
    label = _shown_measure(plan).label
    subject = label[:1].upper() + label[1:]
    kept = f"{kept_values(plan, index.dictionary)}{within_period(plan)}"
    few, many = _splits(plan, index)
    leaders = [
        Candidate(f"Top {_TOP} {plural(column_label(c, index))} by {label}{kept}", c) for c in many
    ]
    splits = [Candidate(f"{subject} by {column_label(c, index)}{kept}", c) for c in few]
    if plan.limit == 1 and plan.dimensions:
        first = plan.dimensions[0]
        end = "Top" if plan.order and plan.order[0].descending else "Bottom"
        yield Candidate(f"{end} {_TOP} {plural(first.label)} by {label}{kept}", first.column)
    yield from splits[:1]
    grain = _trend_grain(plan, index)
    if grain is not None:
        yield Candidate(f"{subject} per {grain}{kept}", grain=grain)
    yield from leaders[:2]
    yield from splits[1:]


def _trend_grain(plan: Plan, index: SchemaIndex) -> TimeGrain | None:
    """Returns the span to follow the figure by; None where the answer is a course already."""
    table = index.tables.get(plan.table)
    if table is None or table.time_column is None:
        return None
    for dimension in plan.dimensions:
        entry = index.column(dimension.column.table, dimension.column.column)
        if dimension.grain or entry.family.is_temporal or _is_calendar(entry.name):
            return None
    if plan.period is None or plan.period.start is None or plan.period.end is None:
        return TimeGrain.MONTH
    days = (plan.period.end - plan.period.start).days
    if days <= 1:
        return None
    return TimeGrain.DAY if days <= _SHORT else TimeGrain.MONTH


def _is_calendar(column: str) -> bool:
    return bool(set(name_words(column)) & CALENDAR_WORDS)


def _splits(plan: Plan, index: SchemaIndex) -> tuple[list[ColumnReference], list[ColumnReference]]:
    """Returns columns of few values and of many, of the measured table and those it refers to."""
    used = _used(plan, index)
    parents = _parents(plan.table, index.dictionary)
    tables = [plan.table, *(p for p in parents if p not in _settled(plan, index))]
    by_table = [
        [
            ColumnReference(table=name, column=column.name)
            for column in index.tables[name].columns
            if _is_groupable(index.tables[name], column, index)
            and (name, column.name.lower()) not in used
        ]
        for name in tables
        if name in index.tables
    ]
    turns = [c for c in chain.from_iterable(zip_longest(*by_table)) if c is not None]
    few = [c for c in turns if index.column(c.table, c.column).distinct_count <= _MOST_GROUPS]
    return few, [c for c in turns if c not in few]


def _used(plan: Plan, index: SchemaIndex) -> set[tuple[str, str]]:
    columns = [d.column for d in plan.dimensions]
    columns += [key for d in plan.dimensions for key in d.keys]
    columns += [c.column for c in plan.conditions if isinstance(c, Filter)]
    columns += [m.column for m in plan.measures if m.column is not None]
    if _shown_measure(plan).function in (MeasureFunction.COUNT, MeasureFunction.COUNT_DISTINCT):
        columns += _names_of(plan.table, index)
    return {(c.table, c.column.lower()) for c in columns}


def _names_of(table: str, index: SchemaIndex) -> list[ColumnReference]:
    """Things are not counted by their own names."""
    entry = index.tables.get(table)
    columns = entry.columns if entry is not None else []
    return [
        ColumnReference(table=table, column=c.name) for c in columns if c.role is ColumnRole.LABEL
    ]


def _settled(plan: Plan, index: SchemaIndex) -> set[str]:
    """Returns tables of which a condition names one row: all else about it is settled too."""
    filtered = [c.column for c in plan.conditions if isinstance(c, Filter)]
    named = {c.table for c in filtered if index.column(*_place(c)).role is ColumnRole.LABEL}
    for link in index.dictionary.relationships:
        if any(c.table == link.child_table and c.column in link.child_columns for c in filtered):
            named.add(link.parent_table)
    return named


def _place(column: ColumnReference) -> tuple[str, str]:
    return column.table, column.column


def _parents(table: str, dictionary: Dictionary) -> list[str]:
    return list(
        dict.fromkeys(r.parent_table for r in dictionary.relationships if r.child_table == table)
    )


def _is_groupable(table: TableEntry, column: ColumnEntry, index: SchemaIndex) -> bool:
    """Names of things, and columns of few words that no calendar, key or partition is."""
    if column.pii is not None or column.is_partition or _is_calendar(column.name):
        return False
    if column.distinct_count < 2 or index.is_key(table.name, column.name):
        return False
    if len(column.name) <= _CRYPTIC and not column.synonyms:
        return False
    is_name = column.role is ColumnRole.LABEL
    return is_name or (
        column.role is ColumnRole.DIMENSION
        and column.family is TypeFamily.TEXT
        and (not table.row_count or column.distinct_count * 2 < table.row_count)
    )
