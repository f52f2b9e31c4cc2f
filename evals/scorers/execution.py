"""Execution match: the answer's SQL returns what the gold SQL returns."""

from dataclasses import dataclass
from typing import Literal

from evals.answer_result import AnswerResult, run_answer
from evals.execution_match import Row, same_result
from evals.sample import Expectation
from evals.scorers.sql_tables import tables_read
from evals.trusted_rows import TrustedRows

Difference = Literal[
    "",
    "does not run",
    "other number of columns",
    "other tables",
    "other number of rows",
    "other values",
]


@dataclass(frozen=True, slots=True)
class ExecutionScore:
    """Whether the results are the same, and else how they differ from the nearest gold."""

    is_match: bool
    difference: Difference = ""
    error: str = ""
    """Why the answer's SQL does not run; empty where it does."""
    gold: str = ""
    """The gold that was matched, or else the first."""
    expected: list[Row] | None = None
    actual: list[Row] | None = None


async def score_execution(sql: str, step: Expectation, rows: TrustedRows) -> ExecutionScore:
    """Runs the answer's Athena SQL, then compares it as `compare_execution` does."""
    return await compare_execution(await run_answer(sql, rows), step, rows)


async def compare_execution(
    answer: AnswerResult, step: Expectation, rows: TrustedRows
) -> ExecutionScore:
    """Holds a result against each gold until one fits.

    Raises VtionError where a gold does not run: that is the suite's fault, not the answer's.
    """
    if answer.table is None:
        return ExecutionScore(False, "does not run", answer.error, step.gold[0])
    actual: list[Row] = list(answer.table.rows)
    scores = []
    for gold in step.gold:
        expected = await rows.gold(gold, step.dialect)
        scores.append(_compare(answer.sql, gold, step, expected, actual))
        if scores[-1].is_match:
            return scores[-1]
    return scores[0]


def _compare(
    sql: str, gold: str, step: Expectation, expected: list[Row], actual: list[Row]
) -> ExecutionScore:
    is_match = same_result(expected, actual, ordered=step.ordered, extra_columns=step.extra_columns)
    reads_same = tables_read(sql, "athena") == tables_read(gold, step.dialect)
    if is_match and not expected:
        # An empty result proves nothing, unless it was looked for in the same place.
        is_match = reads_same
    difference = "" if is_match else _difference(expected, actual, reads_same=reads_same)
    return ExecutionScore(is_match, difference, "", gold, expected, actual)


def _difference(expected: list[Row], actual: list[Row], *, reads_same: bool) -> Difference:
    if expected and actual and len(expected[0]) != len(actual[0]):
        return "other number of columns"
    if not reads_same:
        return "other tables"
    if len(expected) != len(actual):
        return "other number of rows"
    return "other values"
