"""Plans over the small schemas, at random: what the compiler must take and give back."""

from datetime import date
from typing import Any

from hypothesis import strategies as st

from domain.column_type import TypeFamily
from domain.dictionary import Cell, ColumnEntry, Dictionary
from domain.plan import (
    AnyOf,
    Benchmark,
    CalendarPart,
    ColumnReference,
    Condition,
    Dimension,
    Filter,
    Having,
    Measure,
    MeasureFunction,
    Membership,
    Operator,
    Order,
    Output,
    Period,
    Plan,
    TimeGrain,
)
from planner.schema.join_path import JoinGraph
from planner.schema.schema import Schema

_ORDERED = (Operator.LESS, Operator.GREATER_OR_EQUAL, Operator.GREATER, Operator.LESS_OR_EQUAL)
_TEXTUAL = (Operator.CONTAINS, Operator.NOT_CONTAINS, Operator.STARTS_WITH, Operator.ENDS_WITH)
_OF_NUMBERS = (
    MeasureFunction.SUM,
    MeasureFunction.AVERAGE,
    MeasureFunction.MINIMUM,
    MeasureFunction.MAXIMUM,
)


def plans(dictionary: Dictionary) -> st.SearchStrategy[Plan]:
    """Plans that can be computed over the dictionary."""
    return _plans(Schema(dictionary), JoinGraph(dictionary))


def _columns(schema: Schema, table: str) -> list[ColumnReference]:
    return [ColumnReference(table=table, column=c.name) for c in schema.tables[table].columns]


def _entry(schema: Schema, column: ColumnReference) -> ColumnEntry:
    return schema.column(column.table, column.column)


def _values(entry: ColumnEntry) -> st.SearchStrategy[Cell]:
    if entry.family is TypeFamily.TEXT:
        return st.text("aeiou Z", min_size=1, max_size=5)
    if entry.family.is_temporal:
        return st.dates(date(2023, 1, 1), date(2025, 1, 1)).map(str)
    return st.integers(-5, 5000)


@st.composite
def _filters(draw: st.DrawFn, schema: Schema, table: str) -> Condition:
    column = draw(st.sampled_from(_columns(schema, table)))
    entry = _entry(schema, column)
    values = _values(entry)
    kinds = [Operator.EQUAL, Operator.NOT_EQUAL, Operator.IN, Operator.NOT_IN, Operator.IS_NULL]
    kinds += list(_TEXTUAL if entry.family is TypeFamily.TEXT else (*_ORDERED, Operator.BETWEEN))
    operator = draw(st.sampled_from(kinds))
    count = {Operator.IN: 3, Operator.NOT_IN: 2, Operator.BETWEEN: 2, Operator.IS_NULL: 0}
    size = count.get(operator, 1)
    drawn = draw(st.lists(values, min_size=size, max_size=size, unique=True))
    if entry.family.is_numeric and operator in _ORDERED and draw(st.booleans()):
        function = draw(st.sampled_from([MeasureFunction.AVERAGE, MeasureFunction.MAXIMUM]))
        benchmark = Benchmark(function=function, column=column)
        return Filter(column=column, operator=operator, benchmark=benchmark)
    return Filter(column=column, operator=operator, values=tuple(drawn))


@st.composite
def _conditions(draw: st.DrawFn, schema: Schema, table: str) -> Condition:
    shape = draw(st.sampled_from(["filter", "filter", "any", "member"]))
    if shape == "any":
        parts = draw(st.lists(_filters(schema, table), min_size=2, max_size=2, unique=True))
        return AnyOf(conditions=tuple(parts))
    links = [r for r in schema.dictionary.relationships if r.parent_table == table]
    if shape == "filter" or not links:
        return draw(_filters(schema, table))
    link = draw(st.sampled_from(links))
    inner = draw(st.lists(_filters(schema, link.child_table), max_size=1))
    return Membership(
        columns=tuple(ColumnReference(table=table, column=c) for c in link.parent_columns),
        table=link.child_table,
        other_columns=tuple(
            ColumnReference(table=link.child_table, column=c) for c in link.child_columns
        ),
        conditions=tuple(inner),
        **draw(_presences(schema, link.child_table)),
    )


@st.composite
def _presences(draw: st.DrawFn, schema: Schema, table: str) -> dict[str, Any]:
    """Rows there or none, so many of them, or so many different values in them."""
    if draw(st.booleans()):
        return {"negated": draw(st.booleans())}
    counted = draw(st.none() | st.sampled_from(_columns(schema, table)))
    operator = draw(st.sampled_from(_ORDERED))
    return {"operator": operator, "count": draw(st.integers(0, 3)), "counted": counted}


@st.composite
def _measures(draw: st.DrawFn, schema: Schema, table: str) -> Measure:
    numbers = [
        c
        for c in _columns(schema, table)
        if _entry(schema, c).family.is_numeric and not schema.is_key(table, c.column)
    ]
    rows = Measure(function=MeasureFunction.COUNT, table=table, label="rows")
    shapes = ["rows", "distinct", "ratio", "change", *(["number"] if numbers else [])]
    shape = draw(st.sampled_from(shapes))
    condition = draw(st.none() | _filters(schema, table))
    if shape == "rows":
        is_share = draw(st.booleans())
        return rows.model_copy(
            update={"is_share": is_share, "condition": None if is_share else condition}
        )
    if shape == "ratio":
        part = rows.model_copy(update={"condition": draw(_filters(schema, table))})
        return Measure(function=MeasureFunction.RATIO, numerator=part, denominator=rows, label="r")
    if shape == "change":
        later, earlier = (
            rows.model_copy(update={"condition": draw(_filters(schema, table))}) for _ in range(2)
        )
        return Measure(
            function=MeasureFunction.CHANGE, numerator=later, denominator=earlier, label="c"
        )
    if shape == "distinct":
        column = draw(st.sampled_from(_columns(schema, table)))
        return Measure(function=MeasureFunction.COUNT_DISTINCT, column=column, label="d")
    function = draw(st.sampled_from(_OF_NUMBERS))
    column = draw(st.sampled_from(numbers))
    return Measure(function=function, column=column, label="n", condition=condition)


@st.composite
def _dimensions(draw: st.DrawFn, schema: Schema, graph: JoinGraph, table: str) -> Dimension:
    tables = [t for t in schema.tables if t == table or graph.keeps_rows(table, t)]
    column = draw(st.sampled_from([c for t in tables for c in _columns(schema, t)]))
    if not _entry(schema, column).family.is_temporal:
        return Dimension(column=column, label="x")
    grain = draw(st.none() | st.sampled_from([TimeGrain.DAY, TimeGrain.MONTH, TimeGrain.QUARTER]))
    part = draw(st.none() | st.sampled_from([CalendarPart.DAY_OF_WEEK, CalendarPart.YEAR]))
    return Dimension(column=column, grain=grain, part=None if grain else part, label="x")


@st.composite
def _plans(draw: st.DrawFn, schema: Schema, graph: JoinGraph) -> Plan:
    table = draw(st.sampled_from(sorted(schema.tables)))
    conditions = tuple(draw(st.lists(_conditions(schema, table), max_size=2, unique=True)))
    dated = [c for c in _columns(schema, table) if _entry(schema, c).family.is_temporal]
    period = None
    is_dated: bool = draw(st.booleans())
    if dated and is_dated:
        start = draw(st.dates(date(2023, 1, 1), date(2024, 6, 1)))
        period = Period(column=dated[0], start=start, end=date(2024, 8, 1), label="then")
    shared = Plan(table=table, conditions=conditions, period=period)
    if draw(st.booleans()):
        several = st.lists(st.sampled_from(_columns(schema, table)), min_size=1, max_size=3)
        listed: list[ColumnReference] = draw(several)
        return _listing(shared, list(dict.fromkeys(listed)), draw)
    measures = draw(st.lists(_measures(schema, table), min_size=1, max_size=2, unique=True))
    dimensions = draw(
        st.lists(_dimensions(schema, graph, table), max_size=2, unique_by=lambda d: d.column)
    )
    return _grouped(shared, measures, dimensions, draw)


def _listing(plan: Plan, columns: list[ColumnReference], draw: st.DrawFn) -> Plan:
    order = (Order(by="column", column=columns[0], descending=draw(st.booleans())),)
    outputs = tuple(Output(kind="column", index=n, name=c.column) for n, c in enumerate(columns))
    update = {
        "columns": tuple(columns),
        "outputs": outputs,
        "distinct": draw(st.booleans()),
        "order": draw(st.sampled_from([(), order])),
        "limit": draw(st.none() | st.integers(1, 9)),
    }
    return plan.model_copy(update=update)


def _grouped(
    plan: Plan, measures: list[Measure], dimensions: list[Dimension], draw: st.DrawFn
) -> Plan:
    outputs = [Output(kind="dimension", index=n, name=f"d{n}") for n in range(len(dimensions))]
    outputs += [Output(kind="measure", index=n, name=f"m{n}") for n in range(len(measures))]
    having = Having(measure_index=0, operator=Operator.GREATER, values=(draw(st.integers(0, 9)),))
    order = (Order(by="measure", index=0, descending=draw(st.booleans())),)
    has_groups = bool(dimensions) and not measures[0].is_share
    per_group = len(dimensions) == 2 and has_groups and draw(st.booleans())
    return plan.model_copy(
        update={
            "measures": tuple(measures),
            "dimensions": tuple(dimensions),
            "outputs": tuple(outputs),
            "having": draw(st.sampled_from([(), (having,)])) if has_groups else (),
            "order": order if per_group else draw(st.sampled_from([(), order])),
            "limit": 3 if per_group else draw(st.none() | st.integers(1, 9)),
            "limit_per_group": per_group,
        }
    )
