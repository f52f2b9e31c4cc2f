"""Reads a run's events off the wire."""

import json
from typing import Any

import httpx

Event = dict[str, Any]


async def ask_events(client: httpx.AsyncClient, question: str, **fields: object) -> list[Event]:
    """Asks by `POST /query` and returns every event of the stream."""
    response = await client.post("/query", json={"question": question, **fields})
    assert response.status_code == 200, response.text
    assert response.headers["content-type"].startswith("text/event-stream")
    return parse_events(response.text)


def parse_events(text: str) -> list[Event]:
    """Returns the events of a stream; their ids must count up from 1."""
    assert "\r" not in text
    blocks = [block for block in text.split("\n\n") if block and not block.startswith(":")]
    fields = [dict(line.split(": ", 1) for line in block.split("\n")) for block in blocks]
    assert [field["id"] for field in fields] == [str(n) for n in range(1, len(fields) + 1)]
    return [json.loads(field["data"]) for field in fields]


def parse_block(block: str) -> Event:
    """Returns one event with its number as `id`."""
    field = dict(line.split(": ", 1) for line in block.split("\n"))
    return {**json.loads(field["data"]), "id": int(field["id"])}


def types(events: list[Event]) -> list[str]:
    """Returns the type of each event, activities by their own type."""
    return [str(event.get("activityType") or event["type"]) for event in events]


def activity(events: list[Event], name: str) -> Event:
    """Returns the content of the last activity of this type."""
    contents = [e["content"] for e in events if e.get("activityType") == f"vtion.{name}"]
    return dict(contents[-1])


def answer(events: list[Event]) -> Event:
    """Returns the whole answer that the last event carries."""
    return dict(events[-1]["result"])
