"""Figures worked out of figures: what a select makes of the values computed inside it."""

from collections.abc import Mapping

from sqlglot import exp

from domain.plan import Measure
from planner.compiling.sql_values import UnreadError, stripped
from planner.sql_reading.sql_figures import FigureReader


class LayerMeasures(FigureReader):
    """Reads expressions over the named figures of a select inside."""

    def __init__(self, figures: Mapping[str, Measure]) -> None:
        self._figures = figures

    def _leaf(self, node: exp.Expr) -> Measure:
        inner = stripped(node)
        found = self._figures.get(inner.name.lower()) if isinstance(inner, exp.Column) else None
        if found is None:
            raise UnreadError(node)
        return found
