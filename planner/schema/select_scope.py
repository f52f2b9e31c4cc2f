"""The tables of one select: how they are joined, and which rows that repeats."""

from collections.abc import Iterator

from sqlglot import exp

from domain.plan import AllOf, AnyOf, ColumnReference, Condition, Measure, Membership, Plan
from planner.schema.join_path import JoinGraph, Step
from planner.schema.schema import Schema
from planner.schema.sql_literals import identifier


class PlanError(Exception):
    """The plan cannot be computed over this dictionary; the message says why."""


class AmbiguousWayError(PlanError):
    """Two tables are linked by several columns, and the question names none of them."""

    def __init__(self, ways: tuple[Step, ...]) -> None:
        names = [" ".join(s.start_columns if s.to_parent else s.end_columns) for s in ways]
        start, end = ways[0].start, ways[0].end
        super().__init__(f"{start} and {end} are linked in several ways: say {' or '.join(names)}.")
        self.ways = ways


def check_single(graph: JoinGraph, step: Step) -> None:
    """Raises AmbiguousWayError where the two tables can be joined in another way just as well."""
    rivals = graph.rivals(step)
    if rivals:
        raise AmbiguousWayError((step, *rivals))


class Scope:
    """Tables of one select: which are joined, and whether names need their table."""

    def __init__(self, plan: Plan, graph: JoinGraph, index: Schema) -> None:
        self._base = plan.table
        tables = list(dict.fromkeys(_tables(plan)))
        try:
            self.steps = graph.tree(plan.table, tables)
        except LookupError as error:
            raise PlanError(
                f"No relationship leads from {plan.table} to {error.args[0]}."
            ) from error
        self._joined = bool(self.steps)
        self._index = index
        self._graph = graph
        for step in self.steps:
            check_single(graph, step)

    def repeats(self, table: str) -> bool:
        """True where a row of the table may stand in several joined rows."""
        joined = {self._base, *(step.end for step in self.steps)}
        return any(not self._graph.keeps_rows(table, t) for t in joined if t != table)

    def check_tied(self, table: str) -> None:
        """Raises PlanError where joined rows only share a parent with the table's."""
        joined = {self._base, *(step.end for step in self.steps)}
        crossed = sorted(t for t in joined if t != table and self._graph.crosses(table, t))
        if crossed:
            raise PlanError(f"Nothing ties single rows of {table} to rows of {crossed[0]}.")

    def column(self, reference: ColumnReference) -> exp.Column:
        """Returns the column, with its table where several are joined."""
        table = identifier(reference.table) if self._joined else None
        return exp.Column(this=identifier(reference.column), table=table)


def _tables(plan: Plan) -> Iterator[str]:
    for column in plan.columns:
        yield column.table
    for dimension in plan.dimensions:
        yield dimension.column.table
        yield from (key.table for key in dimension.keys)
    for measure in plan.measures:
        yield from _measure_tables(measure)
    for condition in plan.conditions:
        yield from _condition_tables(condition)
    if plan.period is not None:
        yield plan.period.column.table
    yield from (o.column.table for o in plan.order if o.column is not None)
    yield from plan.joined


def _measure_tables(measure: Measure) -> Iterator[str]:
    if measure.column is not None:
        yield measure.column.table
    if measure.table is not None:
        yield measure.table
    if measure.condition is not None:
        yield from _condition_tables(measure.condition)
    for part in (measure.numerator, measure.denominator, measure.of):
        if part is not None:
            yield from _measure_tables(part)
    for dimension in measure.per:
        yield dimension.column.table


def _condition_tables(condition: Condition) -> Iterator[str]:
    if isinstance(condition, AnyOf | AllOf):
        for part in condition.conditions:
            yield from _condition_tables(part)
    elif isinstance(condition, Membership):
        yield from (column.table for column in condition.columns)
    else:
        yield condition.column.table
