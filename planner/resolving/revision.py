"""Follow-ups: `and by gender?`, `only in Delhi`, `same for last month` change the plan before."""

from dataclasses import replace

from domain.plan import (
    ColumnReference,
    Condition,
    Dimension,
    Filter,
    Measure,
    MeasureFunction,
    Order,
    Output,
    Plan,
)
from planner.language.lexicon import load_lexicon
from planner.linking.mention import Mention
from planner.reading.reading import Item, Reference
from planner.resolving.resolve_groups import GroupResolution
from planner.schema.binding_errors import UnreadableError


def is_follow_up(mentions: list[Mention]) -> bool:
    """True for questions that begin as a change to the one before, and name no new subject."""
    text = " ".join(m.text.lower() for m in mentions[:4])
    openers = load_lexicon().follow_up_openers
    return any(text == opener or text.startswith(f"{opener} ") for opener in openers)


def adds_to_groups(mentions: list[Mention]) -> bool:
    """True where a split is added to those there are, rather than put in their place."""
    words = {m.text.lower() for m in mentions}
    return bool(words & load_lexicon().follow_up_adding)


class Revision(GroupResolution):
    """The change that a reading makes to an earlier plan."""

    def revise(self, plan: Plan, *, keeps_groups: bool) -> Plan:
        """Returns the changed plan. Raises UnreadableError where nothing in it changes."""
        reading = self._reading
        self._parts.base = plan.table
        self._prefer_columns_of(plan)
        measures = self._new_measures() or [m for m in plan.measures if _is_shown(plan, m)]
        groups = self._new_dimensions()
        dimensions = list(plan.dimensions) if keeps_groups or not groups else []
        dimensions += [g for g in groups if g not in dimensions]
        for dimension in dimensions:
            self._show_dimension(dimension)
        for measure in measures:
            self._show_measure(measure)
        for measure in plan.measures:
            if measure not in self._parts.measures and not self._new_measures():
                self._hide_measure(measure)
        self._conditions()
        self._period()
        changed = plan.model_copy(
            update={
                "measures": tuple(self._parts.measures),
                "dimensions": tuple(self._parts.dimensions),
                "outputs": self._outputs(plan),
                "conditions": _merged(plan.conditions, self._parts.conditions),
                "period": self._parts.period or plan.period,
                "order": self._orders(plan),
                "limit": self._limit(plan, bool(groups)),
                "limit_per_group": plan.limit_per_group and not groups,
            }
        )
        if changed == plan and reading.span is None:
            raise UnreadableError("It is not clear what to change in the question before.")
        return changed

    def _new_measures(self) -> list[Measure]:
        asked = [self._measure(item) for item in self._reading.items if item.function]
        return asked + [self._measure(item) for item in self._quantities_named()]

    def _quantities_named(self) -> list[Item]:
        """`what about their duration?`: a quantity that adds up is measured, not split by."""
        named = [i for i in self._reading.items if i.reference is not None and not i.function]
        found = []
        for item in named:
            if item.reference is None or self._binder.is_table(item.reference):
                continue
            column = self._binder.column(item.reference)
            if self._index.column(column.table, column.column).additive:
                found.append(replace(item, function=MeasureFunction.SUM))
        return found

    def _new_dimensions(self) -> list[Dimension]:
        groups = [self._group_dimension(group) for group in self._reading.groups]
        measured = [item.reference for item in self._quantities_named()]
        named = [i.reference for i in self._reading.items if i.reference and not i.function]
        named += [r.reference for r in self._reading.ranks if r.reference and r.limit is not None]
        named = [r for r in named if r not in measured and self._splits(r)]
        return [*groups, *(self._named_dimension(reference) for reference in named)]

    def _splits(self, reference: Reference) -> bool:
        """False for a quantity that is ranked by: `top 3 by duration` splits by nothing new."""
        if self._binder.is_table(reference):
            return True
        column = self._binder.column(reference)
        return not self._index.column(column.table, column.column).additive

    def _named_dimension(self, reference: Reference) -> Dimension:
        if self._binder.is_table(reference):
            return self._entity_dimension(self._binder.table(reference.mention))
        return self._column_dimension(self._binder.column(reference))

    def _prefer_columns_of(self, plan: Plan) -> None:
        """`what about LGA?` speaks of the column that was filtered or split before."""
        known = {(c.table, c.column) for old in plan.conditions for c in _columns(old)}
        known |= {(d.column.table, d.column.column) for d in plan.dimensions}
        for predicate in self._reading.predicates:
            mention = predicate.mention
            if mention is None:
                continue
            kept = tuple(t for t in mention.targets if (t.table, t.column) in known)
            if kept:
                predicate.mention = replace(mention, targets=kept)

    def _outputs(self, plan: Plan) -> tuple[Output, ...]:
        listed = tuple(o for o in plan.outputs if o.kind == "column")
        return (*listed, *self._parts.outputs)

    def _orders(self, plan: Plan) -> tuple[Order, ...]:
        limited = next((r for r in self._reading.ranks if r.limit is not None), None)
        by_measure = [o for o in plan.order if o.by != "dimension"]
        if limited is not None and self._parts.measures and not by_measure:
            return (Order(by="measure", descending=limited.descending),)
        if by_measure:
            return tuple(by_measure)
        self._order_time()
        return tuple(self._parts.order)

    def _limit(self, plan: Plan, regrouped: bool) -> int | None:
        limited = next((r for r in self._reading.ranks if r.limit is not None), None)
        if limited is not None:
            return limited.limit
        return None if regrouped and not plan.order else plan.limit


def _is_shown(plan: Plan, measure: Measure) -> bool:
    index = plan.measures.index(measure)
    shown = {o.index for o in plan.outputs if o.kind == "measure"}
    return not plan.outputs or index in shown


def _merged(old: tuple[Condition, ...], new: list[Condition]) -> tuple[Condition, ...]:
    """New conditions stand in the place of old ones on the same column."""
    columns = {c for condition in new for c in _columns(condition)}
    kept = [c for c in old if not set(_columns(c)) & columns]
    return (*kept, *new)


def _columns(condition: Condition) -> list[ColumnReference]:
    if isinstance(condition, Filter):
        return [condition.column]
    return [c for inner in condition.conditions for c in _columns(inner)]
