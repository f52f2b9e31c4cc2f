"""Figures of prose: true ones pass, in any of the ways people write them; wrong ones do not."""

import random

import pytest

from aggregation.figures import remove_figures, unsupported_figures
from domain.column_type import TypeFamily
from domain.dictionary import Cell
from domain.plan import TimeGrain
from domain.summary import Additivity, Summary, SummaryColumn

CARRIERS = (
    ("United", 58665),
    ("JetBlue", 54635),
    ("ExpressJet", 54173),
    ("Delta", 48110),
    ("American", 32729),
    ("Envoy", 26397),
    (None, 1204),
)
MONTHS = tuple(
    (f"2013-{month:02}-01", value)
    for month, value in enumerate(
        (27004, 24951, 28834, 28330, 28796, 28243, 29425, 29327, 27574, 28889, 27268, 28135), 1
    )
)


def summary(
    rows: tuple[tuple[Cell, ...], ...],
    *,
    family: TypeFamily = TypeFamily.TEXT,
    unit: str = "",
    additivity: Additivity = Additivity.SUM,
) -> Summary:
    total = sum(row[1] for row in rows if isinstance(row[1], int | float))
    return Summary(
        columns=(
            SummaryColumn(
                name="split",
                label="split",
                role="dimension",
                family=family,
                grain=TimeGrain.MONTH if family is TypeFamily.DATE else None,
            ),
            SummaryColumn(
                name="flights",
                label="flights",
                role="measure",
                family=TypeFamily.FLOAT,
                unit=unit,
                additivity=additivity,
                total=total if additivity is Additivity.SUM else None,
            ),
        ),
        rows=rows,
        true_row_count=len(rows),
    )


BY_CARRIER = summary(CARRIERS)
BY_MONTH = summary(MONTHS, family=TypeFamily.DATE)
TOTAL = sum(count for _, count in CARRIERS)


@pytest.mark.parametrize(
    "text",
    [
        "**United** leads with **58,665** flights, 21.3% of the total of 275,913.",
        "United flew 58,665, JetBlue 54,635: a gap of 4,030.",
        "United has 7.4% more flights than JetBlue.",
        "United flew 2.2x as many as Envoy.",
        "About 59,000 flights were United's.",
        "More than 58,000 flights were United's; fewer than 60,000.",
        "United: 58.7 thousand, or 58.7k, or 0.06 million.",
        "United flew 0.59 lakh flights, of 2.76 lakh in all.",
        "In all 2,75,913 flights.",
        "It adds up to 276 thousand; up to 59,000 are United's.",
        "The top 3 carriers together make 167,473 flights, 60.7 percent.",
        "The remaining carriers make 39.3%.",
        "There are 7 groups; the mean is 39,416.1.",
        "On 3 March 2013 at 08:30, in 2013, the 1st of 2nd quarter, Q3 2013, July 4, 2013.",
        "Flight B737 and N14228, 4G and week 12.",
        "1. United\n2. JetBlue",
        "1,204 are (not recorded), 0.4%.",
    ],
)
def test_true_figures_pass(text: str) -> None:
    assert unsupported_figures(text, BY_CARRIER) == ()


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("United leads with 58,666 flights.", ("58,666",)),
        ("United has 24% of all flights.", ("24%",)),
        ("United has 7.9% more than JetBlue.", ("7.9%",)),
        ("In all 3.1 lakh flights, or 2.9 million.", ("3.1 lakh", "2.9 million")),
        ("About 62,000 flights were United's.", ("62,000",)),
        ("More than 600,000 flights were United's.", ("600,000",)),
        ("United flew 3.4 times as many as Envoy.", ("3.4 times",)),
        ("There are 9 carriers.", ("9",)),
        ("In 2013 flights there were 2,013.", ("2013", "2,013")),
    ],
)
def test_wrong_figures_are_named(text: str, wrong: tuple[str, ...]) -> None:
    assert unsupported_figures(text, BY_CARRIER) == wrong


def test_changes_over_time() -> None:
    text = (
        "From January 2013 to December 2013 it rose 4.2%. The peak is July 2013 with 29,425; "
        "February 2013 fell 7.6% from January 2013."
    )
    assert unsupported_figures(text, BY_MONTH) == ()
    assert unsupported_figures(text.replace("7.6%", "9.6%"), BY_MONTH) == ("9.6%",)


def test_a_month_before_a_number_does_not_hide_it() -> None:
    assert unsupported_figures("In July 29,426 flights departed.", BY_MONTH) == ("29,426",)


def test_a_year_that_is_a_count_is_checked() -> None:
    assert unsupported_figures("It made 2013 flights.", BY_CARRIER) == ("2013",)


def test_numbers_of_the_question_may_be_repeated() -> None:
    text = "Delays above 45 minutes."
    assert unsupported_figures(text, BY_CARRIER) == ("45 minutes",)
    assert unsupported_figures(text, BY_CARRIER, ("delays over 45 minutes",)) == ()


def test_spans_of_time_convert_only_where_the_unit_is_known() -> None:
    rows = (("a", 7200), ("b", 5400))
    text = "a takes 2 hours, b 1.5 hours and 90 minutes."
    assert unsupported_figures(text, summary(rows, unit="second")) == ()
    assert unsupported_figures("b takes 1.5 hours.", summary(rows, unit="INR")) == ("1.5 hours",)


def test_fractions_may_be_told_in_percent() -> None:
    rates = summary((("a", 0.125), ("b", 0.5)), additivity=Additivity.NONE)
    assert unsupported_figures("a has 12.5%, b 50%.", rates) == ()
    assert unsupported_figures("a has 13.5%.", rates) == ("13.5%",)


def test_averages_have_no_total() -> None:
    delays = summary((("a", 12.5), ("b", 20.25), ("c", 31.0)), additivity=Additivity.NONE)
    assert unsupported_figures("In all 63.75.", delays) == ("63.75",)


@pytest.mark.parametrize("result", [BY_CARRIER, BY_MONTH])
@pytest.mark.parametrize("style", ["{:,}", "{:.1f}%", "{:.2f}"])
def test_random_wrong_figures_are_caught(result: Summary, style: str) -> None:
    chance = random.Random(7)  # noqa: S311 - no secret
    values = [float(row[1] or 0) for row in result.rows]

    def figure() -> str:
        if "%" in style:
            return style.format(chance.uniform(0, 100))
        if "2f" in style:
            return style.format(chance.uniform(1, 100))
        return style.format(chance.randint(round(min(values)), round(max(values) * 2)))

    name = str(result.rows[2][0])
    tries = [f"{name} stands at {figure()} this time." for _ in range(400)]
    caught = sum(bool(unsupported_figures(text, result)) for text in tries)
    assert caught > 0.95 * len(tries)


def test_removing_drops_the_clause_or_else_the_sentence() -> None:
    text = "**United** leads with 58,665, up 12%. JetBlue has 1,111. Delta has 48,110."
    assert remove_figures(text, ("12%", "1,111")) == (
        "**United** leads with 58,665. Delta has 48,110."
    )
    assert remove_figures("Only 3.5 here.", ("3.5",)) == ""


def test_removing_keeps_the_lines_of_a_list() -> None:
    text = "Leaders:\n- United 58,665\n- JetBlue 9\n\nThat is all."
    assert remove_figures(text, ("9",)) == "Leaders:\n- United 58,665\n\nThat is all."
