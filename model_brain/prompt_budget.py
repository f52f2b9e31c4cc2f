"""Fits a prompt into a number of tokens: the whole schema where it fits, else the best part of it.

What is dropped, in order: tables that were not retrieved; columns of wide tables beyond the keys
and those that the question names; retrieved tables, the worst first, each with the tables that only
it needed to be joined; at last all that is not schema.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain

from domain.dictionary import ColumnEntry, ColumnRole, Dictionary, TableEntry
from domain.draft import DraftRequest
from domain.errors import PromptTooLongError
from model_brain.table_order import tables_by_need
from prompts.prompt import RenderedPrompt

BYTES_A_TOKEN = 3
"""Of UTF-8. Tokenizers of today take four or more of English and SQL, and about three of Hindi."""
_FEWEST_BYTES_A_COLUMN = 4
"""What a line of a column takes besides its name and type."""
_COLUMNS = 40
_FEWEST_COLUMNS = 12


@dataclass(frozen=True, slots=True)
class SchemaPart:
    """Tables to be shown, and whether what is no schema is shown in full."""

    tables: Sequence[TableEntry]
    extras: bool = True
    """False: neither domain context nor examples, and of rules and measures those retrieved."""


def estimated_tokens(text: str) -> int:
    """Returns about how many tokens a text takes, rather too many than too few."""
    return -(-len(text.encode()) // BYTES_A_TOKEN)


def fit(
    request: DraftRequest, budget: int, render: Callable[[SchemaPart], RenderedPrompt]
) -> RenderedPrompt:
    """Returns the most telling prompt of at most `budget` tokens.

    Raises PromptTooLongError where not even the smallest part fits.
    """
    parts = _parts(request, budget)
    low, high = 0, len(parts) - 1
    best: RenderedPrompt | None = None
    # Each part is smaller than the one before.
    middle = 0
    while low <= high:
        rendered = render(parts[middle]())
        if estimated_tokens(rendered.text) <= budget:
            best, high = rendered, middle - 1
        else:
            low = middle + 1
        middle = (low + high) // 2
    if best is None:
        raise PromptTooLongError(
            "The question needs more of the data than the model can be told."
            " Ask about fewer things."
        )
    return best


def _parts(request: DraftRequest, budget: int) -> list[Callable[[], SchemaPart]]:
    """Returns the parts from the largest to the smallest."""
    dictionary = request.dictionary
    groups = tables_by_need(request)
    if not groups:
        groups = [[name] for name in list(dictionary.table_names)[:_COLUMNS]]
    needed = _needed_columns(request)

    def part(count: int, columns: int | None, *, extras: bool = True) -> SchemaPart:
        tables = dictionary.tables_named(chain(*groups[:count]))
        if columns is not None:
            tables = [_narrowed(table, columns, needed) for table in tables]
        return SchemaPart(tables, extras)

    parts: list[Callable[[], SchemaPart]] = []
    if _may_fit(dictionary, budget):
        parts.append(lambda: SchemaPart(dictionary.tables))
    if len(list(chain(*groups))) < len(dictionary.table_names):
        parts.append(partial(part, len(groups), None))
    parts += [partial(part, count, _COLUMNS) for count in range(len(groups), 0, -1)]
    parts.append(partial(part, 1, _COLUMNS, extras=False))
    parts.append(partial(part, 1, _FEWEST_COLUMNS, extras=False))
    return parts


def _may_fit(dictionary: Dictionary, budget: int) -> bool:
    """False where names and types alone are too many; tables are read only until that is known."""
    room = budget * BYTES_A_TOKEN - sum(len(name) for name in dictionary.table_names)
    tables = iter(dictionary.tables)
    while room >= 0:
        table = next(tables, None)
        if table is None:
            return True
        room -= sum(
            len(column.name) + len(column.type) + _FEWEST_BYTES_A_COLUMN
            for column in table.columns
            if column.pii is None
        )
    return False


def _needed_columns(request: DraftRequest) -> Collection[tuple[str, str]]:
    """Returns (table, column) of all that the question names, or that a join needs."""
    evidence = request.evidence
    named = {(t.table, column.column) for t in evidence.tables for column in t.columns}
    found = {(value.table, value.column) for value in evidence.values}
    joins = request.dictionary.relationships if not evidence.tables else evidence.relationships
    ends = [(join.child_table, join.child_columns) for join in joins]
    ends += [(join.parent_table, join.parent_columns) for join in joins]
    return named | found | {(table, column) for table, columns in ends for column in columns}


def _narrowed(table: TableEntry, limit: int, needed: Collection[tuple[str, str]]) -> TableEntry:
    """Returns the table with at most `limit` columns, in their order."""

    def rank(column: ColumnEntry) -> tuple[bool, bool, bool]:
        is_key = column.name in (*table.primary_key, table.time_column) or column.is_partition
        is_plain = column.role is ColumnRole.TEXT
        return ((table.name, column.name) not in needed, not is_key, is_plain)

    shown = [column for column in table.columns if column.pii is None]
    if len(shown) <= limit:
        return table
    kept = {column.name for column in sorted(shown, key=rank)[:limit]}
    return table.model_copy(
        update={"columns": [column for column in table.columns if column.name in kept]}
    )
