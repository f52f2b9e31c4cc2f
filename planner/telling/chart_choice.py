"""Chooses the chart that shows a result best; none where a sentence says it all."""

from domain.chart_spec import ChartSpec
from domain.column_type import TypeFamily
from domain.plan import CalendarPart, Plan
from domain.summary import Summary
from planner.telling.asked_charts import asked_kind, asks_for_shares
from planner.telling.chart_forms import (
    MOST_UPRIGHT_BARS,
    by_category,
    is_ordered,
    number_card,
    over_time,
    scatter,
    two_dimensions,
)
from planner.telling.result_shape import ResultShape, read_shape

_MOST_SLICES = 6
_MOST_ASKED_SLICES = 12
_CALENDAR = ("month", "day", "week")


def choose_chart(
    summary: Summary, plan: Plan | None, question: str = "", kept: str = ""
) -> ChartSpec | None:
    """Returns a chart of the summary's own cells, or None where there is nothing to draw.

    `kept` is what the answer is limited to, such as ` for Delhi`: it stands in the title.
    A kind that the question names is drawn where the result can be drawn so; otherwise
    one figure becomes a card, a course over time a line, parts of a whole a pie where the
    question asks for shares, two measures of different units a scatter, anything else bars.
    """
    if not summary.rows or summary.is_listing:
        return None
    shape = read_shape(summary)
    chart = _chart_of(shape, plan, question) if shape.measures else None
    if chart is None:
        return None
    period = f", {plan.period.label}" if plan is not None and plan.period is not None else ""
    title = chart.title[:1].upper() + chart.title[1:]
    return chart.model_copy(update={"title": f"{title}{kept}{period}"})


def _chart_of(shape: ResultShape, plan: Plan | None, question: str) -> ChartSpec | None:
    if len(shape.summary.rows) == 1:
        return number_card(shape)
    if not shape.dimensions and len(shape.measures) == 2:
        return scatter(shape)
    if len(shape.dimensions) == 1:
        return _one_dimension(shape, plan, question)
    if len(shape.dimensions) == 2:
        return two_dimensions(shape)
    return None


def _as_asked(shape: ResultShape, plan: Plan | None, question: str) -> ChartSpec | None:
    """The chart that was asked for; None where none was, or the result cannot be drawn so."""
    kind = asked_kind(question)
    if kind == "bar":
        return by_category(shape, plan, "bar")
    few = len(shape.summary.rows) <= _MOST_ASKED_SLICES
    if kind == "pie" and few and shape.is_additive(shape.measures[0]):
        return by_category(shape, plan, "pie")
    if kind == "scatter" and len(shape.measures) == 2:
        return scatter(shape)
    if kind == "line" and shape.is_in_time_order:
        return over_time(shape)
    if kind == "line" and is_ordered(shape):
        return by_category(shape, plan, "bar").model_copy(update={"type": "line"})
    return None


def _one_dimension(shape: ResultShape, plan: Plan | None, question: str) -> ChartSpec:
    asked = _as_asked(shape, plan, question)
    if asked is not None:
        return asked
    if shape.is_in_time_order:
        return over_time(shape)
    if _is_calendar(shape, plan):
        return by_category(shape, plan, "bar").model_copy(
            update={"type": "line", "orientation": "vertical"}
        )
    if _is_scatter(shape):
        return scatter(shape)
    if _is_pie(shape, plan, question):
        return by_category(shape, plan, "pie")
    return by_category(shape, plan, "bar")


def _is_calendar(shape: ResultShape, plan: Plan | None) -> bool:
    """True for the months or days of a calendar, in their order: a course, too."""
    column = shape.column(shape.dimensions[0])
    is_part = column.part is CalendarPart.MONTH_OF_YEAR
    is_named = column.label.lower() in _CALENDAR and column.family is TypeFamily.INTEGER
    ranked = plan is not None and (plan.limit or any(o.by == "measure" for o in plan.order))
    many = len(shape.summary.rows) > MOST_UPRIGHT_BARS
    return (is_part or is_named) and many and not ranked and not shape.summary.roll_up


def _is_scatter(shape: ResultShape) -> bool:
    if len(shape.measures) != 2 or is_ordered(shape) or shape.time is not None:
        return False
    first, second = (shape.column(m) for m in shape.measures)
    enough = len(shape.summary.rows) > MOST_UPRIGHT_BARS
    return enough and bool(first.unit and second.unit) and first.unit != second.unit


def _is_pie(shape: ResultShape, plan: Plan | None, question: str) -> bool:
    measure = shape.measures[0]
    asked = asks_for_shares(question)
    asked = asked or (plan is not None and any(m.is_share for m in plan.measures))
    few = len(shape.summary.rows) <= _MOST_SLICES
    whole = shape.is_additive(measure) and not (plan is not None and plan.limit)
    return asked and few and whole and len(shape.measures) == 1
