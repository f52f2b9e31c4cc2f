"""What the prompts are told of the data: never a column with personal data, never a row."""

from dataclasses import dataclass

from domain.dictionary import TableEntry
from domain.draft import DraftRequest
from domain.evidence import ValueMatch
from domain.metric import (
    ActiveEntitiesFormula,
    AggregateFormula,
    Metric,
    RatioFormula,
    WeightedReachFormula,
)
from model_brain.prompt_budget import SchemaPart
from model_brain.table_order import REMEMBERED_TURNS

_EXAMPLES = 4
_RULES_AT_LEAST = 5


@dataclass(frozen=True, slots=True)
class ShownMetric:
    """An agreed measure as the prompt tells it."""

    name: str
    synonyms: list[str]
    description: str
    definition: str


def schema_variables(request: DraftRequest, part: SchemaPart) -> dict[str, object]:
    """Returns what is known of the data, as far as the prompt has room for it."""
    dictionary, evidence = request.dictionary, request.evidence
    names = {table.name for table in part.tables}
    joins = [
        join
        for join in dictionary.relationships
        if join.child_table in names and join.parent_table in names
    ]
    metrics, rules = dictionary.metrics, dictionary.business_rules
    if not part.extras:
        metrics = [metric for metric in metrics if metric.name in evidence.metrics]
        rules = [rule for rule in rules if rule in evidence.business_rules][:_RULES_AT_LEAST]
    return {
        "domain": dictionary.domain_context if part.extras else "",
        "tables": [_visible(table) for table in part.tables],
        "relationships": joins,
        "metrics": [_shown(metric) for metric in metrics],
        "rules": rules,
    }


def question_variables(request: DraftRequest, *, with_examples: bool = True) -> dict[str, object]:
    """Returns what belongs to this question alone."""
    choice, evidence = request.chosen_option, request.evidence
    return {
        "today": request.today.isoformat(),
        "values": [value for value in evidence.values if not _is_personal(request, value)],
        "examples": _examples(request) if with_examples else [],
        "asked_metrics": [
            _shown(metric)
            for metric in request.dictionary.metrics
            if metric.name in evidence.metrics
        ],
        "turns": request.turns[-REMEMBERED_TURNS:],
        "question": request.question,
        "choice": f"{choice.label} ({choice.effect})" if choice else "",
    }


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
