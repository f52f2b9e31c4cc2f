"""Records, conversations, feedback and usage are kept, listed and forgotten."""

from datetime import date, timedelta

from domain.run_history import Feedback, RunBegun
from run_store.read_runs import Position, RunFilter
from run_store.run_store import RunStore, open_run_store
from tests.run_store.records import START, model_call, run_record

_ALL = RunFilter()


def _begun(run_id: str) -> RunBegun:
    record = run_record(run_id)
    return RunBegun(
        run_id=run_id,
        thread_id=record.thread_id,
        user_id=record.user_id,
        question=record.question,
        started_at=record.started_at,
    )


async def test_a_record_comes_back_whole(store: RunStore) -> None:
    record = run_record("one", model_calls=(model_call("m", 10, 2),))
    await store.save(record)
    assert await store.record("one") == record
    assert await store.record("two") is None


async def test_it_outlives_the_process(state_url: str) -> None:
    async with open_run_store(state_url) as store:
        store.save(run_record("one"))
    async with open_run_store(state_url) as store:
        assert await store.record("one") == run_record("one")


async def test_a_run_is_listed_as_running_until_its_record_is_there(store: RunStore) -> None:
    store.begin(_begun("one"))
    assert [entry.status for entry in await store.runs(_ALL, None, 10)] == ["running"]
    assert await store.record("one") is None
    store.save(run_record("one"))
    (entry,) = await store.runs(_ALL, None, 10)
    assert (entry.status, entry.model, entry.bytes_scanned) == ("answered", "embedded", 100)
    assert entry.started_at == START


async def test_pages_follow_each_other_without_gap_or_repeat(store: RunStore) -> None:
    # Two of them began in the same moment.
    for number in range(7):
        store.save(run_record(f"run{number}", minutes=number // 2))
    seen: list[str] = []
    after: Position | None = None
    while page := await store.runs(_ALL, after, 2):
        seen += [entry.run_id for entry in page]
        after = Position(page[-1].started_at, page[-1].run_id)
    assert seen == [f"run{number}" for number in range(6, -1, -1)]


async def test_lists_are_narrowed_by_user_status_text_and_rating(store: RunStore) -> None:
    store.save(run_record("mine", question="How many 100% orders?"))
    store.save(run_record("other", user_id="bob", thread_id="bobs", status="refused"))
    await store.give_feedback(Feedback(run_id="mine", rating="down", created_at=START))

    async def found(wanted: RunFilter) -> list[str]:
        return [entry.run_id for entry in await store.runs(wanted, None, 10)]

    assert await found(RunFilter(user_id="bob")) == ["other"]
    assert await found(RunFilter(status="answered")) == ["mine"]
    assert await found(RunFilter(rating="down")) == ["mine"]
    assert await found(RunFilter(text="100% ORDERS")) == ["mine"]
    assert await found(RunFilter(text="100_ orders")) == []


async def test_a_conversation_has_its_turns_and_its_owner(store: RunStore) -> None:
    store.save(run_record("one"))
    store.save(run_record("two", minutes=5))
    await store.give_feedback(Feedback(run_id="two", rating="up", created_at=START))
    (thread,) = await store.threads("ada", None, 10)
    assert (thread.title, thread.run_count) == ("What is one?", 2)
    assert thread.updated_at == START + timedelta(minutes=5)
    assert await store.threads("bob", None, 10) == []
    assert await store.thread_owner("thread") == "ada"
    turns = await store.turns("thread", 10)
    assert [(turn.run_id, turn.rating) for turn in turns] == [("one", None), ("two", "up")]
    assert turns[0].answer == run_record("one").answer


async def test_conversations_are_searched_by_questions_and_answers(store: RunStore) -> None:
    store.save(run_record("one", question="How many 100% orders?"))
    store.save(run_record("two", minutes=5, question="और कितने ऐप?"))
    store.save(run_record("bobs", user_id="bob", thread_id="bobs", question="How many orders?"))

    async def found(*words: str) -> list[tuple[str, str]]:
        lines = await store.threads("ada", None, 10, words)
        return [(line.thread_id, line.found) for line in lines]

    prose = run_record("one").answer
    assert prose is not None
    assert prose.text
    assert await found("100%", "ORDERS") == [("thread", "How many 100% orders?")]
    assert await found("ऐप", "orders") == [("thread", "और कितने ऐप?")]
    assert await found(prose.text) == [("thread", "और कितने ऐप?")]
    assert await found("100_") == []
    assert await found("receipt") == []


async def test_a_deleted_conversation_is_gone_and_its_usage_stays(store: RunStore) -> None:
    store.save(run_record("one"))
    store.save(run_record("kept", thread_id="other"))
    await store.give_feedback(Feedback(run_id="one", rating="up", created_at=START))
    await store.delete_thread("thread")
    assert await store.record("one") is None
    assert await store.feedback(None, None, 10) == []
    assert [thread.thread_id for thread in await store.threads("ada", None, 10)] == ["other"]
    (line,) = await store.usage(START.date(), START.date(), "ada")
    assert line.runs == 2


async def test_usage_adds_up_by_day_user_and_model(store: RunStore) -> None:
    calls = (model_call("small", 10, 1), model_call("large", 100, 7))
    store.save(run_record("one", model_calls=calls))
    store.save(run_record("two", model_calls=calls))
    store.save(run_record("next day", minutes=60))
    lines = await store.usage(date(2026, 3, 1), date(2026, 3, 2), None)
    taken = [(str(u.day), u.model, u.runs, u.tokens_in, u.tokens_out, u.cost_usd) for u in lines]
    assert taken == [
        ("2026-03-02", "embedded", 1, 0, 0, 0.0),
        ("2026-03-01", "large", 0, 200, 14, 1.0),
        ("2026-03-01", "small", 2, 20, 2, 1.0),
    ]
    assert lines[2].bytes_scanned == 200


async def test_a_second_thumb_takes_the_place_of_the_first(store: RunStore) -> None:
    store.save(run_record("one"))
    for rating in ("up", "down"):
        await store.give_feedback(
            Feedback.model_validate({"run_id": "one", "rating": rating, "created_at": START})
        )
    (given,) = await store.feedback(None, None, 10)
    assert (given.rating, given.question) == ("down", run_record("one").question)
    assert await store.feedback("up", None, 10) == []
