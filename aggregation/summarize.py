"""From a statement's rows to what may leave the service: the one way out of the warehouse."""

from collections.abc import Iterable, Sequence, Set

from aggregation.column_meaning import describe_columns
from aggregation.listing_rule import is_listing, is_of_persons
from aggregation.roll_up import roll_up
from aggregation.row_order import settle_order
from aggregation.statement_scope import read_scope
from domain.dictionary import Dictionary
from domain.plan import Plan
from domain.result_table import ResultColumn, Value
from domain.summary import Summary


def summarize(
    sql: str,
    columns: Sequence[ResultColumn],
    rows: Iterable[tuple[Value, ...]],
    *,
    dictionary: Dictionary,
    plan: Plan | None = None,
    person_tables: Set[str] = frozenset(),
    truncated: bool = False,
) -> Summary:
    """Returns at most 50 rows that sum up the result of Athena SQL.

    `person_tables` are the policy's tables of individuals: rows of theirs are only counted.
    `truncated` says that the row cap cut the result.
    """
    scope = read_scope(sql, dictionary)
    return roll_up(
        describe_columns(scope, columns, dictionary, plan),
        settle_order(scope, rows),
        is_listing=is_listing(scope, dictionary),
        truncated=truncated,
        of_persons=is_of_persons(scope, dictionary, person_tables),
        is_sorted=scope is None or bool(scope.expression.args.get("order")),
    )
