"""Divides counts and sums as decimal numbers."""

from sqlglot import exp

from domain.dictionary import Dictionary


def keep_fractions(tree: exp.Query, dictionary: Dictionary) -> exp.Query | None:
    """Returns the statement with the dividend of each division of aggregates as a double."""
    del dictionary
    divisions = [node for node in tree.find_all(exp.Div) if node.find(exp.AggFunc)]
    for division in divisions:
        division.set("this", exp.cast(division.this, "double"))
    return tree if divisions else None
