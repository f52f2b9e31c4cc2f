"""Joins the one table that holds a column which the statement names and does not read."""

from sqlglot import exp

from domain.dictionary import Dictionary, Relationship


def join_missing(tree: exp.Query, dictionary: Dictionary) -> exp.Query | None:
    """Returns the statement with its missing columns' tables joined, where each has just one.

    Only along many-to-one relationships, which repeat no row, and only for a statement that is
    one SELECT of stored tables.
    """
    if not isinstance(tree, exp.Select) or len(list(tree.find_all(exp.Query))) > 1:
        return None
    read = {table.alias_or_name.lower(): table for table in tree.find_all(exp.Table)}
    own = {output.alias.lower() for output in tree.selects if output.alias}
    joined: dict[str, Relationship] = {}
    for column in list(tree.find_all(exp.Column)):
        if _is_known(column, read, own, dictionary):
            continue
        relationship = _way(column, read, dictionary)
        if relationship is None:
            return None
        joined[relationship.parent_table] = relationship
        column.set("table", exp.to_identifier(relationship.parent_table))
    if not joined:
        return None
    _qualify(tree, read, own)
    for relationship in joined.values():
        tree = _join(tree, relationship, read)
    return tree


def _is_known(
    column: exp.Column, read: dict[str, exp.Table], own: set[str], dictionary: Dictionary
) -> bool:
    qualifier = column.text("table").lower()
    if not qualifier and column.name.lower() in own:
        return True
    tables = [read[qualifier]] if qualifier in read else [] if qualifier else read.values()
    return any(_holds(table.name, column.name, dictionary) for table in tables)


def _way(
    column: exp.Column, read: dict[str, exp.Table], dictionary: Dictionary
) -> Relationship | None:
    names = {table.name.lower() for table in read.values()}
    ways = {
        relationship.parent_table: relationship
        for relationship in dictionary.relationships
        if relationship.child_table.lower() in names
        and relationship.parent_table.lower() not in names
        and _holds(relationship.parent_table, column.name, dictionary)
    }
    return next(iter(ways.values())) if len(ways) == 1 else None


def _holds(table: str, column: str, dictionary: Dictionary) -> bool:
    entry = dictionary.table(table)
    found = None if entry is None else entry.column(column)
    return found is not None and found.pii is None


def _join(tree: exp.Select, relationship: Relationship, read: dict[str, exp.Table]) -> exp.Select:
    child = next(
        alias for alias, t in read.items() if t.name.lower() == relationship.child_table.lower()
    )
    pairs = zip(relationship.child_columns, relationship.parent_columns, strict=True)
    on = exp.and_(
        *(
            exp.EQ(
                this=exp.column(key, table=child),
                expression=exp.column(parent, table=relationship.parent_table),
            )
            for key, parent in pairs
        )
    )
    return tree.join(exp.to_table(relationship.parent_table), on=on, join_type="left")


def _qualify(tree: exp.Select, read: dict[str, exp.Table], own: set[str]) -> None:
    """With one table more, names that both have must say whose they are."""
    if len(read) == 1:
        (alias,) = read
        for column in tree.find_all(exp.Column):
            if not column.table and column.name.lower() not in own:
                column.set("table", exp.to_identifier(alias))
