"""The admin console's data: everyone's runs, usage, logs, prompts, and an audited change."""

import asyncio
import shutil
from pathlib import Path

import pytest

from prompts.registry import FOLDER
from settings.log_format import configure_logging
from settings.settings import Settings
from tests.api.conftest import serve
from tests.api.stream import ask_events

_QUESTION = "How many orders are there?"


async def test_runs_are_listed_in_pages_and_read_whole(settings: Settings) -> None:
    async with serve(settings) as client:
        for _ in range(3):
            events = await ask_events(client, _QUESTION)
        first = (await client.get("/admin/runs", params={"limit": 2})).json()
        params = {"limit": 2, "cursor": first["next_cursor"]}
        second = (await client.get("/admin/runs", params=params)).json()
        record = (await client.get(f"/admin/runs/{events[0]['runId']}")).json()
        none = (await client.get("/admin/runs", params={"status": "failed"})).json()
    assert first["runs"][0]["run_id"] == events[0]["runId"]
    assert len(second["runs"]) == 1
    assert second["next_cursor"] is None
    assert record["timings_ms"]["execute_sql"] > 0
    assert record["answer"]["receipt"]["sql"]
    assert none["runs"] == []


async def test_usage_is_summed_by_day_user_and_model(settings: Settings) -> None:
    async with serve(settings) as client:
        await ask_events(client, _QUESTION)
        await ask_events(client, _QUESTION)
        usage = (await client.get("/admin/usage")).json()["usage"]
    assert [(line["model"], line["runs"]) for line in usage] == [("embedded", 2)]


async def test_logs_are_found_by_the_id_that_an_error_showed(
    settings: Settings, capfd: pytest.CaptureFixture[str]
) -> None:
    configure_logging("INFO")
    async with serve(settings) as client:
        events = await ask_events(client, _QUESTION)
        failed = await client.get("/runs/nowhere")
        shown = failed.json()["correlation_id"]
        lines = (await client.get("/admin/logs", params={"correlation_id": shown})).json()["lines"]
        params = {"run_id": events[0]["runId"]}
        of_run = (await client.get("/admin/logs", params=params)).json()["lines"]
    requests = [(line["path"], line["status"]) for line in lines if line["event"] == "request"]
    assert requests == [("/runs/nowhere", 404)]
    assert "run_ended" in {line["event"] for line in of_run}
    assert _QUESTION not in str(of_run)


async def test_older_lines_follow_without_gap_or_repeat(
    settings: Settings, capfd: pytest.CaptureFixture[str]
) -> None:
    configure_logging("INFO")
    async with serve(settings) as client:
        await ask_events(client, _QUESTION)
        for number in range(7):
            await client.get(f"/runs/older{number}")
        seen: list[str] = []
        before: int | None = None
        while True:
            params: dict[str, str | int] = {"limit": 3, "level": "info"}
            if before is not None:
                params["before"] = before
            page = (await client.get("/admin/logs", params=params)).json()
            seen += [line.get("path", "") for line in page["lines"]]
            before = page["next_before"]
            if before is None:
                break
    asked_for = [path for path in seen if path.startswith("/runs/older")]
    assert asked_for == [f"/runs/older{number}" for number in range(6, -1, -1)]


async def test_a_label_is_moved_back_and_the_trail_says_who_did(
    settings: Settings, tmp_path: Path
) -> None:
    folder = tmp_path / "prompts"
    shutil.copytree(FOLDER, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    async with serve(settings.model_copy(update={"prompts": folder})) as client:
        listed = (await client.get("/admin/prompts")).json()["prompts"]
        prompt = next(entry for entry in listed if entry["name"] == "draft_sql")
        version = prompt["versions"][0]
        path = "/admin/prompts/draft_sql"
        text = (await client.get(f"{path}/{version}")).json()["text"]
        label = {"label": "candidate", "version": version}
        moved = (await client.post(f"{path}/label", json=label)).json()
        missing = await client.post(f"{path}/label", json={**label, "version": "v999"})
        audit = (await client.get("/admin/audit")).json()["entries"]
    assert text
    assert moved["labels"]["candidate"][-1] == version
    assert missing.status_code == 404
    assert [(entry["action"], entry["after"]) for entry in audit] == [("prompts.label", version)]


async def test_the_context_is_built_anew_while_questions_are_answered(
    settings: Settings, tmp_path: Path
) -> None:
    context = tmp_path / "context"
    shutil.copytree(settings.context, context)
    async with serve(settings.model_copy(update={"context": context})) as client:
        knows = {"business": "domain_context: What the shop of our town sells.\n"}
        wrong = await client.post("/admin/context/regenerate", json={"business": "tables: 3\n"})
        begun = await client.post("/admin/context/regenerate", json=knows)
        again = await client.post("/admin/context/regenerate")
        job = begun.json()
        while job["status"] == "running":
            assert (await ask_events(client, _QUESTION))[-1]["type"] == "RUN_FINISHED"
            job = (await client.get(f"/admin/jobs/{job['job_id']}")).json()
            await asyncio.sleep(0.05)
        audit = (await client.get("/admin/audit")).json()["entries"]
        overview = (await client.get("/admin/context")).json()
        unknown = await client.get("/admin/jobs/nothing")
    assert (begun.status_code, again.status_code) == (202, 409)
    assert (job["status"], job["message"]) == ("succeeded", "")
    assert job["done"] == job["total"] > 0
    assert [entry["action"] for entry in audit] == ["context.regenerated", "context.regenerate"]
    assert (audit[0]["before"], audit[0]["after"]) == (audit[1]["before"], overview["version"])
    assert "shop of our town" in overview["domain_context"]
    assert (wrong.status_code, wrong.json()["detail"][:27]) == (400, "The business file, line 1 (")
    assert unknown.status_code == 404


async def test_a_scraper_reads_how_runs_ended(settings: Settings) -> None:
    async with serve(settings) as client:
        await ask_events(client, _QUESTION)
        text = (await client.get("/metrics")).text
    assert 'vtion_runs_total{status="answered"} 1.0' in text
    assert "vtion_run_seconds_count 1.0" in text
    assert "vtion_live_runs 0.0" in text
