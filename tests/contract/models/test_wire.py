"""Every provider on its own wire: replies, schemas, streams, meters, and all that goes wrong."""

import asyncio
import json
import time
from datetime import date

import pytest
from structlog.testing import capture_logs

from domain.dictionary import ColumnEntry, Dictionary, TableEntry
from domain.draft import DraftRequest, SqlDraft
from domain.errors import (
    ModelError,
    ModelRefusedError,
    ModelUnavailableError,
    PromptTooLongError,
)
from domain.evidence import Evidence
from domain.model_call import CallScope, ModelCall
from llm_clients.model_list import find_model
from llm_clients.retries import Patience
from model_brain.draft_reply import DraftForm, read_draft, schema_of
from model_brain.drafter import ModelDrafter
from prompts.registry import PromptRegistry
from tests.contract.models.behaviour import (
    BreaksOff,
    Fails,
    Garbles,
    Hangs,
    Overflows,
    Refuses,
    Says,
    StopsShort,
)
from tests.contract.models.conftest import QUICK, Wire
from tests.llm_clients.ask import ask, call, stream

_TEXT = "Delhi has the most panelists, 1,204 of them."
_DRAFT = {
    "sql": "SELECT COUNT(*) AS n FROM orders",
    "assumptions": ["all orders"],
    "confidence": 0.9,
    "question": "",
    "options": [],
    "cannot_answer": "",
}
_ONCE = Patience(timeout_seconds=0.4, attempts=1)


async def test_a_reply_is_read_and_metered_by_the_price_list(wire: Wire) -> None:
    wire.server.will(Says(_TEXT, tokens_in=1_000, tokens_out=200, tokens_cached=400))
    calls: list[ModelCall] = []
    assert await ask(wire.client(), call("who?", "be brief"), calls) == _TEXT
    (made,) = calls
    prices = find_model(*wire.model.split(":")).prices
    assert prices is not None
    cached = prices.input if prices.cache_read is None else prices.cache_read
    cost = (600 * prices.input + 400 * cached + 200 * prices.output) / 1e6
    assert (made.tokens_in, made.tokens_out, made.tokens_cached) == (1_000, 200, 400)
    assert made.cost_usd == pytest.approx(cost)
    assert (made.status, made.tries, made.reply) == ("succeeded", 1, _TEXT)
    assert made.rendered == "be brief\n\nwho?"


async def test_the_prompt_arrives_with_its_fixed_part_apart(wire: Wire) -> None:
    wire.server.will(Says("ok"))
    await ask(wire.client(), call("the question", "the rules", maximum_tokens=77))
    sent = json.dumps(wire.server.requests[0])
    assert sent.index("the rules") >= 0
    assert sent.count("the question") == 1
    room = find_model(*wire.model.split(":")).thinking_tokens
    assert str(77 + room) in sent
    if wire.model == "bedrock:sonnet":
        assert wire.server.requests[0]["system"][-1] == {"cachePoint": {"type": "default"}}


async def test_a_draft_is_held_to_its_schema(wire: Wire) -> None:
    wire.server.will(Says(arguments=_DRAFT))
    asked = call("how many?", output_schema=schema_of(DraftForm))
    outcome = await wire.client().ask(asked, CallScope(), read_draft)
    assert outcome.model_dump()["sql"] == _DRAFT["sql"]
    assert "cannot_answer" in json.dumps(wire.server.requests[0])


async def test_prose_streams_word_by_word(wire: Wire) -> None:
    wire.server.will(Says(_TEXT))
    calls: list[ModelCall] = []
    pieces = await stream(wire.client(), call("who?"), calls)
    assert "".join(pieces) == _TEXT
    assert len(pieces) == len(_TEXT.split(" "))
    assert (calls[0].tokens_in, calls[0].tokens_out, calls[0].tokens_cached) == (100, 20, 40)


async def test_429_is_tried_again_when_the_provider_says(wire: Wire) -> None:
    wire.server.will(Fails(429, retry_after=1), Says(_TEXT))
    calls: list[ModelCall] = []
    started = time.perf_counter()
    assert await ask(wire.client(), call("who?"), calls) == _TEXT
    assert time.perf_counter() - started >= 1
    assert [made.tries for made in calls] == [2]


async def test_a_pause_that_is_too_long_is_not_waited_for(wire: Wire) -> None:
    wire.server.will(Fails(429, retry_after=300))
    calls: list[ModelCall] = []
    with pytest.raises(ModelUnavailableError, match="busy"):
        await ask(wire.client(), call("who?"), calls)
    assert [(made.status, made.tries) for made in calls] == [("failed", 1)]
    assert "busy" in calls[0].error


async def test_500_is_tried_three_times_and_no_more(wire: Wire) -> None:
    wire.server.will(Fails(500), Fails(500), Says(_TEXT), Fails(500), Fails(500), Fails(500))
    calls: list[ModelCall] = []
    assert await ask(wire.client(), call("who?"), calls) == _TEXT
    with pytest.raises(ModelUnavailableError, match="cannot be reached"):
        await ask(wire.client(), call("who?"), calls)
    assert [(made.status, made.tries) for made in calls] == [("succeeded", 3), ("failed", 3)]


async def test_a_model_that_hangs_is_given_up(wire: Wire) -> None:
    wire.server.will(Hangs(), Hangs())
    with pytest.raises(ModelUnavailableError, match="too long"):
        await ask(wire.client(_ONCE), call("who?"))
    with pytest.raises(ModelUnavailableError, match="too long"):
        await stream(wire.client(_ONCE), call("who?"))
    wire.server.released.set()


async def test_a_call_that_is_stopped_is_on_record(wire: Wire) -> None:
    for waits in (ask, stream):
        wire.server.will(Hangs())
        wire.server.requests.clear()
        calls: list[ModelCall] = []
        task = asyncio.ensure_future(waits(wire.client(), call("who?"), calls))
        while not wire.server.requests:  # noqa: ASYNC110 the server runs in a thread
            await asyncio.sleep(0.005)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert [(made.status, made.error) for made in calls] == [
            ("failed", "The run was stopped before the model had replied.")
        ]


async def test_the_runs_deadline_ends_the_tries(wire: Wire) -> None:
    wire.server.will(*[Fails(500)] * 50)
    patient = Patience(timeout_seconds=10, attempts=50, first_wait_seconds=0.2)
    scope = CallScope(deadline=time.monotonic() + 0.5)
    with pytest.raises(ModelUnavailableError):
        await wire.client(patient).ask(call("who?"), scope, lambda reply: reply.said)
    assert len(wire.server.requests) < 10


async def test_a_stream_that_breaks_off_is_no_whole_answer(wire: Wire) -> None:
    for behaviour in (BreaksOff("Delhi has the"), StopsShort("Delhi has the")):
        wire.server.will(behaviour)
        calls: list[ModelCall] = []
        with pytest.raises(ModelUnavailableError, match="broke off"):
            await stream(wire.client(), call("who?"), calls)
        assert [(made.status, made.tries) for made in calls] == [("failed", 1)]


async def test_a_stream_that_fails_before_its_first_word_is_tried_again(wire: Wire) -> None:
    wire.server.will(Fails(500), Says(_TEXT))
    assert "".join(await stream(wire.client(), call("who?"))) == _TEXT


async def test_a_body_that_is_no_json_is_tried_again(wire: Wire) -> None:
    wire.server.will(Garbles(), Says(_TEXT))
    calls: list[ModelCall] = []
    assert await ask(wire.client(), call("who?"), calls) == _TEXT
    assert calls[0].tries == 2


async def test_a_refusal_is_said_and_not_repeated(wire: Wire) -> None:
    wire.server.will(Refuses(), Refuses())
    calls: list[ModelCall] = []
    with pytest.raises(ModelRefusedError, match="declined"):
        await ask(wire.client(), call("who?"), calls)
    with pytest.raises(ModelRefusedError, match="declined"):
        await stream(wire.client(), call("who?"), calls)
    assert [made.tries for made in calls] == [1, 1]


async def test_a_prompt_that_is_too_long_is_said(wire: Wire) -> None:
    wire.server.will(Overflows(), Overflows())
    with pytest.raises(PromptTooLongError, match="fewer things"):
        await ask(wire.client(), call("who?"))
    with pytest.raises(PromptTooLongError):
        await stream(wire.client(), call("who?"))


async def test_a_drafter_s_prompt_that_is_too_long_is_sent_once_more_at_half(wire: Wire) -> None:
    columns = [ColumnEntry(name=f"column_{n}", type="bigint") for n in range(30)]
    tables = [TableEntry(name=f"table_{n}", columns=columns) for n in range(12)]
    dictionary = Dictionary(source_name="s", tables=tables)
    request = DraftRequest(
        question="How many?", dictionary=dictionary, evidence=Evidence(), today=date(2026, 1, 31)
    )
    wire.server.will(Overflows(), Says(json.dumps(_DRAFT)))
    outcome = await ModelDrafter(wire.client(), PromptRegistry()).draft(request)
    assert isinstance(outcome, SqlDraft)
    first, second = (len(json.dumps(body)) for body in wire.server.requests)
    assert second < 0.7 * first


async def test_a_wrong_key_is_the_operators_and_shows_nowhere(wire: Wire) -> None:
    wire.server.will(Fails(500), Fails(401))
    calls: list[ModelCall] = []
    client = wire.client()
    with capture_logs() as logs, pytest.raises(ModelError, match="administrator") as raised:
        await ask(client, call("who?"), calls)
    assert [log["event"] for log in logs] == ["stamina.retry_scheduled", "model_call_failed"]
    assert logs[1]["kind"] == "misconfigured"
    shown = f"{logs} {raised.value} {calls} {client!r} {vars(client)}"
    for secret in ("AKIAABCDEFGHIJKLMNOP", "sk-abcdefgh", "sk-loopback", "AIzaSy", "loopback-sec"):
        assert secret not in shown


async def test_the_second_model_answers_where_the_first_does_not(wire: Wire) -> None:
    wire.server.will(Fails(500), Fails(500), Fails(500), Says(_TEXT))
    calls: list[ModelCall] = []
    client = wire.client(QUICK, fallback=wire.client())
    assert await ask(client, call("who?"), calls) == _TEXT
    assert [made.status for made in calls] == ["failed", "succeeded"]
    wire.server.will(Fails(401), Says(_TEXT))
    assert "".join(await stream(client, call("who?"))) == _TEXT


async def test_what_one_model_declines_is_not_asked_of_the_next(wire: Wire) -> None:
    wire.server.will(Refuses(), Says(_TEXT))
    with pytest.raises(ModelRefusedError):
        await ask(wire.client(QUICK, fallback=wire.client()), call("who?"))
