"""The command as a harness drives it: a process, files in, files out."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.shop import write_shop

_VTION = Path(sys.executable).parent / "vtion"


class Shell:
    """Runs `vtion` over one shop."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._environment = {
            **os.environ,
            "VTION_WAREHOUSE": f"duckdb://{write_shop(folder / 'data')}",
            "VTION_CONTEXT": str(folder / "context"),
            "VTION_STATE": f"sqlite:///{folder / 'state.sqlite'}",
        }

    def run(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Returns what the command printed, whatever its exit code."""
        return subprocess.run(  # noqa: S603 our own command
            [str(_VTION), *arguments],
            cwd=self.folder,
            env={**self._environment, **environment},
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )

    def batch(self, command: list[str], items: list[dict[str, Any]], given: str) -> list[Any]:
        """Runs a batch form and returns its lines."""
        source, out = self.folder / "in.jsonl", self.folder / "out.jsonl"
        source.write_text("\n".join(json.dumps(item) for item in items))
        result = self.run(*command, given, str(source), "--out", str(out))
        assert result.returncode == 0, result.stderr
        return [json.loads(line) for line in out.read_text().splitlines()]


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    shell = Shell(tmp_path_factory.mktemp("shop"))
    built = shell.run("context", "build")
    assert built.returncode == 0, built.stderr
    return shell


def test_ask_prints_an_answer_and_its_sql(shell: Shell) -> None:
    result = shell.run("ask", "How many orders are there?")
    assert result.returncode == 0, result.stderr
    assert "1,200" in result.stdout
    assert "COUNT" in result.stdout


def test_ask_sql_only_prints_sql_that_dev_sql_runs(shell: Shell) -> None:
    sql = shell.run("ask", "How many orders are there per category?", "--sql-only").stdout
    (line,) = shell.batch(["dev", "sql"], [{"id": 1, "sql": sql}], "--in")
    assert line["error"] is None
    assert sorted(value for row in line["rows"] for value in row) == [
        "600",
        "600",
        "Drinks",
        "Pantry",
    ]


def test_a_batch_answers_each_line_and_goes_on_after_a_bad_one(shell: Shell) -> None:
    questions = [
        {"id": "a", "question": "How many orders are there per category?", "thread_id": "t"},
        {"id": "b", "question": "and by product name?", "thread_id": "t"},
        {"id": "c", "question": ""},
        {"id": "d", "question": "What is the weather in Oslo?"},
        {"id": "e", "question": "How many products are there?"},
    ]
    lines = shell.batch(["ask", "--rows"], questions, "--questions")
    assert [(line["id"], line["status"]) for line in lines] == [
        ("a", "answered"),
        ("b", "answered"),
        ("c", "refused"),
        ("d", "refused"),
        ("e", "answered"),
    ]
    assert len(lines[1]["rows"]) == 4
    assert lines[4]["rows"] == [[4]]
    assert lines[0]["timings_ms"]["execute_sql"] > 0


def test_rows_are_left_out_unless_they_are_asked_for(shell: Shell) -> None:
    (line,) = shell.batch(["ask"], [{"id": 1, "question": "How many orders?"}], "--questions")
    assert "rows" not in line


def test_dev_sql_prints_values_as_trino_does(shell: Shell) -> None:
    sql = "SELECT DATE '2026-01-31', CAST(1 AS DOUBLE), CAST(NULL AS VARCHAR), 7 / 2, true"
    lines = shell.batch(["dev", "sql"], [{"id": 1, "sql": sql}, {"id": 2, "sql": "SELEC"}], "--in")
    assert lines[0]["rows"] == [["2026-01-31", "1.0", None, "3", "true"]]
    assert lines[1]["error"]


def test_context_show_prints_tables_and_columns(shell: Shell) -> None:
    assert "orders" in shell.run("context", "show").stdout
    assert "amount" in shell.run("context", "show", "orders").stdout
    unknown = shell.run("context", "show", "nowhere")
    assert unknown.returncode == 1
    assert "There are:" in unknown.stderr


def test_a_missing_context_says_what_to_run(shell: Shell, tmp_path: Path) -> None:
    result = shell.run("ask", "How many orders?", VTION_CONTEXT=str(tmp_path / "none"))
    assert result.returncode == 1
    assert "vtion context build" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_wrong_setting_names_its_variable(shell: Shell) -> None:
    result = shell.run("ask", "How many orders?", VTION_MAXIMUM_ATTEMPTS="none")
    assert result.returncode == 1
    assert "VTION_MAXIMUM_ATTEMPTS" in result.stderr
