import pyarrow as pa
import pytest

from domain.errors import NotFoundError
from domain.result_table import ResultColumn
from warehouse.result_store import ResultExpiredError, ResultStore, StoredResult


def result(rows: int) -> StoredResult:
    return StoredResult((ResultColumn("n", "bigint"),), pa.table({"n": list(range(rows))}))


def held(store: ResultStore, *names: str) -> list[str]:
    found = []
    for name in names:
        try:
            store.get(name)
        except NotFoundError:
            continue
        found.append(name)
    return found


def test_the_least_recently_used_goes_first_by_count() -> None:
    store = ResultStore(maximum_count=2, maximum_bytes=10**9)
    store.put("a", result(1))
    store.put("b", result(1))
    store.get("a")
    store.put("c", result(1))
    assert held(store, "a", "b", "c") == ["a", "c"]


def test_bytes_are_bounded_but_the_newest_stays() -> None:
    store = ResultStore(maximum_count=10, maximum_bytes=8_000)
    store.put("a", result(600))
    store.put("b", result(600))
    assert held(store, "a", "b") == ["b"]
    store.put("c", result(5_000))
    assert held(store, "b", "c") == ["c"]


def test_who_asks_for_an_evicted_result_is_told_to_ask_again() -> None:
    store = ResultStore(maximum_count=1, maximum_bytes=10**9)
    store.put("a", result(1))
    store.put("b", result(1))
    with pytest.raises(ResultExpiredError, match="again"):
        store.get("a")


def test_a_dropped_result_is_not_found() -> None:
    store = ResultStore(maximum_count=2, maximum_bytes=10**9)
    store.put("a", result(1))
    store.drop("a")
    store.drop("a")
    with pytest.raises(NotFoundError):
        store.get("a")
