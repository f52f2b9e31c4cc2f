"""Describes the columns of a result: role, words, unit and additivity, read from its SQL."""

from collections.abc import Sequence

from sqlglot.optimizer.scope import Scope

from aggregation.expression_meaning import read_output, read_projection
from aggregation.meaning import SHARE, ExpressionMeaning
from aggregation.statement_scope import select_of
from domain.column_type import TypeFamily, family_of
from domain.dictionary import Dictionary
from domain.metric import ActiveEntitiesFormula, WeightedReachFormula
from domain.plan import ColumnReference, Dimension, Measure, Plan
from domain.result_table import ResultColumn
from domain.summary import Additivity, SummaryColumn

_LONGEST_EMPTY_ALIAS = 2
"""Aliases such as `n` or `d` say less than the expression they stand for."""
_WORD_OF_ABBREVIATION = {
    "avg": "average",
    "cnt": "count",
    "num": "number of",
    "pct": "percentage",
    "min": "lowest",
    "max": "highest",
    "qty": "quantity",
}


def describe_columns(
    scope: Scope | None,
    columns: Sequence[ResultColumn],
    dictionary: Dictionary,
    plan: Plan | None,
) -> tuple[SummaryColumn, ...]:
    """Returns one description a result column, in order, of a statement by any drafter.

    A column whose values cannot be shown to add up has additivity NONE. Labels come from the
    plan where it fits the result, else from aliases, else from the expressions. The unit of
    fractions of a whole is `share`; `roll_up` turns them into percent.
    """
    meanings = _meanings(scope, columns, dictionary)
    described = [_describe(*pair) for pair in zip(columns, meanings, strict=True)]
    return _apply_plan(described, plan, dictionary) if plan is not None else tuple(described)


def _meanings(
    scope: Scope | None, columns: Sequence[ResultColumn], dictionary: Dictionary
) -> list[ExpressionMeaning]:
    select = select_of(scope) if scope is not None else None
    if scope is None:
        return [_guess(column) for column in columns]
    if select is not None and len(select.selects) == len(columns):
        return [read_projection(p, scope, dictionary) for p in select.selects]
    return [_output_or_guess(column, scope, dictionary) for column in columns]


def _output_or_guess(
    column: ResultColumn, scope: Scope, dictionary: Dictionary
) -> ExpressionMeaning:
    meaning = read_output(scope, column.name, dictionary)
    return meaning if meaning.role == "measure" else _guess(column)


def _guess(column: ResultColumn) -> ExpressionMeaning:
    numeric = family_of(column.type).is_numeric
    return ExpressionMeaning(role="measure" if numeric else "dimension")


def _describe(column: ResultColumn, meaning: ExpressionMeaning) -> SummaryColumn:
    family = TypeFamily.TEXT if meaning.is_identifier else family_of(column.type)
    return SummaryColumn(
        name=column.name,
        label=_label(column.name, meaning),
        role=meaning.role,
        family=family,
        unit=_unit(column.name, family, meaning),
        additivity=meaning.additivity if meaning.role == "measure" else Additivity.NONE,
        grain=meaning.grain,
        part=meaning.part,
        value_labels=dict(meaning.value_labels) if meaning.role == "dimension" else {},
    )


def _unit(name: str, family: TypeFamily, meaning: ExpressionMeaning) -> str:
    if meaning.unit or not family.is_numeric or meaning.role == "dimension":
        return meaning.unit
    words = set(name.lower().split("_"))
    return "%" if words & {"pct", "percent", "percentage"} else ""


def _label(name: str, meaning: ExpressionMeaning) -> str:
    says_nothing = name.lower().startswith("_col") or len(name) <= _LONGEST_EMPTY_ALIAS
    if says_nothing and meaning.words:
        return meaning.words
    words = name.lower().strip("_").split("_")
    label = " ".join(_WORD_OF_ABBREVIATION.get(word, word) for word in words if word)
    return meaning.words if meaning.words.endswith(f" {label}") else label


def _apply_plan(
    described: Sequence[SummaryColumn], plan: Plan, dictionary: Dictionary
) -> tuple[SummaryColumn, ...]:
    """Takes labels, units and calendar spans over from a plan that fits the result."""
    counted_once = _metrics_of_distinct(dictionary)
    parts = _shown_parts(plan)
    if len(parts) != len(described):
        return tuple(described)
    if not plan.outputs and [_role(part) for part in parts] != [c.role for c in described]:
        return tuple(described)
    columns = map(_with_part, described, parts)
    return tuple(
        c.model_copy(update={"additivity": Additivity.NONE})
        if isinstance(part, Measure) and part.metric in counted_once
        else c
        for c, part in zip(columns, parts, strict=True)
    )


def _metrics_of_distinct(dictionary: Dictionary) -> set[str]:
    """Returns metrics that count a person once a group: their groups overlap, never add up."""
    return {
        m.name
        for m in dictionary.metrics
        if isinstance(m.formula, WeightedReachFormula | ActiveEntitiesFormula)
    }


def _shown_parts(plan: Plan) -> list[Dimension | Measure | ColumnReference]:
    """Returns the plan's part behind each result column; dimensions first where it names none."""
    if not plan.outputs:
        return [*plan.dimensions, *plan.measures]
    kinds: dict[str, Sequence[Dimension | Measure | ColumnReference]] = {
        "dimension": plan.dimensions,
        "measure": plan.measures,
        "column": plan.columns,
    }
    return [kinds[output.kind][output.index] for output in plan.outputs]


def _role(part: Dimension | Measure | ColumnReference) -> str:
    return "measure" if isinstance(part, Measure) else "dimension"


def _with_part(column: SummaryColumn, part: Dimension | Measure | ColumnReference) -> SummaryColumn:
    if isinstance(part, ColumnReference):
        return column
    if isinstance(part, Measure):
        unit = SHARE if part.is_share else part.unit or column.unit
        return column.model_copy(update={"label": part.label, "role": "measure", "unit": unit})
    update = {
        "label": column.label if column.label.endswith(f" {part.label}") else part.label,
        "role": "dimension",
        "grain": part.grain or column.grain,
        "part": part.part or column.part,
    }
    return column.model_copy(update=update)
