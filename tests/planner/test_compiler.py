"""Every plan compiles to SQL that parses and runs, or is refused as it would count twice."""

from collections.abc import Callable

import pytest
import sqlglot
from hypothesis import event, given, settings
from hypothesis import strategies as st

from domain.column_type import TypeFamily
from domain.plan import (
    AnyOf,
    Benchmark,
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
    Plan,
    TimeGrain,
)
from planner.compiling.compiler import Compiler
from planner.schema.join_path import JoinGraph
from planner.schema.schema_index import SchemaIndex
from planner.schema.select_scope import PlanError
from tests.planner.small_data import SmallDatabase, small_database

_SCHEMAS = {"school": "enrolled_in", "shop": "order_items", "planes": "flights"}
"""Each with a table from which every other is reached without repeating rows."""

_OF_NUMBERS = (
    MeasureFunction.SUM,
    MeasureFunction.AVERAGE,
    MeasureFunction.MEDIAN,
    MeasureFunction.MINIMUM,
    MeasureFunction.MAXIMUM,
)


def _columns(
    database: SmallDatabase, fits: Callable[[TypeFamily], bool]
) -> st.SearchStrategy[ColumnReference]:
    found = [
        ColumnReference(table=table.name, column=column.name)
        for table in database.dictionary.tables
        for column in table.columns
        if fits(column.family)
    ]
    return st.sampled_from(found)


def _filters(database: SmallDatabase) -> st.SearchStrategy[Condition]:
    numbers = _columns(database, lambda f: f.is_numeric)
    texts = _columns(database, lambda f: f is TypeFamily.TEXT)
    compared = st.builds(
        Filter,
        column=numbers,
        operator=st.sampled_from([Operator.GREATER, Operator.LESS_OR_EQUAL, Operator.NOT_EQUAL]),
        values=st.tuples(st.integers(-5, 5000)),
    )
    between = st.builds(
        Filter,
        column=numbers,
        operator=st.sampled_from([Operator.BETWEEN, Operator.NOT_BETWEEN]),
        values=st.tuples(st.integers(0, 5), st.integers(5, 500)),
    )
    spelled = st.builds(
        Filter,
        column=texts,
        operator=st.sampled_from(
            [Operator.EQUAL, Operator.IN, Operator.CONTAINS, Operator.STARTS_WITH]
        ),
        values=st.tuples(st.text(max_size=8)),
    )
    average = numbers.map(
        lambda c: Filter(
            column=c,
            operator=Operator.GREATER,
            benchmark=Benchmark(function=MeasureFunction.AVERAGE, column=c),
        )
    )
    simple = st.one_of(compared, between, spelled, average)
    either = st.lists(simple, min_size=2, max_size=3).map(lambda cs: AnyOf(conditions=tuple(cs)))
    return st.one_of(simple, either, _memberships(database))


def _memberships(database: SmallDatabase) -> st.SearchStrategy[Condition]:
    links = database.dictionary.relationships
    return st.builds(
        lambda link, negated: Membership(
            columns=(ColumnReference(table=link.parent_table, column=link.parent_columns[0]),),
            table=link.child_table,
            other_columns=(ColumnReference(table=link.child_table, column=link.child_columns[0]),),
            negated=negated,
        ),
        st.sampled_from(links),
        st.booleans(),
    )


def _measures(database: SmallDatabase) -> st.SearchStrategy[Measure]:
    numbers = _columns(database, lambda f: f.is_numeric)
    aggregate = st.builds(
        Measure, function=st.sampled_from(_OF_NUMBERS), column=numbers, label=st.just("measured")
    )
    distinct = _columns(database, lambda f: True).map(
        lambda c: Measure(function=MeasureFunction.COUNT_DISTINCT, column=c, label="different")
    )
    rows = st.booleans().map(
        lambda share: Measure(function=MeasureFunction.COUNT, label="rows", is_share=share)
    )
    return st.one_of(aggregate, distinct, rows)


@st.composite
def plans(draw: st.DrawFn) -> tuple[str, Plan]:
    schema = draw(st.sampled_from(sorted(_SCHEMAS)))
    database = small_database(schema)
    conditions = tuple(draw(st.lists(_filters(database), max_size=2)))
    base = _SCHEMAS[schema]
    if draw(st.booleans()):
        columns = draw(st.lists(_columns(database, lambda f: True), min_size=1, max_size=3))
        outputs = [Output(kind="column", index=i, name=f"c{i}") for i in range(len(columns))]
        order = (Order(by="column", column=columns[0], descending=draw(st.booleans())),)
        return schema, Plan(
            table=base,
            columns=tuple(columns),
            conditions=conditions,
            outputs=tuple(outputs),
            order=order,
            limit=draw(st.none() | st.integers(1, 5)),
        )
    measures = draw(st.lists(_measures(database), min_size=1, max_size=2))
    dimensions = draw(st.lists(_dimensions(database), max_size=2))
    outputs = [Output(kind="dimension", index=i, name=f"d{i}") for i in range(len(dimensions))]
    outputs += [Output(kind="measure", index=i, name=f"m{i}") for i in range(len(measures))]
    plain = not measures[0].is_share
    having = (Having(measure_index=0, operator=Operator.NOT_EQUAL, values=(3,)),)
    return schema, Plan(
        table=base,
        measures=tuple(measures),
        dimensions=tuple(dimensions),
        conditions=conditions,
        outputs=tuple(outputs),
        having=having if dimensions and plain and _is_number(database, measures[0]) else (),
        order=(Order(by="measure", descending=True),),
        limit=draw(st.none() | st.integers(1, 5)),
        limit_per_group=bool(dimensions) and draw(st.booleans()),
    )


def _is_number(database: SmallDatabase, measure: Measure) -> bool:
    return measure.column is None or measure.function is not MeasureFunction.COUNT


def _dimensions(database: SmallDatabase) -> st.SearchStrategy[Dimension]:
    plain = _columns(database, lambda f: True).map(lambda c: Dimension(column=c, label="split"))
    times = [
        ColumnReference(table=t.name, column=c.name)
        for t in database.dictionary.tables
        for c in t.columns
        if c.family.is_temporal
    ]
    if not times:
        return plain
    timed = st.builds(
        Dimension,
        column=st.sampled_from(times),
        grain=st.sampled_from([TimeGrain.DAY, TimeGrain.WEEK, TimeGrain.QUARTER]),
        label=st.just("when"),
    )
    return st.one_of(plain, timed)


@settings(max_examples=150, deadline=None)
@given(plans())
def test_every_plan_compiles_to_sql_that_parses_and_runs(drawn: tuple[str, Plan]) -> None:
    schema, plan = drawn
    database = small_database(schema)
    index, graph = SchemaIndex(database.dictionary), JoinGraph(database.dictionary)
    try:
        sql = Compiler(index, graph).sql(plan)
    except PlanError:
        event("refused")
        return
    assert sqlglot.parse_one(sql, dialect="athena").sql(dialect="athena")
    rows = database.rows_of_athena(sql)
    if plan.limit is not None and not plan.limit_per_group:
        assert len(rows) <= plan.limit
    assert all(len(row) == len(plan.outputs) for row in rows)


def test_rows_that_a_join_repeats_are_counted_once() -> None:
    database = small_database("school")
    index, graph = SchemaIndex(database.dictionary), JoinGraph(database.dictionary)
    plan = Plan(
        table="student",
        measures=(Measure(function=MeasureFunction.COUNT, table="student", label="students"),),
        conditions=(
            Filter(
                column=ColumnReference(table="enrolled_in", column="grade"),
                operator=Operator.IN,
                values=("A", "B", "C"),
            ),
        ),
        outputs=(Output(kind="measure", index=0, name="students"),),
    )
    assert database.rows_of_athena(Compiler(index, graph).sql(plan)) == [(4,)]


def test_numbers_that_a_join_repeats_are_not_added() -> None:
    database = small_database("school")
    index, graph = SchemaIndex(database.dictionary), JoinGraph(database.dictionary)
    salary = ColumnReference(table="advisor", column="salary")
    plan = Plan(
        table="student",
        measures=(Measure(function=MeasureFunction.SUM, column=salary, label="salaries"),),
        outputs=(Output(kind="measure", index=0, name="salaries"),),
    )
    with pytest.raises(PlanError, match="more than once"):
        Compiler(index, graph).sql(plan)


@pytest.mark.parametrize("limit_per_group", [False, True])
def test_of_groups_that_are_alike_the_same_ones_are_always_kept(limit_per_group: bool) -> None:
    database = small_database("school")
    title = ColumnReference(table="course", column="title")
    grade = ColumnReference(table="enrolled_in", column="grade")
    dimensions: tuple[Dimension, ...] = (Dimension(column=title, label="course"),)
    if limit_per_group:
        dimensions = (Dimension(column=grade, label="grade"), *dimensions)
    plan = Plan(
        table="enrolled_in",
        measures=(Measure(function=MeasureFunction.COUNT, table="enrolled_in", label="n"),),
        dimensions=dimensions,
        order=(Order(by="measure", descending=True),),
        limit=2,
        limit_per_group=limit_per_group,
        outputs=tuple(
            Output(kind="dimension", index=n, name=f"d{n}") for n in range(len(dimensions))
        ),
    )
    compiler = Compiler(SchemaIndex(database.dictionary), JoinGraph(database.dictionary))
    kept = database.rows_of_athena(compiler.sql(plan))
    if limit_per_group:
        assert kept[:2] == [("A", "Algebra"), ("A", "Biology")]
    else:
        assert kept == [("Algebra",), ("Biology",)]


def test_of_rows_that_are_alike_the_first_key_is_kept() -> None:
    database = small_database("school")
    plan = Plan(
        table="course",
        columns=(ColumnReference(table="course", column="title"),),
        order=(Order(by="column", column=ColumnReference(table="course", column="credits")),),
        limit=2,
        outputs=(Output(kind="column", index=0, name="title"),),
    )
    compiler = Compiler(SchemaIndex(database.dictionary), JoinGraph(database.dictionary))
    assert database.rows_of_athena(compiler.sql(plan)) == [("Drama",), ("Biology",)]
