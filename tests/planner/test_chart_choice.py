"""Charts follow from the shape of the result, never from its names."""

import pytest
from hypothesis import given, settings

from aggregation.roll_up import roll_up
from domain.chart_spec import ChartSpec
from domain.column_type import TypeFamily
from domain.plan import CalendarPart, ColumnReference, Measure, MeasureFunction, Period, Plan
from domain.summary import MAXIMUM_ROWS, Additivity, Summary, SummaryColumn
from planner.telling.chart_choice import choose_chart
from tests.planner.test_writer import BRANCH, LOANS, MONTH, TIME, dimension, measure, summaries

BY_BRANCH = [("North", 6), ("South", 3), (None, 1)]


def chart(
    columns: tuple[SummaryColumn, ...], rows: list[tuple[object, ...]], question: str = ""
) -> ChartSpec:
    chosen = choose_chart(roll_up(columns, rows), None, question)  # type: ignore[arg-type]
    assert chosen is not None
    return chosen


def test_one_figure_is_a_card() -> None:
    card = chart((LOANS,), [(12,)])
    assert (card.type, card.title, card.data) == ("number", "Number of loans", ({"value": 12},))


def test_a_course_over_time_is_a_line() -> None:
    line = chart((MONTH, LOANS), [("2013-01-01", 1), ("2013-02-01", 2)])
    assert (line.type, line.x_type) == ("line", "time")
    assert line.data[0] == {"month": "2013-01-01", "number of loans": 1}


def test_few_categories_stand_and_many_lie() -> None:
    few = chart((BRANCH, LOANS), list(BY_BRANCH))
    many = chart((BRANCH, LOANS), [(f"b{n}", n) for n in range(12)])
    assert (few.type, few.orientation) == ("bar", "vertical")
    assert (many.type, many.orientation) == ("bar", "horizontal")
    assert few.data[-1]["branch"] == "(not recorded)"


def test_bars_are_ranked_unless_the_result_was_sorted_or_has_an_order() -> None:
    bars = chart((BRANCH, LOANS), [("b", 1), ("a", 3), ("c", 2)])
    floors = chart((dimension("floor", TypeFamily.INTEGER), LOANS), [(2, 9), (1, 3), (3, 5)])
    assert [point["branch"] for point in bars.data] == ["a", "c", "b"]
    assert [point["floor"] for point in floors.data] == ["1", "2", "3"]


@pytest.mark.parametrize(
    ("question", "kind"),
    [("loans by branch", "bar"), ("share of loans by branch", "pie")],
)
def test_a_pie_only_where_shares_are_asked(question: str, kind: str) -> None:
    assert chart((BRANCH, LOANS), list(BY_BRANCH), question).type == kind


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("loans by branch as a pie chart", "pie"),
        ("share of loans by branch in a bar chart", "bar"),
        ("a histogram of loans by branch", "bar"),
        ("loans by branch as a line chart", "bar"),
    ],
)
def test_the_kind_that_is_named_is_drawn_where_it_can_be(question: str, kind: str) -> None:
    assert chart((BRANCH, LOANS), list(BY_BRANCH), question).type == kind


def test_bars_that_are_named_replace_the_line_of_a_course() -> None:
    course = [("2013-01-01", 1), ("2013-02-01", 2)]
    assert chart((MONTH, LOANS), list(course), "loans per month in a bar chart").type == "bar"


def test_averages_are_never_a_pie() -> None:
    assert chart((BRANCH, TIME), list(BY_BRANCH), "share of time by branch").type == "bar"


def test_hours_of_the_day_keep_their_order() -> None:
    hour = dimension("hour", TypeFamily.INTEGER).model_copy(
        update={"part": CalendarPart.HOUR_OF_DAY}
    )
    bars = chart((hour, LOANS), [(n, n % 5) for n in range(24)])
    assert (bars.type, bars.orientation) == ("bar", "vertical")
    assert bars.data[8]["hour"] == "08:00"


def test_months_that_are_numbers_are_a_course() -> None:
    month = dimension("month", TypeFamily.INTEGER)
    assert chart((month, LOANS), [(n, n % 5) for n in range(1, 13)]).type == "line"


def test_two_figures_without_a_name_are_a_scatter() -> None:
    fees = measure("fees", "INR", Additivity.SUM, TypeFamily.FLOAT)
    points = chart((TIME, fees), [(n * 1.5, 100 - n) for n in range(9)])
    assert (points.type, len(points.data)) == ("scatter", 9)


def test_ranges_of_numbers_run_from_left_to_right() -> None:
    pages = dimension("pages", TypeFamily.INTEGER)
    bars = chart((pages, LOANS), [(n, 1) for n in range(100)])
    assert bars.orientation == "vertical"


def test_two_measures_of_different_units_are_a_scatter() -> None:
    fees = measure("fees", "INR", Additivity.SUM, TypeFamily.FLOAT)
    scatter = chart((BRANCH, TIME, fees), [(f"b{n}", n * 1.5, 100 - n) for n in range(9)])
    assert (scatter.type, scatter.x_type, scatter.x) == ("scatter", "number", TIME.name)
    assert scatter.series[0].field == "fees"


def test_months_by_branch_become_one_line_a_branch() -> None:
    rows = [("2013-01-01", "North", 1), ("2013-02-01", "North", 2), ("2013-02-01", "South", 3)]
    lines = chart((MONTH, BRANCH, LOANS), list(rows))
    assert [series.label for series in lines.series] == ["North", "South"]
    assert lines.data == (
        {"x": "2013-01-01", "series_1": 1, "series_2": None},
        {"x": "2013-02-01", "series_1": 2, "series_2": 3},
    )


def test_of_many_series_the_leading_ones_are_drawn() -> None:
    rows = [(f"2013-0{m}-01", f"b{n}", n) for m in (1, 2) for n in range(8)]
    chosen = choose_chart(roll_up((MONTH, BRANCH, LOANS), rows), None)
    assert chosen is not None
    assert [series.label for series in chosen.series] == [f"b{n}" for n in range(2, 8)]
    assert chosen.title.endswith("(6 leading)")


def test_months_stand_in_their_order_whatever_the_statement_sorted_by() -> None:
    month = SummaryColumn(
        name="month",
        label="month",
        role="dimension",
        family=TypeFamily.INTEGER,
        part=CalendarPart.MONTH_OF_YEAR,
    )
    chosen = choose_chart(roll_up((month, LOANS), [(3, 9), (1, 5), (2, 1)]), None)
    assert chosen is not None
    assert [point["month"] for point in chosen.data] == ["January", "February", "March"]


def test_listings_values_and_nothing_have_no_chart() -> None:
    listing = roll_up((BRANCH, LOANS), [("North", 1)], is_listing=True)
    values = roll_up((BRANCH,), [("North",)])
    nothing = roll_up((BRANCH, LOANS), [])
    assert [choose_chart(each, None) for each in (listing, values, nothing)] == [None] * 3


def test_the_title_says_the_period() -> None:
    column = ColumnReference(table="loans", column="lent_at")
    plan = Plan(
        table="loans",
        measures=(Measure(function=MeasureFunction.COUNT, label="number of loans"),),
        period=Period(column=column, start=None, end=None, label="last month"),
    )
    chosen = choose_chart(roll_up((BRANCH, LOANS), list(BY_BRANCH)), plan)
    assert chosen is not None
    assert chosen.title == "Number of loans by branch, last month"


@settings(max_examples=200, deadline=None)
@given(summaries())
def test_every_point_has_every_key(summary: Summary) -> None:
    chosen = choose_chart(summary, None)
    if chosen is None:
        return
    keys = {series.field for series in chosen.series}
    keys |= {chosen.x} if chosen.x else set()
    assert len(chosen.data) <= MAXIMUM_ROWS
    assert all(keys <= point.keys() for point in chosen.data)
    assert len({series.field for series in chosen.series}) == len(chosen.series)
