"""What the prompts are told of the data: never a column with personal data, never a row."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.dictionary import (
    ActiveEntitiesFormula,
    AggregateFormula,
    Dictionary,
    Metric,
    RatioFormula,
    TableEntry,
    WeightedReachFormula,
)
from domain.draft import DraftRequest
from domain.evidence import ValueMatch

_REMEMBERED_TURNS = 3
_EXAMPLES = 4
_COLUMNS_SHOWN_WHOLE = 120
"""A schema of so many columns is shown whole: the same for every question, so it is cached."""


@dataclass(frozen=True, slots=True)
class ShownMetric:
    """An agreed measure as the prompt tells it."""

    name: str
    synonyms: list[str]
    description: str
    definition: str


def schema_variables(request: DraftRequest) -> dict[str, object]:
    """Returns what is known of the data, as far as this question needs it."""
    dictionary = request.dictionary
    tables = _tables(request)
    names = {table.name for table in tables}
    joins = [
        join
        for join in dictionary.relationships
        if join.child_table in names and join.parent_table in names
    ]
    return {
        "domain": dictionary.domain_context,
        "tables": [_visible(table) for table in tables],
        "relationships": joins,
        "metrics": [_shown(metric) for metric in dictionary.metrics],
        "rules": dictionary.business_rules,
    }


def question_variables(request: DraftRequest) -> dict[str, object]:
    """Returns what belongs to this question alone."""
    choice, evidence = request.chosen_option, request.evidence
    return {
        "today": request.today.isoformat(),
        "values": [value for value in evidence.values if not _is_personal(request, value)],
        "examples": _examples(request),
        "turns": request.turns[-_REMEMBERED_TURNS:],
        "question": request.question,
        "choice": f"{choice.label} ({choice.effect})" if choice else "",
    }


def _tables(request: DraftRequest) -> Sequence[TableEntry]:
    """Returns every table of a small schema; of a large one those retrieved, or used before."""
    dictionary = request.dictionary
    if _is_small(dictionary):
        return dictionary.tables
    wanted = {scored.table for scored in request.evidence.tables}
    earlier = " ".join(turn.sql for turn in request.turns[-_REMEMBERED_TURNS:])
    wanted |= {name for name in dictionary.table_names if name in earlier}
    return dictionary.tables_named(wanted) or dictionary.tables


def _is_small(dictionary: Dictionary) -> bool:
    if len(dictionary.table_names) > _COLUMNS_SHOWN_WHOLE:
        return False
    return sum(len(table.columns) for table in dictionary.tables) <= _COLUMNS_SHOWN_WHOLE


def _visible(table: TableEntry) -> TableEntry:
    """Leaves PII columns out: a model that does not know them cannot name them."""
    columns = [column for column in table.columns if column.pii is None]
    return table.model_copy(update={"columns": columns})


def _examples(request: DraftRequest) -> list[object]:
    known = request.evidence.verified_queries or tuple(request.dictionary.verified_queries)
    return list(known[:_EXAMPLES])


def _is_personal(request: DraftRequest, value: ValueMatch) -> bool:
    table = request.dictionary.table(value.table)
    column = table.column(value.column) if table is not None else None
    return column is not None and column.pii is not None


def _shown(metric: Metric) -> ShownMetric:
    return ShownMetric(metric.name, metric.synonyms, metric.description, _definition(metric))


def _definition(metric: Metric) -> str:
    match metric.formula:
        case AggregateFormula() as formula:
            return f"{formula.expression} over {formula.table}"
        case RatioFormula() as formula:
            return f"{formula.numerator} divided by {formula.denominator}, both as agreed here"
        case ActiveEntitiesFormula() as formula:
            return (
                f"COUNT(DISTINCT {formula.entity_column}) of {formula.table} for each"
                f" {formula.grain} of {formula.time_column}, averaged over the {formula.grain}s"
            )
        case WeightedReachFormula() as formula:
            return _reach(formula)


def _reach(formula: WeightedReachFormula) -> str:
    weight = f"{formula.weight_table}.{formula.weight_column}"
    if formula.weight_period_column is None:
        each = f"its {weight}"
    else:
        each = (
            f"its mean {weight} over the weeks ({formula.weight_period_column}) of the question's"
            " period"
        )
    return (
        f"the sum over the distinct {formula.entity_column} of {formula.table} of {each}, joined on"
        f" {formula.weight_entity_column}; each counts once"
    )
