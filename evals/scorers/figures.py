"""Figure faithfulness: each number of the prose is in the result, or follows from it."""

import sqlglot
from sqlglot import exp

from aggregation.figures import unsupported_figures
from aggregation.summarize import summarize
from domain.dictionary import Dictionary
from domain.result_table import ResultTable
from domain.summary import Summary
from evals.answer_result import AnswerResult
from evals.score import Score
from evals.scorers.sql_tables import tables_read
from evals.solution import StepSolution
from evals.source import EvalSource

_REMOVED = "was taken out of this answer"


def score_figures(
    found: StepSolution, answer: AnswerResult | None, source: EvalSource
) -> Score | None:
    """Passes prose that the evaluator's own run of the SQL bears out, with nothing taken out."""
    if not found.text or answer is None or answer.table is None:
        return None
    if _REMOVED in found.text:
        return Score(scorer="figures", passed=False, detail="a figure had to be taken out")
    told = [assumption.text for assumption in found.assumptions]
    allowed = (found.question, *told, *found.notes)
    wrong = unsupported_figures(found.text, _summary(answer, answer.table, source), allowed)
    detail = f"the result does not bear out {', '.join(wrong)}" if wrong else ""
    return Score(scorer="figures", passed=not wrong, detail=detail)


def _summary(answer: AnswerResult, table: ResultTable, source: EvalSource) -> Summary:
    dictionary = source.context.dictionary
    summary = summarize(
        answer.sql,
        table.columns,
        table.rows,
        dictionary=dictionary,
        person_tables=source.policy.person_tables,
    )
    unit = _only_unit(answer.sql, dictionary)
    columns = [
        column
        if column.unit or column.role != "measure"
        else column.model_copy(update={"unit": unit})
        for column in summary.columns
    ]
    return summary.model_copy(update={"columns": tuple(columns)})


def _only_unit(sql: str, dictionary: Dictionary) -> str:
    """Returns the unit of the measured columns that a statement reads, where all have the same.

    A median or a percentile does not say its unit itself, as a sum does.
    """
    tree = sqlglot.parse_one(sql, dialect="athena")
    named = {column.name.lower() for column in tree.find_all(exp.Column)}
    units = {
        column.unit
        for name in tables_read(sql, "athena")
        if (table := dictionary.table(name)) is not None
        for column in table.columns
        if column.unit and column.name.lower() in named
    }
    return units.pop() if len(units) == 1 else ""
