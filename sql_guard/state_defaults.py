"""Defaults of Athena that sqlglot's writer would replace by those of other engines."""

from sqlglot import exp

from sql_guard.syntax_nodes import NodesByKind, nodes_of


def state_defaults(kinds: NodesByKind) -> None:
    """Writes out, in place, that LISTAGG without a separator puts nothing between values."""
    for listagg in nodes_of(kinds, exp.GroupConcat):
        if listagg.args.get("separator") is None:
            listagg.set("separator", exp.Literal.string(""))
