"""Rows of individuals are counted and summed, never listed one by one."""

from dataclasses import dataclass, field

from sqlglot import exp

from domain.verdict import Violation
from sql_guard.aggregates import aggregates_of, function_name, is_aggregated
from sql_guard.allowed_schema import AllowedTable, TableId
from sql_guard.query_views import ColumnUse, QueryView, Role, Source
from sql_guard.rules import GuardRules

_COUNTING = (exp.Count, exp.ApproxDistinct, exp.CountIf)
_NO_TABLES: frozenset[TableId] = frozenset()


@dataclass(slots=True)
class _Individuals:
    """What a query tells of persons: tables whose rows it lists, outputs that identify one."""

    listed: frozenset[TableId] = _NO_TABLES
    identifying: dict[str, frozenset[TableId]] = field(default_factory=dict)


def check_listings(views: list[QueryView], rules: GuardRules) -> list[Violation]:
    """Returns a violation where the statement's rows, or values in them, are single persons."""
    if not rules.listings.refuse_for_individuals or not _reads_individuals(views):
        return []
    found: dict[QueryView, _Individuals] = {}
    for view in views:
        found[view] = _describe(view, found, rules)
    root = found[views[-1]]
    if root.listed:
        return [_listing(root.listed)]
    identified = _NO_TABLES.union(*root.identifying.values())
    return [_identifying(identified)] if identified else []


def _reads_individuals(views: list[QueryView]) -> bool:
    return any(
        isinstance(source, AllowedTable) and source.is_about_individuals
        for view in views
        for source in view.sources.values()
    )


def _describe(
    view: QueryView, found: dict[QueryView, _Individuals], rules: GuardRules
) -> _Individuals:
    if view.operands:
        return _describe_set_operation(view, found)
    if view.role is Role.ROWS:
        return _describe_rows(view, found)
    return _describe_select(view, found, rules)


def _describe_set_operation(view: QueryView, found: dict[QueryView, _Individuals]) -> _Individuals:
    sides = [(operand, found[operand]) for operand in view.operands]
    identifying: dict[str, frozenset[TableId]] = {}
    for operand, side in sides:
        for output, name in zip(operand.outputs, view.outputs, strict=False):
            tables = identifying.get(name, _NO_TABLES) | side.identifying.get(output, _NO_TABLES)
            if tables:
                identifying[name] = tables
    if view.expression.args.get("distinct"):
        return _Individuals(_NO_TABLES.union(*identifying.values()), identifying)
    return _Individuals(_NO_TABLES.union(*(side.listed for _, side in sides)), identifying)


def _describe_rows(view: QueryView, found: dict[QueryView, _Individuals]) -> _Individuals:
    """UNNEST and LATERAL hand on what they are made from."""
    identifying = _NO_TABLES
    owner = view.parent
    if owner is not None and isinstance(view.expression, exp.Unnest):
        inside = {id(node) for node in view.expression.walk()}
        for use in owner.columns:
            if id(use.node) in inside:
                identifying |= _identified_by(use, found)
    inner = [child for child in found if child.parent is view and child.role is not Role.ROWS]
    listed = _NO_TABLES.union(*(found[child].listed for child in inner))
    for child in inner:
        identifying |= _NO_TABLES.union(*found[child].identifying.values())
    return _Individuals(listed, dict.fromkeys(view.outputs, identifying) if identifying else {})


def _describe_select(
    view: QueryView, found: dict[QueryView, _Individuals], rules: GuardRules
) -> _Individuals:
    select = view.select
    if select is None:
        return _Individuals()
    identifying, grouping = _identifying_outputs(view, select, found)
    listed = _NO_TABLES.union(*(_rows_of(source, found) for source in view.sources.values()))
    if is_aggregated(view, rules):
        _mark_collected(view, select, listed, identifying, rules)
        listed = grouping
    elif select.args.get("distinct"):
        listed = _NO_TABLES.union(*identifying.values())
    return _Individuals(listed | _listed_by_values(view, found), identifying)


def _rows_of(source: Source, found: dict[QueryView, _Individuals]) -> frozenset[TableId]:
    if isinstance(source, AllowedTable):
        return frozenset({source.id}) if source.is_about_individuals else _NO_TABLES
    return found[source].listed


def _identifying_outputs(
    view: QueryView, select: exp.Select, found: dict[QueryView, _Individuals]
) -> tuple[dict[str, frozenset[TableId]], frozenset[TableId]]:
    """Returns the outputs that carry a person key, and the tables whose key is grouped by."""
    identifying: dict[str, frozenset[TableId]] = {}
    grouping = _NO_TABLES
    for use in view.columns:
        tables = _identified_by(use, found)
        if not tables:
            continue
        clause = _clause_of(use.node, select)
        if isinstance(clause, exp.Group):
            grouping |= tables
        elif clause is not None and clause.arg_key == "expressions":
            name = clause.alias_or_name
            identifying[name] = identifying.get(name, _NO_TABLES) | tables
    return identifying, grouping


def _identified_by(use: ColumnUse, found: dict[QueryView, _Individuals]) -> frozenset[TableId]:
    source = use.source
    if isinstance(source, AllowedTable):
        return frozenset({source.id}) if source.person_key == use.name else _NO_TABLES
    if source is None:
        return _NO_TABLES
    return found[source].identifying.get(use.name, _NO_TABLES)


def _clause_of(node: exp.Expr, select: exp.Select) -> exp.Expr | None:
    """Returns the projection or clause that the node's value reaches; None where it is counted."""
    child: exp.Expr = node
    while child.parent is not None and child.parent is not select:
        child = child.parent
        if isinstance(child, _COUNTING) or (
            isinstance(child, exp.Predicate) and not isinstance(child, exp.SubqueryPredicate)
        ):
            return None
    return child if child.parent is select else None


def _mark_collected(
    view: QueryView,
    select: exp.Select,
    listed: frozenset[TableId],
    identifying: dict[str, frozenset[TableId]],
    rules: GuardRules,
) -> None:
    """A list of values of single rows is a listing in one cell; of distinct values it is not."""
    if not listed:
        return
    for node in aggregates_of(view, rules):
        if (
            isinstance(node, exp.Func)
            and _athena_name(node) in rules.collecting_functions
            and not isinstance(node.this, exp.Distinct)
        ):
            clause = _clause_of(node, select)
            if clause is not None and clause.arg_key == "expressions":
                name = clause.alias_or_name
                identifying[name] = identifying.get(name, _NO_TABLES) | listed


def _athena_name(node: exp.Func) -> str:
    return "listagg" if isinstance(node, exp.GroupConcat) else function_name(node)


def _listed_by_values(view: QueryView, found: dict[QueryView, _Individuals]) -> frozenset[TableId]:
    """A subquery that stands for a value shows its row; one in IN or EXISTS does not."""
    listed = _NO_TABLES
    for child, individuals in found.items():
        if child.parent is view and child.role is Role.VALUE and individuals.listed:
            wrapper = child.expression.parent
            if isinstance(wrapper, exp.Subquery) and not isinstance(
                wrapper.parent, exp.In | exp.Exists | exp.Any | exp.All | exp.Predicate
            ):
                listed |= individuals.listed
    return listed


def _listing(tables: frozenset[TableId]) -> Violation:
    names = ", ".join(sorted(name for _, name in tables))
    return Violation(
        rule="listing_of_individuals",
        message=f"The statement lists rows of single persons ({names}); only groups may be shown.",
        hint="Count, sum or average, grouped by a column that does not identify a person.",
    )


def _identifying(tables: frozenset[TableId]) -> Violation:
    names = ", ".join(sorted(name for _, name in tables))
    return Violation(
        rule="person_in_result",
        message=f"The result holds values that identify single persons ({names}).",
        hint="Use COUNT(DISTINCT ...) of the person key, and leave the key itself out.",
    )
