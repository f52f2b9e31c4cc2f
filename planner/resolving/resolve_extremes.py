"""Superlatives that tell whose rows are meant: `the youngest student in the largest department`."""

from domain.plan import Benchmark, ColumnReference, Condition, Filter, MeasureFunction, Operator
from planner.reading.plan_reach import tables_of
from planner.reading.reading import Rank
from planner.resolving.resolve_asked import AskedResolution
from planner.schema.binding_errors import UnreadableError

_UNCLEAR = "Which of the two superlatives is meant is not clear."


class ExtremeResolution(AskedResolution):
    """Superlatives inside others, and inside totals."""

    def _nest_extremes(self) -> None:
        """Of two superlatives the second tells whose rows; said of one thing, it adds nothing.

        Raises UnreadableError where nothing measures it, or where it is of rows elsewhere.
        """
        limited = [r for r in self._reading.ranks if r.limit is not None]
        first = limited[0] if limited else Rank(True)
        if not (first.reference or first.adjective or first.item):
            return
        for rank in limited[1:]:
            column, descending = self._measured_rank(rank)
            if self._is_measured_by(first, column):
                self._reading.ranks.remove(rank)
                continue
            upward = column.table != self._home and self._graph.keeps_rows(self._home, column.table)
            if rank.limit != 1 or rank.skip or not upward:
                raise UnreadableError(_UNCLEAR)
            self._parts.conditions.append(_extreme(column, highest=descending))
            self._reading.ranks.remove(rank)

    def _is_measured_by(self, rank: Rank, column: ColumnReference) -> bool:
        """`the largest classroom (with the highest capacity)`."""
        try:
            return self._measured_rank(rank)[0] == column
        except UnreadableError:
            return False

    def _measured_rank(self, rank: Rank) -> tuple[ColumnReference, bool]:
        """What a rank compares, where rows hold it themselves, and whether the highest is first."""
        if rank.item is not None or rank.popular:
            raise UnreadableError(_UNCLEAR)
        if rank.reference is None or not self._binder.is_table(rank.reference):
            column, descending = self._rank_column(rank)
        else:
            told = rank.adjective or rank.hint
            if rank.adds_up or told is None or told.adjective is None:
                raise UnreadableError(_UNCLEAR)
            table = self._binder.table(rank.reference.mention)
            column, high = self._binder.measured_by(told.adjective, table)
            descending = high == (rank.descending == bool(told.adjective.high))
        if not self._binder.is_quantity(column):
            raise UnreadableError(_UNCLEAR)
        return column, descending

    def _of_extremes(self) -> None:
        """`how many instructors are in the department with the highest budget`: theirs alone."""
        parts = self._parts
        for rank in self._reading.ranks if parts.measures and not parts.dimensions else ():
            if rank.limit is None:
                continue
            column, descending = self._rank_column(rank)
            reached = column.table == parts.base or self._graph.keeps_rows(parts.base, column.table)
            same_rows = all(tables_of(c) == [column.table] for c in parts.conditions)
            if rank.limit != 1 or rank.skip or not reached or not same_rows:
                raise UnreadableError("A ranking within a total is not clear.")
            kept = tuple(parts.conditions)
            parts.conditions.append(_extreme(column, *kept, highest=descending))


def _extreme(column: ColumnReference, *kept: Condition, highest: bool) -> Filter:
    """Keeps the rows that hold the highest or lowest value of those that pass `kept`."""
    function = MeasureFunction.MAXIMUM if highest else MeasureFunction.MINIMUM
    benchmark = Benchmark(function=function, column=column, conditions=kept)
    return Filter(column=column, operator=Operator.EQUAL, benchmark=benchmark)
