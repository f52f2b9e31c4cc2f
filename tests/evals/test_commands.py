"""`vtion evals` as its users call it: what it prints, writes, and ends with."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.main import app
from domain.errors import OperatorError
from evals.result import SampleResult
from evals.run_folder import Manifest, RunFolder
from tests.evals.made import sample_result


def _write(folder: Path, results: Sequence[SampleResult]) -> str:
    run = RunFolder(folder)
    run.begin(
        Manifest(
            name=folder.name,
            suites=(),
            solver="graph",
            code_version="abc",
            started_at=datetime(2026, 11, 26, tzinfo=UTC),
        )
    )
    writer = run.writer()
    for result in results:
        writer.add(result)
    writer.close()
    return str(folder)


@pytest.fixture
def runs(tmp_path: Path) -> tuple[str, str]:
    before = _write(tmp_path / "A", [sample_result("a", passed=True)])
    return before, _write(tmp_path / "B", [sample_result("a", passed=False)])


def test_a_gate_that_does_not_hold_ends_with_one_and_says_why(
    runs: tuple[str, str], tmp_path: Path
) -> None:
    gates = tmp_path / "gates.yaml"
    gates.write_text("paired: {new_failures: 0}")
    failed = CliRunner().invoke(app, ["evals", "compare", *runs, "--gate", str(gates)])
    assert failed.exit_code == 1
    assert "lost core/a" in failed.output
    assert "gate: 1 samples fail that passed before" in failed.output
    held = CliRunner().invoke(app, ["evals", "compare", runs[0], runs[0], "--gate", str(gates)])
    assert held.exit_code == 0
    assert "every gate holds" in held.output


def test_a_report_is_written_beside_the_run(runs: tuple[str, str], tmp_path: Path) -> None:
    junit = tmp_path / "junit.xml"
    done = CliRunner().invoke(app, ["evals", "report", *runs, "--junit", str(junit)])
    assert done.exit_code == 0
    assert "<title>Evaluation</title>" in (Path(runs[1]) / "report.html").read_text()
    assert 'failures="1"' in junit.read_text()


def test_a_known_failure_that_passes_is_named_and_taken_off(
    runs: tuple[str, str], tmp_path: Path
) -> None:
    gates = tmp_path / "gates.yaml"
    before = '# Why\nknown_failures:\n  core/a: "execution: other values"\n  core/b: "no answer"\n'
    gates.write_text(before)
    command = ["evals", "gates", runs[0], "--gate", str(gates)]
    named = CliRunner().invoke(app, command)
    assert named.exit_code == 0
    assert "1 known failures pass now" in named.output
    assert gates.read_text() == before
    renewed = CliRunner().invoke(app, [*command, "--renew"])
    assert "taken off" in renewed.output
    assert gates.read_text() == '# Why\nknown_failures:\n  core/b: "no answer"\n'
    nowhere = CliRunner().invoke(app, ["evals", "gates", str(tmp_path), "--gate", str(gates)])
    assert nowhere.exit_code != 0
    assert "holds no run" in str(nowhere.exception)
    failing = CliRunner().invoke(app, ["evals", "gates", runs[1], "--gate", str(gates)])
    assert failing.exit_code == 1
    assert "core/a fails" in failing.output


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["run", "nothing"], "There is no suite nothing"),
        (["run", "core", "--prompt", "draft_sql"], "name=version"),
        (["run", "core", "--tag", "nothing"], "No sample"),
        (["run", "--resume", "nowhere"], "holds no run"),
        (["replay", "nowhere.jsonl"], "no cassette"),
        (["add"], "Name a --run"),
    ],
)
def test_what_cannot_be_done_is_said(arguments: list[str], message: str) -> None:
    failed = CliRunner().invoke(app, ["evals", *arguments])
    assert isinstance(failed.exception, OperatorError)
    assert message in str(failed.exception)
