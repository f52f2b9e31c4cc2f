"""The real LangSmith client against a server on loopback; without a key it is never touched."""

import subprocess
import sys
from pathlib import Path

import pytest

from domain.errors import OperatorError
from evals.begin_run import RunOptions, begin_run
from evals.langsmith_upload import open_langsmith, upload_run
from evals.run_folder import RunFolder
from evals.runner import run_tasks
from evals.solvers.open_solver import SolverChoice
from settings.settings import Settings
from tests.conftest import REPOSITORY
from tests.evals.langsmith_server import langsmith_server


async def _run(suite: Path, settings: Settings, out: Path) -> RunFolder:
    begun = begin_run(RunOptions([str(suite)], tags=("part-1",)), out, out.parent)
    await run_tasks(
        begun.tasks,
        begun.folder,
        {"shop": settings},
        SolverChoice("graph"),
        concurrency=2,
        on_result=lambda _: None,
    )
    return begun.folder


async def test_suite_and_run_arrive_once_and_without_rows(
    suite_file: Path, shop_settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = await _run(suite_file, shop_settings, tmp_path / "run")
    with langsmith_server() as kept:
        monkeypatch.setenv("LANGSMITH_API_KEY", "lsv2_test")
        monkeypatch.setenv("LANGSMITH_ENDPOINT", kept.url)
        client = open_langsmith()
        assert upload_run(client, folder, lambda _: None) == ["run-shop"]
        assert upload_run(client, folder, lambda _: None) == ["run-shop"]
    [name] = kept.datasets
    assert name.startswith("vtion-shop-")
    assert len(kept.examples) == 40
    assert len(kept.runs) == 20
    assert len({run["id"] for run in kept.runs}) == 10
    first = kept.runs[0]
    assert first["outputs"]["status"] == ["answered"]
    assert "SELECT" in first["outputs"]["sql"][0]
    assert first["reference_example_id"]
    assert {given["key"] for given in kept.feedback} >= {"passed", "execution", "leaks"}
    assert kept.projects[0]["reference_dataset_id"] == kept.datasets[name]["id"]
    assert kept.keys == {"lsv2_test"}
    assert not any('"rows"' in body for body in kept.everything)


async def test_a_suite_that_changed_is_not_uploaded(
    suite_file: Path, shop_settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = await _run(suite_file, shop_settings, tmp_path / "run")
    with suite_file.open("a") as stream:
        stream.write("\n")
    monkeypatch.setenv("LANGSMITH_API_KEY", "lsv2_test")
    with langsmith_server() as kept:
        monkeypatch.setenv("LANGSMITH_ENDPOINT", kept.url)
        with pytest.raises(OperatorError, match="has changed"):
            upload_run(open_langsmith(), folder, lambda _: None)
    assert not kept.everything


def test_without_a_key_the_client_is_not_even_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LANGSMITH_API_KEY", raising=False)
    with pytest.raises(OperatorError, match="LANGSMITH_API_KEY"):
        open_langsmith()
    code = "import sys, evals.langsmith_upload; sys.exit('langsmith' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], cwd=REPOSITORY, check=True)  # noqa: S603
