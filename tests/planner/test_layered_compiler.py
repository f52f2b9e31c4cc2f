"""Figures over joins that repeat rows, and figures of figures, each on its own grain."""

from collections import defaultdict
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from domain.dictionary import ColumnEntry, Dictionary, Relationship, TableEntry
from domain.plan import (
    ColumnReference,
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
from planner.compiling.layered_compiler import LayeredCompiler
from planner.schema.join_path import JoinGraph
from planner.schema.schema_index import SchemaIndex
from planner.schema.select_scope import PlanError
from tests.planner.small_data import small_database

_JOINED = {
    "school": "enrolled_in JOIN student USING (stu_id) JOIN course USING (course_id)"
    " JOIN advisor USING (advisor_id)",
    "shop": "order_items JOIN orders USING (order_id) JOIN customers USING (customer_id)",
}
_FIGURES = {
    "school": [("advisor", "salary"), ("student", "age"), ("course", "credits")],
    "shop": [("orders", "total_amount"), ("order_items", "quantity")],
}
_KEYS = {
    "advisor": "advisor_id",
    "student": "stu_id",
    "course": "course_id",
    "orders": "order_id",
    "order_items": "item_id",
}
_SPLITS = {
    "school": [("course", "title"), ("enrolled_in", "grade"), ("student", "home_city")],
    "shop": [("order_items", "product"), ("orders", "status"), ("customers", "country")],
}


def _column(place: tuple[str, str]) -> ColumnReference:
    return ColumnReference(table=place[0], column=place[1])


def _rows(schema: str, plan: Plan) -> list[tuple[Any, ...]]:
    database = small_database(schema)
    compiler = LayeredCompiler(SchemaIndex(database.dictionary), JoinGraph(database.dictionary))
    return database.rows_of_athena(compiler.sql(plan))


def _shown(dimensions: int, measures: int) -> tuple[Output, ...]:
    return (
        *(Output(kind="dimension", index=n, name=f"d{n}") for n in range(dimensions)),
        *(Output(kind="measure", index=n, name=f"m{n}") for n in range(measures)),
    )


@pytest.mark.parametrize("schema", ["school", "shop"])
@given(data=st.data())
@settings(max_examples=40, deadline=None)
def test_a_row_that_a_join_repeats_is_added_once_a_group(schema: str, data: st.DataObject) -> None:
    figure = data.draw(st.sampled_from(_FIGURES[schema]))
    splits = data.draw(
        st.lists(st.sampled_from(_SPLITS[schema]), min_size=1, max_size=2, unique=True)
    )
    function = data.draw(st.sampled_from([MeasureFunction.SUM, MeasureFunction.AVERAGE]))
    plan = Plan(
        table=figure[0],
        measures=(Measure(function=function, column=_column(figure), label="figure"),),
        dimensions=tuple(Dimension(column=_column(split), label=split[1]) for split in splits),
        joined=tuple(dict.fromkeys(t for t in _KEYS if f"{t} " in f"{_JOINED[schema]} ")),
        outputs=_shown(len(splits), 1),
    )
    is_bridged = figure[0] == "course" and ("student", "home_city") in splits
    assume(not is_bridged)
    names = ", ".join(".".join(place) for place in (*splits, (figure[0], _KEYS[figure[0]]), figure))
    wanted: dict[tuple[Any, ...], dict[Any, float]] = defaultdict(dict)
    for *group, key, value in small_database(schema).rows(f"SELECT {names} FROM {_JOINED[schema]}"):
        wanted[tuple(group)][key] = value
    found = {tuple(group): value for *group, value in _rows(schema, plan)}
    sums = {group: sum(rows.values()) for group, rows in wanted.items()}
    if function is MeasureFunction.AVERAGE:
        sums = {group: total / len(wanted[group]) for group, total in sums.items()}
    assert found == pytest.approx(sums)


def test_what_meets_many_rows_that_meet_many_of_it_is_not_added() -> None:
    added = Measure(
        function=MeasureFunction.SUM, column=_column(("course", "credits")), label="credits"
    )
    city = Dimension(column=_column(("student", "home_city")), label="home city")
    plan = Plan(table="course", measures=(added,), dimensions=(city,), outputs=_shown(1, 1))
    with pytest.raises(PlanError, match="more than once"):
        _rows("school", plan)


_PRODUCT = Dimension(column=_column(("order_items", "product")), label="product")
_COUNTRY = Dimension(column=_column(("customers", "country")), label="country")
_CUSTOMER = Dimension(column=_column(("orders", "customer_id")), label="customer")
_AMOUNT = Measure(
    function=MeasureFunction.SUM, column=_column(("orders", "total_amount")), label="amount"
)
_ITEMS = Measure(function=MeasureFunction.COUNT, table="order_items", label="items")
_ORDERS = Measure(function=MeasureFunction.COUNT, table="orders", label="orders")
_PAID = Filter(column=_column(("orders", "status")), operator=Operator.EQUAL, values=("paid",))


def test_figures_of_two_grains_stand_side_by_side() -> None:
    plan = Plan(
        table="customers",
        measures=(_AMOUNT, _ITEMS),
        dimensions=(_COUNTRY,),
        order=(Order(by="measure", index=1, descending=True),),
        outputs=_shown(1, 2),
    )
    assert _rows("shop", plan) == [("India", 215.5, 4), ("Kenya", 115, 2), ("Nigeria", 310, 1)]


def test_groups_that_overlap_have_no_shares() -> None:
    plan = Plan(
        table="orders",
        measures=(_AMOUNT.model_copy(update={"is_share": True}),),
        dimensions=(_PRODUCT,),
        outputs=_shown(1, 1),
    )
    with pytest.raises(PlanError, match="overlap"):
        _rows("shop", plan)


@pytest.mark.parametrize(
    ("function", "wanted"),
    [
        (MeasureFunction.AVERAGE, [(2.0,)]),
        (MeasureFunction.MAXIMUM, [(3.0,)]),
        (MeasureFunction.MINIMUM, [(1.0,)]),
        (MeasureFunction.MEDIAN, [(2.0,)]),
    ],
)
def test_a_count_within_each_entity_is_folded(
    function: MeasureFunction, wanted: list[tuple[float]]
) -> None:
    measure = Measure(function=function, of=_ORDERS, per=(_CUSTOMER,), label="orders each")
    plan = Plan(table="orders", measures=(measure,), outputs=_shown(0, 1))
    assert _rows("shop", plan) == wanted


def test_a_count_within_each_entity_may_be_split_and_restricted() -> None:
    measure = Measure(
        function=MeasureFunction.AVERAGE,
        of=_ORDERS,
        per=(_CUSTOMER,),
        condition=_PAID,
        label="paid orders each",
    )
    plan = Plan(
        table="orders",
        measures=(measure,),
        dimensions=(_COUNTRY,),
        order=(Order(by="measure", descending=True), Order(by="dimension")),
        outputs=_shown(1, 1),
    )
    assert _rows("shop", plan) == [("India", 2.0), ("Kenya", 1.0), ("Nigeria", 1.0)]


def test_groups_are_compared_with_the_average_group() -> None:
    plan = Plan(
        table="orders",
        measures=(_ORDERS,),
        dimensions=(_COUNTRY,),
        having=(
            Having(
                measure_index=0,
                operator=Operator.GREATER,
                benchmark=GroupBenchmark(function=MeasureFunction.AVERAGE),
            ),
        ),
        outputs=_shown(1, 1),
    )
    assert _rows("shop", plan) == [("India", 3)]


def test_groups_are_compared_with_another_group() -> None:
    kenya = Filter(column=_COUNTRY.column, operator=Operator.EQUAL, values=("Kenya",))
    plan = Plan(
        table="orders",
        measures=(_AMOUNT,),
        dimensions=(_COUNTRY,),
        having=(
            Having(
                measure_index=0,
                operator=Operator.GREATER,
                benchmark=GroupBenchmark(conditions=(kenya,)),
            ),
        ),
        order=(Order(by="dimension"),),
        outputs=_shown(1, 1),
    )
    assert _rows("shop", plan) == [("India", 215.5), ("Nigeria", 310)]


def test_rows_that_only_share_a_parent_are_not_counted_by_each_other() -> None:
    """A loan and a book of one branch have nothing else to do with each other."""
    branch = ColumnEntry(name="branch", type="integer")
    tables = [
        TableEntry(name="branches", primary_key=["branch"], columns=[branch]),
        TableEntry(
            name="loans",
            primary_key=["loan"],
            columns=[ColumnEntry(name="loan", type="integer"), branch],
        ),
        TableEntry(
            name="books",
            primary_key=["book"],
            columns=[
                ColumnEntry(name="book", type="integer"),
                ColumnEntry(name="shelf", type="varchar"),
                branch,
            ],
        ),
    ]
    links = [
        Relationship(
            child_table=child,
            child_columns=["branch"],
            parent_table="branches",
            parent_columns=["branch"],
            confidence=1,
        )
        for child in ("loans", "books")
    ]
    dictionary = Dictionary(source_name="library", tables=tables, relationships=links)
    plan = Plan(
        table="loans",
        measures=(Measure(function=MeasureFunction.COUNT, table="loans", label="loans"),),
        dimensions=(Dimension(column=_column(("books", "shelf")), label="shelf"),),
        outputs=_shown(1, 1),
    )
    with pytest.raises(PlanError, match="ties"):
        LayeredCompiler(SchemaIndex(dictionary), JoinGraph(dictionary)).sql(plan)
