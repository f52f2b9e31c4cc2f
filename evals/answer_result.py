"""What the SQL of an answer returns when the evaluator runs it, whole."""

from dataclasses import dataclass

from domain.errors import VtionError
from domain.result_table import ResultTable
from evals.trusted_rows import TrustedRows


@dataclass(frozen=True, slots=True)
class AnswerResult:
    """Either a table, or the error that the statement ended with."""

    sql: str
    table: ResultTable | None = None
    error: str = ""


async def run_answer(sql: str, rows: TrustedRows) -> AnswerResult:
    """Runs an answer's Athena SQL; an error is a finding, not an exception."""
    try:
        return AnswerResult(sql, await rows.athena(sql))
    except VtionError as error:
        return AnswerResult(sql, error=str(error))
