"""Only allowed kinds of nodes, with allowed clauses, and only allowed functions."""

from rapidfuzz import fuzz, process
from sqlglot import exp

from domain.verdict import Violation
from sql_guard.rules import GuardRules
from sql_guard.syntax_nodes import NodesByKind


def check_nodes(kinds: NodesByKind, sql: str, rules: GuardRules) -> list[Violation]:
    """Returns one violation for each kind of node, clause or function that is not allowed."""
    violations: dict[str, Violation] = {}
    for kind, nodes in kinds.items():
        if issubclass(kind, exp.Func):
            nodes = _check_functions(nodes, sql, rules, violations)
        if nodes:
            _check_kind(kind, nodes, rules, violations)
    return list(violations.values())


def _check_functions(
    nodes: list[exp.Expr], sql: str, rules: GuardRules, violations: dict[str, Violation]
) -> list[exp.Expr]:
    """Checks calls by the name that was written; returns what was written as an operator."""
    operators = []
    for node in nodes:
        name = written_name(node, sql)
        if not name:
            operators.append(node)
        elif name not in rules.function_names:
            violations.setdefault(name, _function_violation(name, rules))
    return operators


def _check_kind(
    kind: type[exp.Expr],
    nodes: list[exp.Expr],
    rules: GuardRules,
    violations: dict[str, Violation],
) -> None:
    if kind not in rules.clauses_by_node:
        violations.setdefault(kind.__name__, _node_violation(nodes[0]))
        return
    allowed = rules.clauses_by_node[kind]
    if allowed is None:
        return
    for node in nodes:
        for clause, value in node.args.items():
            if value and clause not in allowed:
                violations.setdefault(f"{kind.__name__}.{clause}", _clause_violation(node, clause))


def written_name(function: exp.Expr, sql: str) -> str:
    """Returns the function's name as it was written, in lower case; empty for operators."""
    if isinstance(function, exp.Anonymous):
        return function.name.lower()
    start, end = function.meta_get("start"), function.meta_get("end")
    if start is None or end is None:
        return ""
    return sql[start : end + 1].strip('"').lower()


def _function_violation(name: str, rules: GuardRules) -> Violation:
    return Violation(
        rule="function_not_allowed",
        message=f"The function {name[:60]} is not allowed.",
        hint=_function_hint(name, rules),
    )


def _function_hint(name: str, rules: GuardRules) -> str:
    if name in rules.other_names:
        return f"Write {rules.other_names[name]}."
    match = process.extractOne(
        name, sorted(rules.function_names), scorer=_likeness, score_cutoff=70
    )
    return f"Did you mean {match[0]}?" if match else "Use functions of Athena engine version 3."


def _likeness(name: str, other: str, **_: object) -> float:
    """Other engines often have the same words in another order, such as percentile_approx."""
    return max(fuzz.ratio(name, other), fuzz.token_sort_ratio(_words(name), _words(other)))


def _words(name: str) -> str:
    return name.replace("_", " ")


def _node_violation(node: exp.Expr) -> Violation:
    if isinstance(node, exp.Command | exp.DML | exp.DDL):
        return Violation(
            rule="not_a_query",
            message="Only queries that read data are allowed.",
            hint="Write one SELECT, or WITH ... SELECT.",
        )
    kind = type(node).__name__
    return Violation(
        rule="syntax_not_allowed",
        message=f"The statement uses syntax that is not allowed ({kind}).",
        hint="Use plain Athena SELECT syntax.",
    )


_CLAUSE_HINTS = {
    ("Select", "into"): "SELECT INTO writes a table; leave INTO out.",
    ("Select", "locks"): "FOR UPDATE locks rows; leave it out.",
    ("With", "recursive"): "Recursion is not allowed; join a table of dates or numbers instead.",
    ("Select", "qualify"): "Put the window function into a subquery and filter it outside.",
    ("Table", "version"): "Read the current state; leave FOR VERSION or FOR TIMESTAMP out.",
    ("Table", "sample"): "Read the whole table; leave TABLESAMPLE out.",
    ("Distinct", "on"): "Use row_number() in a subquery instead of DISTINCT ON.",
    ("Group", "all"): "Name the columns to group by.",
    ("Join", "method"): "Write JOIN ... ON with the columns that match.",
    ("Star", "except_"): "Name the columns.",
    ("Star", "replace"): "Name the columns.",
}


def _clause_violation(node: exp.Expr, clause: str) -> Violation:
    kind = type(node).__name__
    rule = "recursion" if (kind, clause) == ("With", "recursive") else "syntax_not_allowed"
    name = clause.strip("_").replace("_", " ")
    return Violation(
        rule=rule,
        message=f"The statement uses a clause that is not allowed ({kind}: {name}).",
        hint=_CLAUSE_HINTS.get((kind, clause), "Use plain Athena SELECT syntax."),
    )
