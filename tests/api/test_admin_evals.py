"""Evaluations over HTTP: listed, opened without rows, and filled from the inbox."""

import gzip
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from evals.result import SampleResult, ShownRows
from evals.run_folder import Manifest, RunFolder, SuiteUsed
from evals.suite_file import load_suite
from settings.settings import Settings
from tests.api.conftest import serve
from tests.api.stream import ask_events
from tests.evals.made import sample_result


def _write(folder: Path, day: int, results: list[SampleResult]) -> None:
    run = RunFolder(folder)
    suite = SuiteUsed(name="core", path="core.yaml", digest="d", samples=len(results))
    run.begin(
        Manifest(
            name=folder.name,
            suites=(suite,),
            solver="graph",
            code_version="abc",
            started_at=datetime(2026, 11, day, tzinfo=UTC),
        )
    )
    writer = run.writer()
    for result in results:
        writer.add(result)
    writer.close()


@pytest.fixture
def evaluated(settings: Settings, tmp_path: Path) -> Settings:
    passed, failed = sample_result("a", passed=True), sample_result("b", passed=False)
    rows = ShownRows(columns=("n",), rows=(("a raw value",),), row_count=1)
    leak = {"text": "Ask asha@example.com", "expected": rows, "actual": rows}
    step = failed.steps[0].model_copy(update=leak)
    _write(tmp_path / "evals" / "runs" / "older", 1, [passed])
    _write(
        tmp_path / "evals" / "runs" / "newer",
        2,
        [passed, failed.model_copy(update={"steps": (step,)})],
    )
    (tmp_path / "evals" / "runs" / "no-run").mkdir()
    return settings.model_copy(update={"evals": tmp_path / "evals"})


async def test_runs_are_listed_with_what_passed(evaluated: Settings) -> None:
    async with serve(evaluated) as client:
        runs = (await client.get("/admin/evals/runs")).json()["runs"]
    shown = [(run["name"], run["done"], run["passed"], run["suites"]) for run in runs]
    assert shown == [("newer", 2, 1, ["core"]), ("older", 1, 1, ["core"])]


async def test_a_report_opens_in_a_sandbox_without_rows_or_personal_data(
    evaluated: Settings,
) -> None:
    params = {"run": ["older", "newer"]}
    async with serve(evaluated) as client:
        page = await client.get("/admin/evals/report", params=params)
        data = await client.get("/admin/evals/report/data", params=params)
        frame = await client.get("/evals/frame")
        missing = await client.get("/admin/evals/report", params={"run": "nowhere"})
        outside = await client.get("/admin/evals/report", params={"run": "../runs"})
    for response, ancestors in ((page, "'none'"), (frame, "'self'")):
        rules = response.headers["content-security-policy"]
        assert rules.startswith("sandbox allow-scripts")
        assert "default-src 'none'" in rules
        assert rules.endswith(f"frame-ancestors {ancestors}")
    assert frame.headers["x-frame-options"] == "SAMEORIGIN"
    assert "asha" not in frame.text
    text = gzip.decompress(data.content).decode()
    shown = json.loads(text)
    assert [run["name"] for run in shown["runs"]] == ["older", "newer"]
    assert "Ask [email]" in text
    [step] = shown["samples"][1]["cells"][1][0]["steps"]
    assert step["expected"] == step["actual"] == {"columns": ["n"], "row_count": 1}
    assert "a raw value" not in text
    assert missing.status_code == 404
    assert outside.status_code == 422


async def test_a_thumbs_down_becomes_a_sample_by_one_request(evaluated: Settings) -> None:
    async with serve(evaluated) as client:
        events = await ask_events(client, "How many orders are there?")
        run_id = events[0]["runId"]
        rated = {"run_id": run_id, "rating": "down", "comment": "Without returns, please."}
        await client.post("/feedback", json=rated)
        [waiting] = (await client.get("/admin/evals/inbox")).json()["waiting"]
        unsafe = {"run_id": run_id, "gold": "DROP TABLE orders"}
        refused = await client.post("/admin/evals/samples", json=unsafe)
        taken = await client.post("/admin/evals/samples", json={"run_id": run_id})
        again = await client.post("/admin/evals/samples", json={"run_id": run_id})
        unknown = await client.post("/admin/evals/samples", json={"run_id": "nowhere"})
        left = (await client.get("/admin/evals/inbox")).json()["waiting"]
        audit = (await client.get("/admin/audit")).json()["entries"]
    assert (waiting["run_id"], waiting["comment"]) == (run_id, "Without returns, please.")
    assert refused.status_code == 400
    assert [taken.status_code, again.status_code, unknown.status_code] == [200, 409, 404]
    assert left == []
    assert [(entry["action"], entry["subject"]) for entry in audit] == [("evals.take", run_id)]
    [sample] = load_suite(taken.json()["suite"]).suite.samples
    assert sample.id == taken.json()["id"]
    assert "Without returns, please." in sample.note
    kept = evaluated.evals / "production" / sample.id
    assert (kept / "context").is_dir()
    assert (kept / "run.json").is_file()


async def test_a_rated_down_run_is_dismissed_or_taken_with_its_right_sql(
    evaluated: Settings,
) -> None:
    gold = "SELECT COUNT(*) AS n FROM orders"
    async with serve(evaluated) as client:
        runs = [(await ask_events(client, "How many orders are there?"))[0]["runId"] for _ in "ab"]
        for run_id in runs:
            await client.post("/feedback", json={"run_id": run_id, "rating": "down"})
        dismissed = {"run_id": runs[0]}
        answers = [
            (await client.post("/admin/evals/inbox/dismiss", json=dismissed)).status_code
            for _ in range(2)
        ]
        left = (await client.get("/admin/evals/inbox")).json()["waiting"]
        body = {"run_id": runs[1], "gold": gold}
        taken = (await client.post("/admin/evals/samples", json=body)).json()
        audit = (await client.get("/admin/audit")).json()["entries"]
    assert answers == [204, 404]
    assert [run["run_id"] for run in left] == [runs[1]]
    assert {entry["action"] for entry in audit} == {"evals.dismiss", "evals.take"}
    [sample] = load_suite(taken["suite"]).suite.samples
    assert sample.gold == (gold,)
