"""Groups that rest on too few persons are left out of the result by rewriting."""

from sqlglot import exp

from sql_guard.aggregates import is_aggregated
from sql_guard.allowed_schema import AllowedTable
from sql_guard.individuals import Individuals, describe_individuals, reads_individuals
from sql_guard.query_views import QueryView, Source
from sql_guard.rejection import reject
from sql_guard.rules import GuardRules


def suppress_small_groups(
    views: list[QueryView], minimum: int, rules: GuardRules
) -> tuple[str, ...]:
    """Adds HAVING COUNT(DISTINCT person) >= minimum to each grouping of persons, in place.

    Returns the sentences that the answer must say. Raises Rejection where persons cannot be told.
    """
    if minimum < 2 or not reads_individuals(views):
        return ()
    found = describe_individuals(views, rules)
    changed = [_suppress(view, found, minimum, rules) for view in views]
    if not any(changed):
        return ()
    return (f"Groups that rest on fewer than {minimum} persons are left out.",)


def _suppress(
    view: QueryView, found: dict[QueryView, Individuals], minimum: int, rules: GuardRules
) -> bool:
    sources = {
        alias: source for alias, source in view.sources.items() if _is_of_persons(source, found)
    }
    if view.operands:
        _check_set_operation(view, found)
    select = view.select
    if select is None or not sources or found[view].listed:
        return False
    if not is_aggregated(view, rules):
        if not select.args.get("distinct"):
            return False
        _group_instead_of_distinct(select)
    _demand(select, exp.GTE(this=_persons(sources, found), expression=_number(minimum)))
    return True


def _is_of_persons(source: Source, found: dict[QueryView, Individuals]) -> bool:
    if isinstance(source, AllowedTable):
        return source.is_about_individuals
    return bool(found[source].listed)


def _persons(sources: dict[str, Source], found: dict[QueryView, Individuals]) -> exp.Expr:
    """Returns the count of distinct persons behind a group, by the first key at hand."""
    for alias, source in sources.items():
        if isinstance(source, AllowedTable):
            key = source.person_key
        else:
            key = next(iter(found[source].identifying), None)
        if key is not None:
            column = exp.column(key, table=alias, quoted=True)
            return exp.Count(this=exp.Distinct(expressions=[column]), big_int=True)
    if all(isinstance(source, AllowedTable) for source in sources.values()):
        return exp.Count(this=exp.Star(), big_int=True)
    raise _uncountable()


def _number(value: int) -> exp.Expr:
    return exp.Literal.number(value)


def _demand(select: exp.Select, condition: exp.Expr) -> None:
    having = select.args.get("having")
    if having is None:
        select.set("having", exp.Having(this=condition))
        return
    present = list(having.this.flatten()) if isinstance(having.this, exp.And) else [having.this]
    if condition not in present:
        select.set("having", exp.Having(this=exp.and_(having.this, condition, copy=False)))


def _group_instead_of_distinct(select: exp.Select) -> None:
    expressions = [projection.unalias() for projection in select.expressions]
    if any(e.find(exp.Window, exp.Query) for e in expressions):
        raise _uncountable()
    select.set("distinct", None)
    select.set("group", exp.Group(expressions=[e.copy() for e in expressions]))


def _check_set_operation(view: QueryView, found: dict[QueryView, Individuals]) -> None:
    if view.expression.args.get("distinct") and any(found[side].listed for side in view.operands):
        raise _uncountable()


def _uncountable() -> Exception:
    return reject(
        "small_groups_unverifiable",
        "It cannot be told on how many persons each group of the result rests.",
        "Group in one query over the table itself, or hand the person key on to the outer query.",
    )
