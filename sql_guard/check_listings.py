"""Rows of individuals are counted and summed, never listed one by one."""

from domain.verdict import Violation
from sql_guard.allowed_schema import TableId
from sql_guard.individuals import describe_individuals, reads_individuals
from sql_guard.query_views import QueryView
from sql_guard.rules import GuardRules


def check_listings(views: list[QueryView], rules: GuardRules) -> list[Violation]:
    """Returns a violation where the statement's rows, or values in them, are single persons."""
    if not rules.listings.refuse_for_individuals or not reads_individuals(views):
        return []
    whole = describe_individuals(views, rules)[views[-1]]
    if whole.listed:
        return [_listing(whole.listed)]
    return [_identifying(whole.shown)] if whole.shown else []


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
