"""Business measures and the formulas that define them."""

from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, Field

from domain.provenance import LineSource


class AggregateFormula(BaseModel):
    """An aggregate over one table, in Athena SQL, such as `SUM(amount) / COUNT(*)`."""

    kind: Literal["aggregate"] = "aggregate"
    table: str
    expression: str


class WeightedReachFormula(BaseModel):
    """People reached, projected to the population: each distinct entity counts its weight once.

    `weight_table` holds one weight an entity; where `weight_period_column` is set it holds one
    weight an entity and week (the week's first day), and a question over several weeks uses the
    entity's mean weight over the weeks of the question's period.
    """

    kind: Literal["weighted_reach"] = "weighted_reach"
    table: str
    entity_column: str
    weight_table: str
    weight_entity_column: str
    weight_column: str
    weight_period_column: str | None = None


class ActiveEntitiesFormula(BaseModel):
    """Distinct entities a day, week or month, averaged over the periods of the question."""

    kind: Literal["active_entities"] = "active_entities"
    table: str
    entity_column: str
    time_column: str
    grain: Literal["day", "week", "month"]


class RatioFormula(BaseModel):
    """One metric divided by another, both named."""

    kind: Literal["ratio"] = "ratio"
    numerator: str
    denominator: str


MetricFormula: TypeAlias = Annotated[
    AggregateFormula | WeightedReachFormula | ActiveEntitiesFormula | RatioFormula,
    Field(discriminator="kind"),
]


class Metric(BaseModel):
    """A business measure with an agreed definition."""

    name: str
    synonyms: list[str] = Field(default_factory=list)
    description: str = ""
    unit: str = ""
    formula: MetricFormula
    source: LineSource = LineSource.PERSON
