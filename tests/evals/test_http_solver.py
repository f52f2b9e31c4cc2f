"""A running server is asked over a socket, and tells the same as the graph in process."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import uvicorn

from api.application import create_app
from cli.serve import listen
from domain.errors import OperatorError
from domain.user import Role, User
from evals.sample import Sample
from evals.solution import Solution
from evals.solvers.graph import open_graph_solver
from evals.solvers.http import open_http_solver
from run_store.api_keys import create_key
from run_store.run_store import open_run_store
from settings.settings import Settings
from tests.evals.stand_in_model import stand_in_model

_SAMPLES = [
    {"id": "a", "question": "How many orders are there?"},
    {"id": "b", "question": "What is the shoe size of products?"},
    {"id": "c", "question": "..."},
    {
        "id": "d",
        "turns": [
            {"question": "How many customers live in Delhi?"},
            {"question": "And in Pune?"},
            {"choose": "anything"},
        ],
    },
]


@asynccontextmanager
async def _server(settings: Settings) -> AsyncIterator[str]:
    listener = listen("127.0.0.1", 0)
    server = uvicorn.Server(uvicorn.Config(create_app(settings), log_config=None))
    task = asyncio.create_task(server.serve(sockets=[listener]))
    while not server.started:  # noqa: ASYNC110 the server tells no other way
        await asyncio.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        await task
        listener.close()


def _told(solution: Solution) -> list[tuple[str, str, str, int]]:
    return [(s.status, s.sql, s.text, len(s.attempts)) for s in solution.steps]


async def test_http_and_graph_tell_the_same(shop_settings: Settings, tmp_path: Path) -> None:
    state = f"sqlite:///{tmp_path / 'state.sqlite'}"
    settings = shop_settings.model_copy(update={"state": state, "ui_folder": tmp_path})
    async with (
        _server(settings) as url,
        open_http_solver(url, {}) as http,
        open_graph_solver(settings, {}) as graph,
    ):
        for content in _SAMPLES:
            sample = Sample.model_validate(content)
            over_http, in_process = await http.solve(sample), await graph.solve(sample)
            assert _told(over_http) == _told(in_process)
            first = over_http.steps[0]
            if first.status == "answered":
                assert first.timings_ms["execute_sql"] > 0
                assert first.receipt is not None
                assert '"vtion.sql"' in first.wire


async def test_a_server_with_sign_in_is_asked_with_a_key(
    shop_settings: Settings, tmp_path: Path
) -> None:
    sample = Sample.model_validate({"id": "a", "question": "How many orders are there?"})
    state = f"sqlite:///{tmp_path / 'state.sqlite'}"
    async with open_run_store(state) as store:
        keys = {
            role: await store.work(create_key, User(role, frozenset({role})), "", None)
            for role in (Role.ANALYST, Role.EVALUATOR)
        }
    with stand_in_model() as model:
        changes = {"state": state, "ui_folder": tmp_path, "identity": "keys"}
        changes |= {"llm": "openai:stand-in", "llm_base_url": model}
        async with _server(shop_settings.model_copy(update=changes)) as url:
            steps = {}
            for role, key in (*keys.items(), ("nobody", "")):
                async with open_http_solver(url, {}, key) as http:
                    [steps[role]] = (await http.solve(sample)).steps
    evaluated = steps[Role.EVALUATOR]
    assert evaluated.status == steps[Role.ANALYST].status == "answered"
    assert [call.prompt for call in evaluated.model_calls] == ["draft_sql", "synthesize_answer"]
    assert "How many orders" in evaluated.model_calls[0].rendered
    assert steps[Role.ANALYST].model_calls == ()
    assert steps["nobody"].status == "failed"
    assert "sign" in steps["nobody"].error.lower()


async def test_a_server_that_does_not_answer_ends_the_run() -> None:
    async with open_http_solver("http://127.0.0.1:9", {}) as http:
        with pytest.raises(OperatorError, match="does not answer"):
            await http.solve(Sample.model_validate(_SAMPLES[0]))
