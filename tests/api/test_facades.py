"""Other protocols lead to the same runs: OpenAI's, AG-UI's and MCP's, by their own clients."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import httpx
from mcp import Client
from openai import AsyncOpenAI

from domain.user import Role
from settings.settings import Settings
from tests.api.conftest import serve
from tests.api.server import listen
from tests.api.stream import activity, answer, parse_events, types
from tests.api.test_identity import _key
from tests.conftest import REPOSITORY

_QUESTION = "How many orders are there per category?"


def _openai(client: httpx.AsyncClient, key: str = "none") -> AsyncOpenAI:
    return AsyncOpenAI(base_url=f"{client.base_url}/v1", api_key=key, max_retries=0)


async def test_the_openai_client_gets_a_whole_answer_and_goes_on(settings: Settings) -> None:
    async with listen(settings) as client, _openai(client) as openai:
        models = await openai.models.list()
        said: list[Any] = [{"role": "user", "content": _QUESTION}]
        first = await openai.chat.completions.create(model="vtion", messages=said)
        text = str(first.choices[0].message.content)
        said += [
            {"role": "assistant", "content": text},
            {"role": "user", "content": "and by product name?"},
        ]
        await openai.chat.completions.create(model="vtion", messages=said)
        threads = (await client.get("/threads")).json()["threads"]
    assert [model.id for model in models.data] == ["vtion"]
    assert first.choices[0].finish_reason == "stop"
    assert "600" in text
    assert [thread["run_count"] for thread in threads] == [2]


async def test_the_openai_client_gets_a_stream(settings: Settings) -> None:
    async with listen(settings) as client, _openai(client) as openai:
        whole = await openai.chat.completions.create(
            model="vtion", messages=[{"role": "user", "content": _QUESTION}]
        )
        pieces = await openai.chat.completions.create(
            model="vtion", messages=[{"role": "user", "content": _QUESTION}], stream=True
        )
        chunks = [chunk async for chunk in pieces]
    text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks)
    assert text == whole.choices[0].message.content
    assert chunks[-1].choices[0].finish_reason == "stop"


async def test_openai_keys_are_api_keys(settings: Settings) -> None:
    keyed = settings.model_copy(update={"identity": "keys"})
    token = (await _key(keyed, "ada", Role.ANALYST))["Authorization"].removeprefix("Bearer ")
    async with listen(keyed) as client:
        async with _openai(client, token) as openai:
            assert (await openai.models.list()).data
        refused = await client.post("/v1/chat/completions", json={"messages": []})
    assert refused.status_code == 401


async def test_ag_ui_s_request_leads_to_the_same_stream(settings: Settings) -> None:
    body = {
        "threadId": "agent-thread",
        "runId": "their-run",
        "messages": [{"id": "1", "role": "user", "content": _QUESTION}],
        "tools": [],
        "context": [],
        "state": {},
        "forwardedProps": {},
    }
    async with serve(settings) as client:
        response = await client.post("/agent", json=body)
        empty = await client.post("/agent", json={**body, "messages": []})
    events = parse_events(response.text)
    assert (types(events)[0], types(events)[-1]) == ("RUN_STARTED", "RUN_FINISHED")
    assert events[0]["threadId"] == "agent-thread"
    assert "600" in answer(events)["text"]
    assert activity(events, "receipt")["sql"]
    assert empty.status_code == 422


async def test_the_mcp_client_describes_asks_and_is_refused_what_nobody_approved(
    settings: Settings,
) -> None:
    async with listen(settings) as http, Client(f"{http.base_url}/mcp") as client:
        tools = {tool.name for tool in (await client.list_tools()).tools}
        described = await client.call_tool("describe_data", {})
        asked = await client.call_tool("ask", {"question": _QUESTION})
        unknown = await client.call_tool("run_verified_query", {"question": "What?"})
        runs = (await http.get("/admin/runs")).json()["runs"]
    assert tools == {"ask", "describe_data", "run_verified_query"}
    assert described.structured_content is not None
    assert described.structured_content["coverage"]
    assert asked.structured_content is not None
    assert asked.structured_content["status"] == "answered"
    assert unknown.is_error
    assert [run["question"] for run in runs] == [_QUESTION]


async def test_an_mcp_client_that_leaves_stops_its_run(
    settings: Settings, script: Callable[[list[dict[str, object]]], str]
) -> None:
    stuck = {"when": "You write SQL", "reply": "{}", "seconds": 300}
    changes = {"llm": script([stuck]), "llm_cross_check": "off", "abandoned_run_seconds": 0.1}
    async with listen(settings.model_copy(update=changes)) as http:
        async with Client(f"{http.base_url}/mcp") as client:
            asked = asyncio.create_task(client.call_tool("ask", {"question": _QUESTION}))
            run_id = await _begun(http)
            asked.cancel()
            await asyncio.wait({asked})
        async with asyncio.timeout(30):
            while (entry := (await http.get(f"/runs/{run_id}")).json())["status"] == "running":  # noqa: ASYNC110
                await asyncio.sleep(0.05)
    assert entry["status"] == "cancelled"


async def _begun(http: httpx.AsyncClient) -> str:
    """Waits for the first run and returns its id."""
    while not (runs := (await http.get("/admin/runs")).json()["runs"]):  # noqa: ASYNC110
        await asyncio.sleep(0.02)
    return str(runs[0]["run_id"])


async def test_mcp_needs_a_sign_in(settings: Settings) -> None:
    async with serve(settings.model_copy(update={"identity": "keys"})) as client:
        response = await client.post("/mcp", json={})
    assert response.status_code == 401


async def test_ag_ui_s_own_client_reads_the_stream(settings: Settings) -> None:
    async with listen(settings) as client:
        script = REPOSITORY / "ui" / "tests" / "agent" / "ask.mjs"
        node = await asyncio.create_subprocess_exec(
            "node", script, f"{client.base_url}/agent", _QUESTION, "and by product name?",
            stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        printed, _ = await node.communicate()
        threads = (await client.get("/threads")).json()["threads"]
    assert node.returncode == 0
    first, second = json.loads(printed)
    assert first["events"][-1] == "RUN_FINISHED"
    assert "ACTIVITY_SNAPSHOT" in first["events"]
    prose = [m["content"] for m in first["messages"] if m["role"] == "assistant"]
    assert "600" in prose[0]
    assert second["events"][-1] == "RUN_FINISHED"
    assert [thread["run_count"] for thread in threads] == [2]
