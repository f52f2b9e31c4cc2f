"""Joins must be tied by a condition, and CTEs must not multiply reads."""

from sqlglot import exp

from domain.verdict import Violation
from sql_guard.allowed_schema import AllowedTable
from sql_guard.query_views import ColumnUse, QueryView, Source
from sql_guard.row_bounds import row_bound
from sql_guard.rules import GuardRules, Limits
from sql_guard.syntax_nodes import nodes_of

_EQUALITIES = (exp.EQ, exp.NullSafeEQ)
_RANGES = (exp.GT, exp.GTE, exp.LT, exp.LTE)


def check_joins(views: list[QueryView], rules: GuardRules) -> list[Violation]:
    """Returns a violation where sources are multiplied without bound."""
    for view in views:
        if len(view.sources) > 1 and (untied := _untied_source(view, rules)):
            return [_untied(untied)]
    return _check_scans(views, rules.limits)


def _check_scans(views: list[QueryView], limits: Limits) -> list[Violation]:
    scans: dict[QueryView, int] = {}
    for view in views:
        own = sum(_scans_of(source, scans) for source in view.sources.values())
        inner = sum(scans[operand] for operand in view.operands)
        scans[view] = own + inner
    values = [view for view in views if view.parent is not None and view.role == "value"]
    total = scans[views[-1]] + sum(scans[view] for view in values)
    if total <= limits.table_scans:
        return []
    return [
        Violation(
            rule="too_many_scans",
            message=f"The statement reads tables {total} times once its CTEs are unfolded.",
            hint="Use each CTE once or twice; aggregate before joining.",
        )
    ]


def _scans_of(source: Source, scans: dict[QueryView, int]) -> int:
    return 1 if isinstance(source, AllowedTable) else scans.get(source, 0)


def _untied_source(view: QueryView, rules: GuardRules) -> str | None:
    """Returns the alias of a source that no condition ties to the others, or None."""
    groups = {alias: alias for alias in view.sources}
    for pair in _tied_pairs(view):
        _join_groups(groups, *pair)
    loose: dict[str, str] = {}
    rows = 1
    for alias, source in view.sources.items():
        bound = row_bound(source, rules)
        if bound is None:
            loose.setdefault(_group_of(groups, alias), alias)
        else:
            rows *= max(bound, 1)
            if rows > rules.limits.constant_rows:
                return alias
    return list(loose.values())[1] if len(loose) > 1 else None


def _group_of(groups: dict[str, str], alias: str) -> str:
    while groups[alias] != alias:
        alias = groups[alias]
    return alias


def _join_groups(groups: dict[str, str], left: str, right: str) -> None:
    if left in groups and right in groups:
        groups[_group_of(groups, left)] = _group_of(groups, right)


def _tied_pairs(view: QueryView) -> set[tuple[str, str]]:
    """Returns pairs of aliases that a condition of the query ties."""
    uses = {id(use.node): use for use in view.columns}
    pairs = _lateral_pairs(view)
    select = view.select
    if select is None:
        return pairs
    conditions = [join.args.get("on") for join in nodes_of(view.body, exp.Join)]
    where = select.args.get("where")
    if where is not None:
        conditions.append(where.this)
    ranges: dict[tuple[str, str], int] = {}
    for condition in conditions:
        if condition is not None:
            pairs |= _ties(condition, uses, view, ranges)
    return pairs


def _lateral_pairs(view: QueryView) -> set[tuple[str, str]]:
    """UNNEST(a.items) and LATERAL (... a.id ...) are tied to what they are made from."""
    return {
        (alias, column.text("table"))
        for alias, node in view.nodes.items()
        if isinstance(node, exp.UDTF)
        for column in node.find_all(exp.Column)
    }


def _ties(
    condition: exp.Expr,
    uses: dict[int, ColumnUse],
    view: QueryView,
    ranges: dict[tuple[str, str], int],
) -> set[tuple[str, str]]:
    condition = condition.unnest()
    if isinstance(condition, exp.And):
        parts = list(condition.flatten())
        return set().union(*(_ties(part, uses, view, ranges) for part in parts))
    if isinstance(condition, exp.Or):
        branches = [_ties(part, uses, view, {}) for part in condition.flatten()]
        return set.intersection(*branches)
    if isinstance(condition, _EQUALITIES):
        return _pairs_between(condition.this, condition.expression, uses, view)
    if isinstance(condition, exp.In) and condition.expressions:
        choices = [_pairs_between(condition.this, e, uses, view) for e in condition.expressions]
        return set.intersection(*choices)
    if isinstance(condition, exp.Between):
        return _pairs_between(condition.this, condition.args["low"], uses, view) & _pairs_between(
            condition.this, condition.args["high"], uses, view
        )
    if isinstance(condition, _RANGES):
        return _range_pairs(condition, uses, view, ranges)
    return set()


def _range_pairs(
    condition: exp.Binary,
    uses: dict[int, ColumnUse],
    view: QueryView,
    ranges: dict[tuple[str, str], int],
) -> set[tuple[str, str]]:
    """Two bounds tie two sources; one bound ties them where either is grouped already."""
    tied = set()
    for pair in _pairs_between(condition.this, condition.expression, uses, view):
        ranges[pair] = ranges.get(pair, 0) + 1
        grouped = any(isinstance(view.sources[alias], QueryView) for alias in pair)
        if ranges[pair] > 1 or grouped:
            tied.add(pair)
    return tied


def _pairs_between(
    left: exp.Expr, right: exp.Expr, uses: dict[int, ColumnUse], view: QueryView
) -> set[tuple[str, str]]:
    left_aliases, right_aliases = _aliases_in(left, uses, view), _aliases_in(right, uses, view)
    if left_aliases & right_aliases:
        return set()
    return {(min(a, b), max(a, b)) for a in left_aliases for b in right_aliases}


def _aliases_in(node: exp.Expr, uses: dict[int, ColumnUse], view: QueryView) -> set[str]:
    """Aliases whose data, not constants, decide the value."""
    return {
        column.text("table")
        for column in node.find_all(exp.Column)
        if column.text("table") in view.sources
        and (use := uses.get(id(column))) is not None
        and not _is_constant(use)
    }


def _is_constant(use: ColumnUse) -> bool:
    source = use.source
    if not isinstance(source, QueryView) or source.select is None:
        return False
    for projection in source.select.expressions:
        if projection.alias_or_name == use.name:
            return not any(True for _ in projection.find_all(exp.Column, exp.Func))
    return False


def _untied(alias: str) -> Violation:
    return Violation(
        rule="untied_join",
        message=f"Nothing ties {alias} to the other tables: each row would meet every other row.",
        hint=f"Join {alias} ON a column that it shares with another table.",
    )
