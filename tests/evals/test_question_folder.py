"""A folder of questions and databases, asked by the planner and scored by running both."""

import json
from pathlib import Path

import duckdb
import pytest

from domain.errors import OperatorError
from evals.question_folder import database_url, load_question_folder
from evals.scorers.execution import score_execution
from evals.solvers.planner import PlannerSolver
from evals.source import ensure_profiled, open_eval_source
from settings.settings import Settings

_LINES: list[dict[str, object]] = [
    {"question": "How many ships are there?", "gold_sql_duckdb": "SELECT count(*) FROM ships"},
    {"question": "List the names of ships.", "gold_sql_duckdb": "SELECT name FROM ships"},
    {"question": "Which is any ship?", "gold_sql_duckdb": "SELECT 1", "nondeterministic": True},
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "databases").mkdir()
    with duckdb.connect(str(tmp_path / "databases" / "harbour.duckdb")) as connection:
        connection.execute("CREATE TABLE ships AS SELECT * FROM (VALUES ('Ida'), ('Otto')) t(name)")
    lines = [{"id": f"q{n}", "db": "harbour", **line} for n, line in enumerate(_LINES)]
    (tmp_path / "questions.jsonl").write_text("\n".join(map(json.dumps, lines)))
    return tmp_path


async def test_questions_of_a_folder_are_drafted_and_scored(folder: Path, tmp_path: Path) -> None:
    suite = load_question_folder(folder)
    assert [sample.id for sample in suite.samples] == ["q0", "q1"]
    settings = Settings(
        warehouse=database_url(folder, "harbour"), context=tmp_path / "context", policy="open"
    )
    await ensure_profiled("harbour", settings)
    async with open_eval_source("harbour", settings) as source:
        solver = PlannerSolver(source)
        for sample in suite.samples:
            step = (await solver.solve(sample)).steps[0]
            assert (await score_execution(step.sql, sample, source.rows)).is_match
            wrong = await score_execution("SELECT 7", sample, source.rows)
            assert wrong.difference == "other tables"
            broken = await score_execution("SELECT mast FROM ships", sample, source.rows)
            assert broken.difference == "does not run"
            assert "mast" in broken.error


def test_a_line_that_does_not_fit_is_named(folder: Path) -> None:
    (folder / "questions.jsonl").write_text('{"id": "q1"}')
    with pytest.raises(OperatorError, match=r"questions\.jsonl:1"):
        load_question_folder(folder)
