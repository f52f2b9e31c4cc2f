"""Constructs that DuckDB would compute otherwise without a word: refused by name."""

from collections.abc import Callable

from sqlglot import exp

from warehouse.athena_to_duckdb.macros import SAME_FUNCTIONS
from warehouse.athena_to_duckdb.value_types import NESTED, TYPE, element_type, may_hold_nan
from warehouse.query_errors import refusal
from warehouse.trino_macros.attach import SCHEMA

_UNEQUAL = {
    exp.Format: "format()",
    exp.Shuffle: "shuffle()",
    exp.Normalize: "normalize()",
    exp.Soundex: "soundex()",
    exp.CurrentUser: "current_user",
    exp.CurrentVersion: "version()",
    exp.UnicodeString: "A text with Unicode escapes",
    exp.MatchRecognize: "MATCH_RECOGNIZE",
    exp.JSONTable: "JSON_TABLE",
    exp.JSONValue: "json_value()",
}


def refuse_clauses(tree: exp.Expr) -> None:
    """Raises RepairableError for what must be known before names are looked up."""
    for node in tree.find_all(exp.MatchRecognize, exp.Dot, exp.Aliases):
        if isinstance(node, exp.MatchRecognize):
            raise refusal("MATCH_RECOGNIZE")
        if isinstance(node, exp.Dot) and isinstance(node.expression, exp.Star):
            raise refusal("r.* of a row")
        if isinstance(node, exp.Aliases):
            raise refusal("r.* AS (...)")


def refuse(node: exp.Expr) -> exp.Expr:
    """Raises RepairableError for a construct that has no equal; returns any other node as it is."""
    construct = _UNEQUAL.get(type(node)) or _unequal_use(node)
    if construct:
        raise refusal(construct)
    return node


def _unequal_use(node: exp.Expr) -> str:
    for kinds, rule in _RULES:
        if isinstance(node, kinds):
            return rule(node)
    return ""


def _function(node: exp.Expr) -> str:
    name = node.name
    is_known = name.lower() in SAME_FUNCTIONS or name.startswith(SCHEMA)
    return "" if is_known else f"{name.lower()}()"


def _comparator(node: exp.Expr) -> str:
    return "array_sort() with a comparator" if node.expression else ""


def _weights(node: exp.Expr) -> str:
    return "approx_percentile() with weights" if node.args.get("weight") else ""


def _frame(node: exp.Expr) -> str:
    bounds = (node.args.get("start"), node.args.get("end"))
    is_computed = any(isinstance(bound, exp.Expr) and bound.find(exp.Column) for bound in bounds)
    return "A window frame whose bounds are computed" if is_computed else ""


def _nested_extreme(node: exp.Expr) -> str:
    values = [node.this, *node.expressions]
    is_nested = any(value.is_type(*NESTED) for value in values)
    if is_nested and any(may_hold_nan(value.type) for value in values):
        return "greatest() and least() of arrays and rows of doubles"
    return ""


def _nested_search(node: exp.Expr) -> str:
    element = element_type(node.this)
    return f"{node.key}() of nested values" if element and element.is_type(*NESTED) else ""


def _ties(node: exp.Expr) -> str:
    options = node.args.get("limit_options")
    return "WITH TIES" if options is not None and options.args.get("with_ties") else ""


def _average_interval(node: exp.Expr) -> str:
    return "avg() of intervals" if node.this.is_type(TYPE.INTERVAL) else ""


def _several_extremes(node: exp.Expr) -> str:
    return "min_by() and max_by() of several rows" if node.args.get("count") else ""


def _empty_search(node: exp.Expr) -> str:
    is_empty = node.expression.is_string and not node.expression.name
    return "replace() of an empty text" if is_empty else ""


def _join(node: exp.Expr) -> str:
    condition = node.args.get("on")
    if condition is None:
        return ""
    if node.text("side") and condition.find(exp.Query, exp.Values):
        return "A subquery in the condition of an outer join"
    is_true = isinstance(condition, exp.Boolean) and bool(condition.this)
    is_lateral = isinstance(node.this, exp.Unnest | exp.Lateral) or (
        isinstance(node.this, exp.Alias) and isinstance(node.this.this, exp.Unnest)
    )
    if is_lateral and not is_true:
        return "A join with UNNEST or LATERAL ON anything but TRUE"
    return ""


def _outer_star(node: exp.Expr) -> str:
    """`t.*` of an outer query's table gives the inner rows' columns in DuckDB."""
    stars = [found for found in node.expressions if isinstance(found, exp.Column) and found.is_star]
    wanted = {star.table.lower() for star in stars if star.table}
    if not wanted:
        return ""
    sources = [node.args.get("from_"), *node.args.get("joins", []), *node.args.get("laterals", [])]
    own = {
        alias.name.lower()
        for source in sources
        if source is not None
        for alias in source.find_all(exp.TableAlias, exp.Table)
    } | {
        table.alias_or_name.lower()
        for source in sources
        if source is not None
        for table in source.find_all(exp.Table, exp.Subquery, exp.Unnest, exp.Lateral)
    }
    return "" if wanted <= own else "t.* of a table of the outer query"


_RULES: tuple[tuple[tuple[type[exp.Expr], ...], Callable[[exp.Expr], str]], ...] = (
    ((exp.Anonymous,), _function),
    ((exp.ArraySort,), _comparator),
    ((exp.ApproxQuantile,), _weights),
    ((exp.WindowSpec,), _frame),
    ((exp.Greatest, exp.Least), _nested_extreme),
    ((exp.ArrayContains, exp.ArrayRemove, exp.ArrayPosition), _nested_search),
    ((exp.Fetch,), _ties),
    ((exp.Avg,), _average_interval),
    ((exp.ArgMax, exp.ArgMin), _several_extremes),
    ((exp.Replace,), _empty_search),
    ((exp.Join,), _join),
    ((exp.Select,), _outer_star),
)
