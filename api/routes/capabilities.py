"""`GET /capabilities`: what the data covers, what to ask, and where the limits are."""

from fastapi import APIRouter
from pydantic import BaseModel

from api.state import State
from domain.dictionary import Cell, Dictionary, TableEntry
from domain.policy import Policy
from domain.summary import MAXIMUM_ROWS
from graph.service import Service

router = APIRouter()


class TableCoverage(BaseModel):
    """One table: what a row is, how many there are, and the time they span."""

    table: str
    description: str
    rows: int
    first: Cell = None
    last: Cell = None


class Capabilities(BaseModel):
    """What a newcomer needs before the first question."""

    title: str
    description: str
    """Markdown: the domain context."""
    coverage: list[TableCoverage]
    metrics: list[str]
    examples: list[str]
    limits: list[str]
    source_name: str
    context_version: str
    llm: str
    today: str


@router.get("/capabilities")
async def capabilities(state: State) -> Capabilities:
    """Describes the data source that is being served."""
    return await describe(state.service)


async def describe(service: Service) -> Capabilities:
    """Returns what the data covers and where the limits are."""
    dependencies = await service.dependencies()
    dictionary = dependencies.context.dictionary
    return Capabilities(
        title=dictionary.source_name,
        description=dictionary.domain_context,
        coverage=[_coverage(table) for table in dictionary.tables],
        metrics=[metric.name for metric in dictionary.metrics],
        examples=dictionary.example_questions,
        limits=_limits(dictionary, dependencies.policy),
        source_name=dictionary.source_name,
        context_version=dictionary.version,
        llm=service.model,
        today=service.today().isoformat(),
    )


def _coverage(table: TableEntry) -> TableCoverage:
    column = table.column(table.time_column) if table.time_column else None
    return TableCoverage(
        table=table.name,
        description=table.description,
        rows=table.row_count,
        first=column.minimum if column else None,
        last=column.maximum if column else None,
    )


def _limits(dictionary: Dictionary, policy: Policy) -> list[str]:
    limits = [f"An answer shows at most {MAXIMUM_ROWS} rows; more are rolled up, and it says so."]
    if policy.person_tables:
        limits.append("Individuals are never listed; ask for counts, averages or rankings.")
    if any(policy.denied_columns.values()):
        limits.append("Personal data such as names and contact details cannot be asked for.")
    if policy.min_group_size > 1:
        limits.append(f"Groups of fewer than {policy.min_group_size} people are left out.")
    return limits
