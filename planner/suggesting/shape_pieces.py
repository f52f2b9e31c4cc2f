"""What a statement measures and how it splits it, changed in place: aggregates, grouping columns.

Splits are the outermost select's alone: nothing else relies on its columns. A measure further in
keeps its name, which the selects around it go by.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from sqlglot import exp

from domain.dictionary import ColumnEntry, ColumnRole, Dictionary, TableEntry
from domain.errors import QuestionError
from planner.language.names import name_words
from planner.suggesting.piece import Piece, PieceEdit

_FUNCTIONS: dict[str, type[exp.AggFunc]] = {
    "average": exp.Avg,
    "total": exp.Sum,
    "lowest": exp.Min,
    "highest": exp.Max,
}
_TOTAL = "total"
_GROUPS_ROWS = (ColumnRole.DIMENSION, ColumnRole.LABEL)


@dataclass(frozen=True, slots=True)
class Split:
    """A column that the outermost select groups by."""

    select: exp.Select
    column: exp.Column
    table: TableEntry | None
    """None where the dictionary does not hold it: it can then only be taken away."""

    def piece(self, number: int) -> Piece:
        """Returns it as it is shown."""
        return Piece(
            number=number,
            kind="split",
            label="split by",
            values=(self.column.name,),
            value_kind="text",
            can_remove=True,
            choices=(self._choices(),),
        )

    def apply(self, edit: PieceEdit) -> None:
        """Groups by another column of the table, or no longer by this one."""
        if edit.remove:
            self._remove()
            return
        if len(edit.values) != 1 or edit.values[0] not in self._choices():
            raise QuestionError("The answer cannot be split by that.", "no_such_split")
        if edit.values[0] != self.column.name:
            self._replace(edit.values[0])

    def _choices(self) -> tuple[str, ...]:
        columns = self.table.columns if self.table is not None else []
        grouped = {column.name.lower() for column in _grouped(self.select)}
        others = [
            column.name
            for column in columns
            if column.role in _GROUPS_ROWS
            and column.pii is None
            and column.name.lower() not in grouped
        ]
        return (self.column.name, *others)

    def _remove(self) -> None:
        kept = [shown for shown in self.select.expressions if not self._is_shown(shown)]
        if not kept:
            raise QuestionError("Nothing would be left to show.", "nothing_left")
        names = self._names()
        self.select.set("expressions", kept)
        groups = [node for node in self.select.args["group"].expressions if node != self.column]
        self.select.set("group", exp.Group(expressions=groups) if groups else None)
        order = [term for term in _order(self.select) if not self._orders(term, names)]
        self.select.set("order", exp.Order(expressions=order) if order else None)

    def _replace(self, name: str) -> None:
        new = exp.column(name, table=self.column.args.get("table"), quoted=True)
        names = self._names()
        for term in _order(self.select):
            for column in list(term.find_all(exp.Column)):
                if not column.table and column.name.lower() in names:
                    column.replace(exp.column(name, quoted=True))
                elif _is_same(column, self.column):
                    column.replace(new.copy())
        for shown in self.select.expressions:
            if self._is_shown(shown):
                shown.replace(exp.alias_(new.copy(), name, quoted=True))
        self.column.replace(new)

    def _is_shown(self, projection: exp.Expr) -> bool:
        return _is_same(projection.unalias(), self.column)

    def _names(self) -> set[str]:
        shown = filter(self._is_shown, self.select.expressions)
        return {projection.alias_or_name.lower() for projection in shown}

    def _orders(self, term: exp.Expr, names: set[str]) -> bool:
        return any(
            _is_same(column, self.column) or (not column.table and column.name.lower() in names)
            for column in term.find_all(exp.Column)
        )


@dataclass(frozen=True, slots=True)
class Measured:
    """A column of the result that is one aggregate of one measure."""

    select: exp.Select
    projection: exp.Expr
    function: str
    column: ColumnEntry
    table: TableEntry

    def piece(self, number: int) -> Piece:
        """Returns it as it is shown."""
        return Piece(
            number=number,
            kind="measure",
            label="measure",
            values=(self.function, self.column.name),
            value_kind="text",
            can_remove=False,
            choices=(tuple(_FUNCTIONS), tuple(column.name for column in self._columns())),
        )

    def apply(self, edit: PieceEdit) -> None:
        """Takes another aggregate, or another measure of the table."""
        if edit.values == (self.function, self.column.name):
            return
        function, measure = self._asked(edit)
        old = self.projection.unalias()
        qualifier = old.this.args.get("table")
        new = _FUNCTIONS[function](this=exp.column(measure.name, table=qualifier, quoted=True))
        former = self.projection.alias_or_name.lower()
        name = f"{function}_{measure.name}"
        if self.select.parent is not None:
            name = self.projection.alias_or_name
        for term in _order(self.select):
            for node in [node for node in term.find_all(exp.AggFunc) if node == old]:
                node.replace(new.copy())
            for column in list(term.find_all(exp.Column)):
                if former and not column.table and column.name.lower() == former:
                    column.replace(exp.column(name, quoted=True))
        self.projection.replace(exp.alias_(new, name, quoted=True))

    def _columns(self) -> list[ColumnEntry]:
        return [c for c in self.table.columns if c.role is ColumnRole.MEASURE and c.pii is None]

    def _asked(self, edit: PieceEdit) -> tuple[str, ColumnEntry]:
        if edit.remove or len(edit.values) != 2:
            raise QuestionError("A measure can be changed, not taken away.", "measure_stays")
        function, name = edit.values
        column = next((c for c in self._columns() if c.name == name), None)
        if function not in _FUNCTIONS or column is None:
            raise QuestionError("The table has no such measure.", "no_such_measure")
        if function == _TOTAL and not column.additive:
            words = " ".join(name_words(name))
            message = f"A total of {words} means nothing; take the average."
            raise QuestionError(message, "no_total", measure=words)
        return function, column


@dataclass(frozen=True, slots=True)
class NewSplit:
    """A column that the outermost select could group by too."""

    select: exp.Select
    columns: dict[str, exp.Column]
    """Name -> the column with the table it belongs to."""

    def piece(self, number: int) -> Piece:
        """Returns it as it is shown: with no column chosen."""
        return Piece(
            number=number,
            kind="new_split",
            label="also split by",
            values=("",),
            value_kind="text",
            can_remove=False,
            choices=(("", *self.columns),),
        )

    def apply(self, edit: PieceEdit) -> None:
        """Groups by the column too, and shows it first."""
        if edit.remove or len(edit.values) != 1:
            raise QuestionError("The answer cannot be split by that.", "no_such_split")
        [name] = edit.values
        if not name:
            return
        column = self.columns.get(name)
        if column is None:
            raise QuestionError("The answer cannot be split by that.", "no_such_split")
        shown = exp.alias_(column.copy(), name, quoted=True)
        self.select.set("expressions", [shown, *self.select.expressions])
        group = self.select.args.get("group")
        before = list(group.expressions) if group else []
        self.select.set("group", exp.Group(expressions=[*before, column.copy()]))


ShapePart: TypeAlias = Split | Measured | NewSplit


def shape_parts(tree: exp.Expr, dictionary: Dictionary | None) -> list[ShapePart]:
    """Returns the measures of every select, then the outermost one's splits, then a new split."""
    if not isinstance(tree, exp.Select):
        return []
    _name_positions(tree)
    splits = [Split(tree, c, _table(tree, c, dictionary)) for c in _grouped(tree)]
    inner = [select for select in tree.find_all(exp.Select) if select is not tree]
    measures = [part for select in (tree, *inner) for part in _measures(select, dictionary)]
    return [*measures, *splits, *_new_split(tree, dictionary)]


def _new_split(select: exp.Select, dictionary: Dictionary | None) -> Iterator[NewSplit]:
    """Yields the columns that a select which does nothing but sum up could be split by."""
    grouped = {column.name.lower() for column in _grouped(select)}
    is_plain = not select.args.get("distinct") and not any(select.find_all(exp.Window))
    if dictionary is None or not is_plain or not any(map(_is_summed, select.expressions)):
        return
    if not all(_is_summed(p) or p.unalias().name.lower() in grouped for p in select.expressions):
        return
    taken = grouped | {projection.alias_or_name.lower() for projection in select.expressions}
    columns = {
        column.name: exp.column(column.name, table=source.alias_or_name, quoted=True)
        for source, entry in reversed(_sources(select, dictionary))
        for column in entry.columns
        if column.role in _GROUPS_ROWS and column.pii is None and column.name.lower() not in taken
    }
    if columns:
        yield NewSplit(select, dict(sorted(columns.items())))


def _is_summed(projection: exp.Expr) -> bool:
    columns = list(projection.find_all(exp.Column))
    is_inside = all(column.find_ancestor(exp.AggFunc) is not None for column in columns)
    return any(projection.find_all(exp.AggFunc)) and is_inside


def _measures(select: exp.Select, dictionary: Dictionary | None) -> Iterator[Measured]:
    names = {made: name for name, made in _FUNCTIONS.items()}
    for projection in select.expressions:
        aggregate = projection.unalias()
        function = names.get(type(aggregate))
        if function is None or not isinstance(aggregate.this, exp.Column):
            continue
        table = _table(select, aggregate.this, dictionary)
        column = table.column(aggregate.this.name) if table is not None else None
        if table is not None and column is not None and column.role is ColumnRole.MEASURE:
            yield Measured(select, projection, function, column, table)


def _grouped(select: exp.Select) -> list[exp.Column]:
    group = select.args.get("group")
    return [node for node in group.expressions if isinstance(node, exp.Column)] if group else []


def _order(select: exp.Select) -> list[exp.Expr]:
    order = select.args.get("order")
    return list(order.expressions) if order else []


def _name_positions(select: exp.Select) -> None:
    """Puts columns in the place of positions (`GROUP BY 1`), which a removal would shift."""
    shown = list(select.expressions)
    group = select.args.get("group")
    for node in list(group.expressions) if group else []:
        if (projection := _at(shown, node)) is not None:
            node.replace(projection.unalias().copy())
    for term in _order(select):
        projection = _at(shown, term.this)
        if projection is not None and projection.alias_or_name:
            term.this.replace(exp.column(projection.alias_or_name, quoted=True))


def _at(shown: list[exp.Expr], node: exp.Expr) -> exp.Expr | None:
    if not isinstance(node, exp.Literal) or not node.is_int:
        return None
    position = int(node.name) - 1
    return shown[position] if 0 <= position < len(shown) else None


def _is_same(one: exp.Expr, other: exp.Column) -> bool:
    if not isinstance(one, exp.Column) or one.name.lower() != other.name.lower():
        return False
    return not one.table or not other.table or one.table.lower() == other.table.lower()


def _table(
    select: exp.Select, column: exp.Column, dictionary: Dictionary | None
) -> TableEntry | None:
    """Returns the table of a column; None where that is not certain."""
    if dictionary is None:
        return None
    held = [
        entry
        for source, entry in _sources(select, dictionary)
        if (not column.table or source.alias_or_name.lower() == column.table.lower())
        and entry.column(column.name) is not None
    ]
    is_only = len(_from(select)) == 1
    return held[0] if len(held) == 1 and (column.table or is_only) else None


def _from(select: exp.Select) -> list[exp.Expr]:
    joined = [join.this for join in select.args.get("joins") or []]
    return [*(clause.this for clause in [select.args.get("from_")] if clause), *joined]


def _sources(select: exp.Select, dictionary: Dictionary) -> list[tuple[exp.Table, TableEntry]]:
    """Returns the tables that the select reads by themselves, and what is known of them."""
    made = {named.alias.lower() for named in select.root().find_all(exp.CTE)}
    return [
        (source, entry)
        for source in _from(select)
        if isinstance(source, exp.Table)
        and source.name.lower() not in made
        and (entry := dictionary.table(source.name)) is not None
    ]
