"""Runs go on without their reader, are followed again, and stop for real when told to."""

import asyncio
import time

import httpx

from settings.settings import Settings
from tests.api.conftest import serve
from tests.api.server import listen, stream
from tests.api.stream import activity, answer, ask_events, parse_events, types

_ASKED = {"question": "How many orders are there?"}
_ENDLESS = (
    "SELECT COUNT(*) AS n FROM orders a JOIN orders b ON a.customer_id = b.customer_id"
    " JOIN orders c ON b.product_id = c.product_id JOIN orders d ON c.product_id = d.product_id"
    " JOIN orders e ON d.product_id = e.product_id"
)


async def _first_run(client: httpx.AsyncClient) -> str:
    async with stream(client, "POST", "/query", json=_ASKED) as events:
        found = [event async for event in events]
    return str(found[0]["runId"])


async def _status(client: httpx.AsyncClient, run_id: str) -> str:
    return str((await client.get(f"/runs/{run_id}")).json()["status"])


async def test_a_run_is_told_again_from_any_event(settings: Settings) -> None:
    async with serve(settings) as client:
        first = await client.post("/query", json=_ASKED)
        events = parse_events(first.text)
        path = f"/runs/{events[0]['runId']}/events"
        whole = await client.get(path)
        rest = await client.get(path, headers={"Last-Event-ID": "5"})
    assert whole.text == first.text
    assert rest.text.startswith("id: 6\n")
    assert first.text.endswith(rest.text)


async def test_after_a_restart_it_is_told_from_its_record(settings: Settings) -> None:
    async with serve(settings) as client:
        events = await ask_events(client, "How many orders are there per category?")
    path = f"/runs/{events[0]['runId']}/events"
    async with serve(settings) as client:
        again = parse_events((await client.get(path)).text)
        later = await client.get(path, headers={"Last-Event-ID": "7"})
    assert answer(again) == answer(events)
    assert activity(again, "receipt") == activity(events, "receipt")
    assert (types(again)[0], types(again)[-1]) == ("RUN_STARTED", "RUN_FINISHED")
    assert later.text.startswith("id: 8\n")


async def test_cancel_stops_the_statement_and_ends_the_stream(settings: Settings) -> None:
    async with listen(settings) as client:
        run_id = await _first_run(client)
        body = {"sql": _ENDLESS}
        async with stream(client, "POST", f"/runs/{run_id}/rerun", json=body) as events:
            seen = [await anext(events)]
            endless = str(seen[0]["runId"])
            while seen[-1].get("stepName") != "execute_sql":
                seen.append(await anext(events))
            assert await _status(client, endless) == "running"
            started = time.monotonic()
            assert (await client.post(f"/runs/{endless}/cancel")).status_code == 202
            seen += [event async for event in events]
        assert time.monotonic() - started < 30
        assert seen[-1]["outcome"] == {"type": "cancelled"}
        assert types(seen).count("STEP_STARTED") == types(seen).count("STEP_FINISHED")
        assert await _status(client, endless) == "cancelled"
        # Every statement slot is free again.
        for _ in range(3):
            await _first_run(client)


async def test_who_waits_for_the_warehouse_is_told_their_place(settings: Settings) -> None:
    narrow = settings.model_copy(update={"warehouse_threads": 1})
    async with listen(narrow) as client:
        run_id = await _first_run(client)
        body = {"sql": _ENDLESS}
        async with stream(client, "POST", f"/runs/{run_id}/rerun", json=body) as busy:
            endless = str((await anext(busy))["runId"])
            while (await anext(busy)).get("stepName") != "execute_sql":
                pass
            async with stream(client, "POST", "/query", json=_ASKED) as events:
                seen = [await anext(events)]
                while seen[-1].get("activityType") != "vtion.queue":
                    seen.append(await anext(events))
                await client.post(f"/runs/{endless}/cancel")
                seen += [event async for event in events]
    places = [
        event["content"]["position"] for event in seen if event.get("activityType") == "vtion.queue"
    ]
    assert places == [1, 0]
    assert answer(seen)["status"] == "answered"


async def test_a_full_warehouse_says_so(settings: Settings) -> None:
    full = settings.model_copy(update={"warehouse_threads": 1, "warehouse_queue": 0})
    async with listen(full) as client:
        run_id = await _first_run(client)
        body = {"sql": _ENDLESS}
        async with stream(client, "POST", f"/runs/{run_id}/rerun", json=body) as busy:
            endless = str((await anext(busy))["runId"])
            while (await anext(busy)).get("stepName") != "execute_sql":
                pass
            async with stream(client, "POST", "/query", json=_ASKED) as events:
                seen = [event async for event in events]
            await client.post(f"/runs/{endless}/cancel")
    assert "Too many questions wait" in answer(seen)["text"]


async def test_a_reader_who_leaves_and_comes_back_misses_nothing(settings: Settings) -> None:
    async with listen(settings) as client:
        async with stream(client, "POST", "/query", json=_ASKED) as events:
            first = await anext(events)
        path, headers = f"/runs/{first['runId']}/events", {"Last-Event-ID": str(first["id"])}
        async with stream(client, "GET", path, headers=headers) as events:
            rest = [event async for event in events]
    assert [event["id"] for event in rest] == list(range(2, len(rest) + 2))
    assert answer(rest)["status"] == "answered"


async def test_a_run_that_nobody_follows_is_cancelled_after_a_while(settings: Settings) -> None:
    impatient = settings.model_copy(update={"abandoned_run_seconds": 0.2})
    async with listen(impatient) as client:
        run_id = await _first_run(client)
        body = {"sql": _ENDLESS}
        async with stream(client, "POST", f"/runs/{run_id}/rerun", json=body) as events:
            abandoned = str((await anext(events))["runId"])
        for _ in range(100):
            if await _status(client, abandoned) != "running":
                break
            await asyncio.sleep(0.1)
        assert await _status(client, abandoned) == "cancelled"


async def test_an_idle_stream_has_a_heartbeat(settings: Settings) -> None:
    async with listen(settings.model_copy(update={"heartbeat_seconds": 0.1})) as client:
        run_id = await _first_run(client)
        path = f"/runs/{run_id}/rerun"
        async with client.stream("POST", path, json={"sql": _ENDLESS}) as response:
            async for line in response.aiter_lines():
                if line.startswith(": ping"):
                    break


async def test_one_key_is_one_run(settings: Settings) -> None:
    headers = {"Idempotency-Key": "k1", "Accept": "application/json"}
    async with serve(settings) as client:
        answers = await asyncio.gather(
            *(client.post("/query", json=_ASKED, headers=headers) for _ in range(4))
        )
        other = await client.post("/query", json={"question": "other?"}, headers=headers)
    assert {found.status_code for found in answers} == {200}
    assert len({found.json()["run_id"] for found in answers}) == 1
    assert other.status_code == 409
    async with serve(settings) as client:
        again = await client.post("/query", json=_ASKED, headers=headers)
        runs = await client.get("/threads")
    assert again.json() == answers[0].json()
    assert len(runs.json()["threads"]) == 1


async def test_edited_sql_runs_without_a_model_and_is_guarded(settings: Settings) -> None:
    async with serve(settings) as client:
        run_id = (await ask_events(client, _ASKED["question"]))[0]["runId"]
        path, headers = f"/runs/{run_id}/rerun", {"Accept": "application/json"}
        edited = {"sql": "SELECT COUNT(*) AS orders FROM orders WHERE order_id IS NOT NULL"}
        allowed = (await client.post(path, json=edited, headers=headers)).json()
        refused = await client.post(
            path, json={"sql": "SELECT email FROM customers"}, headers=headers
        )
    assert allowed["status"] == "answered"
    assert allowed["receipt"]["drafter"] == "given"
    assert "1,200" in allowed["text"]
    assert refused.json()["status"] == "refused"
    assert "email" in refused.json()["text"]


async def test_an_unknown_run_is_not_found(settings: Settings) -> None:
    async with serve(settings) as client:
        for method, path in (
            ("GET", "/runs/nowhere"),
            ("GET", "/runs/nowhere/events"),
            ("POST", "/runs/nowhere/cancel"),
        ):
            assert (await client.request(method, path)).status_code == 404
