import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import boto3
import pytest
from moto.server import ThreadedMotoServer
from structlog.testing import capture_logs

from context_store import store as store_module
from context_store.blob_store import PointerMovedError
from context_store.build_context import BuiltContext
from context_store.s3_blobs import Client
from context_store.store import ContextStore
from domain.dictionary import Dictionary
from domain.errors import NotFoundError, OperatorError


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    with pytest.MonkeyPatch.context() as patch:
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            patch.setenv(name, "testing")
        patch.setenv("AWS_DEFAULT_REGION", "ap-south-1")
        server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
        server.start()
        try:
            host, port = server.get_host_and_port()
            yield f"http://{host}:{port}"
        finally:
            server.stop()


@pytest.fixture
def s3(endpoint: str) -> Iterator[Client]:
    client = boto3.client("s3", endpoint_url=endpoint)
    client.create_bucket(
        Bucket="panel", CreateBucketConfiguration={"LocationConstraint": "ap-south-1"}
    )
    yield client
    for entry in client.list_objects_v2(Bucket="panel").get("Contents", ()):
        client.delete_object(Bucket="panel", Key=entry["Key"])
    client.delete_bucket(Bucket="panel")


@pytest.fixture(params=["object", "item"])
def address(request: pytest.FixtureRequest, s3: Client, endpoint: str) -> Iterator[str]:
    plain = f"s3://panel/generated_context/?endpoint={endpoint}"
    if request.param == "object":
        yield plain
        return
    dynamo = boto3.client("dynamodb", endpoint_url=endpoint)
    dynamo.create_table(
        TableName="pointers",
        KeySchema=[{"AttributeName": "context", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "context", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    yield f"{plain}&pointer=dynamodb:pointers"
    dynamo.delete_table(TableName="pointers")


def named(built: BuiltContext, name: str) -> Dictionary:
    return built.dictionary.model_copy(update={"source_name": name})


def test_a_saved_context_comes_back_whole(built: BuiltContext, address: str) -> None:
    version = ContextStore(address).save(built.dictionary, built.values)
    store = ContextStore(address)
    assert store.current().dictionary == built.dictionary.model_copy(update={"version": version})
    assert store.values(version) == built.values
    assert store.versions() == [version]
    assert store.save(built.dictionary, built.values) == version


def test_readers_follow_the_pointer_in_the_background(
    built: BuiltContext, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_module, "_SECONDS_BETWEEN_LOOKS", 0.05)
    reader, writer = ContextStore(address), ContextStore(address)
    first = writer.save(built.dictionary, built.values)
    assert reader.current().dictionary.version == first
    second = writer.save(named(built, "second"), built.values)
    deadline = time.monotonic() + 60
    while reader.current().dictionary.version != second and time.monotonic() < deadline:
        time.sleep(0.02)
    assert reader.current().dictionary.version == second
    assert writer.version(first).dictionary.source_name == "shop"


def test_ten_concurrent_builds_end_with_one_whole_winner(built: BuiltContext, address: str) -> None:
    def save(number: int) -> str:
        return ContextStore(address).save(named(built, f"s{number}"), built.values)

    with ThreadPoolExecutor(10) as pool:
        versions = set(pool.map(save, range(10)))
    assert len(versions) == 10
    assert ContextStore(address).current().dictionary.version in versions


def test_an_edit_of_an_older_version_is_turned_down(built: BuiltContext, address: str) -> None:
    store = ContextStore(address)
    store.save(built.dictionary, built.values)
    seen = store.pointer()
    winner = store.save(named(built, "first"), built.values)
    with pytest.raises(PointerMovedError):
        store.save(named(built, "late"), built.values, expected=seen)
    assert store.pointer().version == winner


def test_a_damaged_version_leaves_the_last_good_one_serving(
    built: BuiltContext, address: str, s3: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_module, "_SECONDS_BETWEEN_LOOKS", 0.0)
    store = ContextStore(address)
    good = store.save(built.dictionary, built.values)
    store.current()
    bad = ContextStore(address).save(named(built, "bad"), built.values)
    s3.put_object(Bucket="panel", Key=f"generated_context/versions/{bad}.jsonl", Body=b"{")
    with capture_logs() as logs:
        deadline = time.monotonic() + 60
        while store.alarm is None and time.monotonic() < deadline:
            assert store.current().dictionary.version == good
            time.sleep(0.02)
        time.sleep(0.1)
    assert "damaged" in str(store.alarm)
    assert "context_unreadable" in {entry["event"] for entry in logs}
    healed = ContextStore(address).save(named(built, "bad"), built.values)
    assert ContextStore(address).current().dictionary.version == healed == bad


def test_what_is_missing_is_said(endpoint: str, s3: Client) -> None:
    empty = ContextStore(f"s3://panel/?endpoint={endpoint}")
    with pytest.raises(OperatorError, match="vtion context build"):
        empty.current()
    with pytest.raises(NotFoundError):
        empty.version("0123456789ab")
    with pytest.raises(OperatorError, match="NoSuchBucket"):
        ContextStore(f"s3://nowhere/?endpoint={endpoint}").current()
    with pytest.raises(OperatorError, match="unknown option"):
        ContextStore("s3://panel/?colour=red")
