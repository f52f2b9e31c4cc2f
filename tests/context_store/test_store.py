from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest
import yaml
from structlog.testing import capture_logs

from context_store.build_context import BuiltContext
from context_store.lines import LineKey, line
from context_store.rebuild import save_build
from context_store.review import ContextReview
from context_store.store import ContextStore
from context_store.version_files import dictionary_yaml
from domain.dictionary import Dictionary
from domain.errors import NotFoundError, OperatorError


def test_a_saved_context_comes_back_whole(built: BuiltContext, tmp_path: Path) -> None:
    version = ContextStore(tmp_path).save(built.dictionary, built.values)
    loaded = ContextStore(tmp_path).current()
    assert loaded.dictionary == built.dictionary.model_copy(update={"version": version})
    assert ContextStore(tmp_path).values(version) == built.values


def test_the_same_content_has_the_same_version(built: BuiltContext, tmp_path: Path) -> None:
    store = ContextStore(tmp_path)
    first = store.save(built.dictionary, built.values)
    again = store.save(store.current().dictionary, built.values)
    other = store.save(built.dictionary.model_copy(update={"source_name": "x"}), built.values)
    assert first == again != other
    assert store.version(first).dictionary.source_name == "shop"


def test_it_is_loaded_once_and_again_on_change(built: BuiltContext, tmp_path: Path) -> None:
    reader, writer = ContextStore(tmp_path), ContextStore(tmp_path)
    writer.save(built.dictionary, built.values)
    first = reader.current()
    assert reader.current() is first
    version = writer.save(built.dictionary.model_copy(update={"source_name": "y"}), built.values)
    assert reader.current().dictionary.version == version


@pytest.mark.parametrize("damage", [b"", b"{", b"\xff\xfe"])
def test_a_damaged_version_leaves_the_last_good_one_serving(
    built: BuiltContext, tmp_path: Path, damage: bytes
) -> None:
    store = ContextStore(tmp_path)
    good = store.save(built.dictionary, built.values)
    store.current()
    writer = ContextStore(tmp_path)
    bad = writer.save(built.dictionary.model_copy(update={"source_name": "z"}), built.values)
    (tmp_path / "versions" / f"{bad}.json").write_bytes(damage)
    with capture_logs() as logs:
        assert store.current().dictionary.version == good
    assert [entry["event"] for entry in logs] == ["context_unreadable"]
    fresh = ContextStore(tmp_path)
    with capture_logs():
        assert fresh.current().dictionary.version == good
    assert fresh.alarm


def test_what_people_wrote_outlives_a_damaged_version(built: BuiltContext, tmp_path: Path) -> None:
    store = ContextStore(tmp_path)
    store.save(built.dictionary, built.values)
    key = LineKey("orders", "amount_inr", "description")
    ContextReview(store, lambda: date(2026, 11, 26)).correct(key, "Before tax.", "Asha")
    bad = store.save(built.dictionary.model_copy(update={"source_name": "z"}), built.values)
    (tmp_path / "versions" / f"{bad}.jsonl").write_bytes(b"{}")
    save_build(store, built, with_imports=False)
    assert line(ContextStore(tmp_path).current().dictionary, key).value == "Before tax."


@pytest.mark.parametrize("pointer", [b"", b"../../etc/passwd", b"0123456789ab", b"\xff"])
def test_a_damaged_pointer_leaves_the_last_good_one_serving(
    built: BuiltContext, tmp_path: Path, pointer: bytes
) -> None:
    store = ContextStore(tmp_path)
    good = store.save(built.dictionary, built.values)
    store.current()
    (tmp_path / "CURRENT").write_bytes(pointer)
    with capture_logs():
        assert store.current().dictionary.version == good


def test_there_is_no_context_yet(tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match="vtion context build"):
        ContextStore(tmp_path).current()
    with pytest.raises(NotFoundError):
        ContextStore(tmp_path).version("../secret")


def test_concurrent_builds_end_with_one_whole_winner(built: BuiltContext, tmp_path: Path) -> None:
    def save(number: int) -> str:
        dictionary = built.dictionary.model_copy(update={"source_name": f"s{number}"})
        return ContextStore(tmp_path).save(dictionary, built.values)

    with ThreadPoolExecutor(8) as pool:
        versions = set(pool.map(save, range(16)))
    assert ContextStore(tmp_path).current().dictionary.version in versions
    assert not list(tmp_path.rglob(".*"))


def test_people_can_read_it_as_yaml(built: BuiltContext) -> None:
    content = yaml.safe_load(dictionary_yaml(built.dictionary))
    assert Dictionary.model_validate(content) == built.dictionary
