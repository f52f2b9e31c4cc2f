"""The evaluator's own summary of what an answer's SQL returned: at most 50 rolled-up rows."""

import sqlglot
from sqlglot import exp

from aggregation.summarize import summarize
from domain.dictionary import Dictionary
from domain.result_table import ResultTable
from domain.summary import Summary
from evals.answer_result import AnswerResult
from evals.scorers.sql_tables import tables_read
from evals.source import EvalSource


def answer_summary(answer: AnswerResult, table: ResultTable, source: EvalSource) -> Summary:
    """Returns the summary, by the statement alone: the planner's own reading is not used."""
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
