"""Retrieved tables in the order in which a prompt needs them."""

from collections import defaultdict, deque
from collections.abc import Collection, Iterator, Mapping

from domain.draft import DraftRequest
from domain.evidence import Evidence

REMEMBERED_TURNS = 3


def tables_by_need(request: DraftRequest) -> list[list[str]]:
    """Returns groups of tables: those of the turns before, then the retrieved ones, best first.

    A group holds a table and what joins it to those before: without its group a table is no use,
    so a prompt shows a group whole or not at all.
    """
    dictionary = request.dictionary
    earlier = " ".join(turn.sql for turn in request.turns[-REMEMBERED_TURNS:])
    used = [name for name in dictionary.table_names if earlier and name in earlier]
    seen = set(used)
    groups = [used] if used else []
    joined = _joined(request.evidence)
    for table in (scored.table for scored in request.evidence.tables):
        if table in seen:
            continue
        group = [table, *_between(table, seen, joined)]
        groups.append(group)
        seen.update(group)
    return groups


def _joined(evidence: Evidence) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for join in evidence.relationships:
        found[join.child_table].append(join.parent_table)
        found[join.parent_table].append(join.child_table)
    return found


def _between(table: str, shown: Collection[str], joined: Mapping[str, list[str]]) -> Iterator[str]:
    """Yields the tables on the shortest way from a table to those that are shown already."""
    came_from: dict[str, str] = {table: ""}
    waiting = deque([table])
    while waiting and shown:
        here = waiting.popleft()
        if here in shown:
            while here := came_from[here]:
                if here != table:
                    yield here
            return
        for other in joined.get(here, ()):
            if other not in came_from:
                came_from[other] = here
                waiting.append(other)
