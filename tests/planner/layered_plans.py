"""Plans that one select cannot compute, at random: what is taken over what was computed before."""

from hypothesis import strategies as st

from domain.dictionary import Dictionary
from domain.plan import (
    AllOf,
    ColumnReference,
    Condition,
    Dimension,
    Filter,
    GroupBenchmark,
    Having,
    Measure,
    MeasureFunction,
    Operator,
    Order,
    Output,
    Plan,
)
from planner.schema.join_path import JoinGraph
from planner.schema.schema import Schema

_FOLDS = (MeasureFunction.AVERAGE, MeasureFunction.MAXIMUM, MeasureFunction.MEDIAN)
_ADDED = (MeasureFunction.SUM, MeasureFunction.AVERAGE)


def layered_plans(dictionary: Dictionary) -> st.SearchStrategy[Plan]:
    """Plans with figures of figures, of rows that joins repeat, or of groups against groups."""
    return _plans(Schema(dictionary), JoinGraph(dictionary))


@st.composite
def _plans(draw: st.DrawFn, schema: Schema, graph: JoinGraph) -> Plan:
    link = draw(st.sampled_from(schema.dictionary.relationships))
    child = link.child_table
    per = Dimension(column=ColumnReference(table=child, column=link.child_columns[0]), label="each")
    rows = Measure(function=MeasureFunction.COUNT, table=child, label="rows")
    kind = draw(st.sampled_from(["folded", "repeated", "compared", "two"]))
    dimensions = draw(
        st.lists(_dimensions(schema, graph, child, but=per.column), min_size=1, max_size=2)
    )
    dimensions = list({d.column: d for d in dimensions}.values())
    if kind == "folded":
        function = draw(st.sampled_from(_FOLDS))
        folded = Measure(function=function, of=rows, per=(per,), label="folded")
        return _plan(draw, child, [folded], draw(st.sampled_from([[], dimensions])))
    if kind == "repeated":
        figure = _figures(schema, link.parent_table)
        column = draw(st.sampled_from(figure)) if figure else None
        if column is not None:
            function = draw(st.sampled_from(_ADDED))
            added = Measure(function=function, column=column, label="added")
            split = [draw(_dimensions(schema, graph, child, but=column, own=True))]
            return _plan(draw, link.parent_table, [added], split)
    if kind == "two":
        return _of_two_rows(draw, schema, child, dimensions)
    having = Having(
        measure_index=0,
        operator=draw(st.sampled_from([Operator.GREATER, Operator.LESS])),
        benchmark=draw(_benchmarks(schema, child)),
    )
    return _plan(draw, child, [rows], dimensions, having)


def _of_two_rows(draw: st.DrawFn, schema: Schema, child: str, dimensions: list[Dimension]) -> Plan:
    """A figure within an entity, of two sets of rows and of how far they are apart."""
    per = Dimension(column=draw(st.sampled_from(_columns(schema, child))), label="each")
    rows = Measure(function=MeasureFunction.COUNT, table=child, label="rows")
    one, other = (
        Measure(
            function=MeasureFunction.AVERAGE,
            of=rows,
            per=(per,),
            condition=draw(_conditions(schema, child, operator)),
            label=f"rows {operator.value}",
        )
        for operator in (Operator.GREATER_OR_EQUAL, Operator.LESS)
    )
    function = draw(st.sampled_from([MeasureFunction.CHANGE, MeasureFunction.DIFFERENCE]))
    change = Measure(function=function, numerator=other, denominator=one, label="change")
    split = [d for d in dimensions if d.column != per.column]
    return _plan(draw, child, draw(st.sampled_from([[one, other, change], [change]])), split)


def _plan(
    draw: st.DrawFn,
    table: str,
    measures: list[Measure],
    dimensions: list[Dimension],
    having: Having | None = None,
) -> Plan:
    outputs = [Output(kind="dimension", index=n, name=f"d{n}") for n in range(len(dimensions))]
    outputs += [Output(kind="measure", index=n, name=f"m{n}") for n in range(len(measures))]
    order = (Order(by="measure", index=len(measures) - 1, descending=draw(st.booleans())),)
    return Plan(
        table=table,
        measures=tuple(measures),
        dimensions=tuple(dimensions),
        having=(having,) if having is not None else (),
        order=draw(st.sampled_from([(), order])),
        limit=draw(st.none() | st.integers(1, 9)),
        outputs=tuple(outputs),
    )


def _columns(schema: Schema, table: str) -> list[ColumnReference]:
    return [ColumnReference(table=table, column=c.name) for c in schema.tables[table].columns]


def _figures(schema: Schema, table: str) -> list[ColumnReference]:
    return [
        c
        for c in _columns(schema, table)
        if schema.column(c.table, c.column).family.is_numeric and not schema.is_key(table, c.column)
    ]


@st.composite
def _dimensions(
    draw: st.DrawFn,
    schema: Schema,
    graph: JoinGraph,
    table: str,
    but: ColumnReference,
    own: bool = False,
) -> Dimension:
    near = [t for t in schema.tables if t == table or (not own and graph.keeps_rows(table, t))]
    columns = [c for t in near for c in _columns(schema, t) if c != but]
    return Dimension(column=draw(st.sampled_from(columns)), label="split")


@st.composite
def _conditions(draw: st.DrawFn, schema: Schema, table: str, operator: Operator) -> Condition:
    columns = [
        c for c in _columns(schema, table) if schema.column(table, c.column).family.is_numeric
    ]
    column, value = draw(st.sampled_from(columns)), draw(st.integers(-5, 50))
    bound = Filter(column=column, operator=operator, values=(value,))
    other = value + (60 if operator is Operator.LESS else 200)
    known = Filter(column=column, operator=Operator.NOT_EQUAL, values=(other,))
    both: list[Condition] = [bound, AllOf(conditions=(bound, known))]
    return draw(st.sampled_from(both))


@st.composite
def _benchmarks(draw: st.DrawFn, schema: Schema, table: str) -> GroupBenchmark:
    if draw(st.booleans()):
        function = draw(st.sampled_from([MeasureFunction.AVERAGE, MeasureFunction.MAXIMUM]))
        return GroupBenchmark(function=function)
    return GroupBenchmark(conditions=(draw(_conditions(schema, table, Operator.GREATER)),))
