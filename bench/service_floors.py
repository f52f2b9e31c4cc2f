"""Floors of the service benchmark, each a server of its own: `python -m bench.service_floors NAME`.

`sse` is eight events by sse-starlette and no work. `langgraph` is a bare LangGraph and FastAPI app
with six nodes that do nothing.
"""

import asyncio
import sys
from collections.abc import AsyncIterator
from typing import TypedDict

import uvicorn
from fastapi import FastAPI
from fastapi.responses import Response
from sse_starlette import EventSourceResponse

_EVENTS = 8
_EVENT = b'data: {"type":"TEXT_MESSAGE_CONTENT","delta":"a piece of prose of some length"}\n\n'


def sse_floor() -> FastAPI:
    """Streams without work; with `?hold=1` the stream stays open."""
    app = FastAPI()

    async def events(hold: bool) -> AsyncIterator[bytes]:
        for _ in range(_EVENTS):
            yield _EVENT
        if hold:
            await asyncio.sleep(3600)

    @app.post("/query")
    async def query(hold: bool = False) -> Response:
        return EventSourceResponse(events(hold), sep="\n")

    return app


def langgraph_floor() -> FastAPI:
    """Streams what six empty nodes write."""
    from langgraph.config import get_stream_writer
    from langgraph.graph import END, START, StateGraph

    class State(TypedDict):
        question: str

    async def node(state: State) -> State:
        get_stream_writer()(_EVENT)
        return state

    builder = StateGraph(State)
    names = [f"step{number}" for number in range(6)]
    for name in names:
        builder.add_node(name, node)
    for before, after in zip([START, *names], [*names, END], strict=True):
        builder.add_edge(before, after)
    graph = builder.compile()
    app = FastAPI()

    @app.post("/query")
    async def query() -> Response:
        stream = graph.astream({"question": "?"}, stream_mode="custom")
        return EventSourceResponse(stream, sep="\n")

    return app


if __name__ == "__main__":
    floors = {"sse": sse_floor, "langgraph": langgraph_floor}
    app = floors[sys.argv[1]]()
    uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[2]), log_level="error", loop="asyncio")
