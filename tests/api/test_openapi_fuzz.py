"""Whatever the OpenAPI allows, and much that it does not, leads to no error of ours."""

import os
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
import schemathesis
import uvicorn
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode
from schemathesis.core.result import Ok
from schemathesis.schemas import BaseSchema

from api.application import create_app
from cli.serve import listen
from settings.settings import Settings

_EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "6"))
"""For each operation and mode; `make fuzz-api` sends more."""
_SECONDS = 120.0


@pytest.fixture
def address(settings: Settings) -> Iterator[str]:
    """Serves in a thread of its own: the fuzzer's client is a blocking one."""
    listener = listen("127.0.0.1", 0)
    server = uvicorn.Server(uvicorn.Config(create_app(settings), log_config=None))
    thread = threading.Thread(target=server.run, args=([listener],))
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.02)
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.should_exit = True
    thread.join()
    listener.close()


def _try(schema: BaseSchema, mode: GenerationMode) -> list[str]:
    """Sends cases to every operation; returns those that were answered with an error of ours."""
    broken: list[str] = []
    for result in schema.get_all_operations():
        assert isinstance(result, Ok)
        operation = result.ok()

        @settings(
            max_examples=_EXAMPLES,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(generation_mode=mode))
        def send(case: Case[Any]) -> None:
            response = case.call(timeout=_SECONDS)
            is_problem = response.headers.get("content-type", [""])[0].endswith("problem+json")
            is_bad = response.status_code >= 500 and response.status_code != 503
            if is_bad or (response.status_code >= 400 and not is_problem):
                broken.append(f"{case.method} {case.formatted_path}: {response.status_code}")

        # Some operations take nothing that could be wrong.
        with suppress(Unsatisfiable):
            send()
    return broken


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_no_request_ends_in_an_error_of_ours(address: str, mode: GenerationMode) -> None:
    schema = schemathesis.openapi.from_url(f"{address}/openapi.json")
    assert _try(schema, mode) == []
