"""Guard verdict: what ran passes a guard of the evaluator's own, and names no forbidden column."""

import sqlglot
from sqlglot import exp

from evals.sample import Expectation
from evals.score import Score
from evals.solution import StepSolution
from evals.source import EvalSource


def score_guard(found: StepSolution, source: EvalSource) -> Score | None:
    """Judges the executed statement anew, by the source's policy."""
    if not found.sql:
        return None
    verdict = source.guard.check(found.sql)
    rules = ", ".join(violation.rule for violation in verdict.violations)
    return Score(scorer="guard", passed=verdict.allowed, detail=rules)


def score_columns(step: Expectation, found: StepSolution) -> Score | None:
    """Passes where the SQL that ran names none of the forbidden columns."""
    if not step.forbidden_columns:
        return None
    named = _columns_named(found.sql) if found.sql else set()
    wrong = [column for column in step.forbidden_columns if column.split(".")[-1].lower() in named]
    detail = f"names {', '.join(wrong)}" if wrong else ""
    return Score(scorer="columns", passed=not wrong, detail=detail)


def _columns_named(sql: str) -> set[str]:
    tree = sqlglot.parse_one(sql, dialect="athena")
    return {column.name.lower() for column in tree.find_all(exp.Column)}
