"""Figures worked out of other figures: ratios, shares, changes and differences."""

from abc import ABC, abstractmethod

from sqlglot import exp

from domain.plan import Measure, MeasureFunction
from planner.compiling.sql_values import UnreadError, stripped

_PERCENT = 100
_RATIO = "ratio"


class FigureReader(ABC):
    """Reads arithmetic over measures; what a single one is, the reader of a select knows."""

    def read(self, node: exp.Expr) -> Measure:
        """Returns one measure. Raises UnreadError where a plan cannot say it."""
        inner = _unscaled(stripped(node))
        if isinstance(inner, exp.Div):
            return self._ratio(inner)
        if isinstance(inner, exp.Sub):
            later, earlier = self.read(inner.left), self.read(inner.right)
            return change_of(
                later, earlier, f"change in {earlier.label}", MeasureFunction.DIFFERENCE
            )
        return self._leaf(inner)

    def _ratio(self, node: exp.Div) -> Measure:
        above, below = _unscaled(stripped(node.left)), stripped(node.right)
        if isinstance(below, exp.Nullif):
            below = stripped(below.this)
        difference = above.unnest()
        if isinstance(difference, exp.Sub):
            return self._change(difference, below)
        if isinstance(below, exp.Window) and self._is_whole(above, below):
            return self.read(above).model_copy(update={"is_share": True})
        if isinstance(below, exp.Subquery):
            return self._share_of_all(above, below)
        return ratio_of(self.read(above), self.read(below))

    def _change(self, difference: exp.Sub, below: exp.Expr) -> Measure:
        """`(later - earlier) / earlier`."""
        later, earlier = self.read(difference.left), self.read(difference.right)
        if self.read(below) != earlier:
            raise UnreadError(difference)
        return change_of(later, earlier, f"change of {earlier.label}")

    def _is_whole(self, above: exp.Expr, window: exp.Window) -> bool:
        total = stripped(window.this)
        whole = not window.args.get("partition_by") and not window.args.get("order")
        return whole and isinstance(total, exp.Sum) and stripped(total.this) == above

    @abstractmethod
    def _leaf(self, node: exp.Expr) -> Measure:
        """Returns a measure that is no arithmetic over others. Raises UnreadError."""

    def _share_of_all(self, above: exp.Expr, below: exp.Subquery) -> Measure:
        """A share whose whole is computed apart. Raises UnreadError where nothing can be."""
        del above
        raise UnreadError(below)


def change_of(
    later: Measure,
    earlier: Measure,
    label: str,
    function: MeasureFunction = MeasureFunction.CHANGE,
) -> Measure:
    """Returns how far one measure lies above another, as a part of it or in its own unit."""
    is_part = function is MeasureFunction.CHANGE
    return Measure(
        function=function,
        numerator=later,
        denominator=earlier,
        label=label,
        unit="share" if is_part else earlier.unit,
    )


def ratio_of(above: Measure, below: Measure) -> Measure:
    """Returns one measure divided by another."""
    label = f"{above.label} per {below.label}" if above.label != below.label else _RATIO
    return Measure(function=MeasureFunction.RATIO, numerator=above, denominator=below, label=label)


def _unscaled(node: exp.Expr) -> exp.Expr:
    """A share told in percent is a share all the same."""
    if not isinstance(node, exp.Mul):
        return node
    for side, other in ((node.left, node.right), (node.right, node.left)):
        plain = stripped(side)
        if isinstance(plain, exp.Literal) and float(plain.this) in (1, _PERCENT):
            return stripped(other)
    return node
