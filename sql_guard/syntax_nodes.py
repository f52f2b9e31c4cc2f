"""Nodes of a tree by their kind, so that each step looks at those it is about."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias, TypeVar

from sqlglot import exp

NodesByKind: TypeAlias = Mapping[type[exp.Expr], list[exp.Expr]]

Node = TypeVar("Node", bound=exp.Expr)


def group_by_kind(nodes: Iterable[exp.Expr]) -> NodesByKind:
    """Returns the nodes by their exact class, in the order of the walk."""
    kinds: dict[type[exp.Expr], list[exp.Expr]] = {}
    for node in nodes:
        kind = type(node)
        if kind in kinds:
            kinds[kind].append(node)
        else:
            kinds[kind] = [node]
    return kinds


def nodes_of(kinds: NodesByKind, kind: type[Node]) -> Iterator[Node]:
    """Yields the nodes of exactly this class."""
    return (node for node in kinds.get(kind, ()) if isinstance(node, kind))
