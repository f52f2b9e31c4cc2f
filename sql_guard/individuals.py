"""What each query tells of single persons: whose rows it lists, and which outputs identify one."""

from dataclasses import dataclass, field

from sqlglot import exp

from sql_guard.aggregates import aggregates_of, function_name, is_aggregated
from sql_guard.allowed_schema import AllowedTable, TableId
from sql_guard.query_views import ColumnUse, QueryView, Role, Source
from sql_guard.rules import GuardRules

_COUNTING = (exp.Count, exp.ApproxDistinct, exp.CountIf)
_NO_TABLES: frozenset[TableId] = frozenset()


@dataclass(slots=True)
class Individuals:
    """Tables of individuals by what a query does with them."""

    listed: frozenset[TableId] = _NO_TABLES
    """Tables of which one row of the result is one row, or one person."""
    identifying: dict[str, frozenset[TableId]] = field(default_factory=dict)
    """Output -> tables whose person key it carries."""
    collected: dict[str, frozenset[TableId]] = field(default_factory=dict)
    """Output -> tables of which it lists the values of many rows in one."""

    @property
    def shown(self) -> frozenset[TableId]:
        """Tables of which an output tells single persons."""
        return _NO_TABLES.union(*self.identifying.values(), *self.collected.values())


def reads_individuals(views: list[QueryView]) -> bool:
    """Tells whether any table of individuals is read at all."""
    return any(
        isinstance(source, AllowedTable) and source.is_about_individuals
        for view in views
        for source in view.sources.values()
    )


def describe_individuals(views: list[QueryView], rules: GuardRules) -> dict[QueryView, Individuals]:
    """Returns what each query tells of persons. `views` have inner queries first."""
    return _Describer(rules).describe(views)


class _Describer:
    def __init__(self, rules: GuardRules) -> None:
        self._rules = rules
        self._found: dict[QueryView, Individuals] = {}

    def describe(self, views: list[QueryView]) -> dict[QueryView, Individuals]:
        for view in views:
            if view.operands:
                self._found[view] = self._set_operation(view)
            elif view.role is Role.ROWS:
                self._found[view] = self._rows(view)
            elif view.select is not None:
                self._found[view] = self._select(view, view.select)
            else:
                self._found[view] = Individuals()
        return self._found

    def _set_operation(self, view: QueryView) -> Individuals:
        whole = Individuals()
        for operand in view.operands:
            side = self._found[operand]
            whole.listed |= side.listed
            for output, name in zip(operand.outputs, view.outputs, strict=False):
                _add(whole.identifying, name, side.identifying.get(output, _NO_TABLES))
                _add(whole.collected, name, side.collected.get(output, _NO_TABLES))
        if view.expression.args.get("distinct"):
            whole.listed = _NO_TABLES.union(*whole.identifying.values())
        return whole

    def _rows(self, view: QueryView) -> Individuals:
        """UNNEST and LATERAL hand on what they are made from."""
        identifying = _NO_TABLES
        if view.parent is not None and isinstance(view.expression, exp.Unnest):
            inside = {id(node) for node in view.expression.walk()}
            for use in view.parent.columns:
                if id(use.node) in inside:
                    identifying |= self._identified_by(use) | self._collected_by(use)
        listed = _NO_TABLES
        for child, individuals in self._found.items():
            if child.parent is view and child.role is not Role.ROWS:
                listed |= individuals.listed
                identifying |= individuals.shown
        return Individuals(listed, dict.fromkeys(view.outputs, identifying) if identifying else {})

    def _select(self, view: QueryView, select: exp.Select) -> Individuals:
        told = Individuals()
        grouping = self._follow_columns(view, select, told)
        told.listed = _NO_TABLES.union(*(self._rows_of(s) for s in view.sources.values()))
        if is_aggregated(view, self._rules):
            _forget_grouped(told, select)
            self._mark_collected(view, select, told)
            told.listed = grouping
        elif select.args.get("distinct"):
            told.listed = _NO_TABLES.union(*told.identifying.values())
        told.listed |= self._shown_by_values(view)
        return told

    def _rows_of(self, source: Source) -> frozenset[TableId]:
        if isinstance(source, AllowedTable):
            return frozenset({source.id}) if source.is_about_individuals else _NO_TABLES
        return self._found[source].listed

    def _follow_columns(
        self, view: QueryView, select: exp.Select, told: Individuals
    ) -> frozenset[TableId]:
        """Notes the outputs that carry a person; returns the tables whose key is grouped by."""
        grouping = _NO_TABLES
        for use in view.columns:
            identified, collected = self._identified_by(use), self._collected_by(use)
            clause = _clause_of(use.node, select) if identified or collected else None
            if isinstance(clause, exp.Group):
                grouping |= identified
            elif clause is not None and clause.arg_key == "expressions":
                _add(told.identifying, clause.alias_or_name, identified)
                _add(told.collected, clause.alias_or_name, collected)
        return grouping

    def _collected_by(self, use: ColumnUse) -> frozenset[TableId]:
        if not isinstance(use.source, QueryView):
            return _NO_TABLES
        return self._found[use.source].collected.get(use.name, _NO_TABLES)

    def _identified_by(self, use: ColumnUse) -> frozenset[TableId]:
        source = use.source
        if isinstance(source, AllowedTable):
            return frozenset({source.id}) if source.person_key == use.name else _NO_TABLES
        if source is None:
            return _NO_TABLES
        return self._found[source].identifying.get(use.name, _NO_TABLES)

    def _mark_collected(self, view: QueryView, select: exp.Select, told: Individuals) -> None:
        """A list of the values of rows is a listing in one cell; of distinct values it is not."""
        if not told.listed:
            return
        for node in aggregates_of(view, self._rules):
            if self._collects(node):
                clause = _clause_of(node, select)
                if clause is not None and clause.arg_key == "expressions":
                    _add(told.collected, clause.alias_or_name, told.listed)

    def _collects(self, node: exp.Expr) -> bool:
        if not isinstance(node, exp.Func):
            return False
        values = node.this.this if isinstance(node.this, exp.Order) else node.this
        if isinstance(values, exp.Distinct):
            return False
        name = "listagg" if isinstance(node, exp.GroupConcat) else function_name(node)
        return name in self._rules.collecting_functions

    def _shown_by_values(self, view: QueryView) -> frozenset[TableId]:
        """A subquery that stands for a value shows its row; one in IN or EXISTS does not."""
        listed = _NO_TABLES
        for child, individuals in self._found.items():
            if child.parent is view and child.role is Role.VALUE and individuals.listed:
                wrapper = child.expression.parent
                if isinstance(wrapper, exp.Subquery) and not isinstance(
                    wrapper.parent, exp.In | exp.Predicate | exp.SubqueryPredicate
                ):
                    listed |= individuals.listed
        return listed


def _add(outputs: dict[str, frozenset[TableId]], name: str, tables: frozenset[TableId]) -> None:
    if tables:
        outputs[name] = outputs.get(name, _NO_TABLES) | tables


def _only_orders(node: exp.Expr) -> bool:
    """Tells whether the node sorts or splits rows without being shown."""
    if isinstance(node.parent, exp.Window):
        return node.arg_key in ("partition_by", "order")
    return isinstance(node.parent, exp.Order) and node.arg_key == "expressions"


def _clause_of(node: exp.Expr, select: exp.Select) -> exp.Expr | None:
    """Returns the projection or clause that the node's value reaches; None where it is counted."""
    child: exp.Expr = node
    while child.parent is not None and child.parent is not select:
        if _only_orders(child):
            return None
        child = child.parent
        if isinstance(child, _COUNTING) or (
            isinstance(child, exp.Predicate) and not isinstance(child, exp.SubqueryPredicate)
        ):
            return None
    return child if child.parent is select else None


def _forget_grouped(told: Individuals, select: exp.Select) -> None:
    """A list that rows are grouped by stands for its group, not for a person."""
    group = select.args.get("group")
    grouped = list(group.expressions) if group is not None else []
    for projection in select.expressions:
        if projection.unalias() in grouped:
            told.collected.pop(projection.alias_or_name, None)
