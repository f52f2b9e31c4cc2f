"""The embedded writer says true things, whatever the result looks like."""

from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregation.figures import unsupported_figures
from aggregation.roll_up import roll_up
from domain.answer import AnswerPart, WriteRequest
from domain.column_type import TypeFamily
from domain.dictionary import Cell, ColumnEntry, ColumnRole, Dictionary, TableEntry
from domain.draft import Assumption
from domain.plan import (
    ColumnReference,
    Dimension,
    Filter,
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
from domain.summary import Additivity, Summary, SummaryColumn
from planner.writer import EmbeddedWriter

DICTIONARY = Dictionary(
    source_name="library",
    tables=[
        TableEntry(
            name="loans",
            time_column="lent_at",
            columns=[
                ColumnEntry(name="lent_at", type="date", role=ColumnRole.TIME),
                ColumnEntry(
                    name="branch", type="varchar", role=ColumnRole.DIMENSION, distinct_count=9
                ),
                ColumnEntry(
                    name="reader_group",
                    type="varchar",
                    role=ColumnRole.DIMENSION,
                    distinct_count=3,
                ),
            ],
        )
    ],
    example_questions=["How many loans were there?", "Loans per branch"],
)


def dimension(
    label: str, family: TypeFamily = TypeFamily.TEXT, grain: TimeGrain | None = None
) -> SummaryColumn:
    return SummaryColumn(name=label, label=label, role="dimension", family=family, grain=grain)


def measure(
    label: str,
    unit: str = "",
    additivity: Additivity = Additivity.SUM,
    family: TypeFamily = TypeFamily.INTEGER,
) -> SummaryColumn:
    return SummaryColumn(
        name=label, label=label, role="measure", family=family, unit=unit, additivity=additivity
    )


BRANCH = dimension("branch")
MONTH = dimension("month", TypeFamily.DATE, TimeGrain.MONTH)
LOANS = measure("number of loans")
TIME = measure("average reading time", "second", Additivity.NONE, TypeFamily.FLOAT)


async def parts(summary: Summary, plan: Plan | None = None, **more: object) -> list[AnswerPart]:
    request = WriteRequest.model_validate(
        {"question": "?", "dictionary": DICTIONARY, "summary": summary, "plan": plan, **more}
    )
    return [part async for part in EmbeddedWriter().write(request)]


async def text(summary: Summary, plan: Plan | None = None, **more: object) -> str:
    return "".join(part.text for part in await parts(summary, plan, **more))


def plan(**more: object) -> Plan:
    return Plan.model_validate(
        {
            "table": "loans",
            "measures": (Measure(function=MeasureFunction.COUNT, label="number of loans"),),
            **more,
        }
    )


BY_BRANCH = Dimension(column=ColumnReference(table="loans", column="branch"), label="branch")
LAST_MONTH = Period(
    column=ColumnReference(table="loans", column="lent_at"),
    start=None,
    end=None,
    label="last month",
)


async def test_one_number() -> None:
    summary = roll_up((LOANS,), [(336776,)])
    assert await text(summary, plan(period=LAST_MONTH)) == (
        "The number of loans is **336,776** last month."
    )


@pytest.mark.parametrize(
    ("start", "end", "is_outside"),
    [
        (date(2023, 1, 1), date(2024, 1, 1), True),
        (date(2023, 1, 1), date(2024, 1, 2), False),
        (date(2024, 6, 30), date(2024, 8, 1), False),
        (date(2024, 7, 1), None, True),
        (None, date(2024, 1, 1), True),
    ],
)
async def test_a_period_outside_of_the_data_is_said(
    start: date | None, end: date | None, is_outside: bool
) -> None:
    table = DICTIONARY.tables[0]
    lent = table.columns[0].model_copy(update={"minimum": "2024-01-01"})
    held = {"fresh_until": "2024-06-30 17:05:00.000000", "columns": [lent, *table.columns[1:]]}
    dated = DICTIONARY.model_copy(update={"tables": [table.model_copy(update=held)]})
    asked = plan(period=LAST_MONTH.model_copy(update={"start": start, "end": end}))
    told = await text(roll_up((LOANS,), [(0,)]), asked, dictionary=dated)
    said = "The loans in the data are from 1 January 2024 to 30 June 2024." in told
    assert said is is_outside


async def test_what_happened_elsewhere_is_said_without_its_days() -> None:
    lent = ColumnReference(table="loans", column="lent_at")
    key = ColumnReference(table="loans", column="reader_group")
    since = Filter(column=lent, operator=Operator.GREATER_OR_EQUAL, values=("2024-05-01",))
    north = Filter(
        column=ColumnReference(table="loans", column="branch"),
        operator=Operator.EQUAL,
        values=("North",),
    )
    member = Membership(
        columns=(key,), table="loans", other_columns=(key,), conditions=(north, since)
    )
    told = await text(roll_up((LOANS,), [(7,)]), plan(conditions=(member,)))
    assert told == (
        "The number of loans is **7** with loans where branch is North in the period asked about."
    )


async def test_a_ranking_names_leader_share_and_followers() -> None:
    rows = [("North", 600), ("South", 300), (None, 100)]
    assert await text(roll_up((BRANCH, LOANS), rows)) == (
        "**North** has the most loans: **600**, 60% of the 1,000 in this result. "
        "South (300) follows. Where no branch is recorded, it is 100."
    )


async def test_the_lowest_leads_where_it_was_asked_for() -> None:
    rows = [("East", 1), ("South", 3), ("North", 6), ("West", 9)]
    asked = plan(dimensions=(BY_BRANCH,), order=(Order(by="measure", descending=False),))
    assert await text(roll_up((BRANCH, LOANS), rows), asked) == (
        "**East** has the fewest loans: **1**. "
        "South (3) and North (6) follow; the highest is West (9)."
    )


async def test_the_one_that_was_asked_for() -> None:
    asked = plan(dimensions=(BY_BRANCH,), order=(Order(by="measure", descending=True),), limit=1)
    assert await text(roll_up((BRANCH, LOANS), [("North", 6)]), asked) == (
        "**North** has the most loans: **6**."
    )


async def test_a_course_over_time() -> None:
    rows = [(f"2013-{month:02}-01", 100 + 10 * month) for month in range(1, 7)]
    assert await text(roll_up((MONTH, LOANS), rows)) == (
        "The number of loans rose by 45.5% from 110 in January 2013 to **160** in June 2013. "
        "In all it is **810**, on average 135 a month."
    )


async def test_averages_over_time_have_no_total() -> None:
    rows = [("2013-01-01", 7500.0), ("2013-02-01", 9000.0)]
    assert await text(roll_up((MONTH, TIME), rows)) == (
        "The average reading time rose by 20% from 2.08 hours in January 2013 "
        "to **2.5 hours** in February 2013."
    )


async def test_a_peak_and_a_low_inside_a_course_are_told() -> None:
    rows = [("2013-01", 500), ("2013-02", 900), ("2013-03", 400), ("2013-04", 450)]
    assert await text(roll_up((MONTH, LOANS), rows)) == (
        "The number of loans fell by 10% from 500 in January 2013 to **450** in April 2013. "
        "It peaked in February 2013 at **900** and was lowest in March 2013 at 400. "
        "In all it is **2,250**, on average 562.5 a month."
    )


async def test_a_last_span_far_below_the_others_is_no_fall() -> None:
    rows = [("2013-01", 500), ("2013-02", 900), ("2013-03", 800), ("2013-04", 40)]
    written = await text(roll_up((MONTH, LOANS), rows))
    assert "fell" not in written
    assert "The last month is far below the others and may not be whole." in written


async def test_courses_of_several_groups_are_told_one_by_one() -> None:
    rows = [(f"2013-0{m}", b, n * m) for m in (1, 2) for b, n in (("North", 6.0), ("South", 5.0))]
    assert await text(roll_up((MONTH, BRANCH, TIME), rows)) == (
        "**North** rose by 100% from 6 seconds in January 2013 to **12 seconds** in February 2013. "
        "**South** rose by 100% from 5 seconds in January 2013 to **10 seconds** in February 2013."
    )


async def test_the_leader_of_each_group() -> None:
    rows = [("2013", "North", 6), ("2013", "South", 5), ("2014", "East", 9), ("2014", "West", 8)]
    year = dimension("year")
    ordered = (Order(by="measure", descending=True),)
    asked = plan(dimensions=(BY_BRANCH,), order=ordered, limit=2, limit_per_group=True)
    assert await text(roll_up((year, BRANCH, LOANS), rows), asked) == (
        "The most loans: **North** for 2013 (6) and **East** for 2014 (9)."
    )


async def test_the_total_of_a_first_few_is_not_that_of_all() -> None:
    rows = [("North", 600), ("South", 300), ("East", 100), ("West", 50)]
    ordered = (Order(by="measure", descending=True),)
    written = await text(
        roll_up((BRANCH, LOANS), rows), plan(dimensions=(BY_BRANCH,), order=ordered, limit=4)
    )
    assert "of the 1,050 in this result" in written
    assert "the last of the 4 is West (50)" in written


async def test_what_is_counted_is_not_said_twice() -> None:
    cancelled = measure("returned books", "book")
    assert await text(roll_up((cancelled,), [(12,)])) == ("The number of returned books is **12**.")


async def test_dates_ranked_by_a_measure_are_a_ranking() -> None:
    rows = [("2013-03-01", 30), ("2013-01-01", 20), ("2013-02-01", 10)]
    assert (await text(roll_up((MONTH, LOANS), rows))).startswith(
        "**March 2013** has the most loans: **30**"
    )


async def test_two_dimensions() -> None:
    rows = [(f"2013-0{m}-01", b, n) for m in (1, 2) for b, n in (("North", 6 * m), ("South", 5))]
    assert await text(roll_up((MONTH, BRANCH, LOANS), rows)) == (
        "In all, **North** has the most loans: **18**, 64.3% of the 28 in this result. "
        "**North** rose by 100% from 6 in January 2013 to **12** in February 2013. "
        "**South** was the same at the start and the end: 5 in January 2013 and 5 in February 2013."
    )


async def test_values_without_a_measure() -> None:
    assert await text(roll_up((BRANCH,), [("North",), ("South",)])) == (
        "The result has **2** values of branch: North, South."
    )


async def test_a_ranking_by_a_hidden_measure_names_it() -> None:
    asked = plan(dimensions=(BY_BRANCH,), order=(Order(by="measure", descending=True),), limit=1)
    assert await text(roll_up((BRANCH,), [("North",)]), asked) == (
        "The branch with the highest number of loans is **North**."
    )


async def test_nothing_is_called_lowest_among_merged_groups() -> None:
    one = roll_up((BRANCH, LOANS), [(f"b{n}", n) for n in range(90)])
    rows = [(f"a{n % 9}", f"b{n // 9}", n) for n in range(90)]
    two = roll_up((BRANCH, dimension("floor"), LOANS), rows)
    for summary in (one, two):
        assert "lowest" not in (await text(summary)).split("rolled up")[0]


async def test_nothing_found_names_the_conditions() -> None:
    assumptions = (
        Assumption(kind="filter", text="branch is North"),
        Assumption(kind="period", text="lent at from 2031-01-01"),
    )
    for rows in ([], [(None,)]):
        written = await text(roll_up((TIME,), rows), assumptions=assumptions)
        assert written == (
            "**No rows match**: branch is North; lent at from 2031-01-01. "
            "Try a longer period, or ask with fewer conditions."
        )


async def test_a_count_of_zero_is_a_figure() -> None:
    assert "**0**" in await text(roll_up((LOANS,), [(0,)]))


async def test_roll_up_cut_and_notes_are_said() -> None:
    rows = [(f"b{n:03}", n) for n in range(90)]
    written = await text(
        roll_up((BRANCH, LOANS), rows, truncated=True), notes=("Small groups are left out.",)
    )
    assert "Other" in written
    assert "cut at the row limit" in written
    assert written.endswith("Small groups are left out.")


async def test_a_listing_is_summed_up() -> None:
    rows = [("North" if n % 3 else "South", n) for n in range(30)]
    listing = roll_up((BRANCH, measure("pages", additivity=Additivity.NONE)), rows, is_listing=True)
    assert await text(listing) == (
        "**30** rows match. Most frequent branch: North (20 rows), South (10 rows). "
        "Pages: 0 to 29. "
        "The rows are summed up by column: ranges and most frequent values."
    )


async def test_a_short_list_is_given_whole() -> None:
    listing = roll_up((BRANCH,), [("North",), ("South",)], is_listing=True)
    assert await text(listing) == "**2** rows match: North, South."


async def test_a_cut_listing_says_at_least() -> None:
    listing = roll_up((BRANCH,), [("North",)] * 9, is_listing=True, truncated=True)
    assert (await text(listing)).startswith("At least **9** rows match.")


async def test_bare_numbers_say_what_they_are() -> None:
    rows = [(7, 20), (8, 10)]
    assert (await text(roll_up((dimension("floor", TypeFamily.INTEGER), LOANS), rows))).startswith(
        "**floor 7** has the most loans"
    )


async def test_names_from_the_data_cannot_act_as_markdown() -> None:
    rows = [("[x](http://a.b)", 2), ("<b>", 1)]
    written = await text(roll_up((BRANCH, LOANS), rows))
    assert r"\[x\](http://a.b)" in written
    assert r"\<b\>" in written


async def test_a_rewrite_leaves_out_what_was_not_borne_out() -> None:
    rows = [("North", 600), ("South", 300)]
    written = await text(roll_up((BRANCH, LOANS), rows), unsupported_figures=("300",))
    assert "300" not in written
    assert "600" in written


async def test_follow_ups_lead_on() -> None:
    asked = plan(dimensions=(BY_BRANCH,), period=LAST_MONTH)
    last = (await parts(roll_up((BRANCH, LOANS), [("North", 6)]), asked))[-1]
    assert last.follow_ups == (
        "Number of loans by reader group last month",
        "Number of loans per month last month",
        "How many loans were there?",
    )
    assert last.chart is not None


async def test_prose_comes_in_pieces() -> None:
    written = await parts(roll_up((BRANCH, LOANS), [("North", 6), ("South", 3), ("East", 2)]))
    assert sum(bool(part.text) for part in written) > 1
    assert not written[-1].text


NAMES = st.one_of(st.none(), st.text(max_size=8), st.sampled_from(["737-800", "1.5", "a. 7"]))
DATES = st.one_of(st.none(), st.dates())
COUNTS = st.one_of(st.none(), st.integers(0, 10**9))
FLOATS = st.one_of(st.none(), st.floats(-1e9, 1e9))
COLUMNS: Sequence[tuple[SummaryColumn, st.SearchStrategy[object]]] = (
    (dimension("day", TypeFamily.DATE, TimeGrain.DAY), DATES),
    (BRANCH, NAMES),
    (dimension("floor", TypeFamily.INTEGER), COUNTS),
    (LOANS, COUNTS),
    (TIME, FLOATS),
    (measure("fees", "INR", Additivity.SUM, TypeFamily.DECIMAL), st.decimals(0, 10**6, places=2)),
    (measure("late", "share", Additivity.NONE, TypeFamily.FLOAT), st.floats(0, 1)),
    (measure("pages", "page", Additivity.MAXIMUM), COUNTS),
    (measure("people", "thousand", Additivity.SUM), COUNTS),
)


@st.composite
def summaries(draw: st.DrawFn) -> Summary:
    picked = sorted(draw(st.sets(st.sampled_from(range(len(COLUMNS))), min_size=1, max_size=5)))
    rows = draw(st.lists(st.tuples(*(COLUMNS[index][1] for index in picked)), max_size=60))
    columns = tuple(COLUMNS[index][0] for index in picked)
    return roll_up(columns, rows, is_listing=draw(st.booleans()))


ORDERS = st.sampled_from(
    [
        None,
        plan(),
        plan(limit=1, order=(Order(by="measure", descending=True),)),
        plan(limit=3, order=(Order(by="measure", descending=False),)),
    ]
)


@settings(max_examples=200, deadline=None)
@given(summaries(), ORDERS)
async def test_every_figure_is_borne_out(summary: Summary, asked: Plan | None) -> None:
    written = await text(summary, asked)
    assert written
    assert unsupported_figures(written, summary) == ()


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (1234567, "INR", "₹1,234,567"),
        (12.345, "%", "12.3%"),
        (90, "second", "90 seconds"),
        (5400.0, "second", "90 minutes"),
        (7200, "second", "2 hours"),
        (1, "page", "1 page"),
        (0.001234, "", "0.00123"),
        (281623452.48, "person", "281,623,452 people"),
        (1085.67, "INR", "₹1,086"),
        (512.3, "INR", "₹512.30"),
        (5.5, "mile per hour", "5.5 miles per hour"),
        (23, "thousand people", "23 (in thousand people)"),
        (None, "page", "no value"),
    ],
)
async def test_numbers_read_well(value: Cell, unit: str, expected: str) -> None:
    from planner.language.number_text import quantity

    assert quantity(value, unit) == expected


async def test_a_value_that_was_asked_for_and_not_found_is_named() -> None:
    branch = ColumnReference(table="loans", column="branch")
    asked = Filter(column=branch, operator=Operator.IN, values=("North", "South"))
    outputs = (
        Output(kind="dimension", index=0, name="branch"),
        Output(kind="measure", index=0, name="number of loans"),
    )
    compared = plan().model_copy(
        update={
            "dimensions": (Dimension(column=branch, label="branch"),),
            "conditions": (asked,),
            "outputs": outputs,
            "order": (),
            "limit": None,
        }
    )
    said = await text(
        Summary(columns=(BRANCH, LOANS), rows=(("North", 5),), true_row_count=1), compared
    )
    assert "There is nothing for **South**." in said
    both = Summary(columns=(BRANCH, LOANS), rows=(("North", 5), ("South", 3)), true_row_count=2)
    assert "nothing for" not in await text(both, compared)
