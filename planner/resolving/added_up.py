"""Whether the figures of two groups can be added to the figure of both."""

from collections.abc import Mapping

from domain.metric import AggregateFormula, Metric
from domain.plan import Measure, MeasureFunction

_ADDED = (MeasureFunction.COUNT, MeasureFunction.COUNT_DISTINCT, MeasureFunction.SUM)
_EXTREMES = (MeasureFunction.MINIMUM, MeasureFunction.MAXIMUM)


def adds_up(measure: Measure, metrics: Mapping[str, Metric]) -> bool:
    """True for counts, sums and extremes; False for averages, shares and what is made of them."""
    if measure.function is MeasureFunction.METRIC:
        metric = metrics.get(measure.metric or "")
        formula = metric.formula if metric is not None else None
        return isinstance(formula, AggregateFormula) and "AVG(" not in formula.expression.upper()
    return not measure.is_share and measure.function in (*_ADDED, *_EXTREMES)
