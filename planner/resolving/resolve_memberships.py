"""Conditions on other tables, as rows that must be in a set."""

from itertools import pairwise

from domain.plan import (
    AnyOf,
    ColumnReference,
    Condition,
    Filter,
    Membership,
    Operator,
)
from planner.reading.plan_parts import any_of, positive, words
from planner.reading.plan_reach import tables_of
from planner.resolving.clarify import over_which
from planner.resolving.resolve_context import ContextResolution
from planner.schema.binding_errors import UnreadableError
from planner.schema.join_path import Step
from planner.schema.labels import column_label, rows_label
from planner.schema.select_scope import check_single


class MembershipResolution(ContextResolution):
    """Where a condition is placed so that it repeats no row."""

    def _apart(self, condition: Condition) -> Condition:
        """A condition on another table, as one on rows here: no join may drop the other rows."""
        tables = [t for t in tables_of(condition) if t != self._home]
        if not tables or isinstance(condition, Membership):
            return condition
        return self._member(self._home, tables[0], (condition,), False)

    def _placed(self, condition: Condition, base: str) -> Condition:
        """Keeps a condition where its table joins without repeating rows, else wraps it."""
        tables = tables_of(condition)
        foreign = [t for t in tables if t != base and not self._graph.keeps_rows(base, t)]
        if not foreign or set(foreign) <= self._shown_tables():
            return condition
        if isinstance(condition, AnyOf):
            return any_of([self._placed(part, base) for part in condition.conditions])
        if len(tables) > 1:
            return condition
        return self._member(base, foreign[0], (condition,), False)

    def _check_either(self, condition: Condition, base: str) -> None:
        """Raises UnreadableError where a join would drop what passes on one side alone.

        `customers from India or with a returned order`: some customers have no order.
        """
        spans = isinstance(condition, AnyOf) and len(tables_of(condition)) > 1
        if spans and base not in self._shown_tables():
            raise UnreadableError("It is not clear whose rows pass on either side.")

    def _member(
        self, base: str, table: str, conditions: tuple[Condition, ...], negated: bool
    ) -> Condition:
        steps = self._graph.path(base, table)
        if not steps:
            raise UnreadableError(
                f"Nothing links {words(base)} and {words(table)}.", (words(table),)
            )
        for step in steps:
            check_single(self._graph, step)
        self._check_only_way(steps)
        told = next((c for c in conditions if isinstance(c, Filter)), None)
        if told is not None:
            self._check_same_rows(told.column, base, steps)
        negative = negated
        if (
            all(
                isinstance(c, Filter) and c.operator in (Operator.NOT_EQUAL, Operator.NOT_IN)
                for c in conditions
            )
            and conditions
        ):
            conditions = tuple(positive(c) for c in conditions if isinstance(c, Filter))
            negative = not negated
        return self._nested(steps, conditions, negative)

    def _check_only_way(self, steps: tuple[Step, ...]) -> None:
        """`panelists on Netflix`: by their sessions, or by what they bought there."""
        rivals = self._graph.rival_ways(steps)
        said = self._binder.mentioned | self._graph.spoken_of
        if not rivals or self._binder.decided or steps[0].end in said:
            return
        raise over_which(self._index, [steps, *rivals])

    def _check_same_rows(self, column: ColumnReference, base: str, steps: tuple[Step, ...]) -> None:
        """`views on 5G`, where sessions have networks: other rows of the same app say nothing."""
        for up, down in pairwise(steps):
            is_up = self._graph.keeps_rows(up.start, up.end)
            aside = is_up and not self._graph.keeps_rows(down.start, down.end)
            if aside and not {up.end, down.end} & self._binder.mentioned:
                there = rows_label(self._index.tables[down.end])
                here = rows_label(self._index.tables[base])
                told = column_label(column, self._index)
                raise UnreadableError(f"The {told} is known of {there}, not of {here}.")

    def _nested(
        self, steps: tuple[Step, ...], conditions: tuple[Condition, ...], negated: bool
    ) -> Membership:
        first = steps[0]
        rest = steps[1:]
        inner = conditions
        if rest:
            inner = (self._nested(rest, conditions, False),)
        return Membership(
            columns=tuple(
                ColumnReference(table=first.start, column=c) for c in first.start_columns
            ),
            table=first.end,
            other_columns=tuple(
                ColumnReference(table=first.end, column=c) for c in first.end_columns
            ),
            conditions=inner,
            negated=negated,
        )
