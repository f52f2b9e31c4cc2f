"""A user's conversations and what they think of the answers."""

from settings.settings import Settings
from tests.api.conftest import serve
from tests.api.stream import answer, ask_events


async def test_a_conversation_is_listed_read_and_forgotten(settings: Settings) -> None:
    async with serve(settings) as client:
        first = await ask_events(client, "How many orders are there per category?")
        thread_id = first[0]["threadId"]
        followed = answer(await ask_events(client, "and by product name?", thread_id=thread_id))
        (entry,) = (await client.get("/threads")).json()["threads"]
        assert entry["title"] == "How many orders are there per category?"
        assert entry["run_count"] == 2
        turns = (await client.get(f"/threads/{thread_id}")).json()["turns"]
        assert turns[0]["answer"] == answer(first)
        assert [turn["status"] for turn in turns] == ["answered", "answered"]
        assert (await client.delete(f"/threads/{thread_id}")).status_code == 204
        assert (await client.get(f"/threads/{thread_id}")).status_code == 404
        assert (await client.get("/threads")).json()["threads"] == []
        # What the graph remembered is gone with it.
        fresh = answer(await ask_events(client, "and by product name?", thread_id=thread_id))
        assert fresh["receipt"]["sql"] != followed["receipt"]["sql"]


async def test_pages_of_conversations(settings: Settings) -> None:
    async with serve(settings) as client:
        for _ in range(3):
            await ask_events(client, "How many orders are there?")
        first = (await client.get("/threads", params={"limit": 2})).json()
        cursor = first["next_cursor"]
        second = (await client.get("/threads", params={"limit": 2, "cursor": cursor})).json()
        bad = await client.get("/threads", params={"cursor": "nonsense"})
    ids = [entry["thread_id"] for page in (first, second) for entry in page["threads"]]
    assert len(set(ids)) == 3
    assert second["next_cursor"] is None
    assert bad.status_code == 400


async def test_a_search_looks_through_questions_and_answers(settings: Settings) -> None:
    async with serve(settings) as client:
        asked = await ask_events(client, "How many orders are there per category?")
        thread_id = asked[0]["threadId"]
        await ask_events(client, "How many customers are there?", thread_id=thread_id)
        other = await ask_events(client, "How many orders are there?")
        said = answer(asked)["text"].split()[-1].strip("*.")

        async def found(search: str, **rest: str) -> dict[str, str]:
            response = await client.get("/threads", params={"search": search, **rest})
            lines = response.json()["threads"]
            return {line["thread_id"]: line["found"] for line in lines}

        both = {thread_id, other[0]["threadId"]}
        assert await found("CUSTOMERS per") == {thread_id: "How many customers are there?"}
        assert set(await found("orders")) == both
        assert thread_id in await found(said)
        assert await found("orders zirconium") == {}
        assert await found("orders_") == {}
        assert set(await found("  ")) == both
        first = (await client.get("/threads", params={"search": "orders", "limit": 1})).json()
        rest = await found("orders", limit="1", cursor=first["next_cursor"])
        assert {first["threads"][0]["thread_id"], *rest} == both
        too_long = await client.get("/threads", params={"search": "a" * 201})
        assert too_long.status_code == 422


async def test_feedback_is_kept_with_its_run(settings: Settings) -> None:
    async with serve(settings) as client:
        asked = await ask_events(client, "How many orders are there?")
        run_id, thread_id = asked[0]["runId"], asked[0]["threadId"]
        given = await client.post("/feedback", json={"run_id": run_id, "rating": "down"})
        assert given.status_code == 200
        turns = (await client.get(f"/threads/{thread_id}")).json()["turns"]
        assert turns[0]["rating"] == "down"
        unknown = await client.post("/feedback", json={"run_id": "x", "rating": "up"})
        assert unknown.status_code == 404
