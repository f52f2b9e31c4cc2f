"""Columns that are named without being asked for or compared."""

import re

from domain.column_type import TypeFamily
from domain.metric import AggregateFormula
from domain.plan import ColumnReference, Filter, Membership, Operator
from planner.language.lexicon import load_lexicon
from planner.reading.grammar_words import SURE, is_verb
from planner.reading.plan_parts import MOSTLY
from planner.reading.plan_reach import condition_columns
from planner.reading.reading import Reference
from planner.resolving.resolve_folds import FoldResolution
from planner.schema.binding_errors import UnreadableError


class ContextResolution(FoldResolution):
    """Refuses what would be left out silently."""

    def _check_context(self) -> None:
        """A column that was named and not used would be left out silently: it is refused."""
        for reference in self._reading.context:
            if self._binder.is_table(reference) or self._names_owner(reference):
                continue
            text = reference.mention.text
            if reference.mention.best("column") > 0:
                column = self._binder.column(reference)
                if is_verb(reference.mention) and self._crosses_zero(column):
                    self._parts.conditions.append(
                        Filter(column=column, operator=Operator.GREATER, values=(0,))
                    )
                    continue
                told = self._says_yes(column)
                if told is not None:
                    self._parts.conditions.append(told)
                    continue
                if column == self._entity(column.table) or self._says_nothing_new(column):
                    continue
                in_role = self._in_role(column)
                if in_role is not None:
                    self._parts.conditions.append(in_role)
                    continue
            raise UnreadableError(f"It is not clear what is wanted of {text!r}.", (text,))

    def _names_owner(self, reference: Reference) -> bool:
        """`sessions of users`, though users are a metric too: every session has its one user."""
        named = [t for t in reference.mention.of_kind("table") if t.score >= SURE]
        base = self._parts.base
        is_metric = reference.mention.best("metric") >= SURE
        return is_metric and any(self._graph.keeps_rows(base, t.table) for t in named)

    def _in_role(self, column: ColumnReference) -> Membership | None:
        """`employees who are managers`: those that a column of that name refers to."""
        base = self._parts.base
        if column in self._used_columns():
            return None
        links = [
            link
            for link in self._index.dictionary.relationships
            if (link.child_table, link.child_columns) == (column.table, [column.column])
            and link.parent_table == base
        ]
        if len(links) != 1:
            return None
        key = ColumnReference(table=base, column=links[0].parent_columns[0])
        return Membership(columns=(key,), table=column.table, other_columns=(column,))

    def _says_yes(self, column: ColumnReference) -> Filter | None:
        """`students on scholarship`, where a column of yes and no says so."""
        entry = self._index.column(column.table, column.column)
        yes = set(load_lexicon().codes["yes"])
        if column in self._used_columns() or column.table != self._parts.base:
            return None
        if entry.family is TypeFamily.BOOLEAN:
            return Filter(column=column, operator=Operator.EQUAL, values=(True,))
        values = {str(v.value).strip().lower(): v.value for v in entry.top_values}
        if not values or not set(values) <= yes | set(load_lexicon().codes["no"]):
            return None
        said = next((stored for text, stored in values.items() if text in yes), None)
        if said is None or entry.family.is_numeric:
            return None
        return Filter(column=column, operator=Operator.EQUAL, values=(said,))

    def _crosses_zero(self, column: ColumnReference) -> bool:
        """`flights that were delayed`: rows above zero, where the column says by how much."""
        entry = self._index.column(column.table, column.column)
        if not entry.family.is_numeric or self._index.is_key(column.table, column.column):
            return False
        return isinstance(entry.minimum, int | float) and entry.minimum < 0

    def _says_nothing_new(self, column: ColumnReference) -> bool:
        """A column that tells rows apart stands for the rows; one that is used was said twice."""
        entry, table = (
            self._index.column(column.table, column.column),
            self._index.tables[column.table],
        )
        tells_apart = entry.distinct_count >= MOSTLY * max(table.row_count, 1)
        is_own = column.table == self._parts.base
        if is_own and (tells_apart or column.column in table.primary_key):
            return True
        return column in self._used_columns()

    def _columns_of_metric(self, name: str) -> set[ColumnReference]:
        """`average purchase amount`: the amount is what the agreed `average purchase` averages."""
        formula = self._index.metrics[name].formula
        if not isinstance(formula, AggregateFormula):
            return set()
        written = set(re.findall(r"\w+", formula.expression))
        columns = self._index.tables[formula.table].columns
        return {
            ColumnReference(table=formula.table, column=c.name)
            for c in columns
            if c.name in written
        }

    def _used_columns(self) -> set[ColumnReference]:
        parts = self._parts
        used = {*parts.columns, *(d.column for d in parts.dimensions)}
        used |= {o.column for o in parts.order if o.column is not None}
        used |= {m.column for m in parts.measures if m.column is not None}
        used |= {c for m in parts.measures if m.metric for c in self._columns_of_metric(m.metric)}
        for condition in parts.conditions:
            used |= {ColumnReference(table=t, column=c) for t, c in condition_columns(condition)}
        return used
