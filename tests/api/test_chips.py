"""Chips over HTTP: read, changed, run again without a model."""

from settings.settings import Settings
from tests.api.conftest import serve


async def test_a_changed_chip_runs_again_with_its_new_value(settings: Settings) -> None:
    async with serve(settings) as client:
        headers = {"accept": "application/json"}
        asked = {"question": "Top 2 products by number of orders"}
        first = (await client.post("/query", json=asked, headers=headers)).json()
        assert first["status"] == "answered", first
        path = f"/runs/{first['run_id']}/chips"
        chips = (await client.get(path)).json()["chips"]
        limit = next(chip for chip in chips if chip["kind"] == "limit")
        assert limit["values"] == ["2"]

        edits = {"edits": [{"number": limit["number"], "values": ["1"]}]}
        second = (await client.post(path, json=edits, headers=headers)).json()
        assert second["status"] == "answered", second
        assert second["receipt"]["true_row_count"] == 1
        assert second["receipt"]["drafter"] == "given"
        changed = [one for one in second["receipt"]["assumptions"] if one["is_changed"]]
        assert changed == [{"kind": "limit", "text": "first 1", "is_changed": True}]

        split = next(chip for chip in chips if chip["kind"] == "split" and chip["can_remove"])
        removed = {"edits": [{"number": split["number"], "remove": True}]}
        third = (await client.post(path, json=removed, headers=headers)).json()
        changed = [one["text"] for one in third["receipt"]["assumptions"] if one["is_changed"]]
        assert changed == ["without the split by product id"]

        wrong = {"edits": [{"number": limit["number"], "values": ["many"]}]}
        assert (await client.post(path, json=wrong, headers=headers)).status_code == 422


async def test_a_refusal_has_no_chips(settings: Settings) -> None:
    async with serve(settings) as client:
        asked = {"question": "What is the boiling point of zirconium?"}
        refused = await client.post("/query", json=asked, headers={"accept": "application/json"})
        answer = await client.get(f"/runs/{refused.json()['run_id']}/chips")
        assert answer.status_code == 409
