"""GROUP BY an output's name, which models like to write and Athena does not know."""

from collections.abc import Iterable

from sqlglot import exp


def expand_group_aliases(selects: Iterable[exp.Select]) -> None:
    """Puts the output's expression in place of its name, in qualified queries.

    A name that a table has is qualified already and stays what it is: the table's column.
    """
    for select in selects:
        group = select.args.get("group")
        if group is None:
            continue
        outputs = {projection.alias_or_name: projection for projection in select.expressions}
        for item in list(group.expressions):
            output = outputs.get(item.name) if _is_bare(item) else None
            if output is not None and not output.find(exp.AggFunc, exp.Window, exp.Query):
                outputs.pop(item.name)
                item.replace(output.unalias().copy())


def _is_bare(item: exp.Expr) -> bool:
    return isinstance(item, exp.Column) and not item.text("table")
