"""The dictionary is reviewed over HTTP, line by line, and serves as it was corrected."""

import shutil
from pathlib import Path

import pytest

from cli.approval_suites import suites_check
from context_store.sheet import export_sheet
from context_store.store import ContextStore
from domain.dictionary import ColumnEntry
from settings.settings import Settings
from tests.api.conftest import serve

_LINES = "/admin/context/lines"


@pytest.fixture
def own(settings: Settings, tmp_path: Path) -> Settings:
    context = tmp_path / "context"
    shutil.copytree(settings.context, context)
    return settings.model_copy(update={"context": context})


async def test_lines_are_approved_corrected_and_rejected(own: Settings) -> None:
    async with serve(own) as client:
        listed = (await client.get(_LINES, params={"unreviewed": True})).json()["lines"]
        line = next(one for one in listed if one["column"] and one["field"] == "description")
        name = {key: line[key] for key in ("table", "column", "field")}
        approved = (await client.post(f"{_LINES}/approve", json={"lines": [name]})).json()
        corrected = await client.post(f"{_LINES}/correct", json={**name, "value": "Mine."})
        found = (await client.get(_LINES, params={"table": line["table"]})).json()["lines"]
        unknown = {"lines": [{"table": "nowhere", "field": "description"}]}
        missing = await client.post(f"{_LINES}/reject", json=unknown)
        overview = (await client.get("/admin/context")).json()
        first = await client.get("/admin/context/drift")
        versions = {"before": approved["version"], "after": corrected.json()["version"]}
        drift = (await client.get("/admin/context/drift", params=versions)).json()
        audit = (await client.get("/admin/audit")).json()["entries"]
    mine = next(one for one in found if all(one[key] == name[key] for key in name))
    assert approved["changed"] == 1
    assert mine["value"] == "Mine."
    assert mine["provenance"]["reviewer"]
    assert overview["version"] == corrected.json()["version"] != approved["version"]
    assert missing.status_code == 422
    assert first.status_code == 404, "there was one build only"
    assert drift == {**versions, "changes": []}
    assert [entry["action"] for entry in audit] == ["context.correct", "context.approve"]


async def test_an_export_is_edited_and_imported(own: Settings) -> None:
    async with serve(own) as client:
        text = (await client.get("/admin/context/export", params={"form": "csv"})).text
        same = (
            await client.post("/admin/context/import", json={"name": "a.csv", "text": text})
        ).json()
        rules = {"name": "a.yaml", "text": "business_rules: [Refunds do not count.]"}
        changed = (await client.post("/admin/context/import", json=rules)).json()
    assert same["changed"] == 0
    assert changed["changed"] == 1


async def test_a_proposed_query_is_approved_if_the_guard_allows_it(own: Settings) -> None:
    good = {"question": "Every order there is", "sql": "SELECT COUNT(*) AS n FROM orders"}
    bad = {"question": "Away with it", "sql": "DROP TABLE orders"}
    async with serve(own) as client:
        for query in (good, bad):
            await client.post("/admin/verified/propose", json=query)
        waiting = (await client.get("/admin/verified/waiting")).json()["waiting"]
        refused = await client.post("/admin/verified/approve", json={"question": bad["question"]})
        taken = await client.post("/admin/verified/approve", json={"question": good["question"]})
        verified = (await client.get("/admin/verified")).json()["verified"]
        gone = await client.post("/admin/verified/remove", json={"question": bad["question"]})
        again = await client.post("/admin/verified/remove", json={"question": bad["question"]})
    assert len(waiting) == 2
    assert refused.status_code == 400
    assert "DROP" in refused.json()["detail"]
    assert taken.status_code == gone.status_code == 200
    assert [query["sql"] for query in verified] == [good["sql"]]
    assert again.status_code == 404


async def test_a_query_that_loses_a_sample_of_a_suite_is_not_approved(
    own: Settings, tmp_path: Path
) -> None:
    suite = tmp_path / "mine.yaml"
    suite.write_text(
        "name: mine\nsamples:\n- id: all\n  question: How many orders are there?\n"
        "  gold: SELECT count(*) FROM orders\n"
    )
    check = suites_check(own.model_copy(update={"suites": (suite,)}))
    wrong = {"question": "How many orders are there?", "sql": "SELECT MAX(amount) FROM orders"}
    async with serve(own, check) as client:
        await client.post("/admin/verified/propose", json=wrong)
        refused = await client.post("/admin/verified/approve", json={"question": wrong["question"]})
        waiting = (await client.get("/admin/verified/waiting")).json()["waiting"]
    assert refused.status_code == 409
    assert "mine/all" in refused.json()["detail"]
    assert [query["sql"] for query in waiting] == [wrong["sql"]]


async def test_a_damaged_context_is_an_alarm_and_the_last_good_one_serves(own: Settings) -> None:
    async with serve(own) as client:
        before = (await client.get("/admin/context")).json()
        pointer = Path(own.context) / "CURRENT"
        pointer.write_bytes(b"\xff")
        ready = await client.get("/readyz")
        metrics = (await client.get("/metrics")).text
        after = (await client.get("/admin/context")).json()
    assert (before["alarm"], after["version"]) == (None, before["version"])
    assert ready.status_code == 200
    assert (ready.json()["status"], ready.json()["context"]) == ("degraded", "last_good")
    assert "vtion_context_unreadable 1.0" in metrics
    assert after["alarm"]


async def test_a_dictionary_of_5000_lines_is_imported(own: Settings) -> None:
    store = ContextStore(own.context)
    loaded = store.current().dictionary
    table = loaded.tables[0]
    words = "What it holds, at some length, as people write it down. " * 2
    wide = table.model_copy(
        update={
            "name": "wide",
            "columns": [
                ColumnEntry(name=f"column_{n}", type="bigint", description=f"{n}: {words}")
                for n in range(5_000)
            ],
        }
    )
    tables = [*loaded.tables, wide]
    store.save(loaded.model_copy(update={"tables": tables}), store.values(loaded.version))
    text = export_sheet(store.current().dictionary)
    mine = text.replace(f"4321: {words.strip()}", "Mine.")
    async with serve(own) as client:
        changed = await client.post("/admin/context/import", json={"name": "a.csv", "text": mine})
        elsewhere = await client.post("/admin/context/lines/approve", content=b" " * 100_000)
    assert len(text) > 600_000
    assert changed.json()["changed"] == 1
    assert elsewhere.status_code == 413
