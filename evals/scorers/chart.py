"""Chart validity and fit: it can be drawn, shows the result, and is of a type that suits."""

import math

from domain.chart_spec import ChartSpec
from domain.dictionary import Cell
from evals.answer_result import AnswerResult
from evals.execution_match import Row
from evals.sample import Expectation
from evals.score import Score
from evals.solution import StepSolution

_TOLERANCE = 1e-6


def score_chart(
    step: Expectation, found: StepSolution, answer: AnswerResult | None
) -> Score | None:
    """Passes a chart whose every point can be drawn from the result, of an expected type."""
    chart = found.chart
    if chart is None:
        if not step.chart or found.status != "answered":
            return None
        passed = "none" in step.chart
        detail = "" if passed else f"no chart, not {' or '.join(step.chart)}"
        return Score(scorer="chart", passed=passed, detail=detail)
    fault = _fault(chart) or (_not_in_result(chart, answer) if answer else "")
    if not fault and step.chart and chart.type not in step.chart:
        fault = f"{chart.type}, not {' or '.join(step.chart)}"
    return Score(scorer="chart", passed=not fault, detail=fault)


def _fault(chart: ChartSpec) -> str:
    keys = [series.field for series in chart.series] + ([chart.x] if chart.x else [])
    for key in keys:
        if any(key not in point for point in chart.data):
            return f"a point has no {key}"
    values = _values(chart)
    if not values:
        return "no point has a number"
    if chart.type == "pie" and min(values) < 0:
        return "a pie has a negative slice"
    if chart.type == "number" and len(chart.data) != 1:
        return "a card shows one number"
    if chart.type != "number" and not chart.x:
        return "there is no axis of categories"
    return ""


def _values(chart: ChartSpec) -> list[float]:
    cells = [point.get(series.field) for point in chart.data for series in chart.series]
    return [float(cell) for cell in cells if _is_number(cell)]  # type: ignore[arg-type]


def _is_number(cell: Cell) -> bool:
    return isinstance(cell, int | float) and not isinstance(cell, bool)


def _not_in_result(chart: ChartSpec, answer: AnswerResult) -> str:
    """A result that was not rolled up is drawn as it is: each value stands in it."""
    if answer.table is None or len(answer.table.rows) > len(chart.data):
        return ""
    # A share is drawn in percent.
    factors = (1, 100) if "%" in (chart.unit, *(series.unit for series in chart.series)) else (1,)
    cells = [cell for row in answer.table.rows for cell in _numbers(row)]
    known = [cell * factor for cell in cells for factor in factors]
    strange = [value for value in _values(chart) if value and not _is_known(value, known)]
    return f"{strange[0]:g} is not in the result" if strange else ""


def _numbers(row: Row) -> list[float]:
    found = []
    for cell in row:
        try:
            found.append(float(cell))  # type: ignore[arg-type]
        except (TypeError, ValueError):
            continue
    return found


def _is_known(value: float, known: list[float]) -> bool:
    """Compared by distance: both sides of a rounding's edge are one value."""
    return any(math.isclose(value, cell, rel_tol=_TOLERANCE) for cell in known)
